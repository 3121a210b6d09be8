#include "normalize/mykad.h"

#include <algorithm>

namespace semak {
namespace {

// A living or recorded person is not older: the other century is then clear. (Electors born in 1925 and before
// were on the roll of 2011.)
constexpr int kAgeMax = 110;

int two(std::string_view s, std::size_t at) { return (s[at] - '0') * 10 + (s[at + 1] - '0'); }

PartialDate date_of(int year, int month, int day) {
  const PartialDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                         static_cast<std::uint8_t>(day)};
  return month >= 1 && day >= 1 && exists(date) ? date : PartialDate{};
}

// Both readings of YYMMDD, likelier first; both unknown if there is no such date.
std::array<PartialDate, 2> birth_dates(std::string_view six, int reference_year) {
  const int yy = two(six, 0);
  const int month = two(six, 2);
  const int day = two(six, 4);
  const PartialDate older = date_of(1900 + yy, month, day);
  const PartialDate newer = date_of(2000 + yy, month, day);
  if (2000 + yy > reference_year || !newer.known()) return {older, PartialDate{}};
  if (!older.known() || reference_year - (1900 + yy) > kAgeMax) return {newer, PartialDate{}};
  return {newer, older};
}

// Typed to fill the field.
bool is_placeholder(std::string_view twelve) {
  return is_one_character(twelve) || twelve.starts_with("000000") || twelve.starts_with("123456") ||
         twelve.starts_with("012345") || twelve.substr(6) == "000000" || twelve.substr(6) == "999999";
}

}  // namespace

bool begins_with_date(std::string_view six) {
  return date_of(2000 + two(six, 0), two(six, 2), two(six, 4)).known();  // 2000 is a leap year, 1900 is not
}

bool is_one_character(std::string_view s) { return s.find_first_not_of(s.front()) == std::string_view::npos; }

IdentityNumber mykad_of(std::string_view digits, NumberFlag flags, int reference_year) {
  IdentityNumber number;
  number.kind = NumberKind::mykad;
  number.canonical.assign(digits);
  number.flags = flags;
  if (is_placeholder(digits)) {
    number.flags = number.flags | NumberFlag::placeholder;
    return number;
  }
  number.birth_dates = birth_dates(digits.substr(0, 6), reference_year);
  if (!number.birth_dates[0].known()) number.flags = number.flags | NumberFlag::impossible_date;
  number.sex = ((digits[11] - '0') % 2) == 1 ? Sex::male : Sex::female;
  const int place = two(digits, 6);
  number.place_code = static_cast<std::uint8_t>(place);
  if (place_of(place).empty()) number.flags = number.flags | NumberFlag::unassigned_place;
  return number;
}

}  // namespace semak
