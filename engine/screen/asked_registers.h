// Which registers a policy asks of a world.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/policy.h"
#include "engine/screen/engine.h"

namespace semak {

struct AskedRegisters {
  std::vector<const World::Part*> parts;  // each once
  // A register or kind that the policy names and the world lacks, or nothing to ask at all; where the policy asks for a
  // standing, also no oyls register among the parts.
  bool missing = false;
};
AskedRegisters asked_registers(const World& world, const Policy& policy);

// Whether hits of this register can make a referral. Being listed as fit and proper is nothing against anyone, so an
// oyls register refers only where the policy names it.
bool can_refer(const World::Part& part, const Policy& policy);

// Whether the register is older than the policy allows. `now`: seconds since 1970.
bool is_stale(const World::Part& part, const Policy& policy, std::int64_t now);

}  // namespace semak
