// A date known to the year, month or day. Parsing text is normalize/date_parser.h.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace semak {

struct PartialDate {
  std::int16_t year = 0;   // 1..9999; 0: unknown date
  std::uint8_t month = 0;  // 1..12; 0: unknown
  std::uint8_t day = 0;    // 1..31; 0: unknown (a day is never known without its month)

  constexpr bool known() const { return year != 0; }
  constexpr bool has_month() const { return month != 0; }
  constexpr bool has_day() const { return day != 0; }
  constexpr auto operator<=>(const PartialDate&) const = default;
};

// True if the calendar (proleptic Gregorian) has this date, at the precision it claims.
constexpr bool exists(PartialDate date) {
  if (date.year < 1 || date.year > 9999 || date.month > 12) return false;
  if (date.month == 0) return date.day == 0;
  constexpr std::uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
  const std::uint8_t days = (date.month == 2 && leap) ? 29 : kDays[date.month - 1];
  return date.day <= days;
}

// ISO 8601: "1985", "1985-03" or "1985-03-11"; empty if unknown.
inline std::string to_string(PartialDate date) {
  auto two = [](int n) { return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; };
  if (!date.known()) return {};
  std::string text = two(date.year / 100) + two(date.year % 100);
  if (date.has_month()) text += '-' + two(date.month);
  if (date.has_day()) text += '-' + two(date.day);
  return text;
}

}  // namespace semak
