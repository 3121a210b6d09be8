// People under watch (pemantauan) and what watching found.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/limits.h"
#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/alert_json.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/checking.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kReferenceBytes = 480;
constexpr std::size_t kPeopleMax = 10000;

json::object enrolment_json(const Enrolment& enrolment) {
  json::object object{{"id", enrolment.id},
                      {"tenant", enrolment.actor.tenant},
                      {"purpose", enrolment.policy_id.substr(0, enrolment.policy_id.find('@'))},
                      {"policy", enrolment.policy_id},
                      {"since", rfc3339(enrolment.since_ms)},
                      {"until", rfc3339(enrolment.until_ms)},
                      {"ended", enrolment.ended},
                      {"enrolled_by", enrolment.actor.id}};
  if (!enrolment.undecidable.empty()) object["undecidable"] = enrolment.undecidable;
  if (!enrolment.subject.purpose.empty()) object["purpose"] = enrolment.subject.purpose;
  if (!enrolment.subject.reference.empty()) object["reference"] = enrolment.subject.reference;
  if (!enrolment.check_id.empty()) object["screening_id"] = enrolment.check_id;
  if (json::object subject = subject_json(enrolment.subject); !subject.empty()) object["subject"] = std::move(subject);
  return object;
}

// Takes subject and purpose over from an earlier check.
void take_screening(Room& room, const Caller& caller, JsonObject& object, Enrolment& person) {
  const std::string id = object.need_text("screening_id", 64);
  if (id.empty()) return;
  const auto check =
      is_id(id) ? room.office.casework().check(id) : Result<std::optional<Check>>(std::optional<Check>());
  if (!check || !*check || !may_see(caller, (*check)->actor.tenant)) {
    object.fault("screening_id", "not_a_screening", phrase(Phrase::screening_unknown, caller.language));
    return;
  }
  if ((*check)->erased) {
    object.fault("screening_id", "erased", phrase(Phrase::subject_erased, caller.language));
    return;
  }
  person.subject = (*check)->request.subject;
  person.check_id = (*check)->id;
}

Enrolment read_person(Room& room, const Caller& caller, JsonObject& object, Faults& faults) {
  Enrolment person;
  person.actor = caller.actor;
  if (object.has("screening_id") == object.has("subject")) {
    object.fault("subject", "one_or_other", phrase(Phrase::one_or_other, caller.language, "subject", "screening_id"));
    static_cast<void>(object.any("screening_id"));
    static_cast<void>(object.any("subject"));
    static_cast<void>(object.any("purpose"));
  } else if (object.has("screening_id")) {
    static_cast<void>(object.any("subject"));
    take_screening(room, caller, object, person);
    static_cast<void>(object.any("purpose"));
    if (object.has("purpose")) {
      if (const auto policy = read_purpose(room, caller, object, "purpose")) person.subject.purpose = policy->name;
    }
  } else {
    static_cast<void>(object.any("screening_id"));
    person.subject = read_subject(object, "subject", faults);
    if (const auto policy = read_purpose(room, caller, object, "purpose")) person.subject.purpose = policy->name;
  }
  if (const auto policy = room.office.policies().find(person.subject.purpose)) person.policy_id = policy->id;
  if (auto reference = object.text("reference", kReferenceBytes)) person.subject.reference = std::move(*reference);
  if (object.need_flag("consent"))
    person.subject.consent = true;
  else if (!object.pointer().empty() || object.present())
    object.fault("consent", "required", phrase(Phrase::consent_needed, caller.language));
  object.need_text("until", 64);
  if (const auto day = read_day(object, "until", caller.language)) {
    person.until_ms = end_of_day_ms(*day);
    if (person.until_ms <= now_ms()) object.fault("until", "past", phrase(Phrase::day_is_past, caller.language));
  }
  object.finish();
  return person;
}

Result<std::optional<Enrolment>> find(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return std::optional<Enrolment>();
  SEMAK_TRY(auto enrolment, room.office.monitor().enrolment(id));
  if (enrolment && !may_see(caller, enrolment->actor.tenant)) enrolment.reset();
  return enrolment;
}

// Alerts are kept in the order of their ids: the first one after whatever sorts just before `id` is it, if it is there.
Result<std::optional<Alert>> find_alert(Room& room, std::string_view id) {
  AlertFilter filter;
  filter.after = std::string(id);
  --filter.after.back();
  filter.after += '~';
  filter.alerts_max = 1;
  SEMAK_TRY(auto alerts, room.office.monitor().alerts(filter));
  if (alerts.empty() || alerts.front().id != id) return std::optional<Alert>();
  return std::optional(std::move(alerts.front()));
}

std::optional<Response> charge_people(Room& room, const Caller& caller, const std::vector<Enrolment>& people) {
  if (auto problem = room.services.limits.take_lookups(caller.key_id, people.size()))
    return problem_response(*problem, caller);
  for (const Enrolment& person : people) watch_numbers(room, caller, person.subject);
  return std::nullopt;
}

}  // namespace

Response enrol_one(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  std::vector<Enrolment> people;
  people.push_back(read_person(room, caller, top, body.faults()));
  if (!body.ok()) return problem_response(body.problem(), caller);
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    if (auto over = charge_people(room, caller, people)) return std::move(*over);
    people.front().id = id;
    const auto report = room.office.monitor().enrol(people, {});
    if (!report) return problem_response(report.error(), caller);
    if (!report->errors.empty()) return invalid(caller, "/subject", "not_enrolled", report->errors.front().second);
    const auto made = room.office.monitor().enrolment(id);
    if (!made) return problem_response(made.error(), caller);
    if (!*made) return not_found(caller);
    return created("/v1/enrolments/" + id, json::serialize(enrolment_json(**made)));
  });
}

Response enrol_many(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  std::vector<Enrolment> people;
  const auto items = top.need_array("people", kPeopleMax);
  for (std::size_t i = 0; i < items.size(); ++i) {
    JsonObject item(&items[i], json_pointer(top.pointer_to("people"), std::to_string(i)), body.faults());
    people.push_back(read_person(room, caller, item, body.faults()));
  }
  if (people.empty() && body.ok()) top.fault("people", "required", phrase(Phrase::json_required, caller.language));
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    if (auto over = charge_people(room, caller, people)) return std::move(*over);
    for (std::size_t i = 0; i < people.size(); ++i) people[i].id = batch_check_id(id, i);
    const auto report = room.office.monitor().enrol(people, {});
    if (!report) return problem_response(report.error(), caller);
    json::array made, errors;
    for (std::size_t i = 0; i < people.size(); ++i)
      if (!people[i].id.empty()) made.push_back({{"index", i}, {"id", people[i].id}});
    for (const auto& [index, reason] : report->errors) errors.push_back({{"index", index}, {"reason", reason}});
    return json_ok({{"enrolled", report->enrolled},
                    {"alerts", report->alerts},
                    {"items", std::move(made)},
                    {"errors", std::move(errors)}});
  });
}

Response list_enrolments(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const std::size_t limit = query.limit();
  const std::string after = query.id("cursor").value_or("");
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  auto found = room.office.monitor().enrolments(visible_tenant(caller), after, limit + 1);
  if (!found) return problem_response(found.error(), caller);
  const bool more = found->size() > limit;
  if (more) found->resize(limit);
  json::array items;
  for (const Enrolment& enrolment : *found) items.push_back(enrolment_json(enrolment));
  json::object page{{"items", std::move(items)}};
  if (more) page["next_cursor"] = found->back().id;
  return json_ok(page);
}

Response get_enrolment(Room& room, const Caller& caller, const Request& request) {
  const auto enrolment = find(room, caller, request);
  if (!enrolment) return problem_response(enrolment.error(), caller);
  return *enrolment ? json_ok(enrolment_json(**enrolment)) : not_found(caller);
}

Response end_enrolment(Room& room, const Caller& caller, const Request& request) {
  const auto enrolment = find(room, caller, request);
  if (!enrolment) return problem_response(enrolment.error(), caller);
  if (!*enrolment) return not_found(caller);
  if ((*enrolment)->ended) return conflict(caller, Phrase::is_ended);
  if (auto done = room.office.monitor().end(caller.actor, (*enrolment)->id); !done)
    return change_problem(done.error(), caller);
  return get_enrolment(room, caller, request);
}

Response list_alerts(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  AlertFilter filter;
  filter.tenant = visible_tenant(caller);
  filter.alerts_max = query.limit();
  filter.after = query.id("cursor").value_or("");
  filter.unacknowledged = query.flag("unacknowledged").value_or(false);
  filter.enrolment_id = query.id("enrolment_id").value_or("");
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  const auto alerts = room.office.monitor().alerts(filter);
  if (!alerts) return problem_response(alerts.error(), caller);
  json::array items;
  for (const Alert& alert : *alerts) {
    json::object item = alert_json(alert, caller.actor.role == Role::caseworker, caller.language);
    if (!alert.enrolment_id.empty()) {
      const auto enrolment = room.office.monitor().enrolment(alert.enrolment_id);
      if (enrolment && *enrolment && !(*enrolment)->subject.reference.empty())
        item["reference"] = (*enrolment)->subject.reference;
    }
    items.push_back(std::move(item));
  }
  return json_ok({{"items", std::move(items)}, {"next_cursor", alerts->empty() ? filter.after : alerts->back().id}});
}

Response acknowledge_alert(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return not_found(caller);
  const auto alert = find_alert(room, id);
  if (!alert) return problem_response(alert.error(), caller);
  if (!*alert || !may_see(caller, (*alert)->tenant)) return not_found(caller);
  if (auto done = room.office.monitor().acknowledge(caller.actor, id); !done)
    return change_problem(done.error(), caller);
  return no_content();
}

}  // namespace semak
