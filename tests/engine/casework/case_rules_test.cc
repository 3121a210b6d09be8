// The rules of a case, tried with every sequence of a few actions against a slow oracle that looks at nothing but the
// votes since the last reset.
#include "engine/casework/case_rules.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

const Actor kAli{"ali", "agency", Role::caseworker};
const Actor kBala{"bala", "agency", Role::caseworker};
const Actor kSchool{"school", "school-1", Role::submitter};
const Actor kRegistrar{"registrar", "agency", Role::registrar};

Case two_candidates() {
  Case the_case;
  the_case.id = "case";
  the_case.tenant = "school-1";
  for (const char* record : {"R1", "R2"}) {
    Case::Candidate candidate;
    candidate.hit.register_name = "pesalah";
    candidate.hit.record_id = record;
    candidate.hit.content = "0";
    the_case.candidates.push_back(candidate);
  }
  the_case.events.push_back({});
  the_case.state = state_of(the_case);
  return the_case;
}

enum class What { same, not_same, more, reopen, quash, restore, correct, appeal, appeal_ends };
struct Action {
  What what;
  const Actor* actor;
  int candidate;
};

// What the oracle knows of a candidate.
struct Votes {
  std::vector<std::pair<std::string, What>> since_reset;
  bool gone = false, appeal = false;
  int content = 0;

  What last(std::size_t back) const {
    return back < since_reset.size() ? since_reset[since_reset.size() - 1 - back].second : What::reopen;
  }
  const std::string& voter(std::size_t back) const { return since_reset[since_reset.size() - 1 - back].first; }
  bool same() const { return last(0) == What::same && last(1) == What::same; }
  bool proposed() const { return last(0) == What::same && last(1) != What::same; }
  bool objected() const {  // the last vote was against somebody else's proposal
    return since_reset.size() >= 2 && last(0) != What::same && last(1) == What::same && voter(0) != voter(1);
  }
  bool not_same() const { return last(0) == What::not_same && !objected(); }
  bool decided() const { return same() || not_same(); }
};

struct Oracle {
  Votes candidates[2];

  CaseState state() const {
    bool proposed = false, more = false, open = false, appealed = false;
    for (const Votes& one : candidates) {
      if (one.gone) continue;
      if (one.same() && !one.appeal) return CaseState::closed_record;
      appealed |= one.same();
      open |= !one.decided();
      proposed |= one.proposed();
      more |= !one.decided() && one.last(0) == What::more;
    }
    if (!open) return appealed ? CaseState::open : CaseState::closed_no_record;
    return proposed ? CaseState::awaiting_second : more ? CaseState::needs_more : CaseState::open;
  }

  // Whether the action is taken at all.
  bool take(const Action& action) {
    Votes& one = candidates[action.candidate];
    switch (action.what) {
      case What::same:
      case What::not_same:
      case What::more: {
        const bool closed = state() == CaseState::closed_record || state() == CaseState::closed_no_record;
        if (action.actor->role != Role::caseworker || closed || one.gone || one.decided()) return false;
        if (action.what == What::same && one.proposed() && one.voter(0) == action.actor->id) return false;
        one.since_reset.emplace_back(action.actor->id, action.what);
        return true;
      }
      case What::reopen: {
        bool any = false;
        for (const Votes& each : candidates) any |= each.decided() && !each.gone;
        if (!any || action.actor->role != Role::caseworker) return false;
        for (Votes& each : candidates) each.since_reset.clear();
        return true;
      }
      case What::quash: return !std::exchange(one.gone, true);
      case What::restore:  // with the content that the register has by now
        if (!std::exchange(one.gone, false)) return one.appeal && !(one.appeal = false);
        one.since_reset.clear();
        one.appeal = false;
        return true;
      case What::correct:
        ++one.content;
        one.since_reset.clear();
        one.gone = one.appeal = false;
        return true;
      case What::appeal:
      case What::appeal_ends: {
        const bool begins = action.what == What::appeal;
        if (one.gone) {
          one.gone = false;
          one.since_reset.clear();
          one.appeal = begins;
          return true;
        }
        return std::exchange(one.appeal, begins) != begins;
      }
    }
    return false;
  }
};

bool take(Case& the_case, const Oracle& before, const Action& action) {
  RecordNow now;
  int content = before.candidates[action.candidate].content;
  switch (action.what) {
    case What::same:
      return decide_candidate(the_case, *action.actor, action.candidate, Verdict::same_person, "x", 1).ok();
    case What::not_same:
      return decide_candidate(the_case, *action.actor, action.candidate, Verdict::not_same, "x", 1).ok();
    case What::more:
      return decide_candidate(the_case, *action.actor, action.candidate, Verdict::need_more, "x", 1).ok();
    case What::reopen: return reopen_case(the_case, *action.actor, "x", 1).ok();
    case What::quash:
      now.answerable = false;
      now.reason = "quashed";
      break;
    case What::correct: ++content; break;
    case What::appeal: now.under_appeal = true; break;
    case What::restore:
    case What::appeal_ends: break;
  }
  if (now.answerable) now.content = std::to_string(content);
  return follow_record(the_case, kRegistrar, action.candidate, now, {}, 1);
}

// What is promised, read off the events alone.
void check_promises(const Case& the_case) {
  std::map<int, std::set<std::string>> same;  // who said so, since the last reset
  std::map<int, bool> confirmed;
  for (const CaseEvent& event : the_case.events) {
    using Kind = CaseEvent::Kind;
    if (event.kind == Kind::reopened) same.clear(), confirmed.clear();
    if (event.kind == Kind::rejected || event.kind == Kind::decided) same[event.candidate].clear();
    if (event.kind == Kind::proposed) same[event.candidate] = {event.actor.id};
    if (event.kind == Kind::confirmed) same[event.candidate].insert(event.actor.id), confirmed[event.candidate] = true;
    if (event.kind == Kind::record_changed && (event.text == "corrected" || event.text == "restored")) {
      same[event.candidate].clear();
      confirmed[event.candidate] = false;
    }
  }
  bool record = false;
  for (std::size_t i = 0; i < the_case.candidates.size(); ++i) {
    const auto& candidate = the_case.candidates[i];
    const int index = static_cast<int>(i);
    if (candidate.decided && candidate.verdict == Verdict::same_person) {
      if (!confirmed[index] || same[index].size() < 2) FAIL("confirmed without two people");
      record |= !candidate.gone && !candidate.hit.under_appeal;
    }
  }
  if ((the_case.state == CaseState::closed_record) != record) FAIL("a record that is none, or none that is one");
}

struct Tried {
  std::uint64_t sequences = 0, taken = 0;
  std::set<CaseState> states;
};

void try_all(const Case& the_case, const Oracle& oracle, const std::vector<Action>& actions, int left, Tried& tried) {
  ++tried.sequences;
  tried.states.insert(the_case.state);
  if (left == 0) return;
  for (const Action& action : actions) {
    Case next_case = the_case;
    Oracle next = oracle;
    const bool expected = next.take(action);
    const bool taken = take(next_case, oracle, action);
    if (taken != expected || next_case.state != next.state() ||
        next_case.events.size() != the_case.events.size() + taken) {
      CAPTURE(static_cast<int>(action.what), action.candidate, action.actor->id, taken, expected);
      CAPTURE(to_string(the_case.state), to_string(next_case.state), to_string(next.state()));
      FAIL("the case does not do what the oracle says");
    }
    if (!taken) continue;  // nothing changed: the same tree again
    ++tried.taken;
    check_promises(next_case);
    try_all(next_case, next, actions, left - 1, tried);
  }
}

TEST_CASE("every sequence of actions by three people and the register leaves a case as the oracle says") {
  std::vector<Action> actions;
  for (const int candidate : {0, 1}) {
    for (const Actor* actor : {&kAli, &kBala}) {
      for (const What what : {What::same, What::not_same, What::more}) actions.push_back({what, actor, candidate});
    }
  }
  actions.push_back({What::not_same, &kSchool, 0});
  actions.push_back({What::reopen, &kAli, 0});
  for (const What what : {What::quash, What::restore, What::correct, What::appeal, What::appeal_ends}) {
    actions.push_back({what, &kRegistrar, 0});
  }
  Tried tried;
  try_all(two_candidates(), {}, actions, 5, tried);
  CHECK(tried.states.size() == 5);
  CHECK(tried.taken > 30'000);
}

TEST_CASE("longer sequences about one record, with its appeal and its end, hold too") {
  Case the_case = two_candidates();
  the_case.candidates.pop_back();
  Oracle oracle;
  oracle.candidates[1].gone = true;  // there is no second
  std::vector<Action> actions;
  for (const Actor* actor : {&kAli, &kBala}) {
    for (const What what : {What::same, What::not_same}) actions.push_back({what, actor, 0});
  }
  for (const What what : {What::quash, What::restore, What::appeal, What::appeal_ends}) {
    actions.push_back({what, &kRegistrar, 0});
  }
  actions.push_back({What::reopen, &kBala, 0});
  Tried tried;
  try_all(the_case, oracle, actions, 7, tried);
  CHECK(tried.taken > 5'000);
}

TEST_CASE("a record under appeal is nobody's record until the appeal has ended") {
  Case the_case = two_candidates();
  the_case.candidates.pop_back();
  the_case.candidates.front().hit.under_appeal = true;
  REQUIRE(decide_candidate(the_case, kAli, 0, Verdict::same_person, "same number", 1));
  REQUIRE(decide_candidate(the_case, kBala, 0, Verdict::same_person, "photo", 2));
  CHECK(the_case.state == CaseState::open);
  CHECK(outcome_of(the_case, IncompleteReason::none) == Outcome::refer);
  RecordNow now;
  now.content = "0";
  CHECK(follow_record(the_case, kRegistrar, 0, now, {}, 3));
  CHECK(the_case.state == CaseState::closed_record);
  CHECK(outcome_of(the_case, IncompleteReason::none) == Outcome::record);
  CHECK_FALSE(follow_record(the_case, kRegistrar, 0, now, {}, 4));
}

TEST_CASE("rejecting all candidates of a search that was not whole is incomplete, never no record") {
  Case the_case = two_candidates();
  for (const int candidate : {0, 1}) {
    REQUIRE(decide_candidate(the_case, kAli, candidate, Verdict::not_same, "another birth year", 1));
  }
  CHECK(the_case.state == CaseState::closed_no_record);
  CHECK(outcome_of(the_case, IncompleteReason::none) == Outcome::no_record);
  for (const IncompleteReason reason :
       {IncompleteReason::too_little_data, IncompleteReason::too_vague, IncompleteReason::cut_short,
        IncompleteReason::stale_index, IncompleteReason::missing_register, IncompleteReason::stale_register,
        IncompleteReason::no_consent}) {
    CHECK(outcome_of(the_case, reason) == Outcome::incomplete);
  }
}

TEST_CASE("decisions need a reason, a caseworker and a candidate that is there") {
  Case the_case = two_candidates();
  CHECK(decide_candidate(the_case, kAli, 0, Verdict::not_same, "  ", 1).error().code == ErrorCode::invalid_input);
  CHECK(decide_candidate(the_case, kAli, 2, Verdict::not_same, "x", 1).error().code == ErrorCode::invalid_input);
  CHECK(decide_candidate(the_case, kAli, -1, Verdict::not_same, "x", 1).error().code == ErrorCode::invalid_input);
  CHECK(decide_candidate(the_case, kSchool, 0, Verdict::not_same, "x", 1).error().code == ErrorCode::permission);
  CHECK(assign_case(the_case, kSchool, "ali", 1).error().code == ErrorCode::permission);
  CHECK(note_on_case(the_case, kSchool, "his brother is meant", 1));
  CHECK(note_on_case(the_case, {"other", "school-2", Role::submitter}, "x", 1).error().code == ErrorCode::permission);
  CHECK(the_case.events.size() == 2);
}

TEST_CASE("a corrected record that no longer matches is no candidate any more") {
  Case the_case = two_candidates();
  REQUIRE(decide_candidate(the_case, kAli, 1, Verdict::not_same, "x", 1));
  RecordNow now;
  now.content = "corrected";
  CHECK(follow_record(the_case, kRegistrar, 0, now, Rejudged{true, std::nullopt}, 2));
  CHECK(the_case.candidates[0].gone);
  CHECK(the_case.state == CaseState::closed_no_record);
  Hit again = the_case.candidates[0].hit;
  again.score = Bits::whole(20);
  now.content = "once more";
  CHECK(follow_record(the_case, kRegistrar, 0, now, Rejudged{true, again}, 3));
  CHECK_FALSE(the_case.candidates[0].gone);
  CHECK(the_case.candidates[0].hit.score == Bits::whole(20));
  CHECK(the_case.state == CaseState::open);
}

}  // namespace
}  // namespace semak
