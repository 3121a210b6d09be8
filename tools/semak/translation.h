// What engine and loaders say in English, in the language of whoever reads it (tools/words/translation.h).
#pragma once

#include <string>
#include <string_view>

namespace semak {

std::string in_words(std::string_view english);  // in language()

}  // namespace semak
