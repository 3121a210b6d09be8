// Everyone who answers in a snapshot; for checking it against the records.
#pragma once

#include <functional>

#include "engine/ids.h"
#include "index/snapshot.h"

namespace semak {

// Once for each entry of a segment that no tombstone covers: twice if a revision were in two segments.
void for_each_live_revision(const Snapshot& snapshot, const std::function<void(RevisionId)>& visit);

}  // namespace semak
