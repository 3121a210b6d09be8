// An office in a folder of its own, that can be closed and opened again, and registers to load into it.
#pragma once

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/office/office.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

struct OfficeRoom {
  TemporaryFolder folder;
  std::unique_ptr<Office> office;
  std::function<Status(std::string_view)> fault;
  Progress silent;

  OfficeRoom() { open(); }
  Status try_open() {
    office.reset();
    OfficeOptions options;
    options.create = true;
    options.fault = [this](std::string_view operation) { return fault ? fault(operation) : Status(); };
    auto opened = Office::open(folder / "db", options, silent);
    if (!opened) return opened.error();
    office = std::move(opened).value();
    return {};
  }
  void open() {
    const Status opened = try_open();
    if (!opened) FAIL(opened.error().message);
  }
  std::filesystem::path write(const std::string& name, const std::string& csv) const {
    std::ofstream(folder / name) << csv;
    return folder / name;
  }
  Result<IngestReport> try_load(const Actor& actor, const std::string& register_name, RegisterKind kind,
                                const std::string& csv, bool replace = false) {
    IngestRequest request;
    request.register_name = register_name;
    request.kind = kind;
    request.files = {write(register_name + ".csv", csv)};
    request.replace = replace;
    return office->load(actor, request, silent);
  }
  IngestReport load(const Actor& actor, const std::string& register_name, RegisterKind kind, const std::string& csv,
                    bool replace = false) {
    auto loaded = try_load(actor, register_name, kind, csv, replace);
    if (!loaded) FAIL(loaded.error().message);
    for (const std::string& warning : loaded->warnings)
      CHECK(warning.find("not all that follows") == std::string::npos);
    return *loaded;
  }
  std::vector<AuditEntry> chain() {
    std::vector<AuditEntry> entries;
    const Status read = office->desk().audit().scan([&](const AuditEntry& entry) {
      entries.push_back(entry);
      return Status();
    });
    REQUIRE(read);
    return entries;
  }
  std::size_t chained(AuditKind kind) {
    std::size_t count = 0;
    for (const AuditEntry& entry : chain()) count += entry.event.kind == kind;
    return count;
  }
};

// The value, or the end of the test with the reason.
template <class T>
T done(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(result).value();
}

inline Subject person(const std::string& name, const std::string& number, PartialDate dob, const std::string& purpose) {
  Subject subject;
  subject.names.push_back({NameType::registered, name});
  if (!number.empty()) subject.numbers.push_back({NumberKind::unknown, number, "", "", ""});
  subject.dob = dob;
  subject.purpose = purpose;
  subject.consent = true;
  return subject;
}

}  // namespace semak
