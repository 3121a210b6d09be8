#include "tools/semakd/resources/alert_json.h"

#include "tools/semakd/phrases.h"
#include "tools/semakd/resources/answer_json.h"

namespace semak {
namespace {

Phrase message_of(AlertKind kind) {
  switch (kind) {
    case AlertKind::new_hit: return Phrase::alert_new_hit;
    case AlertKind::changed: return Phrase::alert_changed;
    case AlertKind::cleared: return Phrase::alert_cleared;
    case AlertKind::undecidable: return Phrase::alert_undecidable;
    case AlertKind::decidable: return Phrase::alert_decidable;
  }
  return Phrase::alert_changed;
}

}  // namespace

boost::json::object alert_json(const Alert& alert, bool full_view, Language language) {
  boost::json::object object{{"id", alert.id},
                             {"tenant", alert.tenant},
                             {"kind", to_string(alert.kind)},
                             {"time", rfc3339(alert.time_ms)},
                             {"generation", alert.generation.value},
                             {"message", phrase(message_of(alert.kind), language)},
                             {"acknowledged", alert.acknowledged}};
  if (!alert.acknowledged_by.empty()) object["acknowledged_by"] = alert.acknowledged_by;
  if (!alert.enrolment_id.empty()) object["enrolment_id"] = alert.enrolment_id;
  if (alert.kind == AlertKind::undecidable || alert.kind == AlertKind::decidable) {
    // Of the watch itself, not of a record: whoever watches may know all of it.
    object["policy"] = alert.policy_id;
    object["purpose"] = alert.policy_id.substr(0, alert.policy_id.find('@'));
    object["people"] = alert.people;
    object["reason"] = alert.reason;
    return object;
  }
  if (!full_view) return object;
  if (!alert.reason.empty()) object["reason"] = alert.reason;
  object["register"] = alert.register_name;
  object["record_id"] = alert.record_id;
  object["revision"] = alert.revision.value;
  object["score_centibits"] = centibits(alert.score);
  if (alert.kind != AlertKind::new_hit) object["score_before_centibits"] = centibits(alert.score_before);
  return object;
}

}  // namespace semak
