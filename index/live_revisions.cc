#include "index/live_revisions.h"

#include "index/snapshot_impl.h"

namespace semak {

void for_each_live_revision(const Snapshot& snapshot, const std::function<void(RevisionId)>& visit) {
  for (const Snapshot::Impl::Part& part : snapshot.impl().parts) {
    for (std::uint32_t person = 0; person < part.segment.people(); ++person) {
      if (!part.is_dead(person)) visit(part.segment.revision(person));
    }
  }
}

}  // namespace semak
