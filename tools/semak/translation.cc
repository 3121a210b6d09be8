#include "tools/semak/translation.h"

#include "tools/semak/messages.h"
#include "tools/words/translation.h"

namespace semak {

std::string in_words(std::string_view english) {
  return language() == Language::english ? std::string(english) : in_malay(english);
}

}  // namespace semak
