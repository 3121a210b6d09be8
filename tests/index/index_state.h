// A register that changes beside its index, to compare the two.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "index/exhaustive.h"
#include "tests/index/random_world.h"

namespace semak {

inline std::string to_text(const LookupResult& result) {
  std::string text = result.too_vague ? "too vague " : "";
  for (const LookupHit& hit : result.hits) {
    text += std::to_string(hit.revision.value) + ":" + std::to_string(hit.score.raw) + "=" +
            std::to_string(hit.name.raw) + "+" + std::to_string(hit.person.raw) + "@" + std::to_string(hit.query_form) +
            " ";
  }
  return text;
}

inline LookupLimits random_limits(RandomWorld& world) {
  LookupLimits limits;
  limits.top = world.between(1, 8);
  limits.score_min = Bits{world.between(-40, 10) * 256};
  if (world.one_in(3)) limits.window = Bits{world.between(0, 20) * 256};
  return limits;
}

class ChangingRegister {
 public:
  ChangingRegister(const std::filesystem::path& folder, std::vector<IndexedPerson> people)
      : folder_(folder), people_(std::move(people)), next_revision_(people_.size() + 1) {
    auto manifest = build_index(folder_, people_, 1);
    SEMAK_CHECK(manifest.ok());
    snapshot_ = open_index(folder_, *manifest);
  }

  // Replaces `changed` people by new revisions, adds `added` and withdraws `withdrawn`.
  void change(RandomWorld& world, int changed, int added, int withdrawn) {
    IndexChange change;
    for (int i = 0; i < changed + withdrawn && !people_.empty(); ++i) {
      const auto at = static_cast<std::size_t>(world.below(static_cast<int>(people_.size())));
      change.removed.push_back(people_[at].revision);
      people_.erase(people_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    for (int i = 0; i < changed + added; ++i) change.added.push_back({{next_revision_++}, world.profile()});
    people_.insert(people_.end(), change.added.begin(), change.added.end());
    take(update_index(folder_, *snapshot_, std::move(change), {++generation_}, {}));
  }
  void merge() { take(merge_index(folder_, *snapshot_, {++generation_}, {})); }

  const Snapshot& snapshot() const { return *snapshot_; }
  std::shared_ptr<const Snapshot> shared() const { return snapshot_; }
  const std::vector<IndexedPerson>& people() const { return people_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void take(Result<Manifest> manifest) {
    SEMAK_CHECK(manifest.ok());
    snapshot_ = open_index(folder_, *manifest);
    remove_unnamed_files(folder_, std::span(&*manifest, 1));
  }

  std::filesystem::path folder_;
  std::vector<IndexedPerson> people_;
  std::uint64_t next_revision_;
  std::uint64_t generation_ = 1;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace semak
