// Unicode folding of name text: what remains is ASCII, and letters of other scripts in their folded form.
#pragma once

#include <string>
#include <string_view>

#include "normalize/normalized_name.h"

namespace semak {

// NFKC, case folding, diacritics off, apostrophe and bracket look-alikes to ASCII, homoglyphs within Latin words to
// Latin, Jawi letters to one form each (harakat, hamza and tatweel dropped), control and format characters dropped,
// bad bytes dropped. Letters that no rule knows stay.
std::string fold_unicode(std::string_view utf8);

// Script of the character that starts at `folded[at]`, and its length in bytes (>= 1, within `folded`).
struct FoldedChar {
  Script script = Script::latin;
  std::size_t bytes = 1;
};
FoldedChar folded_char(std::string_view folded, std::size_t at);

}  // namespace semak
