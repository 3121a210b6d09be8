#include "normalize/scripts.h"

#include <memory>
#include <mutex>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "engine/check.h"
#include "normalize/text.h"

namespace semak {
namespace {

// Skeleton letter of a Latin letter; '\0': dropped.
constexpr char skeleton_letter(char c) {
  switch (c) {
    case 'b':
    case 'p': return 'p';
    case 'c':
    case 'g':
    case 'k':
    case 'q': return 'k';
    case 'd':
    case 't': return 't';
    case 'f':
    case 'v':
    case 'w': return 'w';
    case 'j':
    case 'z': return 'z';
    case 'l':
    case 'r': return 'l';
    case 'm': return 'm';
    case 'n': return 'n';
    case 's':
    case 'x': return 's';
    case 'y': return 'y';
    default: return '\0';
  }
}

// One transliterator for the process: building one takes milliseconds, and it is not safe to share unguarded.
std::string any_latin(std::string_view token) {
  static std::mutex mutex;
  static const std::unique_ptr<icu::Transliterator> transliterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    SEMAK_CHECK(U_SUCCESS(status));
    return made;
  }();
  icu::UnicodeString text = icu::UnicodeString::fromUTF8({token.data(), static_cast<std::int32_t>(token.size())});
  {
    const std::lock_guard<std::mutex> lock(mutex);
    transliterator->transliterate(text);
  }
  std::string latin;
  text.toUTF8String(latin);
  std::erase_if(latin, [](char c) { return c < 'a' || c > 'z'; });
  return latin;
}

}  // namespace

std::string latin_skeleton(std::string_view folded_latin) {
  std::string skeleton;
  char before = '\0';
  for (std::size_t i = 0; i < folded_latin.size(); ++i) {
    char letter = skeleton_letter(folded_latin[i]);
    if (letter == '\0') continue;
    if (letter != before) skeleton.push_back(letter);
    before = letter;
  }
  return skeleton;
}

std::string latin_reading(std::string_view token, Script script) {
  if (script == Script::latin) return std::string(token);
  return any_latin(token);
}

std::string script_skeleton(std::string_view token, Script script) {
  return latin_skeleton(latin_reading(token, script));
}

const std::vector<std::string_view>& spellings_of_han(std::string_view) {
  static const std::vector<std::string_view> none;
  return none;
}
int han_spelling_rank(std::string_view, std::string_view) { return -1; }
const std::vector<std::string_view>& han_of_spelling(std::string_view) {
  static const std::vector<std::string_view> none;
  return none;
}
bool is_han_surname(std::string_view) { return false; }

}  // namespace semak
