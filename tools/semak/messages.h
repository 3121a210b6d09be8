// Everything that the command line says to people, in Malay and English. Programs read --format json instead.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <string>

namespace semak {

enum class Language : std::uint8_t { english, malay };

// The order is the order of the table in messages.cc; a missing or doubled text does not compile.
enum class Say : std::uint16_t {
#define SEMAK_SAY(key, english, malay) key,
#include "tools/semak/messages.inc"
#undef SEMAK_SAY
  count
};

void set_language(Language language);  // once, before threads start
Language language();
// From a value of LC_ALL, LC_MESSAGES or LANG ("ms_MY.UTF-8").
Language language_of_locale(const char* locale);

const char* text_of(Say what, Language language);

template <class... Args>
std::string say(Say what, const Args&... args) {
  return fmt::format(fmt::runtime(text_of(what, language())), args...);
}

}  // namespace semak
