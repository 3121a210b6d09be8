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

// Holds an error back until the rows before it were delivered.
class DelayedError {
 public:
  // As RowReader::next(), but an error behind rows of this batch ends the batch and comes with the next one.
  Result<bool> next(RowReader& reader, RowView& row, const SourceBatch& batch) {
    if (error_) return *error_;
    auto more = reader.next(row);
    if (more) return more;
    error_ = more.error();
    if (batch.rows.empty() && batch.rejected.empty()) return *error_;
    return false;
  }

 private:
  std::optional<Error> error_;
};

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
      SEMAK_TRY(const bool more, delayed_.next(*reader_, row_, batch));
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
  DelayedError delayed_;
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
      SEMAK_TRY(const bool more, delayed_.next(*reader_, row_, batch));
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
  DelayedError delayed_;
  std::uint64_t rows_ = 0;
  bool accepted_ = false;  // one row, ever
};

std::string lower_ending(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return ending;
}

enum class Format { table, json_lines };

struct OpenedFile {
  std::unique_ptr<RowReader> reader;
  Format format = Format::table;
};

Result<OpenedFile> open_rows(const std::filesystem::path& path, const Mapping& mapping) {
  const std::string ending = lower_ending(path);
  if (ending == ".xlsx") {
    XlsxOptions options;
    options.sheet = mapping.sheet;
    SEMAK_TRY(auto reader, open_xlsx(path, options));
    return OpenedFile{std::move(reader)};
  }
  if (ending != ".csv" && ending != ".tsv" && ending != ".jsonl")
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: the ending \"{}\" is unknown; files end in .csv, .tsv, .jsonl or .xlsx",
                             path.string(), ending)};
  FileTextOptions text_options;
  text_options.encoding = mapping.encoding;
  SEMAK_TRY(auto text, open_text_file(path, text_options));
  if (ending == ".jsonl")
    return OpenedFile{std::make_unique<JsonlReader>(std::move(text), path.string()), Format::json_lines};
  CsvOptions options;
  options.name = path.string();
  options.separator = ending == ".tsv" ? '\t' : mapping.separator;
  return OpenedFile{std::make_unique<CsvReader>(std::move(text), options)};
}

Result<Mapping> mapping_of(const SourceOptions& options) {
  if (options.mapping.empty()) return Mapping{};
  return read_mapping(options.mapping, column_use(options));
}

}  // namespace

Result<std::unique_ptr<Source>> Source::open(const std::filesystem::path& path, const SourceOptions& options) {
  SEMAK_TRY(Mapping mapping, mapping_of(options));
  SEMAK_TRY(OpenedFile file, open_rows(path, mapping));
  const std::size_t header_row = mapping.header_row;
  RowMapper mapper(path.string(), options, std::move(mapping));
  if (file.format == Format::json_lines)
    return std::unique_ptr<Source>(
        std::make_unique<JsonSource>(path.string(), std::move(file.reader), std::move(mapper)));
  auto source = std::make_unique<TableSource>(path.string(), std::move(file.reader), std::move(mapper));
  SEMAK_TRY_STATUS(source->start(header_row));
  return std::unique_ptr<Source>(std::move(source));
}

Status read_raw_rows(const std::filesystem::path& path, const SourceOptions& options,
                     const std::vector<std::uint64_t>& lines, const std::function<Status(RawRow)>& take) {
  SEMAK_TRY(const Mapping mapping, mapping_of(options));
  SEMAK_TRY(OpenedFile file, open_rows(path, mapping));
  RowView row;
  for (std::size_t taken = 0; taken < lines.size();) {
    SEMAK_TRY(const bool more, file.reader->next(row));
    if (!more)
      return Error{ErrorCode::invalid_input,
                   fmt::format("{}: line {} is not there any more; the file was changed while it was read",
                               path.string(), lines[taken])};
    if (row.line != lines[taken]) continue;
    SEMAK_TRY_STATUS(take({row.line, {row.cells.begin(), row.cells.end()}}));
    ++taken;
  }
  return {};
}

}  // namespace semak
