// Why those who are watched under a policy cannot be screened: it is gone, or a register it asks is missing or too old.
// A tenant is told when that begins and when it ends, once for all whom it watches under the policy. What one person's
// own data are too thin for is rematch.h's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/monitor/watched_people.h"
#include "engine/policy.h"
#include "engine/result.h"
#include "engine/screen/engine.h"

namespace semak {

// Alert::reason; empty: nothing. `now_ms` since 1970.
std::string obstacle_now(const World& world, const std::optional<Policy>& policy, std::int64_t now_ms);

// Of these nobody can be matched at all. Under a register that is merely too old people are matched as ever.
bool is_blind(std::string_view reason);

struct ObstacleTurn {
  std::string tenant, policy_id;
  std::string told, now;  // reasons; they differ
};

// Where what was told is not so any more. Reads a few keys for each tenant and policy.
Result<std::vector<ObstacleTurn>> turned_obstacles(const Desk& desk, const World& world, const PolicyOf& policy_of,
                                                   std::int64_t now_ms);

}  // namespace semak
