// Turns batches of people into one segment file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/match/model.h"
#include "engine/progress.h"
#include "engine/result.h"
#include "index/manifest.h"
#include "index/people_batch.h"
#include "index/segment.h"

namespace semak {

struct SegmentOrder {
  std::filesystem::path folder;
  std::string file;
  std::uint64_t normalizer_version = 0;
  const Segment* base = nullptr;  // whose weights to take; null: this is a base
};

// Writes, syncs, opens back and verifies. Parallel (oneTBB, current arena). The bytes depend on the people alone:
// not on how they are spread over batches, nor on their order, nor on the number of threads.
// REQUIRES: revisions are distinct. Consumes `batches`.
Result<SegmentRef> build_segment(const Model& model, std::vector<PeopleBatch> batches, const SegmentOrder& order,
                                 const Progress& progress);

}  // namespace semak
