#include "engine/desk/desk.h"

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

const Actor kActor{"key-1", "school", Role::submitter};

AuditEvent event(std::string object, AuditKind kind = AuditKind::check) {
  AuditEvent made;
  made.kind = kind;
  made.actor = kActor;
  made.object = std::move(object);
  made.details = R"({"outcome":"no_record"})";
  return made;
}

WriteSet put(std::string_view key, std::string_view value) {
  WriteSet changes;
  changes.put(family(DeskFamily::checks), key, value);
  return changes;
}

struct Place {
  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys = std::move(KeyRing::create(folder / "key", std::nullopt).value());

  std::unique_ptr<Desk> open(bool create = true) const {
    auto desk = Desk::open(folder.path(), create, *keys);
    if (!desk) FAIL(desk.error().message);
    return std::move(desk).value();
  }
};

TEST_CASE("a commit is on the desk and in the chain, and still there when opened again", "[desk]") {
  const Place place;
  {
    auto desk = place.open();
    const auto sequence = desk->commit(put("c1", "v1"), {event("c1"), event("c1b")});
    REQUIRE(sequence.ok());
    CHECK(*sequence == 2);
    CHECK(desk->audit().head().sequence == 2);
  }
  auto desk = place.open(false);
  CHECK(desk->audit().head().sequence == 2);
  CHECK(desk->database().get(family(DeskFamily::checks), "c1").value() == "v1");
  CHECK_FALSE(desk->database().cursor(family(DeskFamily::outbox), Database::Access::point).valid());
}

}  // namespace
}  // namespace semak
