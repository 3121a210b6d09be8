#include "tools/semakd/resources/times.h"

#include <chrono>

namespace semak {
namespace {

// Reads exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<PartialDate> take_date(std::string_view& text) {
  PartialDate date;
  const auto year = take_number(text, 4);
  if (!year || *year == 0) return std::nullopt;
  date.year = static_cast<std::int16_t>(*year);
  for (std::uint8_t* part : {&date.month, &date.day}) {
    if (!take(text, "-")) break;
    const auto number = take_number(text, 2);
    if (!number || *number == 0) return std::nullopt;
    *part = static_cast<std::uint8_t>(*number);
  }
  return exists(date) ? std::optional(date) : std::nullopt;
}

// "Z", "+08:00": milliseconds east of Greenwich.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (*hours * kHourMs + *minutes * 60 * kSecondMs);
}

}  // namespace

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<PartialDate> parse_partial_date(std::string_view text) {
  const auto date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::optional<PartialDate> parse_day(std::string_view text) {
  const auto date = parse_partial_date(text);
  return date && date->has_day() ? date : std::nullopt;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  const auto date = take_date(text);
  if (!date || !date->has_day() || !take(text, "Tt ")) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 23 || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 2);
  if (!minutes || *minutes > 59 || !take(text, ":")) return std::nullopt;
  const auto seconds = take_number(text, 2);
  if (!seconds || *seconds > 60) return std::nullopt;
  std::int64_t fraction = 0;
  if (take(text, ".")) {
    std::int64_t unit = 100;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, unit /= 10) {
      fraction += (text.front() - '0') * unit;
      text.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) return std::nullopt;
  }
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return day_number(*date) * kDayMs + *hours * kHourMs + *minutes * 60 * kSecondMs + *seconds * kSecondMs + fraction -
         *offset;
}

std::int64_t day_number(PartialDate day) {
  const std::chrono::year_month_day date{std::chrono::year(day.year), std::chrono::month(day.month),
                                         std::chrono::day(day.day)};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

PartialDate date_of_day(std::int64_t number) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(number))};
  return {static_cast<std::int16_t>(static_cast<int>(date.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

std::int64_t malaysian_day_number(std::int64_t time_ms) {
  const std::int64_t local = time_ms + kMalaysiaMs;
  return local >= 0 ? local / kDayMs : (local - kDayMs + 1) / kDayMs;
}

std::int64_t end_of_day_ms(PartialDate day) { return (day_number(day) + 1) * kDayMs - kMalaysiaMs; }

}  // namespace semak
