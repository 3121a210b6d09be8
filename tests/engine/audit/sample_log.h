// Logs with something in them, for the tests of the audit.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/audit/audit_log.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

inline AuditEvent sample_event(int number, std::string token = {}) {
  AuditEvent event;
  event.kind = static_cast<AuditKind>(1 + number % 11);
  event.actor = {"key-" + std::to_string(number % 3), number % 2 == 0 ? "agency" : "sekolah \"satu\"",
                 static_cast<Role>(1 + number % 5)};
  event.object = "object-" + std::to_string(number % 7);
  if (number == 9) event.object = "odd \x01\x1f\x7f\b\f\n\r\t / \\ \" \xe2\x80\xa8 \xf0\x9f\x99\x82";
  event.details =
      R"({"generation":)" + std::to_string(number) + R"(,"outcome":"no_record","teks":"baris\nsatu, \"dua\", tiga é"})";
  event.token = std::move(token);
  return event;
}

struct SampleLog {
  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys = std::move(KeyRing::create(folder / "key", std::nullopt).value());
  std::unique_ptr<AuditLog> log;

  std::filesystem::path path() const { return folder / "audit"; }

  AuditLog& open(std::function<Status(std::string_view)> fault = {}) {
    log.reset();
    auto opened = AuditLog::open(path(), true, *keys, std::move(fault));
    if (!opened) FAIL(opened.error().message);
    log = std::move(opened).value();
    return *log;
  }

  // Appends events in groups of `at_once`, each with a token of its own.
  void fill(int events, int at_once = 1) {
    std::vector<AuditEvent> group;
    for (int i = 0; i < events; ++i) {
      group.push_back(sample_event(i, "token-" + std::to_string(i)));
      if (static_cast<int>(group.size()) < at_once && i + 1 < events) continue;
      REQUIRE(log->append(group).ok());
      group.clear();
    }
  }

  AuditReport verified(std::vector<AuditHead> witnesses = {}) const {
    auto report = log->verify(witnesses, keys->public_key(), {});
    if (!report) FAIL(report.error().message);
    return std::move(report).value();
  }
};

}  // namespace semak
