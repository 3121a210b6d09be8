// Policies on the wire.
#pragma once

#include <boost/json/object.hpp>

#include "engine/policy.h"
#include "tools/semakd/session.h"

namespace semak {

// The schemas PolicySummary and PolicyDetail (without its text).
boost::json::object policy_summary_json(const Policy& policy, const Caller& caller);
boost::json::object policy_detail_json(const Policy& policy, const Caller& caller);

}  // namespace semak
