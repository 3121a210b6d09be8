// A desk of its own folder, and looking at it from outside.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/desk/desk.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

inline const Actor kActor{"key-1", "school", Role::submitter};

inline AuditEvent event(std::string object, AuditKind kind = AuditKind::check) {
  AuditEvent made;
  made.kind = kind;
  made.actor = kActor;
  made.object = std::move(object);
  made.details = R"({"outcome":"no_record"})";
  return made;
}

inline WriteSet put(std::string_view key, std::string_view value) {
  WriteSet changes;
  changes.put(family(DeskFamily::checks), key, value);
  return changes;
}

inline std::size_t rows(const Database& database, DeskFamily which) {
  std::size_t count = 0;
  Cursor cursor = database.cursor(family(which), Database::Access::point);
  for (cursor.seek({}); cursor.valid(); cursor.next()) ++count;
  REQUIRE(cursor.status().ok());
  return count;
}

// How often each object stands in the chain, entries made by recovery left out.
inline std::map<std::string, int> chained(const AuditLog& log) {
  std::map<std::string, int> objects;
  REQUIRE(log.scan([&](const AuditEntry& entry) {
               if (entry.event.kind != AuditKind::recovery) ++objects[entry.event.object];
               return Status();
             })
              .ok());
  return objects;
}

struct Place {
  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys = std::move(KeyRing::create(folder / "key", std::nullopt).value());

  Result<std::unique_ptr<Desk>> try_open(bool create = true, std::function<Status(std::string_view)> fault = {}) const {
    return Desk::open(folder.path(), create, *keys, std::move(fault));
  }
  std::unique_ptr<Desk> open(bool create = true, std::function<Status(std::string_view)> fault = {}) const {
    auto desk = try_open(create, std::move(fault));
    if (!desk) FAIL(desk.error().message);
    return std::move(desk).value();
  }
  AuditReport verified(Desk& desk) const {
    auto report = desk.audit().verify(std::vector{desk.audit().head()}, keys->public_key(), {});
    REQUIRE(report.ok());
    return std::move(report).value();
  }
};

// The desk's database without the desk.
inline std::unique_ptr<Database> raw_desk(const std::filesystem::path& folder) {
  DatabaseOptions options;
  options.mode = DatabaseMode::read_write;
  options.families = {"meta",      "outbox",     "checks",          "check_index", "cases",       "case_index",
                      "decisions", "enrolments", "enrolment_index", "alerts",      "alert_index", "policies",
                      "callers",   "batches",    "batch_rows",      "idempotency", "webhooks"};
  auto opened = Database::open(folder / "desk", options);
  if (!opened) FAIL(opened.error().message);
  return std::move(opened).value();
}

}  // namespace semak
