// The Han tables behind normalize/scripts.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace semak {

// Mandarin sound in Pinyin without tones, of a simplified or traditional character; empty if unknown.
std::string_view mandarin_of_han(std::string_view character);
std::size_t count_characters(std::string_view utf8);

}  // namespace semak
