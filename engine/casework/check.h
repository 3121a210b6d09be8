// One screening as it is kept: who asked what about whom, what was answered, and what became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/actor.h"
#include "engine/decision.h"
#include "engine/partial_date.h"
#include "engine/standing.h"
#include "engine/subject.h"

namespace semak {

struct CheckRequest {
  Subject subject;  // its purpose names the policy; its reference and consent are the requester's
  std::optional<ChildQuery> child;
  PartialDate as_of;  // of a standing; unknown: today
};

struct Check {
  std::string id;  // new_id(), or derived for a row of a batch
  Actor actor;     // who asked
  std::int64_t time_ms = 0;
  std::string policy_id;
  CheckRequest request;  // once erased only purpose and consent
  bool erased = false;

  Answer answer;  // as answered then: never changed afterwards
  // What holds now: a decision turns refer into record or no_record; a quashed record turns record back.
  Outcome outcome = Outcome::incomplete;
  std::string case_id;   // empty: none
  std::string batch_id;  // empty: none

  std::int64_t valid_until_ms = 0;  // 0 for incomplete
  std::string subject_mark;         // KeyRing::mark of the subject's fingerprint: same subject, same mark; erased too
  std::string salt;                 // of `commitment`; erased with the subject
  std::string commitment;           // hex BLAKE2b-256 of salt + subject: what audit and receipt name the subject by
  std::uint64_t audit_sequence = 0;
};

}  // namespace semak
