#include "engine/monitor/alert_book.h"

#include <string_view>
#include <utility>

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
  alert.id = ids_.next();
  alert.enrolment_id = about.enrolment_id;
  alert.tenant = about.tenant;
  alert.kind = kind;
  alert.time_ms = now_ms_;
  alert.generation = generation_;
  alert.register_name = about.register_name;
  alert.record_id = about.record_id;
  alert.revision = revision;
  alert.score = score;
  alert.score_before = before;
  alert.reason = std::move(reason);
  const Family index = family(DeskFamily::alert_index);
  changes_.put(family(DeskFamily::alerts), alert.id, encode_alert(alert));
  changes_.put(index, monitor_key::of_tenant(alert.tenant, alert.id), {});
  changes_.put(index, monitor_key::alert_of_enrolment(alert.enrolment_id, alert.id), {});
  changes_.put(index, monitor_key::unacknowledged(alert.tenant, alert.id), {});
  ++raised_[static_cast<std::size_t>(kind)];
  if (first_.empty()) first_ = alert.id;
  last_ = alert.id;
}

void AlertBook::keep_hit(const About& about, const WatchedHit& hit) {
  const std::string key = monitor_key::hit(about.register_id, about.record_id, about.enrolment_id);
  const Family index = family(DeskFamily::enrolment_index);
  changes_.put(index, key, encode_watched_hit(hit, key));
  changes_.put(index, monitor_key::hit_of_enrolment(about.enrolment_id, about.register_id, about.record_id), {});
}

void AlertBook::drop_hit(const About& about) {
  const Family index = family(DeskFamily::enrolment_index);
  changes_.remove(index, monitor_key::hit(about.register_id, about.record_id, about.enrolment_id));
  changes_.remove(index, monitor_key::hit_of_enrolment(about.enrolment_id, about.register_id, about.record_id));
}

Status drop_hits_of(const Desk& desk, std::string_view enrolment_id, WriteSet& changes) {
  const Family index = family(DeskFamily::enrolment_index);
  Cursor cursor = desk.database().cursor(index, Database::Access::point);
  RegisterId register_id;
  std::string record_id;
  for (cursor.seek(monitor_key::hit_of_enrolment(enrolment_id, RegisterId{0}, {})); cursor.valid(); cursor.next()) {
    if (!read_hit_of_enrolment(cursor.key(), enrolment_id, register_id, record_id)) break;
    changes.remove(index, cursor.key());
    changes.remove(index, monitor_key::hit(register_id, record_id, enrolment_id));
  }
  return cursor.status();
}

}  // namespace semak
