// Everything that the service says to people, in Malay and English.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <string>

#include "engine/match/evidence_text.h"

namespace semak {

// The order is the order of the table in phrases.cc; a missing text does not compile.
enum class Phrase : std::uint16_t {
#define SEMAK_PHRASE(key, english, malay) key,
#include "tools/semakd/phrases.inc"
#undef SEMAK_PHRASE
  count
};

const char* text_of(Phrase what, Language language);

template <class... Args>
std::string phrase(Phrase what, Language language, const Args&... args) {
  return fmt::format(fmt::runtime(text_of(what, language)), args...);
}

}  // namespace semak
