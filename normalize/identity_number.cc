#include "normalize/identity_number.h"

#include "normalize/mykad.h"
#include "normalize/number_field.h"

namespace semak {
namespace {

// "850311-03-5228", "850311 03 5228", "850311035228": twelve digits and nothing else.
bool plain_twelve(std::string_view text, std::array<char, 12>& digits) {
  std::size_t count = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (count == 12) return false;
      digits[count++] = c;
    } else if (c == '-' || c == ' ') {
      // a group of another length than 6-2-4 is read with more care
      if (count != 0 && count != 6 && count != 8 && count != 12) return false;
    } else {
      return false;
    }
  }
  return count == 12;
}

}  // namespace

std::vector<IdentityNumber> parse_identity_numbers(std::string_view text, NumberKind hint, int reference_year) {
  std::array<char, 12> digits;
  const bool twelve_here = hint == NumberKind::mykad || hint == NumberKind::unknown;
  if (twelve_here && plain_twelve(text, digits)) {
    std::vector<IdentityNumber> numbers;
    numbers.push_back(mykad_of({digits.data(), digits.size()}, NumberFlag::none, reference_year));
    if (!has(numbers.front().flags, NumberFlag::impossible_date)) return numbers;
  }
  return read_number_field(text, hint, reference_year);
}

}  // namespace semak
