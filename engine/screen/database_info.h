// What a database holds, for people to look at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/screen/engine.h"

namespace semak {

struct DatabaseInfo {
  struct Register {
    RegisterInfo info;
    std::uint64_t indexed_people = 0;
    std::uint64_t index_segments = 0, index_tombstones = 0;
    std::uint64_t index_bytes = 0;  // of the published segments
  };
  Generation generation;
  RevisionId revision;  // newest
  std::vector<Register> registers;
  std::vector<LoadInfo> loads;                       // oldest first
  std::uint64_t records_bytes = 0, index_bytes = 0;  // on disk, with what waits to be removed
  std::uint32_t format = 0;
  std::uint64_t normalizer_version = 0, model_version = 0;
};

Result<DatabaseInfo> database_info(const Engine& engine);

}  // namespace semak
