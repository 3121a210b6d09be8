// The Malay of what engine and loaders say, for command line and service. Their messages are written where the reason
// is known, once, in English; translations.inc holds the Malay of those that people meet, by the English text. What it
// does not hold is said in English: a message nobody can read is worse than one in the other language.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace semak {

// "{}" stands for any text, the same number of times and in the same order in both.
struct Translation {
  std::string_view english, malay;
};
std::span<const Translation> translations();

// What stands for a "{}" is translated too: messages hold messages ("x.csv: no rows").
std::string in_malay(std::string_view english);

}  // namespace semak
