// Words of other scripts as Rumi divides and knows them, so that both sides of a comparison have the same tokens.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normalize/name_lexicon.h"
#include "normalize/name_side.h"
#include "normalize/name_words.h"

namespace semak {

// Jawi: "عبدالرحمن" and "عبد الرحمن" become Abdul and Rahman, "زين العابدين" Zainal and Abidin, "محي الدين" one
// word. Jawi and Tamil words whose Rumi spelling a table knows get what the lexicon says of that spelling: محمد is a
// prefix as Mohd is, சிங் says as little as Singh. Other words are handed on as they are, in order. The result is at
// the front of `out`; words that find no room in `arena` stay divided as written.
std::span<const KnownWord> divide_as_rumi(const Lexicon& lexicon, std::span<const KnownWord> words, LetterArena& arena,
                                          std::array<KnownWord, NameWords::kWordsMax>& out);

// What the lexicon says of the Rumi spelling that a table gives the token; nullptr: no table has it.
const Lexeme* lexeme_of_script(const Lexicon& lexicon, std::string_view token, Script script);
// Spelling family of that spelling, 0 if no table has it.
std::uint32_t family_of_script(const Lexicon& lexicon, std::string_view token, Script script);

// Where the words of a run of Han characters end that writes a name by sound ("阿末马兹兰": behind 阿末, behind
// 马兹兰), in bytes, ascending; the last is run.size(). The division whose words are likeliest names.
std::vector<std::size_t> ends_of_sound_words(const Lexicon& lexicon, std::string_view run);

// "ச.", "எஸ்.": one letter, or the English name of one.
bool is_tamil_initial(std::string_view token);

}  // namespace semak
