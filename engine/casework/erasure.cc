// What is left of a check after its time: id, who asked, outcome, record revisions, commitment. Without its salt the
// commitment is of nobody.
#include <algorithm>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/casework/case_rules.h"
#include "engine/casework/casework.h"
#include "engine/casework/casework_impl.h"
#include "engine/casework/subject_marks.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

void erase_texts(Case& the_case) {
  the_case.reference.clear();
  for (Case::Candidate& candidate : the_case.candidates) candidate.hit.evidence.clear();
  for (CaseEvent& event : the_case.events) event.text.clear();
}

Subject without_person(const Subject& subject) {
  Subject left;
  left.purpose = subject.purpose;
  left.consent = subject.consent;
  return left;
}

}  // namespace

Status Casework::Impl::erase(const Actor& actor, std::string_view check_id, std::string_view basis) {
  const Desk::Hold hold = desk.hold("check:" + std::string(check_id));
  SEMAK_TRY(StoredCheck stored, need_check(check_id));
  Check& check = stored.check;
  if (check.erased) return {};
  WriteSet changes;
  if (!check.case_id.empty()) {
    SEMAK_TRY(auto the_case, find_case(check.case_id));
    if (the_case && !is_closed(the_case->state)) {
      return Error{ErrorCode::invalid_input, "case " + check.case_id + " of this check is open; close it first"};
    }
    if (the_case) {
      erase_texts(*the_case);
      changes.put(family(DeskFamily::cases), the_case->id, encode_case(*the_case, /*erased=*/true, keys()));
    }
  }
  const std::string subject_key = newest_first(subject_prefix(check.subject_mark), check.time_ms, check.id);
  changes.remove(family(DeskFamily::check_index), subject_key);
  for (const std::string& number : folded_numbers(check.request.subject)) {
    changes.remove(family(DeskFamily::check_index), number_prefix(keys().mark(kNumberMark, number)) + check.id);
  }
  std::string retain(kRetainPrefix);
  append_key64(retain, static_cast<std::uint64_t>(stored.retain_until_ms));
  changes.remove(family(DeskFamily::check_index), retain + check.id);
  // A pair is kept under the subject's mark: it goes with the last that is kept of the subject.
  SEMAK_TRY(const auto others, keys_below(DeskFamily::check_index, subject_prefix(check.subject_mark), 2));
  const std::string pairs = check.subject_mark + ":";
  if (others.size() < 2) changes.remove_range(family(DeskFamily::decisions), pairs, check.subject_mark + ";");
  check.erased = true;
  check.request = CheckRequest{without_person(check.request.subject), {}, {}};
  check.subject_mark.clear();
  check.salt.clear();
  put_check(stored, changes);

  AuditEvent event;
  event.kind = AuditKind::erasure;
  event.actor = actor;
  event.object = check.id;
  event.details = AuditDetails().text("basis", basis).text("commitment", check.commitment).json();
  return commit(changes, {event});
}

Status Casework::Impl::leave_no_trace() {
  static constexpr DeskFamily kHeld[] = {DeskFamily::checks, DeskFamily::check_index, DeskFamily::cases,
                                         DeskFamily::decisions};
  return desk.rewrite(kHeld);
}

Result<std::uint64_t> Casework::erase_expired(const Actor& actor, std::int64_t now_ms) {
  constexpr std::size_t kAtOnce = 1000;
  std::uint64_t erased = 0;
  std::string after;
  bool more = true;
  while (more) {
    SEMAK_TRY(const auto due, impl_->keys_below(DeskFamily::check_index, kRetainPrefix, kAtOnce, after));
    if (due.empty()) break;
    for (const std::string& rest : due) {
      after = std::string(kRetainPrefix) + rest;
      if (rest.size() < 8) continue;
      more = static_cast<std::int64_t>(read_key64(rest.data())) <= now_ms;
      if (!more) break;
      const Status done = impl_->erase(actor, std::string_view(rest).substr(8), "retention");
      if (done) ++erased;
      if (!done && done.error().code != ErrorCode::invalid_input) return done.error();
    }
  }
  if (erased > 0) SEMAK_TRY_STATUS(impl_->leave_no_trace());
  return erased;
}

Status Casework::erase(const Actor& actor, std::string_view check_id, std::string reason) {
  if (actor.role == Role::submitter || actor.role == Role::auditor) {
    return Error{ErrorCode::permission, "this role cannot erase checks"};
  }
  if (reason.empty()) return Error{ErrorCode::invalid_input, "erasing needs a reason"};
  SEMAK_TRY_STATUS(impl_->erase(actor, check_id, "request"));
  return impl_->leave_no_trace();
}

}  // namespace semak
