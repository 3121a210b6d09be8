#include "normalize/table_rows.h"

#include <algorithm>

#include "engine/check.h"

namespace semak {
namespace {

std::string_view take_field(std::string_view& line) {
  std::size_t end = 0;
  std::string_view field;
  if (line.starts_with('"')) {
    const std::size_t close = line.find('"', 1);
    SEMAK_CHECK(close != std::string_view::npos);
    field = line.substr(1, close - 1);
    end = close + 1;
    SEMAK_CHECK(end == line.size() || line[end] == ',');
  } else {
    end = std::min(line.find(','), line.size());
    field = line.substr(0, end);
  }
  line.remove_prefix(end);
  return field;
}

}  // namespace

std::vector<TableRow> table_rows(const char* begin, const char* end, std::size_t columns) {
  std::vector<TableRow> rows;
  std::string_view rest(begin, static_cast<std::size_t>(end - begin));
  for (bool heading = true; !rest.empty(); heading = false) {
    const std::size_t stop = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, stop);
    rest.remove_prefix(std::min(stop + 1, rest.size()));
    if (heading || line.empty()) continue;
    TableRow row{take_field(line)};
    while (!line.empty()) {
      line.remove_prefix(1);
      row.push_back(take_field(line));
    }
    SEMAK_CHECK(row.size() == columns);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace semak
