#include "tools/semak/table_writer.h"

#include <cstdlib>
#include <xlsxwriter.h>

#include "engine/check.h"
#include "loaders/source.h"
#include "tools/semak/json_text.h"
#include "tools/semak/messages.h"
#include "tools/semak/output_file.h"

namespace semak {
namespace {

constexpr std::size_t kCellMax = 32'767;  // characters of an XLSX cell

class DelimitedWriter final : public TableWriter {
 public:
  DelimitedWriter(OutputFile file, char separator, std::vector<Column> columns)
      : file_(std::move(file)), separator_(separator), columns_(std::move(columns)) {}

  Status write_heading() {
    std::vector<std::string> names;
    for (const Column& column : columns_) names.emplace_back(column.name);
    return write_line(names);
  }
  Status write(std::span<const std::string> cells) override {
    SEMAK_DCHECK(cells.size() == columns_.size());
    return write_line(cells);
  }
  Status commit() override { return file_.commit(); }

 private:
  Status write_line(std::span<const std::string> cells) {
    line_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line_ += separator_;
      if (separator_ == ',')
        append_csv_cell(line_, cells[i]);
      else
        append_tsv_cell(cells[i]);
    }
    line_ += '\n';
    return file_.write(line_);
  }
  void append_tsv_cell(std::string_view cell) {  // TSV has no quoting: what separates becomes a blank
    for (const char c : cell) line_ += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
  }

  OutputFile file_;
  char separator_;
  std::vector<Column> columns_;
  std::string line_;
};

class JsonLinesWriter final : public TableWriter {
 public:
  JsonLinesWriter(OutputFile file, std::vector<Column> columns)
      : file_(std::move(file)), columns_(std::move(columns)) {}
  Status write(std::span<const std::string> cells) override {
    line_.assign(1, '{');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line_ += ',';
      append_json_string(line_, columns_[i].name);
      line_ += ':';
      if (columns_[i].type == ColumnType::text)
        append_json_string(line_, cells[i]);
      else
        line_ += cells[i].empty() ? "null" : cells[i];
    }
    line_ += "}\n";
    return file_.write(line_);
  }
  Status commit() override { return file_.commit(); }

 private:
  OutputFile file_;
  std::vector<Column> columns_;
  std::string line_;
};

class XlsxWriter final : public TableWriter {
 public:
  static Result<std::unique_ptr<TableWriter>> create(OutputFile file, std::vector<Column> columns) {
    auto writer = std::unique_ptr<XlsxWriter>(new XlsxWriter(std::move(file), std::move(columns)));
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    writer->book_ = workbook_new_opt(writer->file_.temporary().c_str(), &options);
    if (!writer->book_) return writer->error(LXW_ERROR_MEMORY_MALLOC_FAILED);
    writer->sheet_ = workbook_add_worksheet(writer->book_, "semak");
    lxw_format* bold = workbook_add_format(writer->book_);
    format_set_bold(bold);
    worksheet_freeze_panes(writer->sheet_, 1, 0);
    worksheet_set_column(writer->sheet_, 0, static_cast<lxw_col_t>(writer->columns_.size() - 1), 18, nullptr);
    for (std::size_t i = 0; i < writer->columns_.size(); ++i)
      worksheet_write_string(writer->sheet_, 0, static_cast<lxw_col_t>(i),
                             std::string(writer->columns_[i].name).c_str(), bold);
    return std::unique_ptr<TableWriter>(std::move(writer));
  }
  ~XlsxWriter() override {
    if (book_) workbook_close(book_);  // frees it; the temporary file goes with `file_`
  }

  Status write(std::span<const std::string> cells) override {
    if (++row_ >= LXW_ROW_MAX) return Error{ErrorCode::invalid_input, say(Say::xlsx_too_long, file_.path().string())};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].empty()) continue;
      const auto column = static_cast<lxw_col_t>(i);
      // Text cells are strings of their own type: a spreadsheet never reads them as formulas.
      const lxw_error error =
          columns_[i].type == ColumnType::number
              ? worksheet_write_number(sheet_, row_, column, std::strtod(cells[i].c_str(), nullptr), nullptr)
              : worksheet_write_string(sheet_, row_, column, cut(cells[i]).c_str(), nullptr);
      if (error != LXW_NO_ERROR) return this->error(error);
    }
    return {};
  }
  Status commit() override {
    const lxw_error closed = workbook_close(std::exchange(book_, nullptr));
    if (closed != LXW_NO_ERROR) return error(closed);
    return file_.commit();
  }

 private:
  XlsxWriter(OutputFile file, std::vector<Column> columns) : file_(std::move(file)), columns_(std::move(columns)) {}
  Error error(lxw_error code) const {
    return Error{ErrorCode::io, say(Say::cannot_write, file_.path().string(), lxw_strerror(code))};
  }
  // A cell holds 32,767 characters; bytes are the safe side.
  static std::string cut(const std::string& text) {
    if (text.size() <= kCellMax) return text;
    std::size_t end = kCellMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
  }

  OutputFile file_;
  std::vector<Column> columns_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_row_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> TableWriter::create(const std::filesystem::path& path, std::string_view format,
                                                         std::vector<Column> columns) {
  std::string kind(format);
  if (kind.empty()) kind = path == "-" ? "csv" : path.extension().string().substr(path.has_extension() ? 1 : 0);
  if (kind != "csv" && kind != "tsv" && kind != "jsonl" && kind != "xlsx")
    return Error{ErrorCode::invalid_input, say(Say::unknown_ending, path.string())};
  SEMAK_TRY(OutputFile file, OutputFile::create(path));
  if (kind == "xlsx" && file.is_direct()) return Error{ErrorCode::invalid_input, say(Say::xlsx_needs_file)};
  if (kind == "xlsx") return XlsxWriter::create(std::move(file), std::move(columns));
  if (kind == "jsonl") return std::unique_ptr<TableWriter>(new JsonLinesWriter(std::move(file), std::move(columns)));
  auto writer = std::make_unique<DelimitedWriter>(std::move(file), kind == "csv" ? ',' : '\t', std::move(columns));
  SEMAK_TRY_STATUS(writer->write_heading());
  return std::unique_ptr<TableWriter>(std::move(writer));
}

std::string harmless_cell(std::string_view text) {
  if (text.empty() || std::string_view("=+-@\t\r").find(text.front()) == std::string_view::npos)
    return std::string(text);
  std::string safe(1, '\'');
  return safe += text;
}

}  // namespace semak
