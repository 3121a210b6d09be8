#include "engine/casework/casework_impl.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/casework/case_rules.h"
#include "engine/casework/subject_marks.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

std::string with_text(char kind, std::string_view text) {
  std::string key(1, kind);
  append_text(key, text);
  return key;
}

std::string pair_key(std::string_view mark, std::string_view content) {
  return std::string(mark) + ":" + std::string(content);
}

// Open cases are counted by this without being read.
std::string queue_value(const Case& the_case) {
  std::string value(1, static_cast<char>(the_case.state));
  append_fixed64(value, static_cast<std::uint64_t>(the_case.opened_ms));
  append_fixed64(value, static_cast<std::uint64_t>(the_case.due_ms));
  return value;
}

AuditEvent event_of(const Case& the_case, const CaseEvent& event, Outcome outcome) {
  AuditEvent out;
  out.kind = AuditKind::decision;
  out.actor = event.actor;
  out.object = the_case.id;
  AuditDetails details;
  details.text("check", the_case.check_id).text("event", to_string(event.kind));
  details.text("outcome", to_string(outcome)).text("state", to_string(the_case.state));
  details.number("version", static_cast<std::int64_t>(the_case.version));
  if (event.candidate >= 0) {
    const Hit& hit = the_case.candidates[static_cast<std::size_t>(event.candidate)].hit;
    details.number("candidate", event.candidate).number("revision", static_cast<std::int64_t>(hit.revision.value));
    if (event.kind != CaseEvent::Kind::record_changed) details.text("verdict", to_string(event.verdict));
  }
  if (event.kind == CaseEvent::Kind::assigned) details.text("assignee", the_case.assignee);
  out.details = details.json();
  return out;
}

}  // namespace

std::int64_t clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string check_token(std::string_view check_id) { return "check:" + std::string(check_id); }

std::string tenant_prefix(std::string_view tenant) { return with_text('t', tenant); }
std::string subject_prefix(std::string_view mark) { return with_text('s', mark); }
std::string number_prefix(std::string_view mark) { return with_text('n', mark); }
std::string register_prefix(std::string_view register_name) { return with_text('r', register_name); }

std::string newest_first(std::string prefix, std::int64_t time_ms, std::string_view id) {
  append_key64(prefix, ~static_cast<std::uint64_t>(time_ms));
  return prefix.append(id);
}

std::string queue_key(const Case& the_case) {
  const bool closed = is_closed(the_case.state);
  if (closed) return newest_first(std::string(kClosedPrefix), the_case.opened_ms, the_case.id);
  std::string key(kOpenPrefix);
  append_key32(key, static_cast<std::uint32_t>(1000 - the_case.priority));
  append_key64(key, static_cast<std::uint64_t>(the_case.opened_ms));
  return key + the_case.id;
}

std::string Casework::Impl::record_prefix(std::string_view register_name, std::string_view record_id) const {
  std::string key = register_prefix(register_name);
  append_text(key, keys().mark(kRecordMark, record_id));
  return key;
}

Result<std::optional<StoredCheck>> Casework::Impl::find_check(std::string_view id) {
  SEMAK_TRY(const auto bytes, database().get(family(DeskFamily::checks), id));
  if (!bytes) return std::optional<StoredCheck>();
  SEMAK_TRY(StoredCheck stored, decode_check(id, *bytes, keys()));
  SEMAK_TRY(const auto logged, desk.audit().sequence_of(check_token(id)));
  stored.check.audit_sequence = logged.value_or(0);
  return std::optional<StoredCheck>(std::move(stored));
}

Status Casework::Impl::may_tell() const {
  if (!desk.audit().failed()) return {};
  return Error{ErrorCode::unavailable,
               "the audit log could not be written; nothing is answered until Semak is started again"};
}

Result<std::optional<Check>> Casework::Impl::told_check(std::string_view id) {
  SEMAK_TRY_STATUS(may_tell());
  SEMAK_TRY(auto found, find_check(id));
  const bool told = found && found->check.audit_sequence != 0;
  return told ? std::optional(std::move(found->check)) : std::nullopt;
}

Result<StoredCheck> Casework::Impl::need_check(std::string_view id) {
  SEMAK_TRY(auto found, find_check(id));
  if (!found) return Error{ErrorCode::not_found, "there is no check " + std::string(id)};
  return *std::move(found);
}

Result<std::optional<Case>> Casework::Impl::find_case(std::string_view id) const {
  SEMAK_TRY(const auto bytes, database().get(family(DeskFamily::cases), id));
  if (!bytes) return std::optional<Case>();
  SEMAK_TRY(Case found, decode_case(id, *bytes, keys()));
  return std::optional<Case>(std::move(found));
}

Result<std::vector<std::string>> Casework::Impl::keys_below(DeskFamily which, std::string_view prefix, std::size_t most,
                                                            std::string_view after) const {
  std::vector<std::string> found;
  Cursor cursor = database().cursor(family(which), Database::Access::point);
  for (cursor.seek(after.empty() ? prefix : after); cursor.valid() && found.size() < most; cursor.next()) {
    const std::string_view key = cursor.key();
    if (!key.starts_with(prefix)) break;
    if (key != after) found.emplace_back(key.substr(prefix.size()));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

void Casework::Impl::put_check(const StoredCheck& stored, WriteSet& changes) {
  changes.put(family(DeskFamily::checks), stored.check.id, encode_check(stored, keys()));
}

void Casework::Impl::put_new_check(const StoredCheck& stored, WriteSet& changes) {
  const Check& check = stored.check;
  put_check(stored, changes);
  const auto index = [&](const std::string& key) { changes.put(family(DeskFamily::check_index), key, ""); };
  index(newest_first(tenant_prefix(check.actor.tenant), check.time_ms, check.id));
  index(newest_first(std::string(kAllPrefix), check.time_ms, check.id));
  index(newest_first(subject_prefix(check.subject_mark), check.time_ms, check.id));
  for (const std::string& number : folded_numbers(check.request.subject)) {
    index(number_prefix(keys().mark(kNumberMark, number)) + check.id);
  }
  for (const Hit& hit : check.answer.hits) index(record_prefix(hit.register_name, hit.record_id) + check.id);
  std::string retain(kRetainPrefix);
  append_key64(retain, static_cast<std::uint64_t>(stored.retain_until_ms));
  index(retain + check.id);
}

void Casework::Impl::put_case(const Case& the_case, const Case* before, StoredCheck& stored, WriteSet& changes,
                              std::vector<AuditEvent>& events) {
  const std::string key = queue_key(the_case);
  if (before != nullptr && queue_key(*before) != key) {
    changes.remove(family(DeskFamily::case_index), queue_key(*before));
  }
  changes.put(family(DeskFamily::case_index), key, queue_value(the_case));
  changes.put(family(DeskFamily::cases), the_case.id, encode_case(the_case, stored.check.erased, keys()));
  const Outcome outcome = outcome_of(the_case, stored.check.answer.reason);
  stored.check.outcome = outcome;
  stored.check.case_id = the_case.id;
  if (outcome == Outcome::incomplete) stored.check.valid_until_ms = 0;
  for (std::size_t i = before == nullptr ? 0 : before->events.size(); i < the_case.events.size(); ++i) {
    events.push_back(event_of(the_case, the_case.events[i], outcome));
  }
}

void Casework::Impl::put_pair(const StoredCheck& stored, const Case& the_case, int candidate, std::int64_t time_ms,
                              WriteSet& changes) {
  const Case::Candidate& one = the_case.candidates[static_cast<std::size_t>(candidate)];
  if (stored.check.subject_mark.empty() || one.hit.content.empty()) return;
  if (!is_one_person(stored.check.request.subject)) return;
  const std::string key = pair_key(stored.check.subject_mark, one.hit.content);
  if (!one.decided) return changes.remove(family(DeskFamily::decisions), key);
  changes.put(family(DeskFamily::decisions), key, encode_pair({one.verdict, the_case.id, candidate, time_ms}, key));
}

Status Casework::Impl::take_over_verdicts(StoredCheck& stored) {
  if (!is_one_person(stored.check.request.subject)) return {};
  std::vector<std::string> wanted;
  std::vector<std::size_t> of;
  const std::vector<Hit>& hits = stored.check.answer.hits;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (!hits[i].refers || hits[i].content.empty()) continue;
    wanted.push_back(pair_key(stored.check.subject_mark, hits[i].content));
    of.push_back(i);
  }
  if (wanted.empty()) return {};
  SEMAK_TRY(const auto values, database().multi_get(family(DeskFamily::decisions), wanted));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    SEMAK_TRY(const DecidedPair pair, decode_pair(wanted[i], *values[i]));
    stored.taken[of[i]] = {pair.verdict, pair.case_id};
  }
  return {};
}

Status Casework::Impl::commit(const WriteSet& changes, std::vector<AuditEvent> events) {
  SEMAK_TRY(const std::uint64_t last, desk.commit(changes, std::move(events)));
  static_cast<void>(last);
  return {};
}

void IdsAtWork::enter(const std::vector<std::string>& ids) {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] {
    return std::none_of(ids.begin(), ids.end(), [this](const std::string& id) { return ids_.contains(id); });
  });
  ids_.insert(ids.begin(), ids.end());
}

void IdsAtWork::leave(const std::vector<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  for (const std::string& id : ids) ids_.erase(id);
  if (!ids.empty()) left_.notify_all();
}

}  // namespace semak
