#include "engine/monitor/monitor.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/check.h"
#include "engine/match/model.h"
#include "engine/monitor/monitor_impl.h"
#include "engine/monitor/record_substance.h"
#include "engine/screen/record_fingerprint.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

std::int64_t clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Error no_alert(std::string_view id) { return Error{ErrorCode::not_found, "there is no alert " + std::string(id)}; }

Error no_enrolment(std::string_view id) {
  return Error{ErrorCode::not_found, "there is no enrolment " + std::string(id)};
}

// The agency keeps the registers and sees everything; others see what is theirs.
bool may_touch(const Actor& actor, std::string_view tenant) {
  return actor.tenant == tenant || actor.tenant == "agency";
}

// Version of all that matching a person with a record rests on. Never 0: that is nobody's.
std::uint64_t matcher_of(const Normalizer& normalizer) {
  constexpr std::uint64_t kCode = 1;  // raised when the same weights come to be used otherwise
  std::string parts;
  append_fixed64(parts, normalizer.version());
  append_fixed64(parts, default_model().version);
  return hash_bytes(parts, kCode) | 1;
}

// Letters and digits in upper case.
std::string folded_number(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    if (digit || upper) out += c;
    if (lower) out += static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

const char* to_string(AlertKind kind) {
  switch (kind) {
    case AlertKind::new_hit: return "new_hit";
    case AlertKind::changed: return "changed";
    case AlertKind::cleared: return "cleared";
    case AlertKind::undecidable: return "undecidable";
    case AlertKind::decidable: return "decidable";
  }
  return "";
}

EventDetails& EventDetails::number(std::string_view name, std::uint64_t value) {
  members_[std::string(name)] = std::to_string(value);
  return *this;
}

EventDetails& EventDetails::id(std::string_view name, std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c >= ' ' && c != '"' && c != '\\') text += c;
  }
  if (!text.empty()) members_[std::string(name)] = '"' + text + '"';
  return *this;
}

std::string EventDetails::json() const {
  std::string out = "{";
  for (const auto& [name, value] : members_) {
    if (out.size() > 1) out += ',';
    out += '"' + name + "\":" + value;
  }
  return out + "}";
}

Result<std::optional<MonitorPosition>> Monitor::Impl::position() const {
  SEMAK_TRY(const auto bytes, desk.database().get(family(DeskFamily::meta), kPositionKey));
  if (!bytes) return std::optional<MonitorPosition>();
  SEMAK_TRY(const MonitorPosition position, decode_position(*bytes));
  return std::optional(position);
}

Status Monitor::Impl::load_people(const Progress& progress) {
  if (people) return {};
  constexpr std::size_t kWrittenAtOnce = 4096;
  std::vector<std::pair<std::string, WatchEntry>> outdated;
  SEMAK_TRY(WatchedPeople loaded, WatchedPeople::load(desk, engine.normalizer(), policy_of, &outdated, progress));
  for (std::size_t at = 0; at < outdated.size(); at += kWrittenAtOnce) {
    WriteSet changes;
    for (std::size_t i = at; i < std::min(outdated.size(), at + kWrittenAtOnce); ++i) {
      const auto& [id, entry] = outdated[i];
      changes.put(family(DeskFamily::enrolment_index), monitor_key::watched(id), encode_watch_entry(entry, id));
    }
    SEMAK_TRY(const std::uint64_t ignored, desk.commit(changes, {}));
    static_cast<void>(ignored);
  }
  people = std::move(loaded);
  return {};
}

Status Monitor::Impl::load_ids() {
  if (ids) return {};
  SEMAK_TRY(ids, AlertIds::of(desk));
  return {};
}

std::string Monitor::Impl::content_mark(RegisterKind kind, const Record& record) const {
  return keys().mark("watched_record", record_substance(kind, record));
}

std::vector<std::string> Monitor::Impl::subject_marks(const Subject& subject) const {
  Record person;
  person.names = subject.names;
  person.numbers = subject.numbers;
  person.dob = subject.dob;
  person.sex = subject.sex;
  std::vector<std::string> marks = {keys().mark("watched_subject", person_fingerprint(person))};
  for (const TypedNumber& number : subject.numbers) {
    const std::string text = folded_number(number.text);
    if (!text.empty()) marks.push_back(keys().mark("watched_number", text));
  }
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

Result<std::optional<StoredEnrolment>> Monitor::Impl::stored(std::string_view id) const {
  SEMAK_TRY(const auto bytes, desk.database().get(family(DeskFamily::enrolments), id));
  if (!bytes) return std::optional<StoredEnrolment>();
  SEMAK_TRY(StoredEnrolment stored, decode_enrolment(id, *bytes, keys()));
  return std::optional(std::move(stored));
}

Result<std::string> Monitor::Impl::obstacle_of(const Enrolment& enrolment) const {
  for (const std::string& key : {monitor_key::obstacle_of_policy(enrolment.actor.tenant, enrolment.policy_id),
                                 monitor_key::obstacle_of_person(enrolment.id)}) {
    SEMAK_TRY(const auto bytes, desk.database().get(family(DeskFamily::enrolment_index), key));
    if (!bytes) continue;
    SEMAK_TRY(Obstacle obstacle, decode_obstacle(key, *bytes));
    return std::move(obstacle.reason);
  }
  return std::string();
}

Monitor::Monitor(const Engine& engine, Desk& desk, std::function<Result<Policy>(std::string_view policy_id)> policies,
                 std::function<std::int64_t()> clock, std::uint64_t matcher)
    : impl_(new Impl{engine,
                     desk,
                     std::move(policies),
                     clock ? std::move(clock) : clock_ms,
                     matcher != 0 ? matcher : matcher_of(engine.normalizer()),
                     {},
                     {},
                     {}}) {}
Monitor::~Monitor() = default;

Result<std::optional<Enrolment>> Monitor::enrolment(std::string_view id) const {
  SEMAK_TRY(std::optional<StoredEnrolment> stored, impl_->stored(id));
  if (!stored) return std::optional<Enrolment>();
  Enrolment& one = stored->enrolment;
  if (!one.ended) {
    SEMAK_TRY(one.undecidable, impl_->obstacle_of(one));
  }
  return std::optional(std::move(one));
}

Result<std::vector<Enrolment>> Monitor::enrolments(std::string_view tenant, std::string_view after,
                                                   std::size_t most) const {
  std::vector<Enrolment> found;
  const bool all = tenant.empty();
  const std::string prefix = all ? std::string() : monitor_key::of_tenant(tenant, {});
  Cursor cursor = impl_->desk.database().cursor(family(all ? DeskFamily::enrolments : DeskFamily::enrolment_index),
                                                Database::Access::point);
  for (cursor.seek(prefix + std::string(after)); cursor.valid() && found.size() < most; cursor.next()) {
    if (!cursor.key().starts_with(prefix)) break;
    const std::string id(cursor.key().substr(prefix.size()));
    if (id == after) continue;
    SEMAK_TRY(std::optional<Enrolment> one, enrolment(id));
    if (one) found.push_back(std::move(*one));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

Result<WatchHealth> Monitor::health() const {
  WatchHealth health;
  Cursor cursor = impl_->desk.database().cursor(family(DeskFamily::enrolment_index), Database::Access::point);
  for (cursor.seek("o"); cursor.valid() && cursor.key() < "q"; cursor.next()) {
    SEMAK_TRY(const Obstacle obstacle, decode_obstacle(cursor.key(), cursor.value()));
    health.undecided[obstacle.reason] += obstacle.people;
  }
  SEMAK_TRY_STATUS(cursor.status());
  return health;
}

Result<std::vector<Alert>> Monitor::alerts(const AlertFilter& filter) const {
  if (impl_->desk.audit().failed()) {
    return Error{ErrorCode::unavailable,
                 "the audit log could not be written; nothing is told until Semak is started "
                 "again"};
  }
  std::vector<Alert> found;
  std::string prefix;
  if (!filter.enrolment_id.empty()) {
    prefix = monitor_key::alert_of_enrolment(filter.enrolment_id, {});
  } else if (!filter.tenant.empty()) {
    prefix = filter.unacknowledged ? monitor_key::unacknowledged(filter.tenant, {})
                                   : monitor_key::of_tenant(filter.tenant, {});
  }
  const Database& database = impl_->desk.database();
  Cursor cursor =
      database.cursor(family(prefix.empty() ? DeskFamily::alerts : DeskFamily::alert_index), Database::Access::point);
  for (cursor.seek(prefix + filter.after); cursor.valid() && found.size() < filter.alerts_max; cursor.next()) {
    if (!cursor.key().starts_with(prefix)) break;
    const std::string id(cursor.key().substr(prefix.size()));
    if (id == filter.after) continue;
    SEMAK_TRY(const auto bytes, database.get(family(DeskFamily::alerts), id));
    if (!bytes) continue;
    SEMAK_TRY(Alert alert, decode_alert(id, *bytes, impl_->keys()));
    if (filter.unacknowledged && alert.acknowledged) continue;
    if (!filter.tenant.empty() && alert.tenant != filter.tenant) continue;
    found.push_back(std::move(alert));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

Status Monitor::acknowledge(const Actor& actor, std::string_view alert_id) {
  const Desk::Hold hold = impl_->desk.hold("alert:" + std::string(alert_id));
  SEMAK_TRY(const auto bytes, impl_->desk.database().get(family(DeskFamily::alerts), alert_id));
  if (!bytes) return no_alert(alert_id);
  SEMAK_TRY(Alert alert, decode_alert(alert_id, *bytes, impl_->keys()));
  if (!may_touch(actor, alert.tenant)) return no_alert(alert_id);
  if (alert.acknowledged) return {};
  alert.acknowledged = true;
  alert.acknowledged_by = actor.id;
  WriteSet changes;
  changes.put(family(DeskFamily::alerts), alert_id, encode_alert(alert, impl_->keys()));
  changes.remove(family(DeskFamily::alert_index), monitor_key::unacknowledged(alert.tenant, alert_id));
  AuditEvent event{AuditKind::alert, actor, alert.id, EventDetails().id("event", "acknowledged").json(), {}};
  SEMAK_TRY(const std::uint64_t ignored, impl_->desk.commit(changes, {std::move(event)}));
  static_cast<void>(ignored);
  return {};
}

Status Monitor::end(const Actor& actor, std::string_view enrolment_id) {
  const std::lock_guard lock(impl_->working);
  SEMAK_TRY(std::optional<StoredEnrolment> stored, impl_->stored(enrolment_id));
  if (!stored || !may_touch(actor, stored->enrolment.actor.tenant)) return no_enrolment(enrolment_id);
  Enrolment& enrolment = stored->enrolment;
  if (enrolment.ended) return {};
  const std::int64_t now = impl_->clock();
  const Family index = family(DeskFamily::enrolment_index);
  WriteSet changes;
  enrolment.ended = true;
  changes.remove(index, monitor_key::watched(enrolment_id));
  SEMAK_TRY_STATUS(drop_hits_of(impl_->desk, enrolment_id, changes));
  if (!stored->erased && now < enrolment.until_ms) {
    changes.remove(index, monitor_key::of_end(enrolment.until_ms, enrolment_id));
    enrolment.until_ms = now;
    changes.put(index, monitor_key::of_end(enrolment.until_ms, enrolment_id), {});
  }
  changes.put(family(DeskFamily::enrolments), enrolment_id, encode_enrolment(*stored, impl_->keys()));
  AuditEvent event{AuditKind::enrolment, actor, enrolment.id, EventDetails().id("event", "ended").json(), {}};
  SEMAK_TRY(const std::uint64_t ignored, impl_->desk.commit(changes, {std::move(event)}));
  static_cast<void>(ignored);
  if (impl_->people) impl_->people->remove(enrolment_id);
  return {};
}

Result<std::vector<Enrolment>> Monitor::enrolments_of(const Subject& subject) const {
  std::vector<std::string> ids;
  for (const std::string& mark : impl_->subject_marks(subject)) {
    const std::string prefix = monitor_key::of_mark(mark, {});
    Cursor cursor = impl_->desk.database().cursor(family(DeskFamily::enrolment_index), Database::Access::point);
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
      ids.emplace_back(cursor.key().substr(prefix.size()));
    }
    SEMAK_TRY_STATUS(cursor.status());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Enrolment> found;
  for (const std::string& id : ids) {
    SEMAK_TRY(std::optional<Enrolment> one, enrolment(id));
    if (one) found.push_back(std::move(*one));
  }
  return found;
}

Result<std::uint64_t> Monitor::erase_ended(const Actor& actor, std::int64_t now_ms) {
  constexpr std::uint64_t kErasedAtOnce = 1024;
  const std::lock_guard lock(impl_->working);
  const Family index = family(DeskFamily::enrolment_index);
  const std::string end = monitor_key::of_end(now_ms + 1, {});
  std::uint64_t erased = 0;
  for (bool more = true; more;) {
    WriteSet changes;
    std::vector<std::string> ids;
    Cursor cursor = impl_->desk.database().cursor(index, Database::Access::point);
    for (cursor.seek("e"); cursor.valid() && cursor.key() < end && ids.size() < kErasedAtOnce; cursor.next()) {
      const std::string id(cursor.key().substr(9));
      changes.remove(index, cursor.key());
      SEMAK_TRY(std::optional<StoredEnrolment> stored, impl_->stored(id));
      if (!stored) continue;
      for (const std::string& mark : impl_->subject_marks(stored->enrolment.subject)) {
        changes.remove(index, monitor_key::of_mark(mark, id));
      }
      changes.remove(index, monitor_key::watched(id));
      SEMAK_TRY_STATUS(drop_hits_of(impl_->desk, id, changes));
      stored->enrolment.ended = true;
      stored->erased = true;
      changes.put(family(DeskFamily::enrolments), id, encode_enrolment(*stored, impl_->keys()));
      ids.push_back(id);
    }
    SEMAK_TRY_STATUS(cursor.status());
    more = ids.size() == kErasedAtOnce;
    if (ids.empty()) break;
    AuditEvent event{AuditKind::erasure,
                     actor,
                     "enrolments",
                     EventDetails().number("enrolments", ids.size()).id("first", ids.front()).json(),
                     {}};
    SEMAK_TRY(const std::uint64_t ignored, impl_->desk.commit(changes, {std::move(event)}));
    static_cast<void>(ignored);
    if (impl_->people) {
      for (const std::string& id : ids) impl_->people->remove(id);
    }
    erased += ids.size();
  }
  return erased;
}

}  // namespace semak
