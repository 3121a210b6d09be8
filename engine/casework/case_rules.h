// What may happen to a case and what follows: the rules alone, without database, so that they can be tried
// exhaustively. Each change appends its event and sets the state; on error the case is as it was.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/casework/case.h"
#include "engine/casework/casework.h"
#include "engine/result.h"

namespace semak {

// What the candidates and events say; Case::state is always this.
CaseState state_of(const Case& the_case);
bool is_closed(CaseState state);

// What a referral's check holds by now. `search`: Answer::reason.
Outcome outcome_of(const Case& the_case, IncompleteReason search);

// Errors as Casework's, but for version and not_found.
Status assign_case(Case& the_case, const Actor& actor, std::string assignee, std::int64_t now_ms);
Status note_on_case(Case& the_case, const Actor& actor, std::string text, std::int64_t now_ms);
Status decide_candidate(Case& the_case, const Actor& actor, int candidate, Verdict verdict, std::string reason,
                        std::int64_t now_ms);
Status reopen_case(Case& the_case, const Actor& actor, std::string reason, std::int64_t now_ms);

// Candidates whose verdict was taken over from one of `cases` are undecided again. True if there were any.
bool drop_verdicts_of(Case& the_case, const Actor& actor, std::span<const std::string> cases, std::int64_t now_ms);

// True if anything changed. `hit`: as the record compares by now, under whatever id the register has it, if that was
// asked; nothing: it no longer matches.
struct Rejudged {
  bool asked = false;
  std::optional<Hit> hit;
};
bool follow_record(Case& the_case, const Actor& actor, int candidate, const RecordNow& now, const Rejudged& rejudged,
                   std::int64_t now_ms);

}  // namespace semak
