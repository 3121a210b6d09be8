// What letters and words in an identity number's field mean.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/person.h"

namespace semak {

// The digit that `c` (upper case) is, or looks like; '\0' if none.
char digit_like(char c);
// All of `text` as digits, if no more than `letters_max` of them are look-alikes.
std::optional<std::string> as_digits(std::string_view text, std::size_t letters_max);

// Letters in front of a number that tell its kind.
struct NumberPrefix {
  std::string_view letters;
  std::size_t digits_min = 0;
  std::size_t digits_max = 0;
  NumberKind kind = NumberKind::other;
};
const std::vector<NumberPrefix>& number_prefixes();

// What a word of the form (upper case) says about the number behind it; unknown if nothing.
NumberKind label_kind(std::string_view word);

}  // namespace semak
