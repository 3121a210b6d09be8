// Moments as people in Malaysia read them (UTC+8 all year). Programs are told them in UTC (engine/office/check_view.h).
#pragma once

#include <cstdint>
#include <string>

#include "engine/partial_date.h"

namespace semak {

inline constexpr std::int64_t kMalaysiaMs = 8 * 3'600'000;  // ahead of UTC

std::string malaysian_time(std::int64_t time_ms);  // "2026-11-20 11:00:00 +08:00"
// The moment after the last one of a date that is known to the day, in milliseconds since 1970.
std::int64_t end_of_malaysian_day_ms(PartialDate day);

}  // namespace semak
