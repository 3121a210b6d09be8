#include "tools/semak/messages.h"

#include <string_view>

#include "engine/check.h"

namespace semak {
namespace {

struct Text {
  const char* english;
  const char* malay;
};

constexpr Text kTexts[] = {
#define SEMAK_SAY(key, english, malay) {english, malay},
#include "tools/semak/messages.inc"
#undef SEMAK_SAY
};

constexpr int placeholders(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) count += text[i] == '{';
  return count;
}

constexpr bool complete() {
  for (const Text& text : kTexts)
    if (text.english[0] == 0 || text.malay[0] == 0 || placeholders(text.english) != placeholders(text.malay))
      return false;
  return true;
}
static_assert(complete(), "a message lacks a language, or its languages have different blanks");

Language current = Language::english;

}  // namespace

void set_language(Language language) { current = language; }
Language language() { return current; }

Language language_of_locale(const char* locale) {
  const std::string_view text = locale ? locale : "";
  const bool malay = text == "ms" || text.starts_with("ms_") || text.starts_with("ms.") || text.starts_with("ms-");
  return malay ? Language::malay : Language::english;
}

const char* text_of(Say what, Language language) {
  SEMAK_CHECK(what < Say::count);
  const Text& text = kTexts[static_cast<std::size_t>(what)];
  return language == Language::malay ? text.malay : text.english;
}

}  // namespace semak
