// Records of a register: read, added, corrected, withdrawn.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/record_access.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kReasonBytes = 1600;

std::string location_of(const RegisterInfo& in, const std::string& id) {
  return "/v1/registers/" + path_segment(in.name) + "/records/" + path_segment(id);
}

Response shown(Room& room, const RegisterInfo& in, const RecordRevision& revision, HttpStatus status) {
  Response response = json_response(status, json::serialize(RecordWriter(room, in).record(revision)));
  set_etag(response, revision.revision.value);
  return response;
}

// Makes one change and shows what became of the record.
Response make_change(Room& room, const Caller& caller, const RegisterInfo& in, const RecordChange& change) {
  const auto report = room.office.change(caller.actor, in.name, std::span(&change, 1));
  if (!report) {
    const bool there = report.error().code == ErrorCode::already_exists ||
                       (report.error().code == ErrorCode::busy && change.kind == RecordChange::Kind::create);
    if (there) return conflict(caller, Phrase::record_there_already);
    return change_problem(report.error(), caller);
  }
  const auto revision = newest_revision(room, in, change.record.id);
  if (!revision) return problem_response(revision.error(), caller);
  if (!*revision) return not_found(caller);
  const bool made = change.kind == RecordChange::Kind::create;
  Response response = shown(room, in, **revision, made ? HttpStatus::created : HttpStatus::ok);
  if (made) response.headers.set("Location", location_of(in, change.record.id));
  return response;
}

// The first revision of a record if it says just this.
std::optional<Response> made_before(Room& room, const RegisterInfo& in, const Record& record) {
  const auto history = room.office.engine().store().history(in.id, record.id);
  if (!history || history->empty() || history->back().record != record) return std::nullopt;
  Response response = shown(room, in, history->back(), HttpStatus::created);
  response.headers.set("Location", location_of(in, record.id));
  return response;
}

std::optional<RecordChange> read_write(const Caller& caller, const Request& request, std::string_view id,
                                       Response& refusal) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  RecordChange change;
  change.record = read_record(top, "record", id, body.faults());
  change.reason = top.need_text("reason", kReasonBytes);
  top.finish();
  if (body.ok()) return change;
  refusal = problem_response(body.problem(), caller);
  return std::nullopt;
}

bool is_record_id(std::string_view id) { return !id.empty() && id.size() <= 480; }

}  // namespace

Response list_records(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const std::size_t limit = query.limit();
  const std::string cursor = query.cursor();
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  const auto info = find_register(room, request.parameter("name"));
  if (!info) return not_found(caller);
  const RecordStore& store = room.office.engine().store();
  const RevisionId published = store.published()->revision;
  // Revisions below `before` are to be seen.
  std::uint64_t before = published.value + 1;
  const auto [at, failed] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
  if (!cursor.empty() && (failed != std::errc() || at != cursor.data() + cursor.size())) return bad_cursor(caller);
  before = std::min(before, published.value + 1);
  constexpr std::uint64_t kWindow = 1000;
  constexpr int kWindowsMax = 20;
  RecordWriter writer(room, *info);
  json::array items;
  for (int window = 0; window < kWindowsMax && before > 1 && items.size() < limit; ++window) {
    const std::uint64_t after = before > kWindow + 1 ? before - kWindow - 1 : 0;
    const auto changes = store.changes(RevisionId{after}, before - 1 - after);
    if (!changes) return problem_response(changes.error(), caller);
    for (auto change = changes->rbegin(); change != changes->rend() && items.size() < limit; ++change) {
      before = change->header.revision.value;
      if (change->header.register_id != info->id) continue;
      const std::string_view id = change->record_id;
      const auto heads = store.heads(info->id, std::span(&id, 1), published);
      if (!heads) return problem_response(heads.error(), caller);
      if (!heads->front() || heads->front()->revision != change->header.revision) continue;  // changed again since
      const auto revision = store.revision(change->header.revision);
      if (!revision) return problem_response(revision.error(), caller);
      items.push_back(writer.record(*revision));
    }
    if (items.size() < limit) before = after + 1;
  }
  json::object page{{"items", std::move(items)}};
  if (before > 1) page["next_cursor"] = std::to_string(before);
  return json_ok(page);
}

Response create_record(Room& room, const Caller& caller, const Request& request) {
  const auto info = find_register(room, request.parameter("name"));
  if (!info) return not_found(caller);
  Response refusal;
  auto change = read_write(caller, request, {}, refusal);
  if (!change) return refusal;
  change->kind = RecordChange::Kind::create;
  return room.idempotency.run(
      caller, request, [&](const std::string&) { return make_change(room, caller, *info, *change); }, {},
      [&] { return made_before(room, *info, change->record); });
}

Response get_record(Room& room, const Caller& caller, const Request& request) {
  const auto info = find_register(room, request.parameter("name"));
  const std::string_view id = request.parameter("id");
  if (!info || !is_record_id(id)) return not_found(caller);
  const auto revision = newest_revision(room, *info, id);
  if (!revision) return problem_response(revision.error(), caller);
  if (!*revision) return not_found(caller);
  return shown(room, *info, **revision, HttpStatus::ok);
}

Response correct_record(Room& room, const Caller& caller, const Request& request) {
  Precondition seen = if_match(request, caller);
  if (seen.refusal) return std::move(*seen.refusal);
  const auto info = find_register(room, request.parameter("name"));
  const std::string_view id = request.parameter("id");
  if (!info || !is_record_id(id)) return not_found(caller);
  Response refusal;
  auto change = read_write(caller, request, id, refusal);
  if (!change) return refusal;
  change->kind = RecordChange::Kind::correct;
  change->expected = RevisionId{seen.version};
  return make_change(room, caller, *info, *change);
}

Response withdraw_record(Room& room, const Caller& caller, const Request& request) {
  Precondition seen = if_match(request, caller);
  if (seen.refusal) return std::move(*seen.refusal);
  const auto info = find_register(room, request.parameter("name"));
  const std::string_view id = request.parameter("id");
  if (!info || !is_record_id(id)) return not_found(caller);
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  RecordChange change;
  change.kind = RecordChange::Kind::withdraw;
  change.record.id = std::string(id);
  change.expected = RevisionId{seen.version};
  change.reason = top.need_text("reason", kReasonBytes);
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  const auto now = newest_revision(room, *info, id);
  if (!now) return problem_response(now.error(), caller);
  if (!*now) return not_found(caller);
  if ((*now)->revision != change.expected) return changed_meanwhile(caller);
  if ((*now)->state == RecordState::withdrawn) return conflict(caller, Phrase::is_withdrawn);
  return make_change(room, caller, *info, change);
}

Response get_record_history(Room& room, const Caller& caller, const Request& request) {
  const auto info = find_register(room, request.parameter("name"));
  const std::string_view id = request.parameter("id");
  if (!info || !is_record_id(id)) return not_found(caller);
  const auto history = room.office.engine().store().history(info->id, id);
  if (!history) return problem_response(history.error(), caller);
  if (history->empty()) return not_found(caller);
  RecordWriter writer(room, *info);
  json::array items;
  for (const RecordRevision& revision : *history) items.push_back(writer.record(revision));
  return json_ok({{"items", std::move(items)}});
}

}  // namespace semak
