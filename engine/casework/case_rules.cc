#include "engine/casework/case_rules.h"

#include <algorithm>
#include <utility>

#include "engine/casework/different_people.h"
#include "engine/check.h"

namespace semak {
namespace {

using Kind = CaseEvent::Kind;

Error invalid(const char* message) { return Error{ErrorCode::invalid_input, message}; }
Error forbidden(const char* message) { return Error{ErrorCode::permission, message}; }

bool says_something(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c > ' '; });
}

void log(Case& the_case, Kind kind, const Actor& actor, int candidate, Verdict verdict, std::string text,
         std::int64_t now_ms) {
  the_case.events.push_back({kind, now_ms, actor, candidate, verdict, std::move(text)});
  the_case.state = state_of(the_case);
}

void judge_anew(Case::Candidate& candidate) {
  candidate.verdict = Verdict::need_more;
  candidate.decided = false;
  candidate.more_needed = false;
  candidate.proposed_by.clear();
  candidate.earlier_case.clear();
}

Status propose_or_confirm(Case& the_case, const Actor& actor, int index, std::string reason, std::int64_t now_ms) {
  Case::Candidate& candidate = the_case.candidates[static_cast<std::size_t>(index)];
  if (!candidate.proposed_by.empty() && !are_different_people(candidate.proposed_by, actor.id)) {
    return forbidden("a second, different person must confirm that it is the same person");
  }
  const bool confirms = !candidate.proposed_by.empty();
  candidate.verdict = Verdict::same_person;
  candidate.decided = confirms;
  candidate.more_needed = false;
  candidate.proposed_by = confirms ? std::string() : actor.id;
  log(the_case, confirms ? Kind::confirmed : Kind::proposed, actor, index, Verdict::same_person, std::move(reason),
      now_ms);
  return {};
}

}  // namespace

bool is_closed(CaseState state) { return state == CaseState::closed_no_record || state == CaseState::closed_record; }

CaseState state_of(const Case& the_case) {
  bool all_settled = true, proposed = false, more = false, appealed = false;
  for (const Case::Candidate& candidate : the_case.candidates) {
    if (candidate.gone) continue;
    if (candidate.decided && candidate.verdict == Verdict::same_person) {
      if (!candidate.hit.under_appeal) return CaseState::closed_record;
      appealed = true;
    }
    all_settled &= candidate.decided;
    proposed |= !candidate.proposed_by.empty();
    more |= candidate.more_needed;
  }
  if (all_settled) return appealed ? CaseState::open : CaseState::closed_no_record;
  if (proposed) return CaseState::awaiting_second;
  return more ? CaseState::needs_more : CaseState::open;
}

Outcome outcome_of(const Case& the_case, IncompleteReason search) {
  switch (state_of(the_case)) {
    case CaseState::closed_record: return Outcome::record;
    case CaseState::closed_no_record:
      return search == IncompleteReason::none ? Outcome::no_record : Outcome::incomplete;
    case CaseState::open:
    case CaseState::needs_more:
    case CaseState::awaiting_second: break;
  }
  return Outcome::refer;
}

Status assign_case(Case& the_case, const Actor& actor, std::string assignee, std::int64_t now_ms) {
  if (actor.role != Role::caseworker && actor.role != Role::admin) {
    return forbidden("only caseworkers and admins assign cases");
  }
  if (is_closed(the_case.state)) return invalid("the case is closed; reopen it first");
  the_case.assignee = assignee;
  log(the_case, Kind::assigned, actor, -1, Verdict::need_more, std::move(assignee), now_ms);
  return {};
}

Status note_on_case(Case& the_case, const Actor& actor, std::string text, std::int64_t now_ms) {
  const bool own = actor.role == Role::submitter && actor.tenant == the_case.tenant;
  if (actor.role == Role::auditor || (actor.role == Role::submitter && !own)) {
    return forbidden("this role cannot write notes on this case");
  }
  if (!says_something(text)) return invalid("a note needs a text");
  log(the_case, Kind::note, actor, -1, Verdict::need_more, std::move(text), now_ms);
  return {};
}

Status decide_candidate(Case& the_case, const Actor& actor, int index, Verdict verdict, std::string reason,
                        std::int64_t now_ms) {
  if (actor.role != Role::caseworker) return forbidden("only caseworkers decide cases");
  if (!says_something(reason)) return invalid("a decision needs a reason");
  if (is_closed(the_case.state)) return invalid("the case is closed; reopen it first");
  if (index < 0 || static_cast<std::size_t>(index) >= the_case.candidates.size()) {
    return invalid("the case has no such candidate");
  }
  Case::Candidate& candidate = the_case.candidates[static_cast<std::size_t>(index)];
  if (candidate.gone) return invalid("the register no longer has this record; there is nothing to decide");
  if (candidate.decided) return invalid("this candidate is decided; reopen the case to decide it again");
  if (verdict == Verdict::same_person) return propose_or_confirm(the_case, actor, index, std::move(reason), now_ms);

  const bool rejects = !candidate.proposed_by.empty() && are_different_people(candidate.proposed_by, actor.id);
  candidate.proposed_by.clear();
  candidate.decided = !rejects && verdict == Verdict::not_same;
  candidate.verdict = rejects ? Verdict::need_more : verdict;
  candidate.more_needed = verdict == Verdict::need_more;
  log(the_case, rejects ? Kind::rejected : Kind::decided, actor, index, verdict, std::move(reason), now_ms);
  return {};
}

Status reopen_case(Case& the_case, const Actor& actor, std::string reason, std::int64_t now_ms) {
  if (actor.role != Role::caseworker) return forbidden("only caseworkers reopen cases");
  if (!says_something(reason)) return invalid("reopening needs a reason");
  const auto decided = [](const Case::Candidate& candidate) { return candidate.decided && !candidate.gone; };
  if (std::none_of(the_case.candidates.begin(), the_case.candidates.end(), decided)) {
    return invalid("no candidate of this case is decided");
  }
  for (Case::Candidate& candidate : the_case.candidates) judge_anew(candidate);
  log(the_case, Kind::reopened, actor, -1, Verdict::need_more, std::move(reason), now_ms);
  return {};
}

bool drop_verdicts_of(Case& the_case, const Actor& actor, std::span<const std::string> cases, std::int64_t now_ms) {
  bool any = false;
  for (Case::Candidate& candidate : the_case.candidates) {
    if (std::find(cases.begin(), cases.end(), candidate.earlier_case) == cases.end()) continue;
    judge_anew(candidate);
    any = true;
  }
  if (any) log(the_case, Kind::reopened, actor, -1, Verdict::need_more, "as " + cases.front(), now_ms);
  return any;
}

bool follow_record(Case& the_case, const Actor& actor, int index, const RecordNow& now, const Rejudged& rejudged,
                   std::int64_t now_ms) {
  SEMAK_CHECK(index >= 0 && static_cast<std::size_t>(index) < the_case.candidates.size());
  Case::Candidate& candidate = the_case.candidates[static_cast<std::size_t>(index)];
  const auto changed = [&](std::string what) {
    log(the_case, Kind::record_changed, actor, index, Verdict::need_more, std::move(what), now_ms);
    return true;
  };
  const bool unlike = rejudged.asked && !rejudged.hit;
  if (!now.answerable || (unlike && candidate.hit.content != now.content)) {
    if (candidate.gone) return false;
    candidate.gone = true;
    return changed(now.answerable ? "no longer matches" : now.reason);
  }
  const bool renumbered = rejudged.hit && rejudged.hit->record_id != candidate.hit.record_id;
  if (!candidate.gone && candidate.hit.content == now.content) {
    if (renumbered) {
      candidate.hit.record_id = rejudged.hit->record_id;
      candidate.hit.revision = now.revision;
      candidate.hit.under_appeal = now.under_appeal;
      return changed("renumbered");
    }
    if (candidate.hit.under_appeal == now.under_appeal) return false;
    candidate.hit.under_appeal = now.under_appeal;
    return changed(now.under_appeal ? "under appeal" : "appeal ended");
  }
  if (unlike) return false;
  const bool back = std::exchange(candidate.gone, false);
  judge_anew(candidate);
  if (rejudged.hit) candidate.hit = *rejudged.hit;
  candidate.hit.refers = true;
  candidate.hit.revision = now.revision;
  candidate.hit.content = now.content;
  candidate.hit.under_appeal = now.under_appeal;
  return changed(back ? "restored" : "corrected");
}

}  // namespace semak
