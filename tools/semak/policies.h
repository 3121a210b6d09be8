// The policies that Semak has by itself.
#pragma once

#include <string>
#include <string_view>

#include "engine/policy.h"
#include "engine/result.h"

namespace semak {

// Errors: invalid_input, with the list of names.
Result<Policy> find_policy(std::string_view name);

}  // namespace semak
