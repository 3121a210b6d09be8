// What a desk's database holds, unlike the bytes of its files, which are compressed in places.
#pragma once

#include <cstddef>
#include <string>

#include "engine/desk/desk.h"

namespace semak {

inline std::string all_entries(const Desk& desk) {
  std::string out;
  for (std::size_t at = 0; at < static_cast<std::size_t>(DeskFamily::count_); ++at) {
    Cursor cursor = desk.database().cursor(at, Database::Access::scan);
    for (cursor.seek({}); cursor.valid(); cursor.next()) out.append(cursor.key()).append(cursor.value());
  }
  return out;
}

}  // namespace semak
