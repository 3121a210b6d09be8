// The options that say how strict a verb is: --policy, --top, --min-bits.
#pragma once

#include <string>

#include "engine/policies/policy_book.h"
#include "engine/policy.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "tools/semak/arguments.h"

namespace semak {

// --policy names a policy of the book, or a policy file (ending in .toml). Errors: invalid_input, with the list of
// names or what is wrong in the file.
Result<Policy> policy_option(const Arguments& arguments, const PolicyBook& book = PolicyBook::built_in());

// For --register: asks this register of `world` alone; its standing only if it can tell one. Nothing if `name` is
// empty.
void ask_only(Policy& policy, const World& world, const std::string& name);

}  // namespace semak
