#include "loaders/xlsx_reader.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

#include "loaders/xlsx_archive.h"
#include "loaders/xlsx_cells.h"

namespace semak {
namespace {

// Limits of the format itself.
constexpr std::size_t kColumnsMax = 16384;
// As for a line of a CSV file.
constexpr std::size_t kRowBytesMax = 16 << 20;

struct Relation {
  std::string id, type, target;
};

class RelationsHandler final : public XmlHandler {
 public:
  void open(std::string_view element, XmlAttributes attributes) override {
    if (element != "Relationship") return;
    const auto text_of = [&](const char* name) {
      const char* const value = attribute(attributes, name);
      return std::string(value == nullptr ? "" : value);
    };
    relations_.push_back({text_of("Id"), text_of("Type"), text_of("Target")});
  }
  void close(std::string_view) override {}
  void text(std::string_view) override {}

  // Empty if there is none.
  std::string target_of_type(std::string_view kind) const {
    for (const Relation& relation : relations_)
      if (relation.type.size() >= kind.size() &&
          std::string_view(relation.type).substr(relation.type.size() - kind.size()) == kind)
        return relation.target;
    return {};
  }
  std::string target_of(std::string_view id) const {
    for (const Relation& relation : relations_)
      if (relation.id == id) return relation.target;
    return {};
  }

 private:
  std::vector<Relation> relations_;
};

struct Sheet {
  std::string name, relation;
  bool visible = true;
};

class WorkbookHandler final : public XmlHandler {
 public:
  void open(std::string_view element, XmlAttributes attributes) override {
    if (element == "workbookPr") {
      const char* const system = attribute(attributes, "date1904");
      from_1904 = system != nullptr && (std::string_view(system) == "1" || std::string_view(system) == "true");
    }
    if (element != "sheet") return;
    const char* const name = attribute(attributes, "name");
    const char* const relation = attribute(attributes, "id");
    const char* const state = attribute(attributes, "state");
    sheets.push_back({name == nullptr ? "" : name, relation == nullptr ? "" : relation,
                      state == nullptr || std::string_view(state) == "visible"});
  }
  void close(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<Sheet> sheets;
  bool from_1904 = false;
};

struct SheetRow {
  std::uint64_t number = 0;
  std::string text;               // of all cells
  std::vector<std::size_t> ends;  // of each cell in text
  RowDefect defect;
};

// "BC12" -> 54; nullopt if it names no column.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > kColumnsMax) return std::nullopt;
  }
  if (column == 0) return std::nullopt;
  return column - 1;
}

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const SharedTextsHandler& shared, const StylesHandler& styles, bool from_1904, std::uint64_t cell_max)
      : shared_(shared), styles_(styles), from_1904_(from_1904), cell_max_(cell_max) {}

  std::deque<SheetRow> rows;  // whole, not yet taken

  void open(std::string_view element, XmlAttributes attributes) override {
    if (element == "row") {
      const char* const number = attribute(attributes, "r");
      row_ = {};
      row_.number = number != nullptr ? std::strtoull(number, nullptr, 10) : last_row_ + 1;
      last_row_ = row_.number;
    } else if (element == "c") {
      open_cell(attributes);
    } else if (element == "v" || element == "t") {
      in_text_ = !in_phonetic_;
    } else if (element == "rPh") {
      in_phonetic_ = true;
    }
  }

  void close(std::string_view element) override {
    if (element == "v" || element == "t") {
      in_text_ = false;
    } else if (element == "rPh") {
      in_phonetic_ = false;
    } else if (element == "c") {
      close_cell();
    } else if (element == "row") {
      rows.push_back(std::move(row_));
      row_ = {};
    }
  }

  void text(std::string_view piece) override {
    if (!in_text_) return;
    cell_bytes_ += piece.size();
    if (cell_bytes_ <= cell_max_) cell_ += piece;
  }

 private:
  void open_cell(XmlAttributes attributes) {
    const char* const type = attribute(attributes, "t");
    const char* const style = attribute(attributes, "s");
    type_ = type == nullptr ? "n" : type;
    style_ = style == nullptr ? 0 : std::strtoull(style, nullptr, 10);
    cell_.clear();
    cell_bytes_ = 0;
    const char* const reference = attribute(attributes, "r");
    const auto column = reference == nullptr ? std::optional(row_.ends.size()) : column_of(reference);
    if (!column || *column < row_.ends.size()) {
      refusal_ =
          fmt::format("row {} has a cell in a wrong place ({})", row_.number, reference == nullptr ? "" : reference);
      return;
    }
    row_.ends.resize(*column, row_.text.size());
  }

  void close_cell() {
    if (row_.ends.size() >= kColumnsMax)
      refusal_ = fmt::format("row {} has more than {} cells", row_.number, kColumnsMax);
    if (cell_bytes_ > cell_max_ && !row_.defect.any())
      row_.defect = {fmt::format("a cell of {} bytes; at most {} are read", cell_bytes_, cell_max_), "shorten it",
                     row_.ends.size()};
    append_value();
    row_.ends.push_back(row_.text.size());
    if (row_.text.size() > kRowBytesMax)
      refusal_ = fmt::format("row {} has more than {} bytes; this is no sheet of people", row_.number, kRowBytesMax);
  }

  void append_value() {
    if (type_ == "s") {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(cell_.data(), cell_.data() + cell_.size(), index);
      if (error != std::errc() || index >= shared_.size()) {
        refusal_ = fmt::format("row {} names the shared text {}, which is not there; the workbook is damaged",
                               row_.number, cell_);
        return;
      }
      const std::string_view text = shared_[index];
      if (text.find("_x") == std::string_view::npos)
        row_.text += text;
      else
        row_.text += unescape_text(std::string(text));
    } else if (type_ == "b") {
      row_.text += cell_ == "1" ? "TRUE" : "FALSE";
    } else if (type_ == "e") {
      if (cell_ == "#N/A") return;  // a look-up that found nothing
      if (!row_.defect.any())
        row_.defect = {"the formula error " + cell_, "correct the formula or type the value", row_.ends.size()};
      row_.text += cell_;
    } else if (type_ == "n") {
      if (cell_.empty()) return;
      row_.text += styles_.is_date(style_) ? serial_date_text(cell_, from_1904_) : number_text(cell_);
    } else {  // str, inlineStr, d
      row_.text += unescape_text(std::move(cell_));
    }
  }

  const SharedTextsHandler& shared_;
  const StylesHandler& styles_;
  bool from_1904_;
  std::uint64_t cell_max_;
  SheetRow row_;
  std::uint64_t last_row_ = 0;
  std::string type_;
  std::size_t style_ = 0;
  std::string cell_;
  std::uint64_t cell_bytes_ = 0;
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

// A relation's target as the name of a part; relative ones start in `folder` ("xl/").
std::string part_name(const std::string& folder, const std::string& target) {
  if (!target.empty() && target.front() == '/') return target.substr(1);
  std::string_view rest = target;
  if (rest.substr(0, 2) == "./") rest.remove_prefix(2);
  if (rest.substr(0, 3) == "../") return std::string(rest.substr(3));
  return folder + std::string(rest);
}

class XlsxReader final : public RowReader {
 public:
  XlsxReader(XlsxArchive archive, const XlsxOptions& options)
      : archive_(std::move(archive)), options_(options), shared_(options.shared_text_bytes_max) {}

  Status start() {
    RelationsHandler package;
    SEMAK_TRY_STATUS(archive_.read_whole("_rels/.rels", package));
    std::string workbook = part_name("", package.target_of_type("/officeDocument"));
    if (workbook.empty()) workbook = "xl/workbook.xml";
    const std::size_t slash = workbook.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : workbook.substr(0, slash + 1);
    WorkbookHandler book;
    SEMAK_TRY_STATUS(archive_.read_whole(workbook, book));
    RelationsHandler relations;
    SEMAK_TRY_STATUS(archive_.read_whole(folder + "_rels/" + workbook.substr(folder.size()) + ".rels", relations));
    if (const std::string styles = relations.target_of_type("/styles"); !styles.empty())
      SEMAK_TRY_STATUS(archive_.read_whole(part_name(folder, styles), styles_));
    if (const std::string texts = relations.target_of_type("/sharedStrings"); !texts.empty())
      SEMAK_TRY_STATUS(archive_.read_whole(part_name(folder, texts), shared_));
    SEMAK_TRY(const Sheet sheet, choose(book.sheets));
    sheet_ = std::make_unique<SheetHandler>(shared_, styles_, book.from_1904, options_.cell_bytes_max);
    SEMAK_TRY(XmlPart part, archive_.read(part_name(folder, relations.target_of(sheet.relation)), *sheet_));
    part_.emplace(std::move(part));
    return {};
  }

  Result<bool> next(RowView& row) override {
    row.clear();
    for (;;) {
      while (sheet_->rows.empty() && !at_end_) {
        SEMAK_TRY(const bool more, part_->feed());
        at_end_ = !more;
      }
      if (sheet_->rows.empty()) return false;
      row_ = std::move(sheet_->rows.front());
      sheet_->rows.pop_front();
      if (!row_.text.empty() || row_.defect.any()) break;
    }
    row.line = row_.number;
    row.defect = std::move(row_.defect);
    std::size_t begin = 0;
    for (const std::size_t end : row_.ends) {
      row.cells.push_back(std::string_view(row_.text).substr(begin, end - begin));
      begin = end;
    }
    return true;
  }

  bool pads_rows() const override { return true; }
  std::vector<std::string> warnings() const override {
    if (sheets_ < 2 || !options_.sheet.empty()) return {};
    return {fmt::format("{}: the first of {} sheets is read, \"{}\"; a mapping file can name another", archive_.name(),
                        sheets_, chosen_)};
  }
  std::uint64_t bytes_read() const override { return part_->bytes_read(); }
  std::uint64_t bytes_total() const override { return part_->bytes_total(); }

 private:
  Result<Sheet> choose(const std::vector<Sheet>& sheets) {
    sheets_ = static_cast<std::size_t>(
        std::count_if(sheets.begin(), sheets.end(), [](const Sheet& sheet) { return sheet.visible; }));
    std::string list;
    for (const Sheet& sheet : sheets) {
      if (options_.sheet.empty() ? sheet.visible : sheet.name == options_.sheet) {
        chosen_ = sheet.name;
        return sheet;
      }
      list += (list.empty() ? "\"" : ", \"") + sheet.name + "\"";
    }
    if (sheets.empty())
      return Error{ErrorCode::invalid_input, fmt::format("{}: the workbook has no sheet", archive_.name())};
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: no {}; the sheets are {}", archive_.name(),
                             options_.sheet.empty() ? "visible sheet" : "sheet \"" + options_.sheet + "\"", list)};
  }

  XlsxArchive archive_;
  XlsxOptions options_;
  SharedTextsHandler shared_;
  StylesHandler styles_;
  std::unique_ptr<SheetHandler> sheet_;
  std::optional<XmlPart> part_;
  SheetRow row_;
  std::string chosen_;
  std::size_t sheets_ = 0;
  bool at_end_ = false;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_xlsx(const std::filesystem::path& path, const XlsxOptions& options) {
  SEMAK_TRY(XlsxArchive archive, XlsxArchive::open(path, {options.inflated_bytes_free, options.inflation_max}));
  auto reader = std::make_unique<XlsxReader>(std::move(archive), options);
  SEMAK_TRY_STATUS(reader->start());
  return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace semak
