// Who acts, and what they may see. Everything that is answered, decided or changed names its actor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semak {

enum class Role : std::uint8_t { submitter = 1, caseworker = 2, registrar = 3, auditor = 4, admin = 5 };

const char* to_string(Role role);  // "submitter", ...
std::optional<Role> role_from(std::string_view text);

struct Actor {
  std::string id;      // a key's or person's id, never a secret; "cli:<login>" on the command line
  std::string tenant;  // whose checks these are; the agency that keeps the registers is "agency"
  Role role = Role::submitter;
};

}  // namespace semak
