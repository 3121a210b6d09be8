// What a policy says, in one spelling: equal policies, equal content, however their files are laid out.
#pragma once

#include <string>

#include "engine/policy.h"

namespace semak {

// Every value in force, those left out included, in a fixed order; lists whose order means nothing are sorted. Without
// comments, without `id`.
std::string policy_content(const Policy& policy);

// name + "@" + first 16 hex digits of hash256 of policy_content().
std::string policy_id(const Policy& policy);

}  // namespace semak
