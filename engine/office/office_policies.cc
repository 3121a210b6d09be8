// Policies on the desk: those an agency put in force, and the text of every policy that ever was, built-in ones
// included, so that an answer's policy can always be shown.
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/office/office_impl.h"

namespace semak {
namespace {

std::string text_key(std::string_view id) { return std::string(kPolicyText) + std::string(id); }
std::string name_key(std::string_view name) { return std::string(kPolicyInForce) + std::string(name); }

AuditEvent event_of(const Actor& actor, const Policy& policy, std::string_view what, std::string_view replaced) {
  AuditEvent event;
  event.kind = AuditKind::policy;
  event.actor = actor;
  event.object = policy.id;
  event.details = AuditDetails().text("event", what).text("name", policy.name).text("replaced", replaced).json();
  return event;
}

}  // namespace

Status Office::Impl::read_policies() {
  PolicyBook read = PolicyBook::built_in();
  const Database& database = desk->database();
  WriteSet changes;
  std::vector<AuditEvent> events;
  for (const auto& [name, entry] : read.all()) {
    SEMAK_TRY(const auto known, database.get(family(DeskFamily::policies), text_key(entry.policy.id)));
    if (known) continue;
    changes.put(family(DeskFamily::policies), text_key(entry.policy.id), entry.toml);
    events.push_back(event_of(own_actor(), entry.policy, "built in", ""));
  }
  if (!events.empty()) SEMAK_TRY_STATUS(committed(desk->commit(changes, std::move(events))));

  Cursor cursor = database.cursor(family(DeskFamily::policies), Database::Access::point);
  for (cursor.seek(kPolicyInForce); cursor.valid() && cursor.key().starts_with(kPolicyInForce); cursor.next()) {
    const std::string name(cursor.key().substr(kPolicyInForce.size()));
    SEMAK_TRY(const auto text, database.get(family(DeskFamily::policies), text_key(cursor.value())));
    if (!text) return Error{ErrorCode::corruption, "the desk lacks the policy in force for " + name};
    SEMAK_TRY(Policy policy, parse_policy(*text, name));
    policy.id = cursor.value();
    read = read.with(std::move(policy), *text);
  }
  SEMAK_TRY_STATUS(cursor.status());
  const std::lock_guard lock(policies_mutex);
  book = std::make_shared<const PolicyBook>(std::move(read));
  return {};
}

std::shared_ptr<const PolicyBook> Office::Impl::policies() const {
  const std::lock_guard lock(policies_mutex);
  return book;
}

Result<Policy> Office::Impl::policy_of(std::string_view id) const {
  {
    const std::lock_guard lock(policies_mutex);
    if (const auto known = by_id.find(std::string(id)); known != by_id.end()) return known->second;
  }
  SEMAK_TRY(const auto text, desk->database().get(family(DeskFamily::policies), text_key(id)));
  if (!text) return Error{ErrorCode::not_found, "there is no policy " + std::string(id)};
  SEMAK_TRY(Policy policy, parse_policy(*text, id));
  policy.id = id;
  const std::lock_guard lock(policies_mutex);
  by_id.emplace(policy.id, policy);
  return policy;
}

PolicyBook Office::policies() const { return *impl_->policies(); }
Result<Policy> Office::policy_of(std::string_view policy_id) const { return impl_->policy_of(policy_id); }

Result<Policy> Office::put_policy(const Actor& actor, std::string_view toml, std::string_view origin) {
  SEMAK_TRY(const Policy policy, parse_policy(toml, origin));
  const Desk::Hold hold = impl_->desk->hold("policies");
  const auto before = impl_->policies();
  const auto replaced = before->all().find(policy.name);
  if (replaced != before->all().end() && replaced->second.policy.id == policy.id) return policy;
  WriteSet changes;
  changes.put(family(DeskFamily::policies), text_key(policy.id), toml);
  changes.put(family(DeskFamily::policies), name_key(policy.name), policy.id);
  const std::string old_id = replaced == before->all().end() ? "" : replaced->second.policy.id;
  const AuditEvent event = event_of(actor, policy, old_id.empty() ? "added" : "replaced", old_id);
  SEMAK_TRY_STATUS(committed(impl_->desk->commit(changes, {event})));
  const std::lock_guard lock(impl_->policies_mutex);
  impl_->book = std::make_shared<const PolicyBook>(impl_->book->with(policy, std::string(toml)));
  return policy;
}

}  // namespace semak
