// Alerts and current hits on their way to the desk: collected here, committed by whoever moves on (the position in the
// change log, the enrolments) in the same write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/monitor/monitor_records.h"

namespace semak {

// Ids that ascend over the life of the desk, so that whoever pulls alerts in order misses none. One thread at a time,
// and ids are committed in the order they were given.
class AlertIds {
 public:
  // Takes up behind the newest alert on the desk.
  static Result<AlertIds> of(const Desk& desk);
  std::string next();

 private:
  std::string last_;
};

// The id that follows `id` among ids of its length (Crockford's base 32).
std::string next_id_after(std::string id);

class AlertBook {
 public:
  AlertBook(AlertIds& ids, const KeyRing& keys, std::int64_t now_ms, Generation generation)
      : ids_(ids), keys_(keys), now_ms_(now_ms), generation_(generation) {}

  struct About {
    std::string enrolment_id, tenant;
    RegisterId register_id;
    std::string register_name, record_id;
  };
  void raise(AlertKind kind, const About& about, RevisionId revision, Bits score, Bits before, std::string reason);
  // `undecidable` or `decidable`. enrolment_id empty: of all `people` whom the tenant watches under the policy.
  struct Concerned {
    std::string tenant, policy_id, enrolment_id;
    std::uint64_t people = 1;
  };
  void tell(AlertKind kind, const Concerned& whom, std::string reason);
  void keep_hit(const About& about, const WatchedHit& hit);
  void drop_hit(const About& about);

  // The entry in the chain for what was raised. `revision`: up to where the change log is matched.
  AuditEvent event(RevisionId revision) const;

  WriteSet& changes() { return changes_; }
  std::uint64_t raised() const;
  std::uint64_t raised(AlertKind kind) const { return raised_[static_cast<std::size_t>(kind)]; }
  const std::string& first() const { return first_; }
  const std::string& last() const { return last_; }

 private:
  void put(Alert alert);

  AlertIds& ids_;
  const KeyRing& keys_;
  std::int64_t now_ms_;
  Generation generation_;
  WriteSet changes_;
  std::uint64_t raised_[6] = {};  // by kind
  std::string first_, last_;
};

// Adds to `changes` the removal of all that is kept of an enrolment's matches: current hits, what keeps from deciding.
Status drop_hits_of(const Desk& desk, std::string_view enrolment_id, WriteSet& changes);

}  // namespace semak
