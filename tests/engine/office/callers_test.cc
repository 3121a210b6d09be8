#include "engine/office/callers.h"

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

using namespace semak;

namespace {

const Actor kAdmin{"admin-1", "agency", Role::admin};

struct Counter {
  Counter() { open(); }
  void open() {
    callers.reset();
    desk.reset();
    desk = std::move(Desk::open(folder.path(), true, *keys).value());
    callers = std::move(Callers::open(*desk, [this] { return now; }).value());
  }
  std::vector<std::string> audited(const std::string& object) {
    std::vector<std::string> details;
    AuditFilter filter;
    filter.object = object;
    const auto entries = desk->audit().entries(filter).value();
    for (const AuditEntry& entry : entries) details.push_back(entry.event.details);
    return details;
  }

  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys = std::move(KeyRing::create(folder / "key", {}).value());
  std::int64_t now = 1'800'000'000'000;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Callers> callers;
};

}  // namespace

TEST_CASE("A key is known by its secret, also after a restart, and by nothing that the desk keeps") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"School A", "school-a", Role::submitter, 0, {7, 9, 11}}).value();
  CHECK(made.secret.size() == 71);
  CHECK_FALSE(counter.callers->verify_quickly(made.secret));  // nobody has proved it yet
  for (int i = 0; i < 2; ++i) {
    const auto key = counter.callers->verify(made.secret).value();
    REQUIRE(key);
    CHECK(key->id == made.key.id);
    CHECK(key->tenant == "school-a");
    CHECK(key->role == Role::submitter);
    CHECK(key->allowance.lookups_a_day == 11);
    CHECK(counter.callers->verify_quickly(made.secret));
    counter.open();
  }
  Cursor cursor = counter.desk->database().cursor(family(DeskFamily::callers), Database::Access::point);
  for (cursor.seek(""); cursor.valid(); cursor.next()) {
    CHECK(std::string(cursor.value()).find("School A") == std::string::npos);
    CHECK(std::string(cursor.value()).find(made.secret.substr(20)) == std::string::npos);
  }
}

TEST_CASE("Wrong, expired and revoked keys are all the same nothing") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"A", "a", Role::auditor, counter.now + 1000, {}}).value();
  std::string wrong = made.secret;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  for (const std::string& secret :
       {wrong, std::string(), std::string("semak_"), made.secret + "0", std::string(71, 'x')}) {
    CHECK_FALSE(counter.callers->verify(secret).value());
  }
  CHECK(counter.callers->verify(made.secret).value());
  counter.now += 1000;
  CHECK_FALSE(counter.callers->verify_quickly(made.secret));
  CHECK_FALSE(counter.callers->verify(made.secret).value());
}

TEST_CASE("A revoked key ends at once, where it was trusted too, and stays revoked") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"A", "a", Role::admin, 0, {}}).value();
  REQUIRE(counter.callers->verify(made.secret).value());
  REQUIRE(counter.callers->revoke(kAdmin, made.key.id));
  CHECK_FALSE(counter.callers->verify_quickly(made.secret));
  CHECK_FALSE(counter.callers->verify(made.secret).value());
  CHECK(counter.callers->revoke(kAdmin, made.key.id).error().code == ErrorCode::invalid_input);
  CHECK(counter.callers->revoke(kAdmin, "nobody").error().code == ErrorCode::not_found);
  counter.open();
  CHECK_FALSE(counter.callers->verify(made.secret).value());
  CHECK(counter.callers->list().size() == 1);
}

TEST_CASE("Trust ends after ten minutes: then the secret is proved again") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"A", "a", Role::admin, 0, {}}).value();
  REQUIRE(counter.callers->verify(made.secret).value());
  counter.now += 599'000;
  CHECK(counter.callers->verify_quickly(made.secret));
  counter.now += 1000;
  CHECK_FALSE(counter.callers->verify_quickly(made.secret));
  CHECK(counter.callers->verify(made.secret).value());
}

TEST_CASE("Making, first use and revoking of a key stand in the chain, once each") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"A", "a", Role::registrar, 0, {}}).value();
  for (int i = 0; i < 3; ++i) REQUIRE(counter.callers->verify(made.secret).value());
  REQUIRE(counter.callers->revoke(kAdmin, made.key.id));
  CHECK(counter.audited(made.key.id) ==
        std::vector<std::string>{R"({"action":"revoked","role":"registrar","tenant":"a"})",
                                 R"({"action":"first_used","role":"registrar","tenant":"a"})",
                                 R"({"action":"made","role":"registrar","tenant":"a"})"});
}

TEST_CASE("When a key was used and what it asked is kept over a restart") {
  Counter counter;
  const auto made = counter.callers->make(kAdmin, {"A", "a", Role::admin, 0, {}}).value();
  REQUIRE(counter.callers->verify(made.secret).value());
  const auto entries = counter.desk->audit().head().sequence;
  REQUIRE(counter.callers->flush({{made.key.id, 20'000, 42}}));
  REQUIRE(counter.callers->flush({{made.key.id, 20'000, 42}}));
  CHECK(counter.desk->audit().head().sequence == entries);
  counter.open();
  const auto usage = counter.callers->usage().value();
  REQUIRE(usage.size() == 1);
  CHECK(usage.front().lookups == 42);
  CHECK(counter.callers->find(made.key.id)->last_used_ms == counter.now / 60'000 * 60'000);
}

TEST_CASE("A key needs a name, a plain tenant and an end in the future") {
  Counter counter;
  CHECK(counter.callers->make(kAdmin, {"", "a", Role::admin, 0, {}}).error().message.find("name") == 0);
  CHECK(counter.callers->make(kAdmin, {"A", "A b", Role::admin, 0, {}}).error().message.find("tenant") == 0);
  CHECK(counter.callers->make(kAdmin, {"A", "a", Role::admin, 1, {}}).error().message.find("expires") == 0);
}
