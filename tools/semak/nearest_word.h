// What somebody may have meant who mistyped a verb or an option.
#pragma once

#include <span>
#include <string_view>

namespace semak {

// The one of `words` that takes the fewest slips (a letter more, less, another, or two swapped) to become `typed`, if
// those are few enough; else empty.
std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> words);

}  // namespace semak
