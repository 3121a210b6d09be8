// Identity numbers: canonical form, kind, what they imply, and what is odd about them. Odd is flagged, never
// rejected: a MyKad has no check digit, and real electors carried place codes that do not exist.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/partial_date.h"
#include "engine/person.h"

namespace semak {

enum class NumberFlag : std::uint16_t {
  none = 0,
  impossible_date = 1 << 0,   // a 12-digit number whose YYMMDD is no date
  unassigned_place = 1 << 1,  // place code that JPN never assigned
  leading_zeros_restored = 1 << 2,
  scientific_notation = 1 << 3,  // a spreadsheet wrote 8.70418E+11: digits are lost
  lookalikes_read = 1 << 4,      // O/0, I/1, S/5 ... were read as digits
  blocks_swapped = 1 << 5,       // DDMMYY or PB first: readable only in another order
  wrong_length = 1 << 6,
  placeholder = 1 << 7,  // 000000-00-0000, 123456-..., all one digit: identifies nobody
};
constexpr NumberFlag operator|(NumberFlag a, NumberFlag b) {
  return static_cast<NumberFlag>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
constexpr bool has(NumberFlag flags, NumberFlag flag) {
  return (static_cast<std::uint16_t>(flags) & static_cast<std::uint16_t>(flag)) != 0;
}

struct IdentityNumber {
  // mykad: exactly 12 digits. Anything that is not quite a number of its kind (scientific_notation, wrong_length)
  // is `other`. Never `unknown`.
  NumberKind kind = NumberKind::other;
  // Upper-case letters and digits only, no separators; 1..32 characters. UNHCR numbers without their old C.
  std::string canonical;
  NumberFlag flags = NumberFlag::none;
  // Implied by a 12-digit number that is no placeholder; unknown elsewhere.
  std::array<PartialDate, 2> birth_dates;  // likelier first; the second is unknown where the century is clear
  Sex sex = Sex::unknown;
  std::uint8_t place_code = 0;  // PB; 0 unknown or none
  bool operator==(const IdentityNumber&) const = default;
};
inline bool identifies_somebody(const IdentityNumber& number) { return !has(number.flags, NumberFlag::placeholder); }

// Reads every number in `text` (two in one field, any separators, full-width and Arabic-Indic digits,
// look-alike letters, scientific notation, lost leading zeros). `hint`: what the column says it is.
// `reference_year`: the year against which centuries are decided (a person is not born later than it).
// Lost zeros come back only where the hint (or a word in the text) says MyKad or old IC. A MyKad without a date
// that reads in another order of blocks is given as written and, second, as read. Kinds are told by form; a form of
// several kinds (letter and 7 digits) goes by the hint. At most 8 numbers, of the first 512 bytes.
// Total: text without any number gives an empty vector.
std::vector<IdentityNumber> parse_identity_numbers(std::string_view text, NumberKind hint, int reference_year);

// English place of a MyKad place code ("Johor", "Indonesia"); empty if unassigned. `code` 0..99.
std::string_view place_of(int code);
// One of the 16 states (1..16 as in JPN's primary codes) a place code stands for; 0 if foreign or unknown.
std::uint8_t state_of_place(int code);
// Reads a state's name or abbreviation, Malay or English ("N. Sembilan", "Penang", "WP KL"); 0 if none.
std::uint8_t parse_state(std::string_view text);

}  // namespace semak
