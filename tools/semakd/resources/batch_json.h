// Batches on the wire.
#pragma once

#include <boost/json/object.hpp>

#include "engine/office/batches.h"
#include "tools/semakd/session.h"

namespace semak {

// The schema Batch. `full_view`: for those who read more than outcomes.
boost::json::object batch_json(const BatchInfo& batch, bool full_view);
bool has_ended(BatchState state);
// Caseworkers.
bool reads_more(const Caller& caller);

}  // namespace semak
