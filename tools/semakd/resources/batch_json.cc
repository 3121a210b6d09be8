#include "tools/semakd/resources/batch_json.h"

#include "tools/semakd/resources/answer_json.h"

namespace semak {

bool has_ended(BatchState state) {
  return state == BatchState::done || state == BatchState::cancelled || state == BatchState::failed;
}

bool reads_more(const Caller& caller) { return caller.actor.role == Role::caseworker; }

boost::json::object batch_json(const BatchInfo& batch, bool full_view) {
  boost::json::object object{{"id", batch.id},
                             {"state", to_string(batch.state)},
                             {"purpose", batch.purpose},
                             {"tenant", batch.actor.tenant},
                             {"requested_by", batch.actor.id},
                             {"created", rfc3339(batch.time_ms)},
                             {"rows", batch.rows},
                             {"done", batch.done},
                             {"rejected", batch.rejected},
                             {"outcomes",
                              {{"no_record", batch.no_record},
                               {"under_verification", batch.refer},
                               {"record", batch.record},
                               {"incomplete", batch.incomplete}}}};
  if (!batch.reference.empty()) object["reference"] = batch.reference;
  if (!batch.file_name.empty()) object["file_name"] = batch.file_name;
  if (batch.finished_ms != 0) object["finished"] = rfc3339(batch.finished_ms);
  // What failed inside is for those who can mend it.
  if (!batch.error.empty() && full_view) object["error"] = batch.error;
  return object;
}

}  // namespace semak
