// From other scripts to Latin, for comparison only: skeletons that survive transliteration, and the spellings that
// a Han character has in Malaysian names (dialects, not Mandarin alone). Total and deterministic.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "normalize/normalized_name.h"

namespace semak {

// Consonant skeleton of a folded Latin token: voicing folded (g/k, b/p, d/t, w/v/f, r/l, z/zh/j, x/s, c/q/k),
// vowels and h dropped, doubles single. May be empty ("aea").
std::string latin_skeleton(std::string_view folded_latin);

// Latin reading of one token of another script: Jawi by a letter table (vowels that are not written are not
// invented), Tamil by letter, Han by Mandarin sound. Folded a-z. Empty if nothing is readable.
std::string latin_reading(std::string_view token, Script script);

// latin_skeleton of latin_reading, with the script's own corrections (Jawi ha and ain, Tamil final m/n ...).
std::string script_skeleton(std::string_view token, Script script);

// Skeleton edits up to which two tokens of different scripts can be related.
constexpr int skeleton_edits_max(std::size_t length_a, std::size_t length_b) {
  const std::size_t shorter = length_a < length_b ? length_a : length_b;
  return shorter >= 6 ? 2 : shorter >= 3 ? 1 : 0;
}

// Latin spellings of one Han character in Malaysian names, commonest first; empty if the table has none. The
// views live as long as the process. `simplified` or traditional.
const std::vector<std::string_view>& spellings_of_han(std::string_view han);
// Rank of `latin` among spellings_of_han(han): 0 the commonest; -1 not a spelling of it.
int han_spelling_rank(std::string_view han, std::string_view latin);
// Characters that may be spelt `latin`; for index expansion.
const std::vector<std::string_view>& han_of_spelling(std::string_view latin);
bool is_han_surname(std::string_view han);  // one character, or a two-character surname such as 欧阳

}  // namespace semak
