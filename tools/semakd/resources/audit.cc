// The audit log: browsed, verified, exported.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/file_body.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/query.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> kKinds = {"check",     "lookup", "decision", "load",   "policy",  "key_use",
                                                     "enrolment", "alert",  "erasure",  "access", "recovery"};

template <class Bytes>
std::string hex_of(const Bytes& bytes) {
  return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

json::object entry_json(const AuditEntry& entry) {
  boost::system::error_code failed;
  json::value details = json::parse(entry.event.details, failed);
  if (failed || !details.is_object()) details = json::object();
  return {{"sequence", entry.sequence},          {"time", rfc3339(entry.time_ms)},
          {"kind", to_string(entry.event.kind)}, {"actor", entry.event.actor.id},
          {"tenant", entry.event.actor.tenant},  {"role", to_string(entry.event.actor.role)},
          {"object", entry.event.object},        {"details", std::move(details)},
          {"previous", hex_of(entry.previous)},  {"hash", hex_of(entry.hash)}};
}

}  // namespace

Response list_audit(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  AuditFilter filter;
  const std::size_t limit = query.limit();
  filter.entries_max = limit;
  const std::string cursor = query.cursor();
  if (const auto kind = query.choice("kind", kKinds)) filter.kind = static_cast<AuditKind>(*kind + 1);
  filter.object = query.text("object", 480).value_or("");
  filter.actor = query.text("actor", 480).value_or("");
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  const auto [at, failed] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), filter.before);
  if (!cursor.empty() && (failed != std::errc() || at != cursor.data() + cursor.size())) return bad_cursor(caller);
  const auto entries = room.office.desk().audit().entries(filter);
  if (!entries) return problem_response(entries.error(), caller);
  json::array items;
  for (const AuditEntry& entry : *entries) items.push_back(entry_json(entry));
  json::object page{{"items", std::move(items)}};
  if (entries->size() == limit && entries->back().sequence > 1)
    page["next_cursor"] = std::to_string(entries->back().sequence);
  return json_ok(page);
}

Response verify_audit(Room& room, const Caller& caller, const Request&) {
  const auto report = room.office.verify_audit({});
  if (!report) return problem_response(report.error(), caller);
  json::array findings;
  for (const std::string& finding : report->findings) findings.push_back(json::string(finding));
  return json_ok({{"clean", report->clean()},
                  {"entries", report->entries},
                  {"checkpoints", report->checkpoints},
                  {"sequence", report->head.sequence},
                  {"hash", hex_of(report->head.hash)},
                  {"findings_total", report->findings_total},
                  {"findings", std::move(findings)}});
}

Response export_audit(Room& room, const Caller& caller, const Request&) {
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = caller.actor;
  event.object = "audit";
  event.details = R"({"what":"export"})";
  if (auto done = room.office.desk().commit({}, {std::move(event)}); !done)
    return problem_response(done.error(), caller);
  auto folder = UploadFolder::make(room.uploads.folder());
  if (!folder) return problem_response(folder.error(), caller);
  const std::filesystem::path path = folder->path() / "audit.jsonl";
  if (auto done = room.office.desk().audit().export_to(path, room.office.keys().public_key()); !done)
    return problem_response(done.error(), caller);
  Response response;
  response.content_type = "application/jsonl";
  response.headers.set("Content-Disposition", "attachment; filename=\"semak-audit.jsonl\"");
  response.stream = std::make_shared<FileBody>(std::move(*folder), path);
  return response;
}

Response get_audit_checkpoint(Room& room, const Caller&, const Request&) {
  const AuditLog& log = room.office.desk().audit();
  const auto checkpoint = log.newest_checkpoint();
  const AuditHead head = checkpoint ? checkpoint->head : log.head();
  json::object object{{"sequence", head.sequence},
                      {"hash", hex_of(head.hash)},
                      {"public_key", hex_of(room.office.keys().public_key())}};
  if (checkpoint) {
    object["time"] = rfc3339(checkpoint->time_ms);
    object["key_id"] = checkpoint->key_id;
    object["signature"] = hex_of(checkpoint->signature);
  }
  return json_ok(object);
}

}  // namespace semak
