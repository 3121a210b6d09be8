// Spelling families by rule: the key that two spellings of one name share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace semak {

// Canonical key of a folded Latin word: double letters, sh/sy, dz/z, kh/k, o/u, e/i, final -uddin ... folded.
// Empty for words that are too short to fold safely: under five letters or of one syllable (a Chinese syllable
// one letter off is another syllable).
std::string family_key(std::string_view folded);

// Stable 32-bit family id of a key or of a family's name; never 0.
std::uint32_t family_id(std::string_view key);

}  // namespace semak
