// Unicode text: decoding of files' bytes, folding, script detection. With number and name parsing the only
// code that names ICU.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "normalize/normalized_name.h"

namespace semak {

enum class Encoding { utf8, utf16le, utf16be, windows1252 };

const char* to_string(Encoding encoding);

// Decides from a byte order mark, NUL pattern, strict UTF-8, else Windows-1252 (a guess: `certain` false).
// `sample`: the first bytes of a file; a character cut at its end is no evidence against UTF-8.
struct DetectedEncoding {
  Encoding encoding = Encoding::utf8;
  int bom_bytes = 0;
  bool certain = true;
};
DetectedEncoding detect_encoding(std::string_view sample);

// Streaming conversion to UTF-8; feed chunks of any size. The result does not depend on where chunks are cut.
class Utf8Decoder {
 public:
  explicit Utf8Decoder(Encoding encoding);
  // Appends the UTF-8 of `bytes` to `out`; keeps an incomplete tail until the next call. With `last`, an
  // incomplete tail becomes U+FFFD. Invalid sequences become U+FFFD and are counted.
  void decode(std::string_view bytes, bool last, std::string& out);
  std::size_t invalid_sequences() const { return invalid_; }

 private:
  Encoding encoding_;
  std::string pending_;
  std::size_t invalid_ = 0;
};

bool is_valid_utf8(std::string_view text);
Script dominant_script(std::string_view utf8);
// Columns that `utf8` takes on a terminal (East Asian wide characters count two).
int display_width(std::string_view utf8);

// The character at `position`, which moves behind it; U+FFFD for one bad sequence (longest valid prefix of a
// character, at least one byte). `position` < utf8.size().
char32_t next_character(std::string_view utf8, std::size_t& position);
void append_utf8(char32_t character, std::string& out);  // U+FFFD for what is no scalar value
// Script of a letter; `other` for letters of other scripts and for everything that is no letter.
Script script_of(char32_t character);
// NFKC of `utf8`, bad bytes as U+FFFD.
std::string compatibility_composed(std::string_view utf8);

}  // namespace semak
