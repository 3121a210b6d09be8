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
  }
  return Phrase::alert_changed;
}

}  // namespace

boost::json::object alert_json(const Alert& alert, bool full_view, Language language) {
  boost::json::object object{{"id", alert.id},
                             {"enrolment_id", alert.enrolment_id},
                             {"tenant", alert.tenant},
                             {"kind", to_string(alert.kind)},
                             {"time", rfc3339(alert.time_ms)},
                             {"generation", alert.generation.value},
                             {"message", phrase(message_of(alert.kind), language)},
                             {"acknowledged", alert.acknowledged}};
  if (!alert.acknowledged_by.empty()) object["acknowledged_by"] = alert.acknowledged_by;
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
