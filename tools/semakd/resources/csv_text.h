// Comma-separated text for people's spreadsheets.
#pragma once

#include <string>
#include <string_view>

namespace semak {

// `text` as it may stand in a cell: what a spreadsheet would take for a formula begins with an apostrophe.
std::string harmless_cell(std::string_view text);
// Appends one cell of somebody else's text: harmless and quoted where RFC 4180 asks for it.
void append_text_cell(std::string& line, std::string_view text);

}  // namespace semak
