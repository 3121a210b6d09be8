// The loaders' own compiled-in tables: plain comma-separated lines without quotes, '#' begins a comment line, the
// first other line is the heading.
#pragma once

#include <string_view>
#include <vector>

namespace semak {

inline std::vector<std::vector<std::string_view>> embedded_rows(const char* begin, const char* end) {
  std::vector<std::vector<std::string_view>> rows;
  std::string_view text(begin, static_cast<std::size_t>(end - begin));
  bool heading = true;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string_view> cells;
    for (std::size_t comma; (comma = line.find(',')) != std::string_view::npos; line.remove_prefix(comma + 1))
      cells.push_back(line.substr(0, comma));
    cells.push_back(line);
    if (!heading) rows.push_back(std::move(cells));
    heading = false;
  }
  return rows;
}

}  // namespace semak
