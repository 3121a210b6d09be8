// Many checks handed in at once: upload or JSON, preview, progress, cancelling.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/limits.h"
#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/batch_json.h"
#include "tools/semakd/resources/checking.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/multipart.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/preview.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/uploaded_table.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kRowsMax = 10000;  // of a JSON array
constexpr std::size_t kReferenceBytes = 480;
constexpr std::size_t kChunk = 1000;

struct Submission {
  BatchInfo about;
  std::vector<BatchRow> rows;
  std::string fingerprint;  // empty: the body itself
};

std::vector<BatchRow> read_rows(JsonObject& top, const std::string& purpose, bool consent, Faults& faults) {
  std::vector<BatchRow> rows;
  const auto items = top.need_array("rows", kRowsMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    JsonObject item(&items[i], json_pointer(top.pointer_to("rows"), std::to_string(i)), faults);
    BatchRow row;
    row.row = i;
    row.query_id = item.text("query_id", kReferenceBytes).value_or(std::to_string(i + 1));
    row.request.subject = read_subject(item, "subject", faults);
    row.request.subject.purpose = purpose;
    row.request.subject.reference = item.text("reference", kReferenceBytes).value_or("");
    row.request.subject.consent = item.flag("consent").value_or(consent);
    row.request.child = read_child(item, "child", faults);
    item.finish();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<Submission> read_json(Room& room, const Caller& caller, const Request& request, Response& refusal) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  Submission submission;
  const auto policy = read_purpose(room, caller, top, "purpose");
  if (policy) submission.about.purpose = policy->name;
  submission.about.reference = top.text("reference", kReferenceBytes).value_or("");
  const bool consent = top.flag("consent").value_or(false);
  submission.rows = read_rows(top, submission.about.purpose, consent, body.faults());
  if (submission.rows.empty() && body.ok())
    top.fault("rows", "required", phrase(Phrase::json_required, caller.language));
  top.finish();
  if (body.ok()) return submission;
  refusal = problem_response(body.problem(), caller);
  return std::nullopt;
}

// The purpose of a form; nullopt and `refusal` if there is no good one.
std::optional<Policy> form_purpose(Room& room, const Caller& caller, const UploadedTable& table, Response& refusal) {
  const std::string* purpose = table.field("purpose");
  std::string why = phrase(Phrase::upload_field_missing, caller.language, "purpose");
  if (purpose != nullptr)
    if (const auto policy = find_purpose(room, caller, *purpose, why)) return *policy;
  refusal = invalid(caller, "/purpose", purpose == nullptr ? "required" : "not_a_purpose", why);
  return std::nullopt;
}

std::optional<bool> form_flag(const Caller& caller, const UploadedTable& table, const char* name, Response& refusal) {
  const std::string* text = table.field(name);
  if (text == nullptr || *text == "false") return false;
  if (*text == "true") return true;
  refusal = invalid(caller, std::string("/") + name, "not_a_flag", phrase(Phrase::json_not_flag, caller.language));
  return std::nullopt;
}

// All rows in the order of the file, the bad ones with their reasons.
Status read_source(Source& source, const std::string& purpose, bool consent, std::vector<BatchRow>& rows) {
  const auto columns = source.columns();
  const bool says_consent =
      std::any_of(columns.begin(), columns.end(), [](const std::string& line) { return line.ends_with("-> consent"); });
  std::vector<std::pair<std::uint64_t, BatchRow>> by_line;
  SourceBatch batch;
  while (true) {
    SEMAK_TRY(const bool more, source.next(batch, kChunk));
    if (!more) break;
    by_line.clear();
    for (SourceRow& good : batch.rows) {
      BatchRow row;
      row.query_id = good.id;
      row.request.subject = std::move(good.subject);
      row.request.subject.purpose = purpose;
      if (!says_consent) row.request.subject.consent = consent;
      by_line.emplace_back(good.line, std::move(row));
    }
    for (const RejectedRow& bad : batch.rejected) {
      BatchRow row;
      row.query_id = bad.id.empty() ? std::to_string(bad.row.line) : bad.id;
      row.reject_reason = bad.field.empty() ? bad.reason : bad.field + ": " + bad.reason;
      by_line.emplace_back(bad.row.line, std::move(row));
    }
    std::stable_sort(by_line.begin(), by_line.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [line, row] : by_line) {
      row.row = rows.size();
      rows.push_back(std::move(row));
    }
  }
  return {};
}

std::optional<Submission> read_form(Room& room, const Caller& caller, const Request& request, Response& refusal) {
  auto table =
      read_table(request, caller, kSubject, room.uploads.folder(), {"purpose", "reference", "consent"}, refusal);
  if (!table) return std::nullopt;
  const auto policy = form_purpose(room, caller, *table, refusal);
  if (!policy) return std::nullopt;
  const auto consent = form_flag(caller, *table, "consent", refusal);
  if (!consent) return std::nullopt;
  Submission submission;
  submission.about.purpose = policy->name;
  submission.about.file_name = table->file_name;
  if (const std::string* reference = table->field("reference")) submission.about.reference = *reference;
  submission.fingerprint = table->fingerprint;
  auto source = Source::open(table->file, source_options(*table, RowKind::subject, RegisterKind::reference));
  Status status;
  if (!source)
    status = source.error();
  else
    status = read_source(**source, policy->name, *consent, submission.rows);
  if (!status) {
    refusal = invalid(caller, "/file", "not_readable", worded(table->said(status.error().message), caller.language));
    return std::nullopt;
  }
  const auto good = std::count_if(submission.rows.begin(), submission.rows.end(),
                                  [](const BatchRow& row) { return row.reject_reason.empty(); });
  if (good > 0) return submission;
  const std::string why = submission.rows.empty() ? std::string("0") : submission.rows.front().reject_reason;
  refusal = invalid(caller, "/file", "no_rows", phrase(Phrase::batch_no_rows, caller.language, why));
  return std::nullopt;
}

std::optional<Response> charge_rows(Room& room, const Caller& caller, const std::vector<BatchRow>& rows) {
  const auto people = static_cast<std::uint64_t>(
      std::count_if(rows.begin(), rows.end(), [](const BatchRow& row) { return row.reject_reason.empty(); }));
  if (auto problem = room.services.limits.take_lookups(caller.key_id, people))
    return problem_response(*problem, caller);
  for (const BatchRow& row : rows) watch_numbers(room, caller, row.request.subject);
  return std::nullopt;
}

Result<std::optional<BatchInfo>> find_batch(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return std::optional<BatchInfo>();
  SEMAK_TRY(auto batch, room.office.batches().find(id));
  if (batch && !may_see(caller, batch->actor.tenant)) batch.reset();
  return batch;
}

// Progress of one batch: an event at each change, the last one when it has ended.
class BatchEvents final : public BodyStream {
 public:
  BatchEvents(std::shared_ptr<Room> room, std::string id, bool full_view)
      : room_(std::move(room)), id_(std::move(id)), full_view_(full_view) {}

  Piece next() override {
    constexpr std::chrono::milliseconds kPause{250};
    if (ended_) return {{}, true, {}};
    auto batch = room_->office.batches().find(id_);
    if (!batch) {
      aborted_ = true;
      return {{}, true, {}};
    }
    if (!*batch) return {{}, true, {}};
    const std::string data = json::serialize(batch_json(**batch, full_view_));
    ended_ = has_ended((*batch)->state);
    if (data == told_ && !ended_) return {{}, false, kPause};
    told_ = data;
    std::string event = server_sent_event("progress", std::to_string(++events_), data);
    if (ended_) event += server_sent_event("end", std::to_string(++events_), data);
    return {std::move(event), ended_, kPause};
  }
  bool aborted() const override { return aborted_; }

 private:
  std::shared_ptr<Room> room_;
  std::string id_, told_;
  bool full_view_;
  bool ended_ = false, aborted_ = false;
  std::uint64_t events_ = 0;
};

}  // namespace

Response create_batch(Room& room, const Caller& caller, const Request& request) {
  const std::string* type = request.header("Content-Type");
  const bool form = type != nullptr && media_type(*type) == "multipart/form-data";
  Response refusal;
  auto submission = form ? read_form(room, caller, request, refusal) : read_json(room, caller, request, refusal);
  if (!submission) return refusal;
  return room.idempotency.run(
      caller, request,
      [&](const std::string& id) {
        if (auto over = charge_rows(room, caller, submission->rows)) return std::move(*over);
        submission->about.id = id;
        auto batch = room.office.batches().submit(caller.actor, submission->about, std::move(submission->rows));
        if (!batch) return problem_response(batch.error(), caller);
        return accepted("/v1/batches/" + batch->id, json::serialize(batch_json(*batch, reads_more(caller))));
      },
      submission->fingerprint);
}

Response preview_batch(Room& room, const Caller& caller, const Request& request) {
  Response refusal;
  const auto table =
      read_table(request, caller, kSubject, room.uploads.folder(), {"purpose", "reference", "consent"}, refusal);
  if (!table) return refusal;
  const auto policy = form_purpose(room, caller, *table, refusal);
  if (!policy) return refusal;
  if (!form_flag(caller, *table, "consent", refusal)) return refusal;
  return json_ok(preview_json(*table, source_options(*table, RowKind::subject, RegisterKind::reference),
                              caller.language, &*policy));
}

Response list_batches(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const std::size_t limit = query.limit();
  const std::string before = query.id("cursor").value_or("");
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  auto batches = room.office.batches().list(visible_tenant(caller), before, limit + 1);
  if (!batches) return problem_response(batches.error(), caller);
  const bool more = batches->size() > limit;
  if (more) batches->resize(limit);
  json::array items;
  for (const BatchInfo& batch : *batches) items.push_back(batch_json(batch, reads_more(caller)));
  json::object page{{"items", std::move(items)}};
  if (more) page["next_cursor"] = batches->back().id;
  return json_ok(page);
}

Response get_batch(Room& room, const Caller& caller, const Request& request) {
  const auto batch = find_batch(room, caller, request);
  if (!batch) return problem_response(batch.error(), caller);
  if (!*batch) return not_found(caller);
  return json_ok(batch_json(**batch, reads_more(caller)));
}

Response cancel_batch(Room& room, const Caller& caller, const Request& request) {
  const auto batch = find_batch(room, caller, request);
  if (!batch) return problem_response(batch.error(), caller);
  if (!*batch) return not_found(caller);
  if (has_ended((*batch)->state)) return conflict(caller, Phrase::is_finished);
  if (auto done = room.office.batches().cancel(caller.actor, (*batch)->id); !done) {
    if (done.error().code == ErrorCode::invalid_input) return conflict(caller, Phrase::is_finished);
    return change_problem(done.error(), caller);
  }
  return get_batch(room, caller, request);
}

Response watch_batch(Room& room, const Caller& caller, const Request& request) {
  const auto batch = find_batch(room, caller, request);
  if (!batch) return problem_response(batch.error(), caller);
  if (!*batch) return not_found(caller);
  Response response;
  response.content_type = "text/event-stream";
  response.headers.set("Cache-Control", "no-store");
  response.stream = std::make_shared<BatchEvents>(room.shared_from_this(), (*batch)->id, reads_more(caller));
  return response;
}

}  // namespace semak
