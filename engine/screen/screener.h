// The read path: a subject becomes an answer. The other story is ingest.h.
#pragma once

#include <cstdint>

#include "engine/decision.h"
#include "engine/policy.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/subject.h"
#include "index/lookup.h"
#include "normalize/profile.h"

namespace semak {

enum class Detail : std::uint8_t {
  evidence,  // every hit explained line by line: reads and normalises its record
  brief,     // hits without evidence, for batches that nobody reads line by line
};

// How a policy looks up this subject.
LookupLimits lookup_limits(const Policy& policy, const Profile& subject);

// One per thread (it owns scratch memory); the Engine is shared.
class Screener {
 public:
  explicit Screener(const Engine& engine);

  // `world`: one for a whole request, or for one chunk of a batch.
  // Asked registers: the policy's, or all but reference registers, or, if there are only those, all.
  // Outcome, the first that applies:
  //   incomplete  missing_register  an asked register does not exist (or none exists at all)
  //   incomplete  too_little_data   neither a name that tells people apart (more than initials, Mohd or Wan) nor a
  //                                 number that identifies anyone
  //   incomplete  too_vague         a look-up would not be searched whole
  //   refer                         a hit is at least as probable as the policy's refer_probability, or has the
  //                                 subject's very identity number, however little the name agrees: a name may have
  //                                 changed, the number may be mistyped, and a person must look. Hits in oyls
  //                                 registers refer only where the policy names the register: being listed as fit and
  //                                 proper is nothing against anyone.
  //   incomplete  too_vague         a record has the whole name that was asked for and nothing contradicts it, but the
  //                                 name is too common to refer by itself: a number or birth date is needed
  //   incomplete  cut_short         the subject's names are longer, or more, than are compared
  //   no_record
  // Hits are listed whatever the outcome. Errors: the store and the index disagree (corruption), or cannot be read.
  Result<Answer> screen(const World& world, const Subject& subject, const Policy& policy,
                        Detail detail = Detail::evidence);

 private:
  struct Findings {
    bool too_vague = false;
    bool refer = false;      // a hit that makes a referral, in whatever register
    bool undecided = false;  // no such hit, but one with the whole name asked for: too little was said to tell
  };
  Result<Findings> add_hits(const World::Part& part, const Profile& subject, const Policy& policy, Detail detail,
                            Answer& answer);

  const Engine& engine_;
  LookupScratch scratch_;
};

}  // namespace semak
