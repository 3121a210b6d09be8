// What a Snapshot is made of; for index/*.cc.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/match/model.h"
#include "index/segment.h"
#include "index/snapshot.h"

namespace semak {

struct Snapshot::Impl {
  struct Part {
    Segment segment;
    std::vector<std::uint32_t> dead;  // people that no longer answer, ascending
    bool is_dead(std::uint32_t person) const {
      return !dead.empty() && std::binary_search(dead.begin(), dead.end(), person);
    }
  };
  Manifest manifest;
  std::vector<Part> parts;  // base first; never empty
  const Model* model = nullptr;
};

}  // namespace semak
