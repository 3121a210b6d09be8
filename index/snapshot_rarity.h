// The rarities that a look-up used for one of its hits, for explaining it (engine/match/explain.h).
#pragma once

#include <memory>

#include "engine/ids.h"
#include "engine/match/explain.h"
#include "index/snapshot.h"

namespace semak {

class SnapshotRarity final : public RaritySource {
 public:
  // `revision`: the hit. `snapshot` outlives this.
  SnapshotRarity(const Snapshot& snapshot, RevisionId revision);

  Bits of_record(const NameToken& token) const override;
  Bits of_neighbourhood(const NameToken& query_token, const Relation& relation) const override;

 private:
  const Snapshot& snapshot_;
  std::size_t part_ = 0;  // segment that holds the hit
};

}  // namespace semak
