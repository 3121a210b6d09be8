#include "loaders/date_format.h"

#include <algorithm>
#include <utility>

namespace semak {
namespace {

constexpr std::string_view kLetters = "YMD";

// Malay and English month names by their first three letters.
constexpr std::pair<std::string_view, int> kMonths[] = {
    {"jan", 1}, {"feb", 2}, {"mac", 3}, {"mar", 3},  {"apr", 4},  {"mei", 5},  {"may", 5},  {"jun", 6},  {"jul", 7},
    {"ogo", 8}, {"aug", 8}, {"sep", 9}, {"okt", 10}, {"oct", 10}, {"nov", 11}, {"dis", 12}, {"dec", 12},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// Between `least` and `most` digits from the front of `text`; -1 if they are not there.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t count = 0;
  for (; count < most && count < text.size() && is_digit(text[count]); ++count)
    value = value * 10 + (text[count] - '0');
  if (count < least) return -1;
  text.remove_prefix(count);
  return value;
}

int take_month_name(std::string_view& text) {
  if (text.size() < 3) return -1;
  const char key[3] = {lower(text[0]), lower(text[1]), lower(text[2])};
  const auto* found = std::find_if(std::begin(kMonths), std::end(kMonths),
                                   [&](const auto& month) { return month.first == std::string_view(key, 3); });
  if (found == std::end(kMonths)) return -1;
  while (!text.empty() && is_letter(text.front())) text.remove_prefix(1);
  return found->second;
}

std::size_t run_length(std::string_view pattern) {
  const std::size_t end = pattern.find_first_not_of(pattern.front());
  return end == std::string_view::npos ? pattern.size() : end;
}

}  // namespace

std::optional<DateFormat> DateFormat::parse(std::string_view pattern) {
  int seen[3] = {};
  std::size_t longest[3] = {4, 3, 2};
  for (std::string_view rest = pattern; !rest.empty();) {
    const std::size_t length = run_length(rest);
    if (const std::size_t which = kLetters.find(rest.front()); which != std::string_view::npos) {
      if (++seen[which] > 1 || length > longest[which]) return std::nullopt;
      if (which == 0 && length != 4 && length != 2) return std::nullopt;
    } else if (is_letter(rest.front()) || is_digit(rest.front())) {
      return std::nullopt;
    }
    rest.remove_prefix(length);
  }
  if (seen[0] == 0 || (seen[2] != 0 && seen[1] == 0)) return std::nullopt;
  DateFormat format;
  format.pattern_ = pattern;
  return format;
}

std::optional<PartialDate> DateFormat::read(std::string_view text, int reference_year) const {
  int year = 0, month = 0, day = 0;
  for (std::string_view rest = pattern_; !rest.empty();) {
    const std::size_t length = run_length(rest);
    const char what = rest.front();
    if (what == 'Y' && length == 4) {
      year = take_number(text, 4, 4);
    } else if (what == 'Y') {
      const int two = take_number(text, 2, 2);
      year = two < 0 ? -1 : reference_year - ((reference_year - two) % 100 + 100) % 100;
    } else if (what == 'M') {
      month = length == 3 ? take_month_name(text) : take_number(text, length, 2);
    } else if (what == 'D') {
      day = take_number(text, length, 2);
    } else {
      if (text.substr(0, length) != rest.substr(0, length)) return std::nullopt;
      text.remove_prefix(length);
    }
    rest.remove_prefix(length);
  }
  if (!text.empty() || year < 1 || month < 0 || day < 0) return std::nullopt;
  const bool whole =
      (month > 0 || pattern_.find('M') == std::string::npos) && (day > 0 || pattern_.find('D') == std::string::npos);
  const PartialDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                         static_cast<std::uint8_t>(day)};
  if (!whole || !exists(date)) return std::nullopt;
  return date;
}

}  // namespace semak
