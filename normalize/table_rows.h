// Rows of a table that is compiled into the program.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace semak {

using TableRow = std::vector<std::string_view>;

// Rows of the CSV text [begin, end) without its heading. Fields may be quoted but hold no quotes; the views point
// into the text. Every row has `columns` fields (a broken table is our bug and stops the program).
std::vector<TableRow> table_rows(const char* begin, const char* end, std::size_t columns);

}  // namespace semak
