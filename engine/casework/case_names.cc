// Stable names of states, verdicts and events, as JSON and audit entries spell them.
#include "engine/casework/case.h"

namespace semak {

const char* to_string(CaseState state) {
  switch (state) {
    case CaseState::open: return "open";
    case CaseState::needs_more: return "needs_more";
    case CaseState::awaiting_second: return "awaiting_second";
    case CaseState::closed_no_record: return "closed_no_record";
    case CaseState::closed_record: return "closed_record";
  }
  return "open";
}

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::same_person: return "same_person";
    case Verdict::not_same: return "not_same";
    case Verdict::need_more: return "need_more";
  }
  return "need_more";
}

const char* to_string(CaseEvent::Kind kind) {
  switch (kind) {
    case CaseEvent::Kind::opened: return "opened";
    case CaseEvent::Kind::assigned: return "assigned";
    case CaseEvent::Kind::note: return "note";
    case CaseEvent::Kind::proposed: return "proposed";
    case CaseEvent::Kind::confirmed: return "confirmed";
    case CaseEvent::Kind::rejected: return "rejected";
    case CaseEvent::Kind::decided: return "decided";
    case CaseEvent::Kind::reopened: return "reopened";
    case CaseEvent::Kind::record_changed: return "record_changed";
  }
  return "note";
}

}  // namespace semak
