// Writes index states. Files are written, fsynced, opened back and verified before a Manifest naming them is
// returned; nothing is visible until the caller publishes that Manifest. The bytes depend on the people alone,
// never on the number of threads.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "engine/progress.h"
#include "engine/result.h"
#include "index/manifest.h"
#include "index/people.h"

namespace semak {

class Snapshot;

// A whole register, from nothing.
class IndexBuilder {
 public:
  // `folder`: the register's index folder, created if missing.
  IndexBuilder(std::filesystem::path folder, std::uint64_t normalizer_version);
  ~IndexBuilder();

  // Thread-safe. Chunks may come in any order; `chunk` numbers them 0, 1, 2... without gaps. Takes what it needs
  // of `people` before it returns (compact: some 60 bytes a person until finish()).
  void add(std::uint64_t chunk, std::span<const IndexedPerson> people);

  // Builds in parallel (oneTBB, current arena). Call once.
  Result<Manifest> finish(Generation generation, const Progress& progress);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a change of a register means for its index.
struct IndexChange {
  std::vector<IndexedPerson> added;
  std::vector<RevisionId> removed;  // superseded or withdrawn revisions
};

// The state after `change`: a small new segment and tombstones, or a merge of small segments, or a whole new base
// where that is due. Never re-normalises: segments hold all that merging needs.
Result<Manifest> update_index(const std::filesystem::path& folder, const Snapshot& current, IndexChange change,
                              Generation generation, const Progress& progress);

// The state with all segments merged into one fresh base.
Result<Manifest> merge_index(const std::filesystem::path& folder, const Snapshot& current, Generation generation,
                             const Progress& progress);

// Deletes files in `folder` that none of `keep` names. Files another process has mapped stay readable to it.
void remove_unnamed_files(const std::filesystem::path& folder, std::span<const Manifest> keep);

}  // namespace semak
