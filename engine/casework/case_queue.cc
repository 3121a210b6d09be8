// Cases as people work on them: the queue, and what they do to a case.
#include <algorithm>
#include <utility>

#include "engine/casework/case_rules.h"
#include "engine/casework/casework.h"
#include "engine/casework/casework_impl.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

bool wanted(const Case& the_case, const CaseFilter& filter) {
  if (!filter.assignee.empty() && the_case.assignee != filter.assignee) return false;
  if (!filter.tenant.empty() && the_case.tenant != filter.tenant) return false;
  if (!filter.purpose.empty() && the_case.purpose != filter.purpose) return false;
  return filter.text.empty() || the_case.id.find(filter.text) != std::string::npos ||
         the_case.reference.find(filter.text) != std::string::npos;
}

std::string hold_name(std::string_view check_id) { return "check:" + std::string(check_id); }

Error no_case(std::string_view id) { return Error{ErrorCode::not_found, "there is no case " + std::string(id)}; }

}  // namespace

Result<std::optional<Case>> Casework::find_case(std::string_view id) const {
  SEMAK_TRY_STATUS(impl_->may_tell());
  return impl_->find_case(id);
}

Result<std::vector<Case>> Casework::queue(const CaseFilter& filter) const {
  SEMAK_TRY_STATUS(impl_->may_tell());
  const std::string prefix(filter.closed ? kClosedPrefix : kOpenPrefix);
  std::string after;
  if (!filter.after.empty()) {
    SEMAK_TRY(const auto last, impl_->find_case(filter.after));
    if (!last) return no_case(filter.after);
    after = queue_key(*last);
  }
  const std::size_t id_at = filter.closed ? 1 + 8 : 1 + 4 + 8;
  std::vector<Case> found;
  Cursor cursor = impl_->database().cursor(family(DeskFamily::case_index), Database::Access::point);
  for (cursor.seek(after.starts_with(prefix) ? after : prefix); cursor.valid() && found.size() < filter.cases_max;
       cursor.next()) {
    const std::string_view key = cursor.key();
    if (!key.starts_with(prefix)) break;
    if (key == after || key.size() <= id_at) continue;
    SEMAK_TRY(auto one, impl_->find_case(key.substr(id_at)));
    if (one && wanted(*one, filter)) found.push_back(*std::move(one));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

Result<CaseCounts> Casework::counts() const {
  CaseCounts counts;
  const std::int64_t now_ms = clock_ms();
  Cursor cursor = impl_->database().cursor(family(DeskFamily::case_index), Database::Access::scan);
  for (cursor.seek(kOpenPrefix); cursor.valid() && cursor.key().starts_with(kOpenPrefix); cursor.next()) {
    ByteReader in(cursor.value());
    const auto state = static_cast<CaseState>(in.byte());
    const auto opened_ms = static_cast<std::int64_t>(in.fixed64());
    const auto due_ms = static_cast<std::int64_t>(in.fixed64());
    if (!in.at_end()) return Error{ErrorCode::corruption, "the queue of cases is damaged"};
    if (state == CaseState::awaiting_second) ++counts.awaiting_second;
    if (state == CaseState::needs_more) ++counts.needs_more;
    if (state == CaseState::open) ++counts.open;
    if (due_ms < now_ms) ++counts.overdue;
    if (counts.oldest_ms == 0 || opened_ms < counts.oldest_ms) counts.oldest_ms = opened_ms;
  }
  SEMAK_TRY_STATUS(cursor.status());
  return counts;
}

Result<Case> Casework::Impl::change_case(std::string_view id, std::uint64_t version,
                                         const std::function<Status(Case&, WriteSet&, const StoredCheck&)>& change) {
  SEMAK_TRY(const auto known, find_case(id));
  if (!known) return no_case(id);
  const Desk::Hold hold = desk.hold(hold_name(known->check_id));
  SEMAK_TRY(const auto found, find_case(id));
  if (!found) return no_case(id);
  const Case& before = *found;
  if (before.version != version) {
    return Error{ErrorCode::busy, "case " + before.id + " was changed by somebody else meanwhile; read it again"};
  }
  SEMAK_TRY(StoredCheck stored, need_check(before.check_id));
  Case after = before;
  WriteSet changes;
  SEMAK_TRY_STATUS(change(after, changes, stored));
  ++after.version;
  std::vector<AuditEvent> events;
  put_case(after, &before, stored, changes, events);
  put_check(stored, changes);
  SEMAK_TRY_STATUS(commit(changes, std::move(events)));
  return after;
}

Result<Case> Casework::assign(const Actor& actor, std::string_view id, std::uint64_t version, std::string assignee) {
  return impl_->change_case(id, version, [&](Case& the_case, WriteSet&, const StoredCheck&) {
    return assign_case(the_case, actor, std::move(assignee), clock_ms());
  });
}

Result<Case> Casework::note(const Actor& actor, std::string_view id, std::uint64_t version, std::string text) {
  return impl_->change_case(id, version, [&](Case& the_case, WriteSet&, const StoredCheck&) {
    return note_on_case(the_case, actor, std::move(text), clock_ms());
  });
}

Result<Case> Casework::decide(const Actor& actor, std::string_view id, std::uint64_t version, int candidate,
                              Verdict verdict, std::string reason) {
  return impl_->change_case(id, version, [&](Case& the_case, WriteSet& changes, const StoredCheck& stored) -> Status {
    const std::int64_t now_ms = clock_ms();
    SEMAK_TRY_STATUS(decide_candidate(the_case, actor, candidate, verdict, std::move(reason), now_ms));
    if (the_case.candidates[static_cast<std::size_t>(candidate)].decided) {
      impl_->put_pair(stored, the_case, candidate, now_ms, changes);
    }
    return {};
  });
}

Result<Case> Casework::reopen(const Actor& actor, std::string_view id, std::uint64_t version, std::string reason) {
  std::vector<std::string> doubtful = {std::string(id)};
  const auto change = [&](Case& the_case, WriteSet& changes, const StoredCheck& stored) -> Status {
    if (stored.check.erased) {
      return Error{ErrorCode::invalid_input, "the subject of this case was erased; there is nothing to compare"};
    }
    const std::vector<Case::Candidate> before = the_case.candidates;
    const std::int64_t now_ms = clock_ms();
    SEMAK_TRY_STATUS(reopen_case(the_case, actor, std::move(reason), now_ms));
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!before[i].decided) continue;
      impl_->put_pair(stored, the_case, static_cast<int>(i), now_ms, changes);
      if (!before[i].earlier_case.empty()) doubtful.push_back(before[i].earlier_case);
    }
    std::string cases;
    for (const std::string& one : doubtful) append_text(cases, one);
    changes.put(family(DeskFamily::meta), std::string(kReopenedPrefix) + the_case.id, cases);
    return {};
  };
  SEMAK_TRY(Case reopened, impl_->change_case(id, version, change));
  SEMAK_TRY_STATUS(impl_->reopen_taken_over(actor, id, doubtful));
  return reopened;
}

Status Casework::take_up(const Actor& actor) {
  SEMAK_TRY(const auto ids, impl_->keys_below(DeskFamily::meta, kReopenedPrefix, SIZE_MAX));
  for (const std::string& id : ids) {
    SEMAK_TRY(const auto bytes, impl_->database().get(family(DeskFamily::meta), std::string(kReopenedPrefix) + id));
    std::vector<std::string> cases;
    ByteReader in(bytes ? std::string_view(*bytes) : std::string_view());
    while (in.ok() && !in.at_end()) cases.emplace_back(in.text());
    SEMAK_TRY_STATUS(impl_->reopen_taken_over(actor, id, cases));
  }
  return {};
}

Status Casework::Impl::reopen_taken_over(const Actor& actor, std::string_view case_id,
                                         std::span<const std::string> cases) {
  SEMAK_TRY(const auto reopened, find_case(case_id));
  if (!reopened) return no_case(case_id);
  SEMAK_TRY(const StoredCheck stored, need_check(reopened->check_id));
  std::vector<std::string> rests;  // a subject that was erased meanwhile is in no other check that could be found
  if (!stored.check.erased) {
    SEMAK_TRY(rests, keys_below(DeskFamily::check_index, subject_prefix(stored.check.subject_mark), SIZE_MAX));
  }
  for (const std::string& rest : rests) {
    if (rest.size() < 8) continue;
    const std::string_view id = std::string_view(rest).substr(8);
    if (id != reopened->check_id) SEMAK_TRY_STATUS(reopen_taken_over_by(actor, id, cases));
  }
  WriteSet done;
  done.remove(family(DeskFamily::meta), std::string(kReopenedPrefix) + std::string(case_id));
  return commit(done, {});
}

Status Casework::Impl::reopen_taken_over_by(const Actor& actor, std::string_view check_id,
                                            std::span<const std::string> cases) {
  const Desk::Hold hold = desk.hold(hold_name(check_id));
  SEMAK_TRY(auto found, find_check(check_id));
  if (!found || found->check.answer.outcome != Outcome::refer) return {};
  StoredCheck& stored = *found;
  std::optional<Case> before;
  if (!stored.check.case_id.empty()) {
    SEMAK_TRY(before, find_case(stored.check.case_id));
  }
  const std::int64_t now_ms = clock_ms();
  Case after = before ? *before : make_case(stored, now_ms);
  if (!drop_verdicts_of(after, actor, cases, now_ms)) return {};
  if (before) ++after.version;
  WriteSet changes;
  std::vector<AuditEvent> events;
  put_case(after, before ? &*before : nullptr, stored, changes, events);
  put_check(stored, changes);
  return commit(changes, std::move(events));
}

Result<bool> Casework::Impl::follow(const Actor& actor, std::string_view check_id, std::string_view register_name,
                                    std::string_view record_id, const RecordNow& as_told, const Rejudge& rejudge) {
  const Desk::Hold hold = desk.hold(hold_name(check_id));
  SEMAK_TRY(auto found, find_check(check_id));
  if (!found || found->check.answer.outcome != Outcome::refer) return false;
  StoredCheck& stored = *found;
  const std::int64_t now_ms = clock_ms();
  std::optional<Case> before;
  if (!stored.check.case_id.empty()) {
    SEMAK_TRY(before, find_case(stored.check.case_id));
  }
  // A check answered by earlier verdicts alone has no case yet.
  Case after = before ? *before : make_case(stored, now_ms);
  const auto named = std::find_if(after.candidates.begin(), after.candidates.end(), [&](const Case::Candidate& one) {
    return one.hit.register_name == register_name && one.hit.record_id == record_id;
  });
  if (named == after.candidates.end()) return false;
  Rejudged rejudged;
  RecordNow now = as_told;
  WriteSet changes;
  if (now.withdrawn() && !named->gone && rejudge) {
    SEMAK_TRY(rejudged.hit, rejudge(stored.check));
    const auto stands = [&](const Case::Candidate& one) {
      return one.hit.register_name == register_name && one.hit.record_id == rejudged.hit->record_id;
    };
    if (rejudged.hit && std::none_of(after.candidates.begin(), after.candidates.end(), stands)) {
      rejudged.asked = true;
      now = {true, rejudged.hit->under_appeal, rejudged.hit->revision, rejudged.hit->content, {}};
      changes.put(family(DeskFamily::check_index),
                  record_prefix(register_name, rejudged.hit->record_id) + stored.check.id, "");
    } else {
      rejudged.hit.reset();
    }
  }
  const bool judged_anew = !rejudged.asked && now.answerable && (named->gone || named->hit.content != now.content);
  if (judged_anew && stored.check.erased) return false;  // nobody can compare
  if (judged_anew && rejudge) {
    rejudged.asked = true;
    SEMAK_TRY(rejudged.hit, rejudge(stored.check));
  }
  const auto index = static_cast<int>(named - after.candidates.begin());
  if (!follow_record(after, actor, index, now, rejudged, now_ms)) return false;
  if (before) ++after.version;
  const Outcome outcome = stored.check.outcome;
  std::vector<AuditEvent> events;
  put_case(after, before ? &*before : nullptr, stored, changes, events);
  put_check(stored, changes);
  SEMAK_TRY_STATUS(commit(changes, std::move(events)));
  return stored.check.outcome != outcome;
}

Result<std::vector<std::string>> Casework::record_changed(const Actor& actor, std::string_view register_name,
                                                          std::string_view record_id, const RecordNow& now,
                                                          const Rejudge& rejudge) {
  SEMAK_TRY(const auto checks, checks_naming(register_name, record_id));
  std::vector<std::string> turned;
  for (const std::string& id : checks) {
    SEMAK_TRY(const bool differs, impl_->follow(actor, id, register_name, record_id, now, rejudge));
    if (differs) turned.push_back(id);
  }
  return turned;
}

}  // namespace semak
