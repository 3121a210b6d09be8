// JSON whose members stand there twice says one thing to one reader and another to the next; what is signed may not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace semak {

// The first member, of any object in `json`, whose name its object has already; of text that is no JSON: as far as it
// is some.
std::optional<std::string> doubled_member(std::string_view json);

}  // namespace semak
