// How the changes of a load reach the index of its register: a whole new index if nobody is in it yet, an update of
// the present one for a few changes, a whole rebuild from the records for very many.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/store/store_writer.h"
#include "index/index_writer.h"
#include "index/people.h"

namespace semak {

class IndexFeed {
 public:
  // `current`: the register's snapshot; null or empty if it has no active record.
  IndexFeed(std::filesystem::path folder, const Normalizer& normalizer, std::shared_ptr<const Snapshot> current);

  // Thread-safe. Every chunk number 0, 1, 2 ... once.
  void add(std::uint64_t chunk, std::vector<IndexedPerson> people);
  // A revision that no longer answers. One thread at a time.
  void remove(RevisionId revision);

  // Call once, when everything was handed to `writer`.
  Result<Manifest> finish(const RecordStore& store, StoreWriter& writer, RevisionId last, const Progress& progress);

 private:
  // Profiles waiting for an update take about a kilobyte each.
  static constexpr std::size_t kUpdateMax = 100'000;

  std::filesystem::path folder_;
  const Normalizer& normalizer_;
  std::shared_ptr<const Snapshot> current_;
  std::unique_ptr<IndexBuilder> builder_;  // a whole new index
  std::mutex mutex_;
  IndexChange change_;
  bool too_many_ = false;
};

}  // namespace semak
