#include "engine/monitor/watch_obstacles.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/decision.h"
#include "engine/monitor/monitor_records.h"
#include "engine/screen/asked_registers.h"

namespace semak {
namespace {

constexpr std::string_view kMissingPolicy = "missing_policy";

}  // namespace

std::string obstacle_now(const World& world, const std::optional<Policy>& policy, std::int64_t now_ms) {
  if (!policy) return std::string(kMissingPolicy);
  const AskedRegisters asked = asked_registers(world, *policy);
  if (asked.missing) return to_string(IncompleteReason::missing_register);
  const bool stale = std::any_of(asked.parts.begin(), asked.parts.end(),
                                 [&](const World::Part* part) { return is_stale(*part, *policy, now_ms / 1000); });
  return stale ? to_string(IncompleteReason::stale_register) : "";
}

bool is_blind(std::string_view reason) {
  return reason == kMissingPolicy || reason == to_string(IncompleteReason::missing_register);
}

Result<std::vector<ObstacleTurn>> turned_obstacles(const Desk& desk, const World& world, const PolicyOf& policy_of,
                                                   std::int64_t now_ms) {
  std::vector<ObstacleTurn> turns;
  std::map<std::string, std::string, std::less<>> now;  // by policy
  const Family index = family(DeskFamily::enrolment_index);
  Cursor cursor = desk.database().cursor(index, Database::Access::point);
  for (cursor.seek("k"); cursor.valid() && cursor.key().starts_with('k'); cursor.next()) {
    ObstacleTurn turn;
    if (!read_policy_key(cursor.key(), turn.tenant, turn.policy_id)) continue;
    auto known = now.find(turn.policy_id);
    if (known == now.end()) {
      SEMAK_TRY(const std::optional<Policy> policy, policy_if_any(policy_of, turn.policy_id));
      known = now.emplace(turn.policy_id, obstacle_now(world, policy, now_ms)).first;
    }
    turn.now = known->second;
    const std::string key = monitor_key::obstacle_of_policy(turn.tenant, turn.policy_id);
    SEMAK_TRY(const auto told, desk.database().get(index, key));
    if (told) {
      SEMAK_TRY(Obstacle obstacle, decode_obstacle(key, *told));
      turn.told = std::move(obstacle.reason);
    }
    if (turn.told != turn.now) turns.push_back(std::move(turn));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return turns;
}

}  // namespace semak
