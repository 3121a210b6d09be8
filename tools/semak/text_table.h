// A table for a terminal; Chinese and Tamil names keep its columns straight.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace semak {

class TextTable {
 public:
  // `right` columns are set flush right.
  explicit TextTable(std::vector<std::string> headings, std::vector<bool> right = {});
  void add(std::vector<std::string> cells);
  // Every line indented by `indent` blanks; headings in bold if `bold`.
  std::string text(int indent, bool bold) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // headings first
  std::vector<bool> right_;
};

// Control characters of foreign data must not reach a terminal.
std::string printable(std::string_view utf8);
// Whether standard output is a terminal that wants colour (NO_COLOR, TERM=dumb).
bool colours_on_output();

}  // namespace semak
