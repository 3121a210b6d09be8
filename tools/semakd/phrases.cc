#include "tools/semakd/phrases.h"

#include <string_view>

#include "engine/check.h"

namespace semak {
namespace {

struct Text {
  const char* english;
  const char* malay;
};

constexpr Text kTexts[] = {
#define SEMAK_PHRASE(key, english, malay) {english, malay},
#include "tools/semakd/phrases.inc"
#undef SEMAK_PHRASE
};

constexpr int blanks(std::string_view text) {
  int count = 0;
  for (const char c : text) count += c == '{';
  return count;
}

constexpr bool complete() {
  for (const Text& text : kTexts) {
    if (text.english[0] == 0 || text.malay[0] == 0 || blanks(text.english) != blanks(text.malay)) return false;
  }
  return true;
}
static_assert(complete(), "a phrase lacks a language, or its languages have different blanks");

}  // namespace

const char* text_of(Phrase what, Language language) {
  SEMAK_CHECK(what < Phrase::count);
  const Text& text = kTexts[static_cast<std::size_t>(what)];
  return language == Language::ms ? text.malay : text.english;
}

}  // namespace semak
