// Checks of one person, of a household, and of a carer's standing.
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/checking.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/query.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kReferenceBytes = 480;  // 120 characters
constexpr std::size_t kReasonBytes = 16000;
constexpr std::size_t kAdultsMax = 20;

constexpr std::array<std::string_view, 5> kOutcomes = {"no_record", "under_verification", "refer", "record",
                                                       "incomplete"};
constexpr std::array<Outcome, 5> kOutcomeOf = {Outcome::no_record, Outcome::refer, Outcome::refer, Outcome::record,
                                               Outcome::incomplete};

// What all requests for checks have besides their subjects.
CheckRequest read_common(JsonObject& object, Faults& faults) {
  CheckRequest request;
  request.subject.reference = object.text("reference", kReferenceBytes).value_or("");
  request.subject.consent = object.flag("consent").value_or(false);
  request.child = read_child(object, "child", faults);
  request.as_of = read_day(object, "as_of", faults.language()).value_or(PartialDate{});
  return request;
}

CheckRequest with_subject(CheckRequest request, Subject subject, const std::string& purpose) {
  request.subject.names = std::move(subject.names);
  request.subject.numbers = std::move(subject.numbers);
  request.subject.dob = subject.dob;
  request.subject.sex = subject.sex;
  request.subject.state = std::move(subject.state);
  request.subject.purpose = purpose;
  return request;
}

Response check_one(Room& room, const Caller& caller, const Request& request, const CheckRequest& asked) {
  const bool may_come_again = request.header("Idempotency-Key") != nullptr;
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    if (auto refusal = charge(room, caller, std::span(&asked, 1))) return std::move(*refusal);
    const std::span<const std::string> ids(&id, may_come_again ? 1 : 0);  // else the desk gives it one, unasked for
    return checked(room, caller, std::span(&asked, 1), ids, false);
  });
}

// The check of the path if there is one that this caller may see.
Result<std::optional<Check>> find_check(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return std::optional<Check>();
  SEMAK_TRY(auto check, room.office.casework().check(id));
  if (check && !may_see(caller, check->actor.tenant)) check.reset();
  return check;
}

}  // namespace

// Without an Idempotency-Key it holds no thread while the disk is waited for.
void create_screening(Room& room, const Caller& caller, const Request& request, Reply reply) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  CheckRequest asked = read_common(top, body.faults());
  const FoundPolicy policy = read_purpose(room, caller, top, "purpose");
  Subject subject = read_subject(top, "subject", body.faults());
  top.finish();
  if (!body.ok()) return reply(problem_response(body.problem(), caller));
  asked = with_subject(std::move(asked), std::move(subject), policy->name);
  if (request.header("Idempotency-Key") != nullptr) return reply(check_one(room, caller, request, asked));
  if (auto refusal = charge(room, caller, std::span(&asked, 1))) return reply(*std::move(refusal));
  check_later(room, caller, asked, std::move(reply));
}

Response get_standing(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  CheckRequest asked = read_common(top, body.faults());
  Subject subject = read_subject(top, "subject", body.faults());
  std::string purpose;
  static_cast<void>(top.any("purpose"));
  if (top.has("purpose")) {
    if (const auto policy = read_purpose(room, caller, top, "purpose")) {
      purpose = policy->name;
      if (!policy->standing)
        top.fault("purpose", "not_a_purpose", phrase(Phrase::purpose_without_standing, caller.language));
    }
  } else {
    const PolicyBook book = room.office.policies();
    for (const auto& [name, entry] : book.all())
      if (entry.policy.standing && Office::view(entry.policy, caller.actor.role) != View::nothing &&
          (purpose.empty() || name == "oyls_carer"))
        purpose = name;
    if (purpose.empty()) top.fault("purpose", "required", phrase(Phrase::purpose_unknown, caller.language));
  }
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return check_one(room, caller, request, with_subject(std::move(asked), std::move(subject), purpose));
}

Response screen_household(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const CheckRequest common = read_common(top, body.faults());
  const auto policy = read_purpose(room, caller, top, "purpose");
  const auto adults = top.need_array("adults", kAdultsMax);
  std::vector<CheckRequest> asked;
  for (std::size_t i = 0; i < adults.size(); ++i) {
    JsonObject adult(&adults[i], json_pointer(top.pointer_to("adults"), std::to_string(i)), body.faults());
    static_cast<void>(adult.text("relationship", kReferenceBytes));
    Subject subject = read_subject(adult, "subject", body.faults());
    adult.finish();
    asked.push_back(with_subject(common, std::move(subject), policy ? policy->name : std::string()));
  }
  if (asked.empty() && body.ok()) top.fault("adults", "required", phrase(Phrase::json_required, caller.language));
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    if (auto refusal = charge(room, caller, asked)) return std::move(*refusal);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < asked.size(); ++i) ids.push_back(batch_check_id(id, i));
    return checked(room, caller, asked, ids, true);
  });
}

Response list_screenings(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  CheckFilter filter;
  filter.tenant = visible_tenant(caller);
  const std::size_t limit = query.limit();
  filter.checks_max = limit + 1;
  filter.before = query.id("cursor").value_or("");
  if (const auto outcome = query.choice("outcome", kOutcomes)) filter.outcome = kOutcomeOf[*outcome];
  filter.purpose = query.text("purpose", 64).value_or("");
  filter.reference = query.text("reference", kReferenceBytes).value_or("");
  filter.batch_id = query.id("batch_id").value_or("");
  filter.from_ms = query.time_ms("from").value_or(0);
  filter.to_ms = query.time_ms("to").value_or(0);
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  if (!filter.before.empty()) {
    const auto last = room.office.casework().check(filter.before);
    if (!last) return problem_response(last.error(), caller);
    if (!*last || !may_see(caller, (*last)->actor.tenant)) return bad_cursor(caller);
  }
  auto checks = room.office.casework().checks(filter);
  if (!checks) return problem_response(checks.error(), caller);
  const bool more = checks->size() > limit;
  if (more) checks->resize(limit);
  AnswerWriter writer(room.office, caller);
  json::array items;
  for (const Check& check : *checks) items.push_back(writer.summary(check));
  json::object page{{"items", std::move(items)}};
  if (more) page["next_cursor"] = checks->back().id;
  return json_ok(page);
}

Response get_screening(Room& room, const Caller& caller, const Request& request) {
  const auto check = find_check(room, caller, request);
  if (!check) return problem_response(check.error(), caller);
  if (!*check) return not_found(caller);
  return json_ok(AnswerWriter(room.office, caller).screening(**check));
}

Response erase_screening(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const std::string reason = top.need_text("reason", kReasonBytes, true);
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  const auto check = find_check(room, caller, request);
  if (!check) return problem_response(check.error(), caller);
  if (!*check) return not_found(caller);
  if ((*check)->erased) return no_content();
  if (auto done = room.office.casework().erase(caller.actor, (*check)->id, reason); !done)
    return change_problem(done.error(), caller);
  return no_content();
}

Response report_subject(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  Subject subject = read_subject(top, "subject", body.faults());
  subject.reference = top.text("reason", 4 * 400).value_or("");
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  auto report = room.office.subject_report(caller.actor, subject);
  if (!report) return problem_response(report.error(), caller);
  return ok(std::move(*report));
}

}  // namespace semak
