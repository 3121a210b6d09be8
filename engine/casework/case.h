// A referral on its way to a decision. Nothing in it is ever deleted: what happens is appended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "engine/decision.h"

namespace semak {

enum class CaseState : std::uint8_t {
  open = 1,          // some candidate is undecided, or a confirmed record is under appeal
  needs_more,        // a caseworker asked the submitter for more
  awaiting_second,   // somebody proposed "same person": a second, different person must confirm
  closed_no_record,  // no candidate is the same person; what was not searched whole stays incomplete
  closed_record,     // two people confirmed a candidate that is not under appeal
};
const char* to_string(CaseState state);

enum class Verdict : std::uint8_t { same_person = 1, not_same, need_more };
const char* to_string(Verdict verdict);

struct CaseEvent {
  enum class Kind : std::uint8_t {
    opened = 1,
    assigned,
    note,
    proposed,   // "same person", by the first of two
    confirmed,  // by the second
    rejected,   // a proposal, by somebody else: the candidate is undecided again
    decided,    // "not the same" or "need more"
    reopened,
    record_changed,  // the register changed what a candidate rests on
  };
  Kind kind = Kind::opened;
  std::int64_t time_ms = 0;
  Actor actor;
  int candidate = -1;                    // index into Case::candidates
  Verdict verdict = Verdict::need_more;  // of proposed, confirmed, rejected, decided
  std::string text;                      // reason, note, assignee; sealed at rest
};
const char* to_string(CaseEvent::Kind kind);

struct Case {
  std::string id;
  std::string check_id;
  std::string tenant;  // of the check
  std::string purpose;
  std::string reference;  // the requester's
  CaseState state = CaseState::open;
  std::string assignee;  // actor id; empty: nobody
  std::int64_t opened_ms = 0;
  std::int64_t due_ms = 0;
  int priority =
      0;  // higher first: 10 x the best candidate's probability in bits over the referral threshold, capped 0..1000
  struct Candidate {
    Hit hit;  // as judged: revision, evidence
    Verdict verdict = Verdict::need_more;
    bool decided = false;
    bool more_needed = false;  // undecided, because more must be known of the subject
    std::string proposed_by;   // of same_person, waiting for a second person
    std::string earlier_case;  // the verdict was taken over from a pair decided there
    bool gone = false;         // its record was quashed, withdrawn or no longer matches: nothing to decide
  };
  std::vector<Candidate> candidates;
  std::vector<CaseEvent> events;
  std::uint64_t version = 0;  // counts changes; callers pass it back so that no update is lost
};

}  // namespace semak
