#include "engine/screen/asked_registers.h"

#include <algorithm>

namespace semak {
namespace {

void add(AskedRegisters& asked, const World::Part& part) {
  if (std::find(asked.parts.begin(), asked.parts.end(), &part) == asked.parts.end()) asked.parts.push_back(&part);
}

void add_named(AskedRegisters& asked, const World& world, const Policy& policy) {
  for (const std::string& name : policy.registers) {
    const auto found = world.registers.find(name);
    if (found == world.registers.end())
      asked.missing = true;
    else
      add(asked, found->second);
  }
  for (const RegisterKind kind : policy.kinds) {
    bool any = false;
    for (const auto& [name, part] : world.registers) {
      if (part.info.kind != kind) continue;
      any = true;
      add(asked, part);
    }
    if (!any) asked.missing = true;
  }
}

}  // namespace

AskedRegisters asked_registers(const World& world, const Policy& policy) {
  AskedRegisters asked;
  if (!policy.registers.empty() || !policy.kinds.empty()) {
    add_named(asked, world, policy);
  } else {
    for (const bool reference : {false, true}) {
      if (!asked.parts.empty()) break;
      for (const auto& [name, part] : world.registers) {
        if ((part.info.kind == RegisterKind::reference) == reference) add(asked, part);
      }
    }
  }
  const bool oyls = std::any_of(asked.parts.begin(), asked.parts.end(),
                                [](const World::Part* part) { return part->info.kind == RegisterKind::oyls; });
  asked.missing |= asked.parts.empty() || (policy.standing && !oyls);
  return asked;
}

bool is_stale(const World::Part& part, const Policy& policy, std::int64_t now) {
  constexpr std::int64_t kDay = 24 * 3600;
  return policy.register_days_max > 0 && now - part.loaded > policy.register_days_max * kDay;
}

bool can_refer(const World::Part& part, const Policy& policy) {
  return part.info.kind != RegisterKind::oyls ||
         std::find(policy.registers.begin(), policy.registers.end(), part.info.name) != policy.registers.end();
}

}  // namespace semak
