#include "tools/semak/actor_names.h"

#include <fmt/format.h>

#include "engine/casework/different_people.h"
#include "tools/semak/text_table.h"

namespace semak {

ActorNames::ActorNames(const std::vector<CallerKey>& keys) {
  for (const CallerKey& key : keys) names_.emplace(key.id, key.name);
}

std::string ActorNames::text(std::string_view actor_id) const {
  const auto found = names_.find(person_of(actor_id));
  if (found == names_.end()) return printable(actor_id);
  return fmt::format("{} ({})", printable(found->second), printable(actor_id));
}

Result<ActorNames> actor_names(Desk& desk) {
  SEMAK_TRY(const auto callers, Callers::open(desk));
  return ActorNames(callers->list());
}

}  // namespace semak
