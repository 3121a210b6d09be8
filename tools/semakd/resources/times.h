// Days and moments as the interface writes them. A day ends at midnight in Malaysia (UTC+8, no summer time).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/partial_date.h"

namespace semak {

inline constexpr std::int64_t kSecondMs = 1000;
inline constexpr std::int64_t kHourMs = 3600 * kSecondMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;
inline constexpr std::int64_t kMalaysiaMs = 8 * kHourMs;

std::int64_t now_ms();  // since 1970, UTC

// "1985", "1985-03" or "1985-03-11", and nothing else; nullopt also if the calendar has no such date.
std::optional<PartialDate> parse_partial_date(std::string_view text);
// The same, known to the day.
std::optional<PartialDate> parse_day(std::string_view text);
// RFC 3339: "2026-11-20T03:00:00Z", "...T11:00:00.5+08:00".
std::optional<std::int64_t> parse_time(std::string_view text);

// Days since 1970-01-01 of a date known to the day, and back.
std::int64_t day_number(PartialDate day);
PartialDate date_of_day(std::int64_t number);

std::int64_t malaysian_day_number(std::int64_t time_ms);  // of the moment
std::int64_t end_of_day_ms(PartialDate day);              // the moment after it, in Malaysia

}  // namespace semak
