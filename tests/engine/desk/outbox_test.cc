// What a commit keeps in the outbox, and what becomes of it when process or machine die.
#include <algorithm>
#include <unistd.h>

#include "engine/audit/audit_entry.h"
#include "engine/desk/desk.h"
#include "tests/engine/desk/desk_place.h"
#include "tests/engine/store/child_case.h"

namespace semak {
namespace {

TEST_CASE("what a dying process left in the outbox is logged at opening, once, in order", "[desk]") {
  const Place place;
  place.open().reset();
  AuditEvent known = event("known");
  known.token = "t-known";
  {
    auto log = AuditLog::open(place.folder / "audit", false, *place.keys);
    REQUIRE((*log)->append(std::vector{known}).ok());
  }
  {
    auto raw = raw_desk(place.folder.path());
    WriteSet changes;
    int number = 0;
    for (const char* object : {"known", "b", "a", "c"}) {
      AuditEvent left = event(object);
      left.token = std::string("t-") + object;
      std::string key(7, '\0');
      key += static_cast<char>(++number);
      changes.put(family(DeskFamily::outbox), key, encode_event(left));
    }
    REQUIRE(raw->write(changes, Durability::synced).ok());
  }
  for (int i = 0; i < 2; ++i) {
    auto desk = place.open(false);
    std::vector<std::string> objects;
    REQUIRE(desk->audit()
                .scan([&](const AuditEntry& entry) {
                  objects.push_back(entry.event.object);
                  return Status();
                })
                .ok());
    CHECK(objects == std::vector<std::string>{"known", "b", "a", "c", "outbox"});
    CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
  }
}

// Entry by entry: what stands there, and as what it was signed.
std::vector<std::string> hashes(const AuditLog& log) {
  std::vector<std::string> found;
  REQUIRE(log.scan([&](const AuditEntry& entry) {
               if (entry.event.kind != AuditKind::recovery) found.push_back(hex(view(entry.hash)));
               return Status();
             })
              .ok());
  return found;
}

// What the hidden cases below do with the desk: they die without closing it.
constexpr auto kAll = std::filesystem::copy_options::recursive;
void in_dying_process(const Place& place, const std::string& work) {
  REQUIRE(ChildCase(work, {{"SEMAK_TEST_PLACE", place.folder.path().string()}}).wait() == 0);
}

template <class Work>
void die_over(const Work& work) {
  const std::filesystem::path folder = ChildCase::setting("SEMAK_TEST_PLACE");
  if (folder.empty()) return;
  const auto keys = KeyRing::open(folder / "key", std::nullopt);
  REQUIRE(keys);
  const auto desk = Desk::open(folder, false, **keys);
  ::_exit(desk && work(**desk, folder) ? 0 : 1);
}

TEST_CASE("child: commit and copy the chain on the way", "[.]") {
  die_over([](Desk& desk, const std::filesystem::path& folder) {
    for (int i = 0; i < 3; ++i) {
      if (!desk.commit(put("a" + std::to_string(i), "v"), {event("a"), event("b")}).ok()) return false;
    }
    std::filesystem::copy(folder / "audit", folder / "saved", kAll);  // what of the chain the disk has
    for (int i = 0; i < 4; ++i) {
      if (!desk.commit(put("c" + std::to_string(i), "v"), {event("c" + std::to_string(i))}).ok()) return false;
    }
    std::filesystem::copy(folder / "audit", folder / "whole", kAll);
    return true;
  });
}

TEST_CASE("child: commit once", "[.]") {
  die_over([](Desk& desk, const std::filesystem::path&) {
    return desk.commit(put("k", "v"), {event("kept"), event("too")}).ok();
  });
}

TEST_CASE("entries that the machine took from the chain are put back as they were answered with", "[desk]") {
  const Place place;
  place.open().reset();
  const auto audit = place.folder / "audit", saved = place.folder / "saved", whole = place.folder / "whole";
  in_dying_process(place, "child: commit and copy the chain on the way");
  std::vector<std::string> answered;
  {
    const auto log = AuditLog::open_read_only(whole);
    REQUIRE(log.ok());
    answered = hashes(**log);
  }
  REQUIRE(answered.size() == 10);
  std::filesystem::remove_all(audit);
  std::filesystem::copy(saved, audit, kAll);
  for (int i = 0; i < 2; ++i) {
    auto desk = place.open(false);
    CHECK(hashes(desk->audit()) == answered);
    CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
    CHECK(place.verified(*desk).clean());
  }
}

TEST_CASE("a recovery that fails on the way leaves desk and witness as they were", "[desk]") {
  const Place place;
  place.open().reset();
  const auto audit = place.folder / "audit", saved = place.folder / "saved", whole = place.folder / "whole";
  in_dying_process(place, "child: commit and copy the chain on the way");
  const auto put_back = [&] {  // the machine takes what was not synced
    std::filesystem::remove_all(audit);
    std::filesystem::copy(saved, audit, kAll);
  };
  const auto state = [&] {
    const auto raw = raw_desk(place.folder.path());
    return std::pair(rows(*raw, DeskFamily::outbox), raw->get(family(DeskFamily::meta), "audit_head").value());
  };
  const auto before = state();
  REQUIRE(before.first > 2);
  int failed = 0;
  for (int fail_at = 1;; ++fail_at) {
    put_back();
    int count = 0;
    const auto opened = place.try_open(false, [&](std::string_view) {
      return ++count == fail_at ? Status(Error{ErrorCode::io, "injected"}) : Status();
    });
    if (opened.ok()) break;
    ++failed;
    INFO(fail_at << ": " << opened.error().message);
    REQUIRE(fail_at < 500);
    if (rows(*raw_desk(place.folder.path()), DeskFamily::outbox) == 0) break;  // it failed behind all
    CHECK(state() == before);
  }
  CHECK(failed > static_cast<int>(before.first));
}

TEST_CASE("kept entries whose places were taken meanwhile are logged anew, once; others than ours are refused",
          "[desk]") {
  const Place place;
  place.open().reset();
  const auto audit = place.folder / "audit", saved = place.folder / "saved";
  std::filesystem::copy(audit, saved, kAll);
  in_dying_process(place, "child: commit once");
  std::filesystem::remove_all(audit);
  std::filesystem::copy(saved, audit, kAll);
  SECTION("places taken") {
    {
      auto log = AuditLog::open(audit, false, *place.keys);
      REQUIRE((*log)->append(std::vector{event("other")}).ok());
    }
    for (int i = 0; i < 2; ++i) {
      auto desk = place.open(false);
      CHECK(chained(desk->audit()) == std::map<std::string, int>{{"other", 1}, {"kept", 1}, {"too", 1}});
      CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
      CHECK(place.verified(*desk).clean());
    }
  }
  SECTION("changed by somebody without our keys") {
    auto raw = raw_desk(place.folder.path());
    std::string key, value;
    {
      Cursor cursor = raw->cursor(family(DeskFamily::outbox), Database::Access::point);
      cursor.seek({});
      REQUIRE(cursor.valid());
      key = cursor.key();
      value = cursor.value();
    }
    REQUIRE(is_kept(value));
    KeptEntries kept = decode_kept(value).value();
    kept.entries.pop_back();
    kept.entries.back().event.object = "forged";
    std::string forged = begin_kept();
    keep_entry(forged, seal_entry(kept.entries.back()));
    kept.checkpoint.head = {kept.entries.back().sequence, kept.entries.back().hash};
    finish_kept(forged, kept.checkpoint);
    WriteSet changes;
    changes.put(family(DeskFamily::outbox), key, forged);
    REQUIRE(raw->write(changes, Durability::synced).ok());
    raw.reset();
    CHECK(place.try_open(false).error().code == ErrorCode::corruption);
  }
}

TEST_CASE("the outbox stays short, and is empty when it was settled", "[desk]") {
  const Place place;
  auto desk = place.open();
  constexpr int kCommits = 150, kEvents = 16;  // of 128 KB together: 32 of them are a span that is synced
  std::size_t most = 0, dropped = 0, before = 0;
  const std::vector<AuditEvent> events(kEvents, event(std::string(8192, 'e')));
  for (int i = 0; i < kCommits; ++i) {
    REQUIRE(desk->commit(put("k" + std::to_string(i), "v"), events).ok());
    if (i % 5 != 4) continue;
    const std::size_t now = rows(desk->database(), DeskFamily::outbox);
    most = std::max(most, now);
    dropped += now < before ? 1 : 0;
    before = now;
  }
  CHECK(most > 1);
  CHECK(dropped > 0);
  CHECK(most < kCommits);
  REQUIRE(desk->settle().ok());
  CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
  CHECK(desk->audit().head().sequence == kCommits * kEvents);
}

TEST_CASE("a chain that cannot be synced stops the desk, and nothing that was answered is missing afterwards",
          "[desk]") {
  const Place place;
  int answered = 0;
  {
    auto desk = place.open(true, [](std::string_view operation) {
      return operation == "sync" ? Status(Error{ErrorCode::io, "made to fail"}) : Status();
    });
    const std::vector<AuditEvent> events(16, event(std::string(8192, 'e')));
    Result<std::uint64_t> last = std::uint64_t{0};
    while (answered < 1000) {
      last = desk->commit(put("k" + std::to_string(answered), "v"), events);
      if (!last) break;
      ++answered;
    }
    REQUIRE_FALSE(last.ok());
    CHECK(last.error().code == ErrorCode::unavailable);
  }
  auto desk = place.open(false);
  CHECK(chained(desk->audit()) == std::map<std::string, int>{{std::string(8192, 'e'), 16 * answered}});
  CHECK(rows(desk->database(), DeskFamily::outbox) == 0);
  CHECK(place.verified(*desk).clean());
}

TEST_CASE("a damaged outbox or format is refused", "[desk]") {
  const Place place;
  place.open().reset();
  const auto tamper = [&](DeskFamily which, std::string_view key, std::string_view value) {
    auto raw = raw_desk(place.folder.path());
    WriteSet changes;
    changes.put(family(which), key, value);
    REQUIRE(raw->write(changes, Durability::synced).ok());
  };
  SECTION("outbox") {
    tamper(DeskFamily::outbox, std::string(8, '\1'), "rubbish");
    CHECK_FALSE(place.try_open().ok());
  }
  SECTION("kept entries") {
    tamper(DeskFamily::outbox, std::string(8, '\1'), begin_kept() + "rubbish");
    CHECK(place.try_open().error().code == ErrorCode::corruption);
  }
  SECTION("format") {
    tamper(DeskFamily::meta, "format", "semak-desk-99");
    CHECK(place.try_open().error().code == ErrorCode::version_mismatch);
  }
  SECTION("witness") {
    tamper(DeskFamily::meta, "audit_head", "x");
    CHECK(place.try_open().error().code == ErrorCode::corruption);
  }
}

}  // namespace
}  // namespace semak
