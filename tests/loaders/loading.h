// Files of test data, and a Source read to its end.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

#include "loaders/source.h"
#include "tests/catch.h"

namespace semak::testing {

// A folder of its own, gone at the end of the test.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "semak-loaders-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path file(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }
  std::filesystem::path path(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline SourceOptions records(RegisterKind kind = RegisterKind::reference) {
  SourceOptions options;
  options.kind = RowKind::record;
  options.register_kind = kind;
  options.reference_year = 2026;
  return options;
}

inline SourceOptions subjects() {
  SourceOptions options;
  options.kind = RowKind::subject;
  options.reference_year = 2026;
  return options;
}

struct Loaded {
  std::vector<SourceRow> rows;
  std::vector<RejectedRow> rejected;
  std::vector<std::string> header, columns, warnings;
  std::string error;  // empty: none

  bool warns(std::string_view text) const {
    for (const std::string& warning : warnings)
      if (warning.find(text) != std::string::npos) return true;
    return false;
  }
};

inline Loaded load(const std::filesystem::path& path, const SourceOptions& options, std::size_t rows_max = 7) {
  Loaded all;
  auto source = Source::open(path, options);
  if (!source) {
    all.error = source.error().message;
    return all;
  }
  SourceBatch batch;
  for (;;) {
    auto more = (*source)->next(batch, rows_max);
    if (!more) {
      all.error = more.error().message;
      break;
    }
    for (SourceRow& row : batch.rows) all.rows.push_back(std::move(row));
    for (RejectedRow& row : batch.rejected) all.rejected.push_back(std::move(row));
    if (!*more) break;
  }
  all.header = (*source)->header();
  all.columns = (*source)->columns();
  all.warnings = (*source)->warnings();
  return all;
}

inline Loaded load_text(std::string_view text, const SourceOptions& options, const std::string& name = "people.csv") {
  const TempFolder folder;
  return load(folder.file(name, text), options);
}

inline std::string field_of(const Record& record, std::string_view name) {
  for (const auto& [field, text] : record.fields)
    if (field == name) return text;
  return {};
}

}  // namespace semak::testing
