// Loads on the wire.
#pragma once

#include <boost/json/object.hpp>

#include "engine/screen/ingest.h"

namespace semak {

// The schema LoadReport.
boost::json::object load_json(const LoadInfo& load);

}  // namespace semak
