// A check made without waiting for the disk.
#include <memory>
#include <utility>

#include "engine/casework/casework_impl.h"
#include "engine/check.h"

namespace semak {

void Casework::add_later(Check check, const Policy& policy, std::function<void(Result<Check>)> done) {
  SEMAK_CHECK(check.id.empty());
  if (Status told = impl_->may_tell(); !told) return done(std::move(told).error());
  const auto made = std::make_shared<Check>(std::move(check));
  WriteSet changes;
  std::vector<AuditEvent> events;
  if (Status drafted = impl_->draft(*made, policy, changes, events); !drafted) {
    return done(std::move(drafted).error());
  }
  const std::uint64_t behind = events.size() - 1;  // its own event comes before its case's
  impl_->desk.commit_later(std::move(changes), std::move(events),
                           [made, behind, done = std::move(done)](Result<std::uint64_t> last) {
                             if (!last) return done(std::move(last).error());
                             made->audit_sequence = *last - behind;
                             done(std::move(*made));
                           });
}

}  // namespace semak
