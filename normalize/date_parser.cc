#include "normalize/date_parser.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "normalize/table_rows.h"
#include "normalize/text.h"

extern const char semak_normalize_months_begin[], semak_normalize_months_end[];
extern const char semak_normalize_sex_words_begin[], semak_normalize_sex_words_end[];
extern const char semak_normalize_unknown_words_begin[], semak_normalize_unknown_words_end[];

namespace semak {
namespace {

constexpr std::size_t kLengthMax = 64;  // no date or sex is written longer

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Lower case of a short text, in place of the caller's buffer.
struct LowerCase {
  explicit LowerCase(std::string_view text) : size(std::min(text.size(), buffer.size())) {
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), buffer.begin(), lower);
  }
  std::string_view view() const { return {buffer.data(), size}; }
  std::array<char, kLengthMax> buffer;
  std::size_t size;
};

using WordMap = std::unordered_map<std::string_view, int>;

const WordMap& months() {
  static const WordMap map = [] {
    WordMap result;
    for (const TableRow& row : table_rows(semak_normalize_months_begin, semak_normalize_months_end, 3)) {
      int month = 0;
      for (const char c : row[1]) month = month * 10 + (c - '0');
      result.emplace(row[0], month);
    }
    return result;
  }();
  return map;
}

const WordMap& sexes() {
  static const WordMap map = [] {
    WordMap result;
    for (const TableRow& row : table_rows(semak_normalize_sex_words_begin, semak_normalize_sex_words_end, 3)) {
      const Sex sex = row[1] == "M" ? Sex::male : row[1] == "F" ? Sex::female : Sex::unknown;
      result.emplace(row[0], static_cast<int>(sex));
    }
    return result;
  }();
  return map;
}

bool says_unknown(std::string_view lower_case) {
  static const WordMap map = [] {
    WordMap result;
    for (const TableRow& row : table_rows(semak_normalize_unknown_words_begin, semak_normalize_unknown_words_end, 2)) {
      result.emplace(row[0], 1);
    }
    return result;
  }();
  return map.contains(lower_case);
}

std::optional<PartialDate> checked(int year, int month, int day) {
  if (day != 0 && month == 0) return std::nullopt;
  if (year < 1 || year > 9999 || month > 12 || day > 31) return std::nullopt;
  const PartialDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                         static_cast<std::uint8_t>(day)};
  if (!exists(date)) return std::nullopt;
  return date;
}

// The forms of nearly every register: 1985-03-11, 11/03/1985 (and with '.', '-', '/').
std::optional<PartialDate> common_form(std::string_view t, bool& matched) {
  matched = false;
  if (t.size() != 10) return std::nullopt;
  const auto separator = [](char c) { return c == '-' || c == '/' || c == '.'; };
  unsigned bad = 0;
  const auto digit = [&](std::size_t i) {
    const unsigned d = static_cast<unsigned char>(t[i]) - unsigned{'0'};
    bad |= d > 9 ? 1U : 0U;
    return static_cast<int>(d);
  };
  if (separator(t[4]) && t[7] == t[4]) {
    const int year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
    const int month = digit(5) * 10 + digit(6);
    const int day = digit(8) * 10 + digit(9);
    matched = bad == 0;
    return matched ? checked(year, month, day) : std::nullopt;
  }
  if (separator(t[2]) && t[5] == t[2]) {
    const int day = digit(0) * 10 + digit(1);
    const int month = digit(3) * 10 + digit(4);
    const int year = digit(6) * 1000 + digit(7) * 100 + digit(8) * 10 + digit(9);
    matched = bad == 0;
    return matched ? checked(year, month, day) : std::nullopt;
  }
  return std::nullopt;
}

struct Part {
  bool word = false;
  int value = 0;   // of a number, or the month of a word
  int digits = 0;  // of a number
};

struct Parts {
  std::array<Part, 3> part;
  std::size_t count = 0;
};

// "11hb", "11th": what may follow the day.
bool is_ordinal(std::string_view lower_word) {
  return lower_word == "hb" || lower_word == "th" || lower_word == "st" || lower_word == "nd" || lower_word == "rd";
}

std::optional<Parts> split_parts(std::string_view text) {
  Parts parts;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t start = i;
    if (is_digit(text[i])) {
      int value = 0;
      while (i < text.size() && is_digit(text[i])) {
        if (i - start == 8) return std::nullopt;
        value = value * 10 + (text[i++] - '0');
      }
      if (parts.count == parts.part.size()) return std::nullopt;
      parts.part[parts.count++] = {false, value, static_cast<int>(i - start)};
    } else if (is_letter(text[i])) {
      while (i < text.size() && is_letter(text[i])) ++i;
      const LowerCase word(text.substr(start, i - start));
      const bool after_day = start > 0 && is_digit(text[start - 1]) && parts.part[parts.count - 1].digits <= 2;
      if (after_day && is_ordinal(word.view())) continue;
      const auto month = months().find(word.view());
      if (month == months().end() || parts.count == parts.part.size()) return std::nullopt;
      parts.part[parts.count++] = {true, month->second, 0};
    } else if (text[i] == '-' || text[i] == '/' || text[i] == '.' || text[i] == ',' || is_space(text[i])) {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

// Cuts the time of "1985-03-11T00:00:00Z" and "11/03/1985 12:00:00 AM".
std::string_view without_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text;
  std::size_t start = colon;
  while (start > 0 && is_digit(text[start - 1])) --start;
  const std::size_t hour_digits = colon - start;
  if (start == 0 || hour_digits < 1 || hour_digits > 2) return text;
  const char before = text[start - 1];
  if (!is_space(before) && lower(before) != 't') return text;
  const auto clock = [](char c) {
    return is_digit(c) || is_space(c) || std::string_view(":.+-zZaApPmM").find(c) != std::string_view::npos;
  };
  if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon), text.end(), clock)) return text;
  return trim(text.substr(0, start - 1));
}

// Days since 1899-12-30 (from 1900-03-01 on, which five digits always are).
std::optional<PartialDate> excel_date(int serial) {
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days; 1970-01-01 is serial 25569.
  const int z = serial - 25569 + 719468;
  const int era = z / 146097;
  const int day_of_era = z - era * 146097;
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return checked(year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

// 31117, 31117.0 and 31117.5 (a day with a time).
std::optional<PartialDate> serial_form(std::string_view t, bool& matched) {
  matched = t.size() >= 5 && std::all_of(t.begin(), t.begin() + 5, is_digit) && t[0] != '0' &&
            (t.size() == 5 || (t.size() > 6 && t[5] == '.' && std::all_of(t.begin() + 6, t.end(), is_digit)));
  if (!matched) return std::nullopt;
  int serial = 0;
  for (const char c : t.substr(0, 5)) serial = serial * 10 + (c - '0');
  return excel_date(serial);
}

// 19850311 or 11031985. Both at once would need a month above 12.
std::optional<PartialDate> eight_digits(int value) {
  const auto plausible = [](int year) { return year >= 1800 && year <= 2199; };
  if (plausible(value / 10000)) {
    if (const auto date = checked(value / 10000, value / 100 % 100, value % 100)) return date;
  }
  const int day = value / 1000000;
  const int month = value / 10000 % 100;
  if (plausible(value % 10000) && day != 0 && month != 0) return checked(value % 10000, month, day);
  return std::nullopt;
}

std::optional<PartialDate> combine(const Parts& parts) {
  const Part& a = parts.part[0];
  const Part& b = parts.part[1];
  const Part& c = parts.part[2];
  const auto year = [](const Part& p) { return !p.word && p.digits == 4; };
  const auto small = [](const Part& p) { return !p.word && p.digits >= 1 && p.digits <= 2; };
  const auto month = [&](const Part& p) { return p.word || small(p); };
  switch (parts.count) {
    case 1:
      if (year(a)) return checked(a.value, 0, 0);
      if (!a.word && a.digits == 8) return eight_digits(a.value);
      return std::nullopt;
    case 2:
      if (year(a) && month(b)) return checked(a.value, b.value, 0);
      if (month(a) && year(b)) return checked(b.value, a.value, 0);
      return std::nullopt;
    case 3:
      if (year(a) && month(b) && small(c)) return checked(a.value, b.value, c.value);
      if (small(a) && month(b) && year(c)) return checked(c.value, b.value, a.value);
      if (a.word && small(b) && year(c)) return checked(c.value, a.value, b.value);  // March 11, 1985
      return std::nullopt;
    default: return std::nullopt;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Full-width and Arabic-Indic digits, full-width and typographic separators as ASCII.
std::string in_ascii(std::string_view text) {
  const std::string composed = compatibility_composed(text);
  std::string out;
  for (std::size_t i = 0; i < composed.size();) {
    const char32_t c = next_character(composed, i);
    if (c >= 0x0660 && c <= 0x0669) {
      out.push_back(static_cast<char>('0' + static_cast<int>(c - 0x0660)));
    } else if (c >= 0x06F0 && c <= 0x06F9) {
      out.push_back(static_cast<char>('0' + static_cast<int>(c - 0x06F0)));
    } else if (c >= 0x2010 && c <= 0x2015) {
      out.push_back('-');
    } else if (c == 0x2212) {
      out.push_back('-');
    } else if (c == 0x200E || c == 0x200F || c == 0xFEFF) {
      continue;  // direction marks of Arabic-script spreadsheets, byte order mark
    } else {
      append_utf8(c, out);
    }
  }
  return out;
}

std::optional<PartialDate> parse_ascii_date(std::string_view text) {
  bool matched = false;
  if (const auto date = common_form(text, matched); date.has_value()) return date;
  const LowerCase lower_case(text);
  if (text.empty() || says_unknown(lower_case.view())) return PartialDate{};
  if (matched) return std::nullopt;
  if (const auto date = serial_form(text, matched); matched) return date;
  if (!is_digit(text.front()) && !is_letter(text.front())) return std::nullopt;
  const auto parts = split_parts(without_time(text));
  if (!parts) return std::nullopt;
  return combine(*parts);
}

}  // namespace

std::optional<PartialDate> parse_date(std::string_view text) {
  text = trim(text);
  if (text.size() > kLengthMax) return std::nullopt;
  if (is_ascii(text)) return parse_ascii_date(text);
  const std::string folded = in_ascii(text);
  if (folded.size() > kLengthMax) return std::nullopt;
  return parse_ascii_date(trim(folded));
}

std::optional<Sex> parse_sex(std::string_view text) {
  text = trim(text);
  if (text.empty()) return Sex::unknown;
  if (text.size() > kLengthMax) return std::nullopt;
  std::string folded;
  if (!is_ascii(text)) {
    folded = in_ascii(text);
    text = trim(folded);
    if (text.size() > kLengthMax) return std::nullopt;
  }
  if (says_unknown(LowerCase(text).view())) return Sex::unknown;
  while (!text.empty() && text.back() == '.') text.remove_suffix(1);
  const LowerCase word(text);
  if (const auto found = sexes().find(word.view()); found != sexes().end()) return static_cast<Sex>(found->second);
  // "L - Lelaki", "Lelaki / Male": several words that agree.
  std::optional<Sex> agreed;
  std::size_t i = 0;
  const std::string_view all = word.view();
  while (i < all.size()) {
    const std::size_t start = i;
    while (i < all.size() && (is_letter(all[i]) || is_digit(all[i]))) ++i;
    if (i == start) {
      ++i;
      continue;
    }
    const auto found = sexes().find(all.substr(start, i - start));
    if (found == sexes().end()) return std::nullopt;
    const Sex sex = static_cast<Sex>(found->second);
    if (agreed && *agreed != sex) return std::nullopt;
    agreed = sex;
  }
  return agreed;
}

}  // namespace semak
