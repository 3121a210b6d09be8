// Register files: previewed, loaded in the background, rejects to correct.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/file_body.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/preview.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/record_access.h"
#include "tools/words/translation.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kRegisterNameMax = 64;

bool is_register_name(std::string_view name) {
  return !name.empty() && name.size() <= kRegisterNameMax && is_id(name) && name.front() != '.';
}

struct RegisterForm {
  UploadedTable table;
  RegisterKind kind = RegisterKind::reference;
  bool is_new = false;
  bool replace = false;
};

std::optional<RegisterForm> read_form(Room& room, const Caller& caller, const Request& request, Response& refusal) {
  const std::string_view name = request.parameter("name");
  if (!is_register_name(name)) {
    refusal = not_found(caller);
    return std::nullopt;
  }
  // Which columns there are depends on the kind, and the kind may stand in the form: read it for all kinds first.
  auto table = read_table(request, caller, static_cast<ColumnUse>(kRecords), room.uploads.folder(), {"kind", "replace"},
                          refusal);
  if (!table) return std::nullopt;
  RegisterForm form;
  const auto there = find_register(room, name);
  const std::string* kind = table->field("kind");
  const auto said = kind == nullptr ? std::nullopt : register_kind_from(*kind);
  if (kind != nullptr && !said) {
    refusal = invalid(caller, "/kind", "not_a_choice",
                      phrase(Phrase::json_not_choice, caller.language, "offender, oyls, child, reference"));
    return std::nullopt;
  }
  if (there && said && *said != there->kind) {
    refusal = invalid(caller, "/kind", "of_another_kind", phrase(Phrase::upload_kind_other, caller.language));
    return std::nullopt;
  }
  if (!there && !said) {
    refusal = invalid(caller, "/kind", "required", phrase(Phrase::upload_kind_needed, caller.language));
    return std::nullopt;
  }
  form.kind = there ? there->kind : *said;
  form.is_new = !there;
  if (const std::string* replace = table->field("replace"); replace != nullptr) {
    if (*replace != "true" && *replace != "false") {
      refusal = invalid(caller, "/replace", "not_a_flag", phrase(Phrase::json_not_flag, caller.language));
      return std::nullopt;
    }
    form.replace = *replace == "true";
  }
  form.table = std::move(*table);
  return form;
}

json::object report_json(const IngestReport& report) {
  return {{"generation", report.generation.value},
          {"rows", report.rows},
          {"added", report.added},
          {"changed", report.changed},
          {"unchanged", report.unchanged},
          {"withdrawn", report.withdrawn},
          {"restored", report.restored},
          {"rejected", report.rejected}};
}

json::array texts_json(const std::vector<std::string>& texts, Language language) {
  json::array array;
  for (const std::string& text : texts) array.push_back(json::string(worded(text, language)));
  return array;
}

json::object job_json(const UploadJob& job, Language language) {
  json::object object{{"id", job.id}, {"register", job.register_name}, {"file_name", job.file_name}};
  switch (job.state) {
    case UploadJob::State::running:
      object["state"] = "running";
      object["stage"] = job.stage;
      object["done"] = job.done;
      object["total"] = job.total;
      break;
    case UploadJob::State::done:
      object["state"] = "done";
      object["report"] = report_json(job.report);
      object["columns"] = texts_json(job.columns, language);
      object["warnings"] = texts_json(job.warnings, language);
      object["rejects"] = !job.rejects.empty();
      break;
    case UploadJob::State::failed:
      object["state"] = "failed";
      object["error"] = worded(job.error, language);
      break;
  }
  return object;
}

std::optional<UploadJob> find_job(Room& room, const Request& request) {
  auto job = room.uploads.find(request.parameter("upload"));
  if (job && job->register_name != request.parameter("name")) job.reset();
  return job;
}

}  // namespace

Response preview_register(Room& room, const Caller& caller, const Request& request) {
  Response refusal;
  const auto form = read_form(room, caller, request, refusal);
  if (!form) return refusal;
  return json_ok(
      preview_json(form->table, source_options(form->table, RowKind::record, form->kind), caller.language, nullptr));
}

Response upload_register(Room& room, const Caller& caller, const Request& request) {
  Response refusal;
  auto form = read_form(room, caller, request, refusal);
  if (!form) return refusal;
  const std::string fingerprint = form->table.fingerprint;
  return room.idempotency.run(
      caller, request,
      [&](const std::string& id) {
        IngestRequest wanted;
        wanted.register_name = std::string(request.parameter("name"));
        if (form->is_new) wanted.kind = form->kind;
        wanted.files = {form->table.file};
        wanted.mapping = form->table.mapping;
        wanted.rejects = form->table.folder.path() / "rejects.csv";
        wanted.replace = form->replace;
        if (caller.language == Language::ms) wanted.wording = in_malay;
        const auto job = room.uploads.start(caller.actor, id, std::move(wanted), std::move(form->table));
        if (!job) return conflict(caller, Phrase::upload_busy);
        return accepted(fmt::format("/v1/registers/{}/uploads/{}", path_segment(job->register_name), job->id),
                        json::serialize(job_json(*job, caller.language)));
      },
      fingerprint);
}

Response get_upload(Room& room, const Caller& caller, const Request& request) {
  const auto job = find_job(room, request);
  return job ? json_ok(job_json(*job, caller.language)) : not_found(caller);
}

Response get_upload_rejects(Room& room, const Caller& caller, const Request& request) {
  const auto job = find_job(room, request);
  if (!job || job->rejects.empty()) return not_found(caller);
  Response response;
  response.content_type = "text/csv; charset=utf-8";
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"rejects-{}.csv\"", job->id));
  response.stream = std::make_shared<FileBody>(UploadFolder(), job->rejects);
  return response;
}

}  // namespace semak
