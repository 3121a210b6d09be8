// Backups while the service goes on.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"

namespace semak {
namespace {

namespace json = boost::json;

json::object backup_json(const BackupJob& job) {
  json::object object{{"id", job.id}, {"time", rfc3339(job.time_ms)}};
  switch (job.state) {
    case BackupJob::State::running:
      object["state"] = "running";
      object["stage"] = job.stage;
      object["done"] = job.done;
      object["total"] = job.total;
      break;
    case BackupJob::State::done:
      object["state"] = "done";
      object["generation"] = job.generation;
      object["audit_sequence"] = job.audit_sequence;
      object["files"] = job.files;
      object["bytes"] = job.bytes;
      object["key_id"] = job.key_id;
      break;
    case BackupJob::State::failed:
      object["state"] = "failed";
      object["error"] = job.error;
      break;
  }
  return object;
}

}  // namespace

Response create_backup(Room& room, const Caller& caller, const Request& request) {
  if (!room.backups.on()) return conflict(caller, Phrase::backups_off);
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    const auto job = room.backups.start(caller.actor, id);
    if (!job) return conflict(caller, Phrase::backup_busy);
    return accepted("/v1/backups/" + job->id, json::serialize(backup_json(*job)));
  });
}

Response list_backups(Room& room, const Caller&, const Request&) {
  json::array items;
  for (const BackupJob& job : room.backups.list()) items.push_back(backup_json(job));
  return json_ok({{"items", std::move(items)}});
}

Response get_backup(Room& room, const Caller& caller, const Request& request) {
  const auto job = room.backups.find(request.parameter("id"));
  return job ? json_ok(backup_json(*job)) : not_found(caller);
}

}  // namespace semak
