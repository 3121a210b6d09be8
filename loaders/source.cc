#include "loaders/source.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "loaders/csv_reader.h"
#include "loaders/json_rows.h"
#include "loaders/jsonl_reader.h"
#include "loaders/mapping.h"
#include "loaders/row_mapper.h"
#include "loaders/xlsx_reader.h"

namespace semak {
namespace {

constexpr std::size_t kReserveMax = 65536;

bool is_rejects_header(const RowView& row) {
  return std::find(row.cells.begin(), row.cells.end(), "semak_line") != row.cells.end();
}

// Any format whose reader gives rows of cells under one heading row.
class TableSource final : public Source {
 public:
  TableSource(std::string name, std::unique_ptr<RowReader> reader, RowMapper mapper)
      : name_(std::move(name)), reader_(std::move(reader)), mapper_(std::move(mapper)) {}

  // Reads on to the first row at or behind line `header_row`. A rejects file begins with its headings, wherever
  // those of the file that it came from were.
  Status start(std::size_t header_row) {
    do {
      SEMAK_TRY(const bool more, reader_->next(row_));
      if (!more)
        return Error{ErrorCode::invalid_input,
                     fmt::format("{}: no heading row; it must name the columns (id, name, ...)", name_)};
    } while (row_.line < header_row && !is_rejects_header(row_));
    if (row_.defect.any())
      return Error{ErrorCode::invalid_input, fmt::format("{}:{}: the heading row has {}; {}", name_, row_.line,
                                                         row_.defect.reason, row_.defect.cure)};
    SEMAK_TRY_STATUS(mapper_.bind(row_.cells));
    if (mapper_.json_column()) json_rows_ = std::make_unique<JsonRows>(mapper_);
    return {};
  }

  Result<bool> next(SourceBatch& batch, std::size_t rows_max) override {
    batch.rows.clear();
    batch.rejected.clear();
    batch.rows.reserve(std::min(rows_max, kReserveMax));
    const std::size_t width = mapper_.header().size();
    while (batch.rows.size() + batch.rejected.size() < rows_max) {
      SEMAK_TRY(const bool more, reader_->next(row_));
      if (!more) return !batch.rows.empty() || !batch.rejected.empty();
      seen_rows_ = true;
      if (reader_->pads_rows() && row_.cells.size() < width) row_.cells.resize(width);
      if (json_rows_ && row_.cells.size() >= width)
        json_rows_->map(row_.line, row_.cells[*mapper_.json_column()], batch);
      else
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
  std::unique_ptr<JsonRows> json_rows_;  // if the rows are whole JSON objects: rejects of a JSON Lines file
  RowView row_;
  bool seen_rows_ = false;
};

// JSON Lines: every row names its own columns.
class JsonSource final : public Source {
 public:
  JsonSource(std::string name, std::unique_ptr<RowReader> reader, RowMapper mapper)
      : name_(std::move(name)), reader_(std::move(reader)), mapper_(std::move(mapper)) {
    mapper_.number_rows();
  }

  Result<bool> next(SourceBatch& batch, std::size_t rows_max) override {
    batch.rows.clear();
    batch.rejected.clear();
    batch.rows.reserve(std::min(rows_max, kReserveMax));
    while (batch.rows.size() + batch.rejected.size() < rows_max) {
      SEMAK_TRY(const bool more, reader_->next(row_));
      if (!more) break;
      ++rows_;
      accepted_ = accepted_ || !batch.rows.empty();
      if (row_.defect.any())
        batch.rejected.push_back({{row_.line, {std::string(row_.cells[0])}}, "", row_.defect.reason, row_.defect.cure});
      else
        json_rows_.map(row_.line, row_.cells[0], batch);
    }
    accepted_ = accepted_ || !batch.rows.empty();
    SEMAK_TRY_STATUS(refuse_keys());
    return !batch.rows.empty() || !batch.rejected.empty();
  }

  const std::vector<std::string>& header() const override { return header_; }
  std::vector<std::string> columns() const override {
    RowMapper seen = mapper_;
    static_cast<void>(seen.bind_keys(json_rows_.keys()).ok());
    return seen.columns();
  }
  std::vector<std::string> warnings() const override {
    std::vector<std::string> all = reader_->warnings();
    for (std::string& warning : mapper_.warnings()) all.push_back(name_ + ": " + warning);
    if (rows_ == 0) all.push_back(name_ + ": no rows");
    return all;
  }
  std::uint64_t bytes_read() const override { return reader_->bytes_read(); }
  std::uint64_t bytes_total() const override { return reader_->bytes_total(); }

 private:
  // If no row was any good, a missing name or id column is the reason, not thousands of bad rows.
  Status refuse_keys() {
    if (accepted_ || rows_ == 0 || json_rows_.keys().empty()) return {};
    RowMapper seen = mapper_;
    return seen.bind_keys(json_rows_.keys());
  }

  std::string name_;
  std::unique_ptr<RowReader> reader_;
  RowMapper mapper_;
  JsonRows json_rows_{mapper_};
  const std::vector<std::string> header_{"semak_json"};
  RowView row_;
  std::uint64_t rows_ = 0;
  bool accepted_ = false;  // one row, ever
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

Result<std::unique_ptr<Source>> open_jsonl(const std::filesystem::path& path, const SourceOptions& options,
                                           Mapping mapping) {
  FileTextOptions text_options;
  text_options.encoding = mapping.encoding;
  SEMAK_TRY(auto text, open_text_file(path, text_options));
  return std::unique_ptr<Source>(
      std::make_unique<JsonSource>(path.string(), std::make_unique<JsonlReader>(std::move(text), path.string()),
                                   RowMapper(path.string(), options, std::move(mapping))));
}

Result<std::unique_ptr<Source>> open_workbook(const std::filesystem::path& path, const SourceOptions& options,
                                              Mapping mapping) {
  XlsxOptions xlsx;
  xlsx.sheet = mapping.sheet;
  SEMAK_TRY(auto reader, open_xlsx(path, xlsx));
  const std::size_t header_row = mapping.header_row;
  auto source = std::make_unique<TableSource>(path.string(), std::move(reader),
                                              RowMapper(path.string(), options, std::move(mapping)));
  SEMAK_TRY_STATUS(source->start(header_row));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

Result<std::unique_ptr<Source>> Source::open(const std::filesystem::path& path, const SourceOptions& options) {
  Mapping mapping;
  if (!options.mapping.empty()) {
    SEMAK_TRY(mapping, read_mapping(options.mapping, column_use(options)));
  }
  const std::string ending = lower_ending(path);
  if (ending == ".csv" || ending == ".tsv") return open_csv(path, options, std::move(mapping), ending == ".tsv");
  if (ending == ".jsonl") return open_jsonl(path, options, std::move(mapping));
  if (ending == ".xlsx") return open_workbook(path, options, std::move(mapping));
  return Error{
      ErrorCode::invalid_input,
      fmt::format("{}: the ending \"{}\" is unknown; files end in .csv, .tsv, .jsonl or .xlsx", path.string(), ending)};
}

}  // namespace semak
