#include "engine/casework/casework.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/casework/case_rules.h"
#include "engine/casework/casework_impl.h"
#include "engine/casework/subject_marks.h"
#include "engine/check.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kSaltBytes = 16;

double log_odds(double probability) {
  const double p = std::clamp(probability, 1e-12, 1 - 1e-12);
  return std::log2(p / (1 - p));
}

int priority_of(const Case& the_case, double refer_probability) {
  double best = -1e9;
  for (const Case::Candidate& candidate : the_case.candidates) best = std::max(best, candidate.hit.probability);
  const double over = 10 * (log_odds(best) - log_odds(refer_probability));
  return static_cast<int>(std::clamp(over, 0.0, 1000.0));
}

// Without the screener's word every hit that is likely enough refers; a referral by none of them is one by all.
void mark_candidates(Answer& answer, const Policy& policy) {
  const auto refers = [](const Hit& hit) { return hit.refers; };
  if (std::any_of(answer.hits.begin(), answer.hits.end(), refers)) return;
  for (Hit& hit : answer.hits) hit.refers = hit.probability >= policy.refer_probability;
  if (std::any_of(answer.hits.begin(), answer.hits.end(), refers)) return;
  for (Hit& hit : answer.hits) hit.refers = true;
}

// Whether a register's list of hits is full of candidates: there may be more of them that nobody has judged.
bool list_is_full(const Answer& answer, const Policy& policy) {
  std::map<std::string_view, std::pair<int, bool>> lists;  // hits, whether the last one refers
  for (const Hit& hit : answer.hits) {
    auto& [count, last_refers] = lists[hit.register_name];
    ++count;
    last_refers = hit.refers;
  }
  return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
    return list.second.first >= std::max(policy.top, 1) && list.second.second;
  });
}

// The end of a day in milliseconds since 1970; 0 if it is not known to the day.
std::int64_t end_of(PartialDate date) {
  if (!date.has_day()) return 0;
  const std::chrono::year_month_day day{std::chrono::year{date.year}, std::chrono::month{date.month},
                                        std::chrono::day{date.day}};
  return (std::chrono::sys_days(day).time_since_epoch().count() + 1) * kDayMs - 1;
}

std::int64_t valid_until(const Check& check, const Policy& policy) {
  if (check.answer.outcome == Outcome::incomplete) return 0;
  const std::int64_t until = check.time_ms + policy.valid_days * kDayMs;
  const auto& standing = check.answer.standing;
  if (!standing || standing->state != StandingState::fit) return until;
  const std::int64_t end = end_of(standing->valid_to);
  return end == 0 ? until : std::max(check.time_ms, std::min(until, end));
}

AuditEvent event_of(const Check& check) {
  AuditEvent event;
  event.kind = AuditKind::check;
  event.actor = check.actor;
  event.object = check.id;
  event.token = check_token(check.id);
  std::string revisions;
  for (const Hit& hit : check.answer.hits) {
    revisions += fmt::format("{}{}", revisions.empty() ? "" : ",", hit.revision.value);
  }
  AuditDetails details;
  details.text("batch", check.batch_id).text("case", check.case_id).text("commitment", check.commitment);
  details.number("generation", static_cast<std::int64_t>(check.answer.generation.value));
  details.text("outcome", to_string(check.outcome)).text("policy", check.policy_id);
  details.text("reason", to_string(check.answer.reason)).text("revisions", revisions);
  if (check.answer.standing) details.text("standing", to_string(check.answer.standing->state));
  details.number("time_ms", check.time_ms).number("valid_until_ms", check.valid_until_ms);
  event.details = details.json();
  return event;
}

}  // namespace

Casework::Casework(Desk& desk) : impl_(std::make_unique<Impl>(desk)) {}
Casework::~Casework() = default;

Case Casework::Impl::make_case(const StoredCheck& stored, std::int64_t now_ms) const {
  const Check& check = stored.check;
  Case out;
  out.id = new_id();
  out.check_id = check.id;
  out.tenant = check.actor.tenant;
  out.purpose = check.request.subject.purpose;
  out.reference = check.request.subject.reference;
  out.opened_ms = now_ms;
  out.due_ms = now_ms + stored.case_days * kDayMs;
  out.version = 1;
  for (std::size_t i = 0; i < check.answer.hits.size(); ++i) {
    if (!check.answer.hits[i].refers) continue;
    Case::Candidate candidate;
    candidate.hit = check.answer.hits[i];
    candidate.verdict = stored.taken[i].verdict;
    candidate.decided = candidate.verdict != Verdict::need_more;
    candidate.earlier_case = stored.taken[i].case_id;
    out.candidates.push_back(std::move(candidate));
  }
  out.priority = priority_of(out, stored.refer_probability);
  out.events.push_back({CaseEvent::Kind::opened, now_ms, check.actor, -1, Verdict::need_more, ""});
  out.state = state_of(out);
  return out;
}

// Fills what is left open in a new check and writes it down, with its case if it needs one.
Status Casework::Impl::draft(Check& check, const Policy& policy, WriteSet& changes, std::vector<AuditEvent>& events) {
  if (check.id.empty()) check.id = new_id();
  if (check.time_ms == 0) check.time_ms = clock_ms();
  const std::string fingerprint = subject_fingerprint(check.request.subject);
  check.salt = random_bytes(kSaltBytes);
  const Hash256 commitment = hash256(check.salt + fingerprint);
  check.commitment = hex({reinterpret_cast<const char*>(commitment.data()), commitment.size()});
  check.subject_mark = keys().mark(kSubjectMark, fingerprint);
  check.outcome = check.answer.outcome;
  check.valid_until_ms = valid_until(check, policy);
  SEMAK_CHECK(check.outcome != Outcome::record);  // only people make one

  StoredCheck stored;
  stored.retain_until_ms = check.time_ms + policy.retain_days * kDayMs;
  stored.case_days = policy.case_days;
  stored.refer_probability = policy.refer_probability;
  if (check.outcome != Outcome::refer) {
    for (Hit& hit : check.answer.hits) hit.refers = false;
    stored.check = check;
    stored.taken.resize(check.answer.hits.size());
    events.push_back(event_of(check));
    put_new_check(stored, changes);
    return {};
  }
  mark_candidates(check.answer, policy);
  if (check.answer.reason == IncompleteReason::none && list_is_full(check.answer, policy)) {
    check.answer.reason = IncompleteReason::cut_short;
  }
  stored.check = check;
  stored.taken.resize(check.answer.hits.size());
  SEMAK_TRY_STATUS(take_over_verdicts(stored));
  const Case the_case = make_case(stored, check.time_ms);
  std::vector<AuditEvent> of_case;
  if (is_closed(the_case.state)) {
    stored.check.outcome = outcome_of(the_case, check.answer.reason);
    if (stored.check.outcome == Outcome::incomplete) stored.check.valid_until_ms = 0;
  } else {
    put_case(the_case, nullptr, stored, changes, of_case);
  }
  check = stored.check;
  events.push_back(event_of(check));
  events.insert(events.end(), of_case.begin(), of_case.end());
  put_new_check(stored, changes);
  return {};
}

Status Casework::add(std::span<Check> checks, std::span<const Policy> policies, std::vector<AuditEvent> events) {
  SEMAK_CHECK(policies.size() == checks.size() || policies.size() == 1);
  SEMAK_TRY_STATUS(impl_->may_tell());
  const auto given = [](const Check& check) { return !check.id.empty(); };
  std::vector<std::string> ids;
  for (const Check& check : checks) {
    if (given(check)) ids.push_back(check.id);
  }
  const IdsAtWork::Lease lease(impl_->at_work, std::move(ids));

  WriteSet changes;
  std::vector<AuditEvent> all;
  std::map<std::string, std::size_t> fresh;  // by id: where in `checks`
  std::vector<std::pair<std::size_t, std::size_t>> repeated, logged;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (given(checks[i])) {
      if (const auto same = fresh.find(checks[i].id); same != fresh.end()) {
        repeated.emplace_back(i, same->second);
        continue;
      }
      SEMAK_TRY(auto known, impl_->find_check(checks[i].id));
      if (known) {
        checks[i] = std::move(known->check);
        continue;
      }
    }
    logged.emplace_back(i, all.size());  // a check's own event comes before its case's
    SEMAK_TRY_STATUS(impl_->draft(checks[i], policies[policies.size() == 1 ? 0 : i], changes, all));
    fresh.emplace(checks[i].id, i);
  }
  all.insert(all.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  const std::size_t count = all.size();
  if (!changes.empty() || !all.empty()) {
    SEMAK_TRY(const std::uint64_t last, impl_->desk.commit(changes, std::move(all)));
    for (const auto& [at, position] : logged) checks[at].audit_sequence = last - (count - 1 - position);
  }
  for (const auto& [copy, original] : repeated) checks[copy] = checks[original];
  return {};
}

Result<std::optional<Check>> Casework::check(std::string_view id) const { return impl_->told_check(id); }

Result<std::vector<Check>> Casework::checks(const CheckFilter& filter) const {
  const std::string prefix = filter.tenant.empty() ? std::string(kAllPrefix) : tenant_prefix(filter.tenant);
  std::string from = filter.to_ms > 0 ? newest_first(prefix, filter.to_ms, "") : prefix;
  if (!filter.before.empty()) {
    SEMAK_TRY(const StoredCheck last, impl_->need_check(filter.before));
    from = newest_first(prefix, last.check.time_ms, filter.before) + '\0';
  }
  std::vector<Check> found;
  Cursor cursor = impl_->database().cursor(family(DeskFamily::check_index), Database::Access::point);
  for (cursor.seek(from); cursor.valid() && found.size() < filter.checks_max; cursor.next()) {
    if (!cursor.key().starts_with(prefix)) break;
    const std::string_view rest = cursor.key().substr(prefix.size());
    if (rest.size() < 8) continue;
    const auto time_ms = static_cast<std::int64_t>(~read_key64(rest.data()));
    if (filter.from_ms > 0 && time_ms < filter.from_ms) break;
    SEMAK_TRY(auto told, impl_->told_check(rest.substr(8)));
    if (!told) continue;
    const Check& check = *told;
    if (filter.outcome && check.outcome != *filter.outcome) continue;
    if (!filter.purpose.empty() && check.request.subject.purpose != filter.purpose) continue;
    if (!filter.batch_id.empty() && check.batch_id != filter.batch_id) continue;
    if (!filter.reference.empty() && check.request.subject.reference != filter.reference) continue;
    found.push_back(*std::move(told));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

Result<std::vector<Check>> Casework::checks_of(const Subject& subject) const {
  const std::string mark = impl_->keys().mark(kSubjectMark, subject_fingerprint(subject));
  SEMAK_TRY(const auto rests, impl_->keys_below(DeskFamily::check_index, subject_prefix(mark), SIZE_MAX));
  std::vector<Check> found;
  for (const std::string& rest : rests) {
    if (rest.size() < 8) continue;
    SEMAK_TRY(auto told, impl_->told_check(std::string_view(rest).substr(8)));
    if (told) found.push_back(*std::move(told));
  }
  return found;
}

Result<std::vector<Check>> Casework::checks_about(const Subject& subject) const {
  SEMAK_TRY(std::vector<Check> found, checks_of(subject));
  std::set<std::string> known;
  for (const Check& check : found) known.insert(check.id);
  for (const std::string& number : folded_numbers(subject)) {
    const std::string prefix = number_prefix(impl_->keys().mark(kNumberMark, number));
    SEMAK_TRY(const auto ids, impl_->keys_below(DeskFamily::check_index, prefix, SIZE_MAX));
    for (const std::string& id : ids) {
      if (!known.insert(id).second) continue;
      SEMAK_TRY(auto told, impl_->told_check(id));
      if (told) found.push_back(*std::move(told));
    }
  }
  std::sort(found.begin(), found.end(), [](const Check& a, const Check& b) {
    return a.time_ms != b.time_ms ? a.time_ms > b.time_ms : a.id > b.id;
  });
  return found;
}

Result<std::vector<std::string>> Casework::checks_naming(std::string_view register_name,
                                                         std::string_view record_id) const {
  return impl_->keys_below(DeskFamily::check_index, impl_->record_prefix(register_name, record_id), SIZE_MAX);
}

bool Casework::any_check_names(std::string_view register_name) const {
  const auto found = impl_->keys_below(DeskFamily::check_index, register_prefix(register_name), 1);
  return !found || !found->empty();
}

}  // namespace semak
