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
  AlertBook(AlertIds& ids, std::int64_t now_ms, Generation generation)
      : ids_(ids), now_ms_(now_ms), generation_(generation) {}

  struct About {
    std::string enrolment_id, tenant;
    RegisterId register_id;
    std::string register_name, record_id;
  };
  void raise(AlertKind kind, const About& about, RevisionId revision, Bits score, Bits before, std::string reason);
  void keep_hit(const About& about, const WatchedHit& hit);
  void drop_hit(const About& about);

  WriteSet& changes() { return changes_; }
  std::uint64_t raised() const { return raised_[1] + raised_[2] + raised_[3]; }
  std::uint64_t raised(AlertKind kind) const { return raised_[static_cast<std::size_t>(kind)]; }
  const std::string& first() const { return first_; }
  const std::string& last() const { return last_; }

 private:
  AlertIds& ids_;
  std::int64_t now_ms_;
  Generation generation_;
  WriteSet changes_;
  std::uint64_t raised_[4] = {};
  std::string first_, last_;
};

// Adds to `changes` the removal of all current hits of an enrolment.
Status drop_hits_of(const Desk& desk, std::string_view enrolment_id, WriteSet& changes);

}  // namespace semak
