#include "engine/screen/load_reader.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace semak {
namespace {

void add_new(std::vector<std::string>& all, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (std::find(all.begin(), all.end(), line) == all.end()) all.push_back(line);
  }
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
  add_new(columns_, source_->columns());
  headings_ = std::make_shared<const FileHeadings>(FileHeadings{file_, source_->header()});
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
