#include "tools/semakd/resources/csv_text.h"

#include "loaders/source.h"

namespace semak {

std::string harmless_cell(std::string_view text) {
  // Full-width forms of the signs are formulas in some spreadsheets too (OWASP, "CSV Injection").
  constexpr std::string_view kWide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
  bool formula = !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
  for (const std::string_view sign : kWide) formula = formula || text.starts_with(sign);
  return formula ? "'" + std::string(text) : std::string(text);
}

void append_text_cell(std::string& line, std::string_view text) { append_csv_cell(line, harmless_cell(text)); }

}  // namespace semak
