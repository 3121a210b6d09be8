// Policies: the purposes that there are, as text and in force.
#include <boost/json/array.hpp>
#include <cmath>

#include "tools/semakd/json.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/policy_json.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kTomlBytes = 65536;

const char* name_of(SubjectField field) {
  switch (field) {
    case SubjectField::name: return "name";
    case SubjectField::id_number: return "id_number";
    case SubjectField::birth_date: return "birth_date";
    case SubjectField::birth_year: return "birth_year";
    case SubjectField::sex: return "sex";
    case SubjectField::child: return "child";
  }
  return "name";
}

const char* name_of(View view) {
  switch (view) {
    case View::nothing: return "nothing";
    case View::outcome: return "outcome";
    case View::comparison: return "comparison";
    case View::record: return "record";
  }
  return "nothing";
}

bool reads_text(Role role) { return role == Role::admin || role == Role::auditor || role == Role::caseworker; }

// The body's TOML; nullopt and `refusal` if it has none.
std::optional<std::string> read_toml(const Caller& caller, const Request& request, Response& refusal) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  std::string toml = top.need_text("toml", kTomlBytes, true);
  top.finish();
  if (body.ok()) return toml;
  refusal = problem_response(body.problem(), caller);
  return std::nullopt;
}

}  // namespace

json::object policy_summary_json(const Policy& policy, const Caller& caller) {
  json::array needs;
  for (const auto& line : policy.needs) {
    json::array fields;
    for (const SubjectField field : line) fields.push_back(name_of(field));
    needs.push_back(std::move(fields));
  }
  return {{"name", policy.name},
          {"id", policy.id},
          {"title", caller.language == Language::ms ? policy.title_ms : policy.title_en},
          {"title_ms", policy.title_ms},
          {"title_en", policy.title_en},
          {"needs", std::move(needs)},
          {"consent", policy.consent},
          {"standing", policy.standing},
          {"you_see", name_of(Office::view(policy, caller.actor.role))},
          {"valid_days", policy.valid_days}};
}

json::object policy_detail_json(const Policy& policy, const Caller& caller) {
  json::object object = policy_summary_json(policy, caller);
  json::array registers, kinds;
  for (const std::string& name : policy.registers) registers.push_back(json::string(name));
  for (const RegisterKind kind : policy.kinds) kinds.push_back(to_string(kind));
  object["registers"] = std::move(registers);
  object["kinds"] = std::move(kinds);
  object["retain_days"] = policy.retain_days;
  object["case_days"] = policy.case_days;
  object["register_days_max"] = policy.register_days_max;
  object["refer_probability_bp"] = basis_points(policy.refer_probability);
  object["top"] = policy.top;
  return object;
}

Response list_policies(Room& room, const Caller& caller, const Request&) {
  json::array items;
  const PolicyBook book = room.office.policies();
  for (const auto& [name, entry] : book.all()) items.push_back(policy_summary_json(entry.policy, caller));
  return json_ok({{"items", std::move(items)}});
}

Response get_policy(Room& room, const Caller& caller, const Request& request) {
  const std::string name(request.parameter("name"));
  const PolicyBook book = room.office.policies();
  const auto in_force = book.all().find(name.substr(0, name.find('@')));
  const bool known = in_force != book.all().end();
  if (name.find('@') == std::string::npos || (known && in_force->second.policy.id == name)) {
    if (!known) return not_found(caller);
    json::object object = policy_detail_json(in_force->second.policy, caller);
    object["in_force"] = true;
    if (reads_text(caller.actor.role)) object["toml"] = in_force->second.toml;
    return json_ok(object);
  }
  const auto old = room.office.policy_of(name);
  if (!old)
    return old.error().code == ErrorCode::not_found || old.error().code == ErrorCode::invalid_input
               ? not_found(caller)
               : problem_response(old.error(), caller);
  json::object object = policy_detail_json(*old, caller);
  object["in_force"] = false;
  return json_ok(object);
}

Response put_policy(Room& room, const Caller& caller, const Request& request) {
  Response refusal;
  const auto toml = read_toml(caller, request, refusal);
  if (!toml) return refusal;
  const auto read = parse_policy(*toml, "policy");
  if (!read) return invalid(caller, "/toml", "not_a_policy", read.error().message);
  if (read->name != request.parameter("name"))
    return invalid(caller, "/toml", "another_name", phrase(Phrase::policy_name_differs, caller.language));
  const auto policy = room.office.put_policy(caller.actor, *toml, "policy");
  if (!policy) return change_problem(policy.error(), caller);
  json::object object = policy_detail_json(*policy, caller);
  object["in_force"] = true;
  object["toml"] = *toml;
  return json_ok(object);
}

Response check_policy(Room&, const Caller& caller, const Request& request) {
  Response refusal;
  const auto toml = read_toml(caller, request, refusal);
  if (!toml) return refusal;
  const auto policy = parse_policy(*toml, "policy");
  if (!policy) return json_ok({{"good", false}, {"error", policy.error().message}});
  return json_ok({{"good", true}, {"policy", policy_detail_json(*policy, caller)}});
}

}  // namespace semak
