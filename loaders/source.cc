#include "loaders/source.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "loaders/csv_reader.h"
#include "loaders/row_mapper.h"

namespace semak {
namespace {

constexpr std::size_t kReserveMax = 65536;

// Any format whose reader gives rows of cells under one heading row.
class TableSource final : public Source {
 public:
  TableSource(std::string name, std::unique_ptr<RowReader> reader, RowMapper mapper)
      : name_(std::move(name)), reader_(std::move(reader)), mapper_(std::move(mapper)) {}

  // Reads on to the heading row. `header_row` counts the reader's rows from 1.
  Status start(std::size_t header_row) {
    for (std::size_t row = 1; row <= header_row; ++row) {
      SEMAK_TRY(const bool more, reader_->next(row_));
      if (!more)
        return Error{ErrorCode::invalid_input,
                     fmt::format("{}: no heading row; the first row must name the columns (id, name, ...)", name_)};
    }
    return mapper_.bind(row_.cells);
  }

  Result<bool> next(SourceBatch& batch, std::size_t rows_max) override {
    batch.rows.clear();
    batch.rejected.clear();
    batch.rows.reserve(std::min(rows_max, kReserveMax));
    while (batch.rows.size() + batch.rejected.size() < rows_max) {
      SEMAK_TRY(const bool more, reader_->next(row_));
      if (!more) return !batch.rows.empty() || !batch.rejected.empty();
      seen_rows_ = true;
      mapper_.map(row_, batch);
    }
    return true;
  }

  const std::vector<std::string>& header() const override { return mapper_.header(); }
  std::vector<std::string> columns() const override { return mapper_.columns(); }
  std::vector<std::string> warnings() const override {
    std::vector<std::string> all = reader_->warnings();
    for (std::string& warning : mapper_.warnings()) all.push_back(name_ + ": " + warning);
    if (!seen_rows_) all.push_back(name_ + ": no rows follow the headings");
    return all;
  }
  std::uint64_t bytes_read() const override { return reader_->bytes_read(); }
  std::uint64_t bytes_total() const override { return reader_->bytes_total(); }

 private:
  std::string name_;
  std::unique_ptr<RowReader> reader_;
  RowMapper mapper_;
  RowView row_;
  bool seen_rows_ = false;
};

std::string lower_ending(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return ending;
}

Result<std::unique_ptr<Source>> open_csv(const std::filesystem::path& path, const SourceOptions& options,
                                         Mapping mapping, bool tabs) {
  FileTextOptions text_options;
  text_options.encoding = mapping.encoding;
  SEMAK_TRY(auto text, open_text_file(path, text_options));
  CsvOptions csv;
  csv.name = path.string();
  csv.separator = tabs ? '\t' : mapping.separator;
  const std::size_t header_row = mapping.header_row;
  auto source = std::make_unique<TableSource>(path.string(), std::make_unique<CsvReader>(std::move(text), csv),
                                              RowMapper(path.string(), options, std::move(mapping)));
  SEMAK_TRY_STATUS(source->start(header_row));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

Result<std::unique_ptr<Source>> Source::open(const std::filesystem::path& path, const SourceOptions& options) {
  Mapping mapping;
  const std::string ending = lower_ending(path);
  if (ending == ".csv" || ending == ".tsv") return open_csv(path, options, std::move(mapping), ending == ".tsv");
  return Error{
      ErrorCode::invalid_input,
      fmt::format("{}: the ending \"{}\" is unknown; files end in .csv, .tsv, .jsonl or .xlsx", path.string(), ending)};
}

}  // namespace semak
