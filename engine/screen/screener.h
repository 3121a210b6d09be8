// The read path: a subject becomes an answer. The other story is ingest.h.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/decision.h"
#include "engine/policy.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/screen/obstacles.h"
#include "engine/standing.h"
#include "engine/subject.h"
#include "index/lookup.h"
#include "normalize/profile.h"

namespace semak {

enum class Detail : std::uint8_t {
  evidence,    // every hit explained line by line: reads and normalises its record
  candidates,  // evidence for hits that make a referral, which somebody will compare; the others as brief
  brief,       // hits without evidence, for batches that nobody reads line by line
};

// What an answer depends on besides world, subject and policy.
struct ScreenContext {
  std::optional<ChildQuery> child;  // whose carer the subject is asked to be
  PartialDate as_of;                // of a standing; unknown: the day of `now` in Malaysia
  std::int64_t now = 0;             // seconds since 1970, UTC, against which a register is old; 0: by the clock
};

// How a policy looks up this subject.
LookupLimits lookup_limits(const Policy& policy, const Profile& subject);

// One per thread (it owns scratch memory); the Engine is shared.
class Screener {
 public:
  explicit Screener(const Engine& engine);

  // `world`: one for a whole request, or for one chunk of a batch; a new one is to be taken when the answer is
  // stale_index.
  // Asked registers: asked_registers.h.
  // Outcome, the first that applies:
  //   incomplete  no_consent        the policy asks for the subject's consent; nothing is searched
  //   incomplete  missing_register  an asked register does not exist (or none exists at all, or none can tell the
  //                                 standing that the policy asks for)
  //   incomplete  stale_index       `world` was not the store's published generation when the search began
  //   incomplete  too_little_data   neither a name that tells people apart (more than initials, Mohd or Wan) nor a
  //                                 number that identifies anyone; or not what the policy needs. Nothing is searched.
  //   incomplete  too_vague         a look-up would not be searched whole
  //   refer                         a hit is at least as probable as the policy's refer_probability, or has the
  //                                 subject's very identity number, however little the name agrees: a name may have
  //                                 changed, the number may be mistyped, and a person must look. Also where one of the
  //                                 following holds, which the answer then names as its reason.
  //   incomplete  stale_register    an asked register's newest load is older than the policy allows
  //   incomplete  too_vague         a record has the whole name that was asked for and nothing contradicts it, but the
  //                                 name is too common to refer by itself: a number or birth date is needed
  //   incomplete  cut_short         the subject's names are longer, or more, than are compared
  //   no_record
  // obstacles.h holds this order. Hits are listed whatever the outcome; convictions that were set aside are never among
  // them. `record` is never answered: it is a caseworker's decision.
  // Standing is answered where the policy asks for it, from the oyls records that are certainly of this person (the
  // very identity number, and a name that agrees); it is `unknown` where there is none, and where anything kept the
  // search from being whole. It makes and hinders no referral. Errors: the store and the index disagree (corruption),
  // or cannot be read.
  Result<Answer> screen(const World& world, const Subject& subject, const Policy& policy,
                        Detail detail = Detail::evidence, const ScreenContext& context = {});

 private:
  struct Request;
  struct Findings {
    Obstacles obstacles;
    bool refer = false;      // a hit that makes a referral, in whatever register
    bool undecided = false;  // a hit that makes none, but has the whole name asked for: too little was said to tell
  };
  Status search(const World::Part& part, const Request& request, Findings& findings, Answer& answer);
  Status add_hits(const World::Part& part, const Request& request, const LookupResult& found, Findings& findings,
                  Answer& answer);
  Status add_standing(const World::Part& part, const Request& request, LookupResult found, Standing& best);

  const Engine& engine_;
  LookupScratch scratch_;
};

}  // namespace semak
