#include "engine/monitor/alert_book.h"

#include <string_view>
#include <utility>

#include "engine/monitor/monitor_impl.h"

namespace semak {

std::string next_id_after(std::string id) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (std::size_t i = id.size(); i > 0; --i) {
    const std::size_t digit = kDigits.find(id[i - 1]);
    if (digit != std::string_view::npos && digit + 1 < kDigits.size()) {
      id[i - 1] = kDigits[digit + 1];
      return id;
    }
    id[i - 1] = kDigits[0];
  }
  return id + kDigits[0];
}

Result<AlertIds> AlertIds::of(const Desk& desk) {
  AlertIds ids;
  Cursor cursor = desk.database().cursor(family(DeskFamily::alerts), Database::Access::point);
  cursor.seek_to_last();
  if (cursor.valid()) ids.last_ = cursor.key();
  SEMAK_TRY_STATUS(cursor.status());
  return ids;
}

std::string AlertIds::next() {
  std::string id = new_id();
  if (id <= last_) id = next_id_after(last_);
  last_ = id;
  return id;
}

void AlertBook::raise(AlertKind kind, const About& about, RevisionId revision, Bits score, Bits before,
                      std::string reason) {
  Alert alert;
  alert.enrolment_id = about.enrolment_id;
  alert.tenant = about.tenant;
  alert.kind = kind;
  alert.register_name = about.register_name;
  alert.record_id = about.record_id;
  alert.revision = revision;
  alert.score = score;
  alert.score_before = before;
  alert.reason = std::move(reason);
  put(std::move(alert));
}

void AlertBook::tell(AlertKind kind, const Concerned& whom, std::string reason) {
  Alert alert;
  alert.enrolment_id = whom.enrolment_id;
  alert.tenant = whom.tenant;
  alert.kind = kind;
  alert.policy_id = whom.policy_id;
  alert.people = whom.people;
  alert.reason = std::move(reason);
  put(std::move(alert));
}

void AlertBook::put(Alert alert) {
  alert.id = ids_.next();
  alert.time_ms = now_ms_;
  alert.generation = generation_;
  const Family index = family(DeskFamily::alert_index);
  changes_.put(family(DeskFamily::alerts), alert.id, encode_alert(alert, keys_));
  changes_.put(index, monitor_key::of_tenant(alert.tenant, alert.id), {});
  if (!alert.enrolment_id.empty()) {
    changes_.put(index, monitor_key::alert_of_enrolment(alert.enrolment_id, alert.id), {});
  }
  changes_.put(index, monitor_key::unacknowledged(alert.tenant, alert.id), {});
  ++raised_[static_cast<std::size_t>(alert.kind)];
  if (first_.empty()) first_ = alert.id;
  last_ = alert.id;
}

std::uint64_t AlertBook::raised() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t of_kind : raised_) sum += of_kind;
  return sum;
}

AuditEvent AlertBook::event(RevisionId revision) const {
  EventDetails details;
  details.id("event", "raised").number("generation", generation_.value).number("revision", revision.value);
  details.number("new_hits", raised(AlertKind::new_hit)).number("changed", raised(AlertKind::changed));
  details.number("cleared", raised(AlertKind::cleared)).id("first", first_).id("last", last_);
  for (const AlertKind kind : {AlertKind::undecidable, AlertKind::decidable}) {
    if (raised(kind) > 0) details.number(to_string(kind), raised(kind));
  }
  return {AuditKind::alert, {"monitor", "agency", Role::admin}, "alerts", details.json(), {}};
}

void AlertBook::keep_hit(const About& about, const WatchedHit& hit) {
  const std::string mark = record_mark(about.record_id, keys_);
  const std::string key = monitor_key::hit(about.register_id, mark, about.enrolment_id);
  const Family index = family(DeskFamily::enrolment_index);
  WatchedHit kept = hit;
  kept.record_id = about.record_id;
  changes_.put(index, key, encode_watched_hit(kept, key, keys_));
  changes_.put(index, monitor_key::hit_of_enrolment(about.enrolment_id, about.register_id, mark), {});
}

void AlertBook::drop_hit(const About& about) {
  const std::string mark = record_mark(about.record_id, keys_);
  const Family index = family(DeskFamily::enrolment_index);
  changes_.remove(index, monitor_key::hit(about.register_id, mark, about.enrolment_id));
  changes_.remove(index, monitor_key::hit_of_enrolment(about.enrolment_id, about.register_id, mark));
}

Status drop_hits_of(const Desk& desk, std::string_view enrolment_id, WriteSet& changes) {
  const Family index = family(DeskFamily::enrolment_index);
  Cursor cursor = desk.database().cursor(index, Database::Access::point);
  RegisterId register_id;
  std::string record_mark;
  for (cursor.seek(monitor_key::hit_of_enrolment(enrolment_id, RegisterId{0}, {})); cursor.valid(); cursor.next()) {
    if (!read_hit_of_enrolment(cursor.key(), enrolment_id, register_id, record_mark)) break;
    changes.remove(index, cursor.key());
    changes.remove(index, monitor_key::hit(register_id, record_mark, enrolment_id));
  }
  changes.remove(index, monitor_key::obstacle_of_person(enrolment_id));
  return cursor.status();
}

}  // namespace semak
