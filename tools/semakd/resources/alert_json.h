// Alerts on the wire.
#pragma once

#include <boost/json/object.hpp>

#include "engine/match/evidence_text.h"
#include "engine/monitor/monitor.h"

namespace semak {

// The schema Alert. `full_view`: for those who read more than outcomes; others do not learn which register and record.
boost::json::object alert_json(const Alert& alert, bool full_view, Language language);

}  // namespace semak
