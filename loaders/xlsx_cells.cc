#include "loaders/xlsx_cells.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

#include "engine/partial_date.h"

namespace semak {
namespace {

// Days from 1970-01-01 to civil date (proleptic Gregorian); Howard Hinnant's algorithm.
PartialDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
          static_cast<std::uint8_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

bool read_double(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

int int_of(const char* text) { return text == nullptr ? -1 : std::atoi(text); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

bool is_builtin_date_format(int format_id) {
  return (format_id >= 14 && format_id <= 17) || format_id == 22 || (format_id >= 27 && format_id <= 31) ||
         format_id == 36 || (format_id >= 50 && format_id <= 54) || format_id == 57 || format_id == 58;
}

// Letters in quotes, in brackets or behind a backslash, underscore or star are shown or spaced, not a format.
bool is_date_format(std::string_view code) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    switch (code[i]) {
      case '"':
      case '[': {
        const std::size_t end = code.find(code[i] == '"' ? '"' : ']', i + 1);
        if (end == std::string_view::npos) return false;
        i = end;
        break;
      }
      case '\\':
      case '_':
      case '*': ++i; break;
      case ';': return false;  // the section of positive numbers decides
      case 'd':
      case 'D':
      case 'y':
      case 'Y': return true;
      case 'G':
      case 'g':
        if (code.substr(i, 7) == "General" || code.substr(i, 7) == "GENERAL") i += 6;
        break;
      default: break;
    }
  }
  return false;
}

std::string serial_date_text(std::string_view stored, bool from_1904) {
  constexpr std::int64_t kUnixDayOf1899Dec30 = -25569;
  double serial = 0;
  if (!read_double(stored, serial)) return std::string(stored);
  auto day = static_cast<std::int64_t>(std::floor(std::min(serial, 3e6)));
  if (from_1904)
    day += 1462;
  else if (day > 0 && day < 60)
    ++day;  // Excel's 1900 had a 29 February (serial 60), so earlier days are one off
  if (day < 1 || day > 2958465) return std::string(stored);
  return to_string(civil_from_days(day + kUnixDayOf1899Dec30));
}

std::string number_text(std::string_view stored) {
  if (stored.size() <= 15 && stored.find_first_not_of("0123456789") == std::string_view::npos)
    return std::string(stored);
  double number = 0;
  if (!read_double(stored, number)) return std::string(stored);
  if (std::abs(number) >= 1e15) return fmt::format("{:.14e}", number);
  return fmt::format("{:.15g}", number);
}

std::string unescape_text(std::string text) {
  for (std::size_t at = 0; (at = text.find("_x", at)) != std::string::npos; ++at) {
    if (at + 7 > text.size() || text[at + 6] != '_') continue;
    int code = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const int digit = hex_digit(text[i]);
      code = digit < 0 || code < 0 ? -1 : code * 16 + digit;
    }
    if (code > 0 && code < 0x80) text.replace(at, 7, 1, static_cast<char>(code));
  }
  return text;
}

void StylesHandler::open(std::string_view element, XmlAttributes attributes) {
  if (element == "numFmt") {
    const char* const code = attribute(attributes, "formatCode");
    formats_[int_of(attribute(attributes, "numFmtId"))] = code != nullptr && is_date_format(code);
  } else if (element == "cellXfs") {
    in_cell_styles_ = true;
  } else if (element == "xf" && in_cell_styles_) {
    const int format = int_of(attribute(attributes, "numFmtId"));
    const auto defined = formats_.find(format);
    dates_.push_back(defined != formats_.end() ? defined->second : is_builtin_date_format(format));
  }
}

void StylesHandler::close(std::string_view element) {
  if (element == "cellXfs") in_cell_styles_ = false;
}

void SharedTextsHandler::open(std::string_view element, XmlAttributes) {
  if (element == "t") in_text_ = !in_phonetic_;
  if (element == "rPh") in_phonetic_ = true;
}

void SharedTextsHandler::close(std::string_view element) {
  if (element == "t") in_text_ = false;
  if (element == "rPh") in_phonetic_ = false;
  if (element == "si") ends_.push_back(texts_.size());
}

void SharedTextsHandler::text(std::string_view piece) {
  if (!in_text_) return;
  if (texts_.size() + piece.size() > bytes_max_) {
    refusal_ = fmt::format("more than {} bytes of text; split the workbook or save it as CSV", bytes_max_);
    return;
  }
  texts_ += piece;
}

std::string_view SharedTextsHandler::operator[](std::size_t index) const {
  const std::uint64_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(texts_).substr(begin, ends_[index] - begin);
}

}  // namespace semak
