#include "tools/semakd/limits.h"

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tools/semakd/sessions.h"

using namespace semak;
using namespace std::chrono_literals;

namespace {

struct World {
  World(LimitOptions options = {}) : limits(*keys, options, told(), [this] { return now; }) {}

  CallerLimits::Told told() {
    return [this](LimitHit hit, const CallerKey&, std::string_view what) {
      hits.push_back(std::string(to_string(hit)) + (what.empty() ? "" : " ") + std::string(what));
    };
  }

  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys = std::move(KeyRing::create(folder / "key", {}).value());
  std::chrono::system_clock::time_point now{std::chrono::hours(500'000) + 10h};
  std::vector<std::string> hits;
  CallerLimits limits;
};

CallerKey key_of(std::string id, CallerAllowance allowance = {}) {
  CallerKey key;
  key.id = std::move(id);
  key.allowance = allowance;
  return key;
}

}  // namespace

TEST_CASE("A key may burst, then goes at its rate, and is told how long to wait") {
  World world;
  const CallerKey key = key_of("a", {2, 5, 0});
  for (int i = 0; i < 5; ++i) CHECK_FALSE(world.limits.take_request(key));
  const auto refused = world.limits.take_request(key);
  REQUIRE(refused);
  CHECK(refused->kind == ProblemKind::too_many_requests);
  CHECK(refused->retry_after == 1s);
  world.now += 1s;
  CHECK_FALSE(world.limits.take_request(key));
  CHECK_FALSE(world.limits.take_request(key));
  CHECK(world.limits.take_request(key));
  CHECK_FALSE(world.limits.take_request(key_of("b")));
  CHECK(world.hits == std::vector<std::string>{"rate", "rate"});  // each spell once
}

TEST_CASE("The quota of a day is whole people, all or none, and survives a restart") {
  World world;
  const CallerKey key = key_of("a", {0, 0, 100});
  CHECK_FALSE(world.limits.take_request(key));
  CHECK_FALSE(world.limits.take_lookups(key, 60));
  const auto refused = world.limits.take_lookups("a", 41);
  REQUIRE(refused);
  CHECK(refused->kind == ProblemKind::quota_exhausted);
  CHECK(refused->retry_after > 1h);
  CHECK_FALSE(world.limits.take_lookups("a", 40));
  CHECK(world.limits.take_lookups(key, 1));
  CHECK(world.limits.standing("a").lookups_today == 100);

  CallerLimits after(*world.keys, {}, {}, [&] { return world.now; });
  after.restore(world.limits.usage());
  CHECK(after.take_lookups(key, 1));
  world.now += 24h;
  CHECK_FALSE(after.take_lookups(key, 100));
}

TEST_CASE("Counting through numbers is an alarm, whichever part is counted; an honest list is none") {
  LimitOptions options;
  options.near_numbers = 10;
  const auto number = [](const char* format, int i) {
    char text[16];
    std::snprintf(text, sizeof text, format, i);
    return std::string(text);
  };
  World world(options);
  const CallerKey key = key_of("a");
  CHECK_FALSE(world.limits.take_request(key));
  SECTION("serials") {
    for (int i = 0; i < 30; ++i) world.limits.asked_about("a", number("85031103%04d", i));
    CHECK(world.hits == std::vector<std::string>{"enumeration serial_varied"});
  }
  SECTION("birth dates, written with dashes") {
    for (int i = 10; i < 28; ++i) world.limits.asked_about("a", number("8503%02d-03-5228", i));
    CHECK(world.hits == std::vector<std::string>{"enumeration birth_date_varied"});
  }
  SECTION("places") {
    for (int i = 10; i < 28; ++i) world.limits.asked_about("a", number("850311%02d5228", i));
    CHECK(world.hits == std::vector<std::string>{"enumeration place_varied"});
  }
  SECTION("the same number again and again is one number") {
    for (int i = 0; i < 30; ++i) world.limits.asked_about("a", "850311035228");
    CHECK(world.hits.empty());
  }
  SECTION("ten thousand people of a country") {
    std::uint64_t state = 7;
    for (int i = 0; i < 10'000; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      char text[16];
      std::snprintf(text, sizeof text, "%02d%02d%02d%02d%04d", static_cast<int>(state >> 33) % 60 + 10 & 63,
                    static_cast<int>(state >> 40 & 0xff) % 12 + 1, static_cast<int>(state >> 48 & 0xff) % 28 + 1,
                    static_cast<int>(state >> 56) % 16 + 1, static_cast<int>(state >> 20 & 0xffff) % 10'000);
      world.limits.asked_about("a", text);
    }
    CHECK(world.hits.empty());
  }
}

TEST_CASE("Where the configuration says so, an alarm ends look-ups until the day does") {
  LimitOptions options;
  options.near_numbers = 3;
  options.near_numbers_block = true;
  World world(options);
  const CallerKey key = key_of("a");
  CHECK_FALSE(world.limits.take_request(key));
  for (const char* number : {"850311030001", "850311030002", "850311030003"}) world.limits.asked_about("a", number);
  CHECK(world.limits.take_lookups(key, 1));
  world.now += 24h;
  CHECK_FALSE(world.limits.take_lookups(key, 1));
}

TEST_CASE("An address that tries keys is kept out for the minute") {
  World world;
  for (int i = 0; i < 20; ++i) {
    CHECK_FALSE(world.limits.peer_blocked("192.0.2.1"));
    world.limits.wrong_key("192.0.2.1");
  }
  CHECK(world.limits.peer_blocked("192.0.2.1"));
  CHECK_FALSE(world.limits.peer_blocked("192.0.2.2"));
  CHECK(world.hits == std::vector<std::string>{"failed_keys 192.0.2.1"});
  world.now += 1min;
  CHECK_FALSE(world.limits.peer_blocked("192.0.2.1"));
}

TEST_CASE("A session ends by time, by idleness and by saying so") {
  World world;
  Sessions sessions(*world.keys, {std::chrono::minutes(60), std::chrono::minutes(10)}, [&] { return world.now; });
  const auto begun = sessions.begin("key");
  CHECK(begun.cookie.size() == 64);
  CHECK(begun.cookie != begun.session.csrf_token);
  CHECK_FALSE(sessions.find("guess"));
  for (int i = 0; i < 6; ++i) {
    CHECK(sessions.find(begun.cookie)->key_id == "key");
    world.now += 9min;
  }
  CHECK(sessions.find(begun.cookie));
  world.now += 6min;  // an hour since it began
  CHECK_FALSE(sessions.find(begun.cookie));
  const auto idle = sessions.begin("key"), left = sessions.begin("key");
  sessions.end(left.cookie);
  CHECK_FALSE(sessions.find(left.cookie));
  world.now += 10min;
  CHECK_FALSE(sessions.find(idle.cookie));
  CHECK(cookie_value("a=1; semak_session=xyz; b=2", kSessionCookie) == "xyz");
  CHECK_FALSE(cookie_value("not_semak_session=xyz", kSessionCookie));
}
