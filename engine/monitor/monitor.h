// People under watch (pemantauan): every change of a register is matched against the enrolled, every enrolment against
// the registers. Driven by the change log from a durable position, so nothing is missed and nothing told twice, also
// over restarts. The fast path must agree with screening every enrolled person anew: that is its twin in the tests.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/actor.h"
#include "engine/decision.h"
#include "engine/desk/desk.h"
#include "engine/policy.h"
#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/subject.h"

namespace semak {

struct Enrolment {
  std::string id;        // new_id()
  Actor actor;           // who enrolled; its tenant hears of alerts
  Subject subject;       // sealed at rest; purpose names the policy; consent required
  std::string check_id;  // the check this watches on from; empty: none
  std::string policy_id;
  std::int64_t since_ms = 0;
  std::int64_t until_ms = 0;  // end of monitoring; 0 is refused
  bool ended = false;
  std::string undecidable;  // why this person is not screened by now (Alert::reason); empty: is
};

enum class AlertKind : std::uint8_t {
  new_hit = 1,
  changed,
  cleared,
  undecidable,  // from now on nothing can be told of the watched: that nothing is told is not "nothing there"
  decidable,    // again, and matched anew
};
const char* to_string(AlertKind kind);

struct Alert {
  std::string id;
  // enrolment_id empty: about everybody whom the tenant watches under one policy (`undecidable`, `decidable`).
  std::string enrolment_id, tenant;
  AlertKind kind = AlertKind::new_hit;
  std::int64_t time_ms = 0;
  Generation generation;  // that brought it
  std::string register_name, record_id;
  RevisionId revision;       // that it is about: of `cleared`, the withdrawn or no longer matching one
  Bits score, score_before;  // before: of `changed` and `cleared`
  // Of cleared: "withdrawn", "quashed", "corrected", "reweighed". Of new_hit: "", or "reweighed": the record did not
  // change, but what Semak makes of it did. Of undecidable and decidable what keeps, or kept, from deciding:
  // "missing_policy", or an IncompleteReason.
  std::string reason;
  std::string policy_id;     // of undecidable and decidable
  std::uint64_t people = 0;  // of those: how many watches are concerned
  bool acknowledged = false;
  std::string acknowledged_by;
};

struct AlertFilter {
  std::string tenant;  // empty: all
  std::string enrolment_id;
  std::string after;  // id: those after it, oldest first (pull in order; ids ascend)
  std::size_t alerts_max = 100;
  bool unacknowledged = false;
};

struct MonitorReport {
  Generation from, to;
  std::uint64_t changes = 0, enrolled = 0, compared = 0;
  std::uint64_t new_hits = 0, changed = 0, cleared = 0;
  std::uint64_t undecidable = 0, decidable = 0;  // alerts of those kinds
  std::uint64_t rematched = 0;                   // people matched with the registers as they stand, not with changes
};

// Who is under watch and yet not screened, by reason (Alert::reason). People are counted as of when it was told.
struct WatchHealth {
  std::map<std::string, std::uint64_t> undecided;
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const auto& [reason, people] : undecided) sum += people;
    return sum;
  }
};

class Monitor {
 public:
  // `policies`: the policy of an id, for enrolled people of any age.
  // For tests: `clock`, ms since 1970; `matcher`, as if matching were another version's than this build's.
  Monitor(const Engine& engine, Desk& desk, std::function<Result<Policy>(std::string_view policy_id)> policies,
          std::function<std::int64_t()> clock = {}, std::uint64_t matcher = 0);
  ~Monitor();

  // Matches each against the registers as of now; alerts for what is there. Durable when it returns; each gets its id
  // (a given id that is there already is left as it is). Rejected ones keep an empty id and `errors` says why, by
  // index.
  struct EnrolReport {
    std::uint64_t enrolled = 0, alerts = 0;
    std::vector<std::pair<std::size_t, std::string>> errors;
  };
  Result<EnrolReport> enrol(std::span<Enrolment> people, const Progress& progress);
  Status end(const Actor& actor, std::string_view enrolment_id);

  // Catches up with the change log: from the durable position to the engine's world. Then tells whose watch can no
  // longer be decided, or can again: a policy that is gone, a register that is missing or too old, a subject too thin.
  // Such a person stays under watch and keeps nobody else waiting. Then, if the weights or the normaliser are others
  // than those that matched last, or somebody can be decided again, matches people with the registers as they stand.
  // All of it goes on where it stopped. Cheap if nothing changed.
  Result<MonitorReport> catch_up(const Progress& progress);
  Result<WatchHealth> health() const;

  Result<std::optional<Enrolment>> enrolment(std::string_view id) const;
  Result<std::vector<Enrolment>> enrolments(std::string_view tenant, std::string_view after, std::size_t most) const;
  Result<std::vector<Alert>> alerts(const AlertFilter& filter) const;
  Status acknowledge(const Actor& actor, std::string_view alert_id);
  // What is watching this subject, and erasure of it (retention ended, access request).
  Result<std::vector<Enrolment>> enrolments_of(const Subject& subject) const;
  Result<std::uint64_t> erase_ended(const Actor& actor, std::int64_t now_ms);

  struct Impl;  // for engine/monitor/*.cc

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
