// What twelve digits say: birth date, sex and place of a MyKad, and whether they say anything.
#pragma once

#include <string_view>

#include "normalize/identity_number.h"

namespace semak {

// `digits`: twelve. `flags`: what is known of how they were read; flags of the digits themselves are added.
IdentityNumber mykad_of(std::string_view digits, NumberFlag flags, int reference_year);
// True if the first six digits are a YYMMDD of either century.
bool begins_with_date(std::string_view digits);
bool is_one_character(std::string_view text);  // `text` not empty

}  // namespace semak
