// From other scripts to Latin, for comparison only: skeletons that survive transliteration, and the spellings that
// a Han character has in Malaysian names (dialects, not Mandarin alone). Total and deterministic.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "normalize/normalized_name.h"

namespace semak {

// Consonant skeleton of a folded Latin token: voicing folded (g/k/q, b/p, d/t, w/v/f, r/l, z/zh/j/dz, x/s/ch and c
// before e, i, y; other c as k; ng and nk as n), vowels and h dropped, doubles single. y stays at the start and
// between a, e, o, u; w only before a vowel, and "ua" (not "uai") behind a letter reads "wa". May be empty ("aea").
std::string latin_skeleton(std::string_view folded_latin);

// Latin reading of one token of another script: Jawi by a letter table (vowels that are not written are not
// invented), Tamil by letter, Han by Mandarin sound, or by what characters stand for in Malay and Indian names;
// common names of each script by a table of whole names. Folded a-z. Empty if nothing is readable.
std::string latin_reading(std::string_view token, Script script);

// The same where a table of whole names has the token, else empty: the usual Rumi spelling, fit for spelling families.
std::string known_reading(std::string_view token, Script script);

// How many vowels of one reading the other lacks or has otherwise (a, e and i, o and u told apart; at most 15 of each
// looked at): what skeletons leave out. Latin words and the readings of Tamil and of Han by sound.
int vowels_apart(std::string_view a, std::string_view b);

// latin_skeleton of latin_reading, with the script's own corrections (unwritten vowels part Jawi letters). Empty
// for a single Han character that has spellings: those are compared, one syllable of sound would meet anything.
std::string script_skeleton(std::string_view token, Script script);

// One form for the several ways in which a script's text may be encoded or written: Jawi without marks, one code
// point per letter; Tamil in NFC without joiners; Han simplified. Idempotent. Latin and others: unchanged.
std::string folded_letters(std::string_view token, Script script);

// Skeleton edits up to which two tokens of different scripts can be related.
constexpr int skeleton_edits_max(std::size_t length_a, std::size_t length_b) {
  const std::size_t shorter = length_a < length_b ? length_a : length_b;
  return shorter >= 6 ? 2 : shorter >= 3 ? 1 : 0;
}

// Latin spellings of one Han character in Malaysian names, commonest first and Mandarin last; empty if the table has
// none. The views live as long as the process. `simplified` or traditional; surnames of two characters too.
const std::vector<std::string_view>& spellings_of_han(std::string_view han);
// Rank of `latin` among spellings_of_han(han): 0 the commonest; -1 not a spelling of it.
int han_spelling_rank(std::string_view han, std::string_view latin);
// Characters that may be spelt `latin`, simplified and traditional; for index expansion.
const std::vector<std::string_view>& han_of_spelling(std::string_view latin);
bool is_han_surname(std::string_view han);  // one character, or a two-character surname such as 欧阳

// True if every character is one of those that write foreign names by sound (慕尤丁, 苏巴马廉), or the whole is a
// known name of that kind. Chinese names of such characters exist (安华): a hint, not a decision.
bool is_han_by_sound(std::string_view han);

}  // namespace semak
