#include "tools/semak/text_table.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "normalize/text.h"

namespace semak {

TextTable::TextTable(std::vector<std::string> headings, std::vector<bool> right) : right_(std::move(right)) {
  right_.resize(headings.size());
  rows_.push_back(std::move(headings));
}

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(int indent, bool bold) const {
  std::vector<int> widths(rows_.front().size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  std::string out;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    for (std::size_t i = 0; i < rows_[r].size(); ++i) {
      const std::string& cell = rows_[r][i];
      const std::string blanks(static_cast<std::size_t>(widths[i] - display_width(cell)), ' ');
      if (right_[i]) line += blanks;
      line += cell;
      if (!right_[i]) line += blanks;
      if (i + 1 < rows_[r].size()) line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (r == 0 && bold) out += "\033[1m";
    out += line;
    if (r == 0 && bold) out += "\033[0m";
    out += '\n';
  }
  return out;
}

std::string printable(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool c1 = byte == 0xc2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xa0;
    if (c1) ++i;
    if (byte < 0x20 || byte == 0x7f || c1)
      out += ' ';
    else
      out += utf8[i];
  }
  return out;
}

bool colours_on_output() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && !std::getenv("NO_COLOR") && term && std::string_view(term) != "dumb";
}

}  // namespace semak
