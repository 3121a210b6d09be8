// The slow, obvious twin of lookup.h: relates every query token with every token of the vocabulary, scores every
// person of the snapshot, sorts. Parallel (oneTBB), for verification only.
#pragma once

#include "engine/progress.h"
#include "index/lookup.h"

namespace semak {

LookupResult look_up_exhaustively(const Snapshot& snapshot, const Profile& subject, const LookupLimits& limits);

}  // namespace semak
