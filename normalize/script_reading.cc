#include "normalize/script_reading.h"

#include "normalize/table_rows.h"

namespace semak {

NameReadings::NameReadings(const char* begin, const char* end, Fold fold) {
  for (const TableRow& row : table_rows(begin, end, 3)) readings_.emplace(fold(row[0]), row[1]);
}

std::string_view NameReadings::find(std::string_view folded) const {
  const auto found = readings_.find(std::string(folded));
  return found == readings_.end() ? std::string_view{} : found->second;
}

}  // namespace semak
