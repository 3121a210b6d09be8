#include "engine/screen/index_feed.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/screen/index_rebuild.h"

namespace semak {

IndexFeed::IndexFeed(std::filesystem::path folder, const Normalizer& normalizer,
                     std::shared_ptr<const Snapshot> current)
    : folder_(std::move(folder)), normalizer_(normalizer), current_(std::move(current)) {
  if (!current_ || current_->people() == 0) builder_ = std::make_unique<IndexBuilder>(folder_, normalizer_.version());
}

void IndexFeed::add(std::uint64_t chunk, std::vector<IndexedPerson> people) {
  if (builder_) {
    builder_->add(chunk, people);
    return;
  }
  std::lock_guard lock(mutex_);
  if (too_many_ || change_.added.size() + people.size() > kUpdateMax) {
    too_many_ = true;
    change_ = IndexChange();
    return;
  }
  change_.added.insert(change_.added.end(), std::make_move_iterator(people.begin()),
                       std::make_move_iterator(people.end()));
}

void IndexFeed::remove(RevisionId revision) {
  std::lock_guard lock(mutex_);
  if (!too_many_) change_.removed.push_back(revision);
}

Result<Manifest> IndexFeed::finish(const RecordStore& store, StoreWriter& writer, RevisionId last,
                                   const Progress& progress) {
  if (builder_) return builder_->finish(writer.generation(), progress);
  if (too_many_) {
    SEMAK_TRY_STATUS(writer.make_readable());
    return rebuild_index(store, normalizer_, writer.register_info(), last, folder_, writer.generation(), progress);
  }
  // Chunks came as threads finished them; the bytes of the index must not depend on that.
  std::sort(change_.added.begin(), change_.added.end(),
            [](const IndexedPerson& a, const IndexedPerson& b) { return a.revision < b.revision; });
  std::sort(change_.removed.begin(), change_.removed.end());
  return update_index(folder_, *current_, std::move(change_), writer.generation(), progress);
}

}  // namespace semak
