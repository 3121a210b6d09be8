// Names the files that make one state of one register's index. A value: whoever publishes stores its bytes with
// the generation, in one synced write, so that a state is visible wholly or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ids.h"
#include "engine/result.h"

namespace semak {

struct SegmentRef {
  std::string file;  // name within the register's index folder
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;
  std::uint64_t people = 0;
  bool operator==(const SegmentRef&) const = default;
};

struct Manifest {
  Generation generation;
  std::uint64_t normalizer_version = 0;
  std::uint64_t model_version = 0;
  std::vector<SegmentRef> segments;    // base first, then newer ones
  std::vector<RevisionId> tombstones;  // sorted; revisions in segments that no longer answer
  std::uint64_t people = 0;            // live
  bool operator==(const Manifest&) const = default;
};

std::string encode(const Manifest& manifest);
Result<Manifest> decode_manifest(std::string_view bytes);

}  // namespace semak
