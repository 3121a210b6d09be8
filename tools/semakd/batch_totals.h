// What the rows of all batches came to, for the metrics: read from the desk, where batches keep their counts, so that a
// restart loses none.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "engine/office/batches.h"

namespace semak {

struct BatchRowCounts {
  std::uint64_t no_record = 0, refer = 0, record = 0, incomplete = 0, rejected = 0;
};

class BatchTotals {
 public:
  // `batches` outlives it.
  explicit BatchTotals(const Batches& batches) : batches_(batches) {}

  // Thread-safe. Looks at what has begun or gone on since the last time; what cannot be read now is read then.
  BatchRowCounts read();

 private:
  const Batches& batches_;
  std::mutex mutex_;
  BatchRowCounts ended_;
  std::set<std::string> counted_, open_;  // ids of batches that ended and are in ended_; of those that had not ended
};

}  // namespace semak
