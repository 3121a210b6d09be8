// Watched people matched with the registers as they stand, where following their changes is not enough: the weights or
// the normaliser are others than those that matched last, or somebody could not be decided for a while. A pair that was
// told and still refers is not told again, however its score moved: subject and record say what they said.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "engine/monitor/monitor_impl.h"
#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/engine.h"

namespace semak {

struct RematchReport {
  std::uint64_t people = 0, new_hits = 0, cleared = 0, undecidable = 0, decidable = 0;
  bool overtaken = false;  // a register changed meanwhile: some are left for the next time
};

// REQUIRES: the change log is matched up to `world`, and `people` can be judged (is_blind). Commits some at a time,
// each with the version that matched it, so that what is done is not done again.
Result<RematchReport> rematch(Monitor::Impl& monitor, const std::shared_ptr<const World>& world,
                              std::span<const WatchList::Place> people, RevisionId position, std::int64_t now_ms,
                              const Progress& progress);

}  // namespace semak
