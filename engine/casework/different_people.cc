#include "engine/casework/different_people.h"

namespace semak {
namespace {

// Empty: none, as of those who come to the service.
std::string_view login_of(std::string_view actor_id) {
  const std::size_t slash = actor_id.find('/');
  if (slash != std::string_view::npos) return actor_id.substr(slash + 1);
  return actor_id.starts_with("cli:") ? actor_id : std::string_view();
}

}  // namespace

std::string_view person_of(std::string_view actor_id) { return actor_id.substr(0, actor_id.find('/')); }

bool are_different_people(std::string_view actor_id, std::string_view other_id) {
  const std::string_view person = person_of(actor_id), other = person_of(other_id);
  if (person == other) return false;
  const std::string_view login = login_of(actor_id);
  const bool one_login = !login.empty() && login == login_of(other_id);
  const bool without_key = person == login || other == login_of(other_id);
  return !(one_login && without_key);
}

}  // namespace semak
