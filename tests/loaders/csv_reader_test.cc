#include "loaders/csv_reader.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

// Text in memory, handed out in pieces.
class PiecesInput final : public TextInput {
 public:
  explicit PiecesInput(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  Result<bool> read(std::string& out) override {
    while (next_ < pieces_.size() && pieces_[next_].empty()) ++next_;
    if (next_ == pieces_.size()) return false;
    out += pieces_[next_++];
    return true;
  }

 private:
  std::vector<std::string> pieces_;
  std::size_t next_ = 0;
};

// The same letter for ever, in chunks.
class EndlessInput final : public TextInput {
 public:
  explicit EndlessInput(std::string start) : start_(std::move(start)) {}
  Result<bool> read(std::string& out) override {
    out += start_;
    start_.clear();
    out.append(kChunk, 'x');
    given_ += kChunk;
    return true;
  }
  std::uint64_t given() const { return given_; }

 private:
  static constexpr std::size_t kChunk = 1024;
  std::string start_;
  std::uint64_t given_ = 0;
};

struct ParsedRow {
  std::uint64_t line = 0;
  bool defective = false;
  std::vector<std::string> cells;
  bool operator==(const ParsedRow&) const = default;
};

struct Parsed {
  std::vector<ParsedRow> rows;
  std::uint64_t open_quote_line = 0;  // 0: all were closed
  bool operator==(const Parsed&) const = default;
};

// The obvious twin: one character after the other, one state variable.
Parsed parse_by_character(const std::string& text) {
  enum class At { cell_start, plain, quoted, quote_in_quoted, behind };
  Parsed parsed;
  ParsedRow row;
  std::string cell, raw;  // raw: the cell as it stands in the file
  At at = At::cell_start;
  std::uint64_t line = 1, row_line = 1, quote_line = 0;
  bool stray = false, anything = false;
  const auto end_cell = [&] {
    row.cells.push_back(stray ? raw : cell);
    row.defective = row.defective || stray;
    cell.clear();
    raw.clear();
    stray = false;
    at = At::cell_start;
  };
  const auto end_row = [&] {
    end_cell();
    row.line = row_line;
    if (anything) parsed.rows.push_back(row);
    row = {};
    anything = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool crlf = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (at == At::quoted) {
      raw += c;
      if (c == '"') {
        at = At::quote_in_quoted;
      } else {
        cell += c;
        if (c == '\n' || (c == '\r' && !crlf)) ++line;
      }
      continue;
    }
    if (at == At::quote_in_quoted && c == '"') {
      raw += c;
      cell += c;
      at = At::quoted;
      continue;
    }
    if (at == At::quote_in_quoted) at = At::behind;
    if (c == '\n' || c == '\r') {
      if (crlf) ++i;
      end_row();
      row_line = ++line;
      continue;
    }
    anything = true;
    if (c == ',') {
      end_cell();
    } else if (at == At::cell_start && c == '"') {
      at = At::quoted;
      quote_line = line;
      raw += c;
    } else if (at == At::behind) {
      raw += c;
      if (c != ' ' && c != '\t') stray = true;
    } else {
      at = At::plain;
      cell += c;
    }
  }
  if (at == At::quoted) {
    parsed.open_quote_line = quote_line;
    return parsed;
  }
  if (anything) end_row();
  return parsed;
}

std::uint64_t line_in(const std::string& message) {
  const std::size_t colon = message.find(':');
  return std::stoull(message.substr(colon + 1));
}

Parsed parse_pieces(std::vector<std::string> pieces, char separator = ',') {
  CsvOptions options;
  options.name = "t";
  options.separator = separator;
  if (separator != 0) options.detect_bytes = 0;  // so that the pieces stay pieces
  CsvReader reader(std::make_unique<PiecesInput>(std::move(pieces)), options);
  Parsed parsed;
  RowView row;
  for (;;) {
    auto more = reader.next(row);
    if (!more) {
      parsed.open_quote_line = line_in(more.error().message);
      return parsed;
    }
    if (!*more) return parsed;
    ParsedRow read{row.line, row.defect.any(), {}};
    read.cells.assign(row.cells.begin(), row.cells.end());
    parsed.rows.push_back(std::move(read));
  }
}

std::vector<std::vector<std::string>> cells_of(const std::string& text, char separator = ',') {
  std::vector<std::vector<std::string>> rows;
  for (ParsedRow& row : parse_pieces({text}, separator).rows) rows.push_back(std::move(row.cells));
  return rows;
}

using Rows = std::vector<std::vector<std::string>>;

TEST_CASE("rows end with LF, CRLF or CR, and the last needs no end") {
  CHECK(cells_of("a,b\nc,d") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(cells_of("a,b\r\nc,d\r\n") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(cells_of("a,b\rc,d\r") == Rows{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("quoted cells hold separators, line ends and doubled quotes") {
  CHECK(cells_of("\"a,b\",\"c\nd\",\"e\"\"f\"\"\"\n") == Rows{{"a,b", "c\nd", "e\"f\""}});
}

TEST_CASE("a quote inside a plain cell is a letter") {
  CHECK(cells_of("Ali \"Boy\" bin Abu,x\n") == Rows{{"Ali \"Boy\" bin Abu", "x"}});
}

TEST_CASE("blank lines are no rows but count as lines") {
  const Parsed parsed = parse_pieces({"a\n\n\r\nb\n"});
  REQUIRE(parsed.rows.size() == 2);
  CHECK(parsed.rows[1].line == 4);
}

TEST_CASE("line numbers count the line ends inside quotes") {
  const Parsed parsed = parse_pieces({"a,\"x\ny\r\nz\"\nb,c\n"});
  REQUIRE(parsed.rows.size() == 2);
  CHECK(parsed.rows[1].line == 4);
}

TEST_CASE("text after a closing quote makes the row defective and stands as in the file") {
  const Parsed parsed = parse_pieces({"\"Ali \"the boss\" bin Abu\",x\n\"a\" ,b\n"});
  REQUIRE(parsed.rows.size() == 2);
  CHECK(parsed.rows[0].defective);
  CHECK(parsed.rows[0].cells == std::vector<std::string>{"\"Ali \"the boss\" bin Abu\"", "x"});
  CHECK_FALSE(parsed.rows[1].defective);
  CHECK(parsed.rows[1].cells == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a quote that never closes names the line where it opened") {
  const Parsed parsed = parse_pieces({"a,b\nc,d\ne,\"f\ng,h\ni,j\n"});
  CHECK(parsed.rows.size() == 2);
  CHECK(parsed.open_quote_line == 3);
}

TEST_CASE("separators are detected by the lines that agree with the heading") {
  CHECK(detect_separator("id,name\n1,a\n") == ',');
  CHECK(detect_separator("id;name;dob\n1;a, b;c\n") == ';');
  CHECK(detect_separator("id\tname\n1\ta\n") == '\t');
  CHECK(detect_separator("id|name\n1|a\n") == '|');
  CHECK(detect_separator("id,name,aliases\n1,a,b|c|d\n2,b,c|d|e\n") == ',');
  CHECK(detect_separator("\"id;x\",name\n1,a\n") == ',');
  CHECK(detect_separator("name\nAli\n") == ',');
  CHECK(detect_separator("") == ',');
}

TEST_CASE("Excel's line sep= names the separator and is no row") {
  CHECK(cells_of("sep=;\r\nid;name\r\n1;a,b\r\n", '\0') == Rows{{"id", "name"}, {"1", "a,b"}});
}

TEST_CASE("a line without end is refused in bounded memory and names file and line") {
  auto input = std::make_unique<EndlessInput>("id,name\n1,");
  const EndlessInput& endless = *input;
  CsvOptions options;
  options.name = "long.csv";
  options.line_bytes_max = 100 * 1024;
  CsvReader reader(std::move(input), options);
  RowView row;
  REQUIRE(*reader.next(row));
  const auto more = reader.next(row);
  REQUIRE_FALSE(more);
  CHECK(more.error().message.find("long.csv:2: a line of more than 102400 bytes") == 0);
  CHECK(endless.given() < 4 * options.line_bytes_max);
}

TEST_CASE("an open quote over the limit names the line where it opened") {
  CsvOptions options;
  options.name = "open.csv";
  options.line_bytes_max = 100 * 1024;
  CsvReader reader(std::make_unique<EndlessInput>("id,name\n1,a\n2,\"b\n"), options);
  RowView row;
  REQUIRE(*reader.next(row));
  REQUIRE(*reader.next(row));
  const auto more = reader.next(row);
  REQUIRE_FALSE(more);
  CHECK(more.error().message.find("open.csv:3: the quote") == 0);
}

TEST_CASE("a row that is whole but over the limit is refused all the same") {
  CsvOptions options;
  options.name = "t";
  options.line_bytes_max = 10;
  CsvReader reader(std::make_unique<PiecesInput>(std::vector<std::string>{"a,b\n0123456789,x\n"}), options);
  RowView row;
  REQUIRE(*reader.next(row));
  const auto more = reader.next(row);
  REQUIRE_FALSE(more);
  CHECK(more.error().message.find("t:2: a line of more than 10 bytes") == 0);
}

TEST_CASE("a cell over the limit makes its row defective, not the file") {
  CsvOptions options;
  options.name = "t";
  options.cell_bytes_max = 5;
  CsvReader reader(std::make_unique<PiecesInput>(std::vector<std::string>{"a,123456\nb,12345\n"}), options);
  RowView row;
  REQUIRE(*reader.next(row));
  CHECK(row.defect.any());
  CHECK(row.defect.cell == 1);
  REQUIRE(*reader.next(row));
  CHECK_FALSE(row.defect.any());
}

TEST_CASE("the fast reader agrees with the obvious one on all short texts, at every split") {
  const std::string alphabet = "a,\"\n\r";
  std::string wrong;
  for (std::size_t length = 0; length <= 7 && wrong.empty(); ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= alphabet.size();
    for (std::size_t number = 0; number < count && wrong.empty(); ++number) {
      std::string text(length, ' ');
      for (std::size_t i = 0, rest = number; i < length; ++i, rest /= alphabet.size())
        text[i] = alphabet[rest % alphabet.size()];
      const Parsed expected = parse_by_character(text);
      for (std::size_t split = 0; split < std::max<std::size_t>(length, 1); ++split)
        if (parse_pieces({text.substr(0, split), text.substr(split)}) != expected) wrong = text;
    }
  }
  CHECK(wrong == "");
}

TEST_CASE("the fast reader agrees with the obvious one on long random texts, in random pieces") {
  std::mt19937 random(20261120);
  const std::string alphabet = "aaaaaaaaaaaaaaaab ,,\"\n\r";
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 200, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = 1 + random() % 40;
      pieces.push_back(text.substr(at, length));
      at += length;
    }
    const Parsed expected = parse_by_character(text);
    INFO(text);
    REQUIRE(parse_pieces(pieces) == expected);
  }
}

}  // namespace
}  // namespace semak
