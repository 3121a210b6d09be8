// From the words of a name to its forms: aliases, shared fathers, readings.
#pragma once

#include <string_view>
#include <vector>

#include "normalize/name_lexicon.h"
#include "normalize/normalized_name.h"

namespace semak {

struct ParsedName {
  std::vector<NameForm> forms;
  Sex sex_hint = Sex::unknown;
  bool cut_short = false;
};

// Total: any bytes give an answer.
ParsedName parse_name(const Lexicon& lexicon, std::string_view text, NameType type);

}  // namespace semak
