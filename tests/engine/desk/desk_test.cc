#include "engine/desk/desk.h"

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <unistd.h>

#include "tests/engine/desk/desk_place.h"
#include "tests/engine/store/child_case.h"

namespace semak {
namespace {

TEST_CASE("a commit is on the desk and in the chain, and still there when opened again", "[desk]") {
  const Place place;
  {
    auto desk = place.open();
    const auto sequence = desk->commit(put("c1", "v1"), {event("c1"), event("c1b")});
    REQUIRE(sequence.ok());
    CHECK(*sequence == 2);
    CHECK(desk->audit().head().sequence == 2);
    CHECK(&desk->keys() == place.keys.get());
  }
  auto desk = place.open(false);
  CHECK(desk->audit().head().sequence == 2);
  CHECK(desk->database().get(family(DeskFamily::checks), "c1").value() == "v1");
  CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
}

TEST_CASE("a look-up changes nothing on the desk and is in the chain", "[desk]") {
  const Place place;
  std::atomic<int> synced = 0;
  auto desk = place.open();
  CHECK(*desk->commit({}, {event("lookup", AuditKind::lookup)}) == 1);
  CHECK(*desk->commit(put("quiet", "v"), {}) == 0);  // bookkeeping without an event
  CHECK(*desk->commit({}, {}) == 0);
  CHECK(desk->audit().head().sequence == 1);
  CHECK(desk->database().get(family(DeskFamily::checks), "quiet").value() == "v");
}

TEST_CASE("a desk that is not there is made only when asked", "[desk]") {
  const Place place;
  const auto missing = place.try_open(false);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("an event that cannot be logged changes nothing and does not stop the desk", "[desk]") {
  const Place place;
  auto desk = place.open();
  AuditEvent bad = event("x");
  bad.details = "not json";
  const auto refused = desk->commit(put("bad", "v"), {event("good"), bad});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == ErrorCode::invalid_input);
  CHECK_FALSE(desk->database().get(family(DeskFamily::checks), "bad").value().has_value());
  CHECK(desk->audit().head().sequence == 0);
  CHECK(desk->commit(put("good", "v"), {event("good")}).ok());
}

TEST_CASE("a repeated token makes its change and is logged once", "[desk]") {
  const Place place;
  auto desk = place.open();
  AuditEvent once = event("batch-row");
  once.token = "batch/1";
  CHECK(*desk->commit(put("r", "1"), {once}) == 1);
  CHECK(*desk->commit(put("r", "2"), {once}) == 1);
  CHECK(desk->audit().head().sequence == 1);
  CHECK(desk->database().get(family(DeskFamily::checks), "r").value() == "2");
}

TEST_CASE("concurrent commits share writes, and each is on the desk and in the chain once", "[desk]") {
  const Place place;
  std::atomic<int> writes = 0;
  auto desk = place.open(true, [&](std::string_view operation) {
    writes += operation == "write" ? 1 : 0;
    return Status();
  });
  constexpr int kThreads = 8, kCommits = 25;
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCommits; ++i) {
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        const bool lookup = i % 5 == 4;
        const auto sequence = desk->commit(lookup ? WriteSet() : put(name, "v" + name), {event(name), event(name)});
        good += sequence.ok() && *sequence >= 2 ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == kThreads * kCommits);
  const auto objects = chained(desk->audit());
  CHECK(objects.size() == kThreads * kCommits);
  for (const auto& [object, times] : objects) CHECK(times == 2);
  CHECK(rows(desk->database(), DeskFamily::checks) == kThreads * (kCommits - kCommits / 5));
  CHECK(place.verified(*desk).clean());
  CHECK(writes < 3 * kThreads * kCommits);
}

TEST_CASE("who does not wait is told once, when it is on the desk and in the chain", "[desk]") {
  const Place place;
  auto desk = place.open();
  constexpr int kCommits = 100;
  std::mutex mutex;
  std::map<std::uint64_t, int> sequences;
  int on_desk = 0, refused = 0;
  for (int i = 0; i < kCommits; ++i) {
    const std::string name = std::to_string(i);
    desk->commit_later(put(name, "v"), {event(name)}, [&, name](Result<std::uint64_t> sequence) {
      const std::lock_guard lock(mutex);
      if (sequence.ok()) ++sequences[*sequence];
      on_desk += desk->database().get(family(DeskFamily::checks), name).value().has_value() ? 1 : 0;
    });
  }
  AuditEvent bad = event("x");
  bad.details = "not json";
  desk->commit_later({}, {bad}, [&](Result<std::uint64_t> sequence) { refused += sequence.ok() ? 0 : 1; });
  CHECK(refused == 1);
  REQUIRE(desk->commit(put("last", "v"), {event("last")}).ok());  // behind all of them
  REQUIRE(desk->settle().ok());                                   // begins when those before were told
  const std::lock_guard lock(mutex);
  CHECK(sequences.size() == kCommits);
  CHECK(on_desk == kCommits);
  CHECK(desk->counts().commits == kCommits + 1);
  CHECK(desk->counts().groups <= kCommits + 1);
  CHECK(place.verified(*desk).clean());
}

TEST_CASE("who holds an object is alone with it; others are not in the way", "[desk]") {
  const Place place;
  auto desk = place.open();
  int count = 0;  // guarded by the hold alone
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const Desk::Hold hold = desk->hold("case-1");
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(count == 2000);
  // one thread may hold many different objects: no two share a lock (ThreadSanitizer follows 64 locks of a thread)
  std::vector<Desk::Hold> holds;
  for (int i = 0; i < 60; ++i) holds.push_back(desk->hold("object-" + std::to_string(i)));
  const Desk::Hold moved = std::move(holds.front());
  holds.clear();
  std::thread([&] { const Desk::Hold again = desk->hold("object-1"); }).join();
}

TEST_CASE("when the chain cannot be written nothing is answered, and opening again makes up for it", "[desk]") {
  const Place place;
  bool fail = false;
  int writes = 0;
  {
    auto desk = place.open(true, [&](std::string_view operation) {
      if (operation != "write" || !fail) return Status();
      return ++writes == 2 ? Status(Error{ErrorCode::no_space, "injected"}) : Status();  // the desk's, then the chain's
    });
    REQUIRE(desk->commit(put("a", "1"), {event("a")}).ok());
    fail = true;
    CHECK_FALSE(desk->commit(put("b", "1"), {event("b")}).ok());
    CHECK(desk->audit().failed());
    const auto refused = desk->commit(put("c", "1"), {event("c")});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::unavailable);
    CHECK_FALSE(desk->commit({}, {event("d")}).ok());
    CHECK_FALSE(desk->commit(put("e", "1"), {}).ok());
  }
  auto desk = place.open();
  // b was on the desk before the chain failed: it is logged now; the others never happened
  CHECK(chained(desk->audit()) == std::map<std::string, int>{{"a", 1}, {"b", 1}});
  CHECK(desk->database().get(family(DeskFamily::checks), "b").value() == "1");
  CHECK(rows(desk->database(), DeskFamily::checks) == 2);
  CHECK(desk->commit(put("c", "1"), {event("c")}).ok());
  CHECK(place.verified(*desk).clean());
}

TEST_CASE("every operation may fail once: what was acknowledged is on desk and chain, once, and nothing is half done",
          "[desk]") {
  const Place place;
  int name = 0;
  std::map<std::string, bool> acknowledged;  // of all that was tried
  bool reached = true;
  for (int fail_at = 1; reached; ++fail_at) {
    int count = 0;
    reached = false;
    const auto fault = [&](std::string_view) {
      if (++count != fail_at) return Status();
      reached = true;
      return Status(Error{ErrorCode::io, "injected"});
    };
    if (auto desk = place.try_open(true, fault)) {
      for (int i = 0; i < 3; ++i) {
        const std::string key = "n" + std::to_string(++name);
        acknowledged[key] = (*desk)->commit(put(key, "v"), {event(key)}).ok();
        static_cast<void>((*desk)->commit({}, {event("lookup")}).ok());
      }
    }
    auto desk = place.open();
    const auto objects = chained(desk->audit());
    for (const auto& [key, good] : acknowledged) {
      INFO("operation " << fail_at << " failed, " << key);
      const bool on_desk = desk->database().get(family(DeskFamily::checks), key).value().has_value();
      const int in_chain = objects.contains(key) ? objects.at(key) : 0;
      if (good) CHECK(on_desk);
      CHECK(in_chain == (on_desk ? 1 : 0));
    }
    CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
    CHECK(place.verified(*desk).clean());
  }
  CHECK(name > 20);
}

TEST_CASE("a chain that lost what the desk knows of it is refused", "[desk]") {
  const Place place;
  const auto audit = place.folder / "audit", saved = place.folder / "saved";
  {
    auto desk = place.open();
    for (int i = 0; i < 5; ++i) REQUIRE(desk->commit(put("k", "v"), {event("e")}).ok());
  }
  std::filesystem::copy(audit, saved, std::filesystem::copy_options::recursive);
  const auto put_back = [&] {
    std::filesystem::remove_all(audit);
    std::filesystem::copy(saved, audit, std::filesystem::copy_options::recursive);
  };
  {
    auto desk = place.open();
    REQUIRE(desk->commit({}, {event("lookup", AuditKind::lookup)}).ok());  // a look-up alone is known too
  }
  SECTION("an older copy") {
    put_back();
    for (int i = 0; i < 3; ++i) {  // trying again makes it no better
      const auto opened = place.try_open();
      REQUIRE_FALSE(opened.ok());
      CHECK(opened.error().code == ErrorCode::corruption);
      CHECK(opened.error().message.find("cut off") != std::string::npos);
    }
  }
  SECTION("none at all") {
    std::filesystem::remove_all(audit);
    CHECK(place.try_open(false).error().code == ErrorCode::not_found);
    for (int i = 0; i < 2; ++i) CHECK(place.try_open(true).error().code == ErrorCode::corruption);
  }
  SECTION("one with the same keys but another history") {
    put_back();
    {
      auto log = AuditLog::open(audit, false, *place.keys);
      REQUIRE(log.ok());
      for (int i = 0; i < 5; ++i) REQUIRE((*log)->append(std::vector{event("forged")}).ok());
    }
    for (int i = 0; i < 2; ++i) {
      const auto opened = place.try_open();
      REQUIRE_FALSE(opened.ok());
      CHECK(opened.error().message.find("replaced") != std::string::npos);
    }
  }
}

TEST_CASE("a copy of desk and chain is of one moment, also under load", "[desk]") {
  const Place place;
  auto desk = place.open();
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) static_cast<void>(desk->commit(put("k" + std::to_string(i), "v"), {event("e")}).ok());
  });
  for (int i = 0; i < 3; ++i) {
    const auto target = place.folder / ("copy" + std::to_string(i));
    REQUIRE(desk->checkpoint(target).ok());
    auto copy = Desk::open(target, false, *place.keys);
    REQUIRE(copy.ok());
    const std::uint64_t checks = rows((*copy)->database(), DeskFamily::checks);
    CHECK(chained((*copy)->audit())["e"] == static_cast<int>(checks));
    CHECK(place.verified(**copy).clean());
  }
  stop = true;
  writer.join();
}

// Tells of each commit by its number, on the file of SEMAK_TEST_TOLD.
TEST_CASE("child: commit until killed", "[.]") {
  if (ChildCase::setting("SEMAK_TEST_PLACE").empty()) return;
  const std::filesystem::path folder = ChildCase::setting("SEMAK_TEST_PLACE");
  const int told = std::atoi(ChildCase::setting("SEMAK_TEST_TOLD").c_str());
  const auto round = static_cast<std::uint32_t>(std::atoi(ChildCase::setting("SEMAK_TEST_ROUND").c_str()));
  const auto keys = KeyRing::open(folder / "key", std::nullopt);
  REQUIRE(keys);
  const auto desk = Desk::open(folder, false, **keys);
  REQUIRE(desk);
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint32_t i = 0; i < 100'000; ++i) {
        const std::uint32_t number = round << 24 | t << 20 | i;
        const std::string name = std::to_string(number);
        if (!(*desk)->commit(put(name, "v"), {event(name)}).ok()) ::_exit(2);
        if (::write(told, &number, sizeof number) != sizeof number) ::_exit(3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("killed at any moment: what was acknowledged is on desk and chain, once, and nothing is half done",
          "[desk]") {
  const Place place;
  place.open().reset();
  std::mt19937 random(7);
  int acknowledged_in_all = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    ChildCase child("child: commit until killed", {{"SEMAK_TEST_PLACE", place.folder.path().string()},
                                                   {"SEMAK_TEST_TOLD", std::to_string(pipe_ends[1])},
                                                   {"SEMAK_TEST_ROUND", std::to_string(round)}});
    ::close(pipe_ends[1]);
    // killed after a random number of acknowledgements, at a random moment after the last of them
    const int wanted = std::uniform_int_distribution<int>(0, 40)(random);
    std::vector<std::uint32_t> acknowledged;
    std::uint32_t number = 0;
    while (static_cast<int>(acknowledged.size()) < wanted && ::read(pipe_ends[0], &number, sizeof number) == 4) {
      acknowledged.push_back(number);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(0, 4'000)(random)));
    REQUIRE(child.kill() == -SIGKILL);
    while (::read(pipe_ends[0], &number, sizeof number) == 4) acknowledged.push_back(number);
    ::close(pipe_ends[0]);
    acknowledged_in_all += static_cast<int>(acknowledged.size());

    auto desk = place.open(false);
    const auto objects = chained(desk->audit());
    for (const std::uint32_t each : acknowledged) CHECK(objects.contains(std::to_string(each)));
    for (const auto& [object, times] : objects) {
      CHECK(times == 1);
      CHECK(desk->database().get(family(DeskFamily::checks), object).value().has_value());
    }
    CHECK(rows(desk->database(), DeskFamily::checks) == objects.size());
    CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
    CHECK(place.verified(*desk).clean());
  }
  CHECK(acknowledged_in_all > 50);
}

}  // namespace
}  // namespace semak
