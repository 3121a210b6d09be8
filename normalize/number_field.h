// The careful reading of a field with identity numbers (normalize/identity_number.h has the quick one too).
#pragma once

#include <string_view>
#include <vector>

#include "normalize/identity_number.h"

namespace semak {

std::vector<IdentityNumber> read_number_field(std::string_view text, NumberKind hint, int reference_year);

}  // namespace semak
