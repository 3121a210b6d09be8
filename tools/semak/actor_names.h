// Actors as people read them: by the name of whoever holds the key, where the desk knows it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "engine/office/callers.h"

namespace semak {

class ActorNames {
 public:
  ActorNames() = default;  // knows nobody
  explicit ActorNames(const std::vector<CallerKey>& keys);

  // "Aminah (K7.../cli:aminah)": holder, then the id as the chain has it; the id alone of who is not known. Printable.
  std::string text(std::string_view actor_id) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;
};

Result<ActorNames> actor_names(Desk& desk);

}  // namespace semak
