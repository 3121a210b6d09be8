// Whom of the registers a subject must be referred to: all of them, not only the best few that a check lists.
#pragma once

#include <string>
#include <vector>

#include "engine/decision.h"
#include "engine/policy.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/screen/screener.h"
#include "engine/subject.h"

namespace semak {

struct RegisterHit {
  const World::Part* part = nullptr;  // of the world that was asked
  RevisionId revision;
  Record record;
  Bits score, person;
};

struct RegisterMatches {
  // Why a check of this subject would not be whole. A subject is watched only where it would: nobody is left unwatched
  // silently. An old register is no such reason: its next load is matched.
  IncompleteReason obstacle = IncompleteReason::none;
  std::vector<RegisterHit> hits;  // by register, best first. Of too_vague and cut_short those that were found.
};

// One per thread (it owns scratch memory).
class RegisterMatcher {
 public:
  explicit RegisterMatcher(const Engine& engine) : engine_(engine), screener_(engine) {}

  Result<RegisterMatches> match(const World& world, const Subject& subject, const Profile& profile,
                                const Policy& policy);

 private:
  Status add_hits(const World::Part& part, const Profile& profile, const Policy& policy, RegisterMatches& matches);
  Status add_by_numbers(const World::Part& part, const Profile& profile, std::vector<RegisterHit>& hits) const;

  const Engine& engine_;
  Screener screener_;
  LookupScratch scratch_;
};

}  // namespace semak
