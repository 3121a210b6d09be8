#include "loaders/headings.h"

#include <string>
#include <unordered_map>

#include "engine/check.h"
#include "loaders/embedded_table.h"

extern const char semak_loaders_headings_begin[], semak_loaders_headings_end[];

namespace semak {
namespace {

// Folded heading -> canonical names; a heading may mean different columns for different uses.
const std::unordered_multimap<std::string, std::string_view>& known_headings() {
  static const auto all = [] {
    std::unordered_multimap<std::string, std::string_view> read;
    for (const CanonicalColumn& column : canonical_columns()) read.emplace(fold_key(column.name), column.name);
    for (const auto& row : embedded_rows(semak_loaders_headings_begin, semak_loaders_headings_end)) {
      SEMAK_CHECK(row.size() == 3);
      read.emplace(fold_key(row[0]), row[1]);
    }
    return read;
  }();
  return all;
}

}  // namespace

const CanonicalColumn* recognise_heading(std::string_view heading, ColumnUse use) {
  const std::string key = fold_key(heading);
  if (key.empty()) return nullptr;
  const auto [first, last] = known_headings().equal_range(key);
  for (auto it = first; it != last; ++it)
    if (const CanonicalColumn* column = find_column(it->second, use)) return column;
  return nullptr;
}

}  // namespace semak
