// Whose things a caller may see. Submitters see their own tenant's; so does everybody of a tenant that is not the
// agency. The agency's own people see all tenants. What a caller may not see is answered as if it were not there.
#pragma once

#include <string>
#include <string_view>

#include "tools/semakd/session.h"

namespace semak {

inline constexpr std::string_view kAgency = "agency";

inline bool sees_all_tenants(const Caller& caller) {
  return caller.actor.tenant == kAgency && caller.actor.role != Role::submitter;
}
inline bool may_see(const Caller& caller, std::string_view tenant) {
  return sees_all_tenants(caller) || caller.actor.tenant == tenant;
}
// Registers, log, keys and policies are the agency's: the roles that keep them mean nothing in another tenant.
inline bool role_fits_tenant(Role role, std::string_view tenant) {
  return role == Role::submitter || role == Role::caseworker || tenant == kAgency;
}
// For filters: empty means all tenants.
inline std::string visible_tenant(const Caller& caller) {
  return sees_all_tenants(caller) ? std::string() : caller.actor.tenant;
}

}  // namespace semak
