#include "engine/screen/load_reader.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace semak {
namespace {

void add_new(std::vector<std::string>& all, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (std::find(all.begin(), all.end(), line) == all.end()) all.push_back(line);
  }
}

// What a column became: the end of its line in Source::columns(), "Nama -> name".
std::string field_of(std::string_view line) {
  const std::size_t arrow = line.rfind(" -> ");
  if (arrow == std::string_view::npos) return {};
  std::string_view field = line.substr(arrow + 4);
  constexpr std::string_view kKept = "kept as field ";
  if (field.starts_with(kKept)) field.remove_prefix(kKept.size());
  return field == "not used" ? std::string() : std::string(field);
}

}  // namespace

Result<LoadReader> LoadReader::open(std::vector<std::filesystem::path> files, std::filesystem::path mapping,
                                    RegisterKind kind) {
  if (files.empty()) return Error{ErrorCode::invalid_input, "no file was named to load"};
  LoadReader reader;
  reader.files_ = std::move(files);
  reader.options_.kind = RowKind::record;
  reader.options_.register_kind = kind;
  reader.options_.mapping = std::move(mapping);
  reader.rows_.resize(reader.files_.size());
  for (const std::filesystem::path& file : reader.files_) {
    std::error_code unknown;  // opening it will say
    const std::uint64_t bytes = std::filesystem::file_size(file, unknown);
    if (!unknown) reader.bytes_total_ += bytes;
  }
  SEMAK_TRY_STATUS(reader.open_file());
  return reader;
}

Status LoadReader::open_file() {
  SEMAK_TRY(source_, Source::open(files_[file_], options_));
  const std::vector<std::string> columns = source_->columns();
  add_new(columns_, columns);
  FileHeadings headings{file_, files_[file_].filename().string(), source_->header(), {}};
  for (const std::string& line : columns) headings.fields.push_back(field_of(line));
  headings.fields.resize(headings.header.size());
  headings_ = std::make_shared<const FileHeadings>(std::move(headings));
  return {};
}

void LoadReader::close_file() {
  add_new(warnings_, source_->warnings());
  std::error_code unknown;
  const std::uint64_t bytes = std::filesystem::file_size(files_[file_], unknown);
  if (!unknown) bytes_before_ += bytes;
}

Result<bool> LoadReader::next(SourceBatch& batch, std::size_t rows_max, const Progress& progress) {
  while (true) {
    SEMAK_TRY(const bool more, source_->next(batch, rows_max));
    rows_[file_] += batch.rows.size() + batch.rejected.size();
    if (progress) progress("reading", std::min(bytes_before_ + source_->bytes_read(), bytes_total_), bytes_total_);
    if (more) return true;
    close_file();
    if (file_ + 1 == files_.size()) return false;
    ++file_;
    SEMAK_TRY_STATUS(open_file());
  }
}

}  // namespace semak
