// Registers: what there is and how fresh it is, the change log, and the search for people.
#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

#include "tools/semakd/limits.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/checking.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/load_json.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/preview.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/record_access.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kHistory = 100;
constexpr std::size_t kChangesScanned = 20000;  // of the log of all registers, for one page of one
constexpr std::int64_t kTopMax = 50;

// Loads of each register, newest first.
Result<std::map<std::string, std::vector<LoadInfo>, std::less<>>> loads_by_register(Room& room) {
  SEMAK_TRY(auto loads, room.office.engine().store().loads());
  std::map<std::string, std::vector<LoadInfo>, std::less<>> by_register;
  for (auto load = loads.rbegin(); load != loads.rend(); ++load)
    by_register[load->register_name].push_back(std::move(*load));
  return by_register;
}

json::object register_json(const World::Part& part, const std::vector<LoadInfo>& loads) {
  const RegisterInfo& info = part.info;
  json::object object{{"name", info.name},
                      {"kind", to_string(info.kind)},
                      {"active", info.active},
                      {"withdrawn", info.withdrawn},
                      {"loads", loads.size()}};
  if (!loads.empty()) {
    object["generation"] = loads.front().generation.value;
    object["updated"] = rfc3339(loads.front().time * kSecondMs);
  }
  if (part.loaded > 0) object["complete_at"] = rfc3339(part.loaded * kSecondMs);
  return object;
}

LookupRequest read_lookup(JsonObject& top, Faults& faults) {
  LookupRequest wanted;
  wanted.subject = read_subject(top, "subject", faults);
  wanted.registers = top.texts("registers", 32, 256).value_or(std::vector<std::string>());
  wanted.policy = top.text("policy", 64).value_or("");
  wanted.top = static_cast<int>(top.integer("top", 1, kTopMax).value_or(5));
  return wanted;
}

}  // namespace

json::object load_json(const LoadInfo& load) {
  json::array files;
  for (const LoadInfo::File& file : load.files) files.push_back(json::string(file.name));
  return {{"load", load.batch},
          {"generation", load.generation.value},
          {"time", rfc3339(load.time * kSecondMs)},
          {"files", std::move(files)},
          {"rows", load.rows},
          {"added", load.added},
          {"changed", load.changed},
          {"unchanged", load.unchanged},
          {"withdrawn", load.withdrawn},
          {"restored", load.restored},
          {"rejected", load.rejected}};
}

Response list_registers(Room& room, const Caller& caller, const Request&) {
  const auto world = room.office.engine().world();
  const auto loads = loads_by_register(room);
  if (!loads) return problem_response(loads.error(), caller);
  json::array items;
  for (const auto& [name, part] : world->registers) {
    const auto at = loads->find(name);
    items.push_back(register_json(part, at == loads->end() ? std::vector<LoadInfo>() : at->second));
  }
  return json_ok({{"items", std::move(items)}, {"generation", world->generation.value}});
}

Response get_register(Room& room, const Caller& caller, const Request& request) {
  const auto world = room.office.engine().world();
  const auto part = world->registers.find(request.parameter("name"));
  if (part == world->registers.end()) return not_found(caller);
  const RegisterInfo& info = part->second.info;
  auto loads = loads_by_register(room);
  if (!loads) return problem_response(loads.error(), caller);
  const std::vector<LoadInfo>& own = (*loads)[info.name];
  json::object object = register_json(part->second, own);
  json::array history;
  for (std::size_t i = 0; i < std::min(own.size(), kHistory); ++i) history.push_back(load_json(own[i]));
  object["history"] = std::move(history);
  object["columns"] = kind_columns_json(info.kind, caller.language);
  return json_ok(object);
}

Response confirm_register(Room& room, const Caller& caller, const Request& request) {
  if (!find_register(room, request.parameter("name"))) return not_found(caller);
  if (auto done = room.office.confirm_complete(caller.actor, request.parameter("name")); !done)
    return change_problem(done.error(), caller);
  return get_register(room, caller, request);
}

Response list_changes(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const std::size_t limit = query.limit();
  const std::string cursor = query.cursor();
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  std::uint64_t after = 0;
  const auto [at, failed] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), after);
  if (!cursor.empty() && (failed != std::errc() || at != cursor.data() + cursor.size())) return bad_cursor(caller);
  const auto info = find_register(room, request.parameter("name"));
  if (!info) return not_found(caller);
  RecordWriter writer(room, *info);
  json::array items;
  for (std::size_t scanned = 0; scanned < kChangesScanned && items.size() < limit;) {
    constexpr std::size_t kWindow = 1000;
    const auto changes = room.office.engine().store().changes(RevisionId{after}, kWindow);
    if (!changes) return problem_response(changes.error(), caller);
    if (changes->empty()) break;
    scanned += changes->size();
    for (const Change& change : *changes) {
      if (items.size() == limit) break;
      after = change.header.revision.value;
      if (change.header.register_id == info->id) items.push_back(writer.change(change));
    }
  }
  return json_ok({{"items", std::move(items)}, {"next_cursor", std::to_string(after)}});
}

Response look_up(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  LookupRequest wanted = read_lookup(top, body.faults());
  std::string why;
  const std::string policy_name = wanted.policy.empty() ? "default" : wanted.policy;
  const auto policy = find_purpose(room, caller, policy_name, why);
  if (!policy) top.fault("policy", "not_a_purpose", why);
  for (std::size_t i = 0; i < wanted.registers.size(); ++i)
    if (!find_register(room, wanted.registers[i]))
      body.faults().add(json_pointer(top.pointer_to("registers"), std::to_string(i)), "not_a_register",
                        phrase(Phrase::register_unknown, caller.language));
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  if (auto problem = room.services.limits.take_lookups(caller.key_id, 1)) return problem_response(*problem, caller);
  watch_numbers(room, caller, wanted.subject);
  const auto answer = room.office.lookup(caller.actor, wanted);
  if (!answer) return change_problem(answer.error(), caller);
  AnswerWriter writer(room.office, caller);
  const View view = Office::view(*policy, caller.actor.role);
  json::array hits;
  if (view >= View::comparison)
    for (const Hit& hit : answer->hits) hits.push_back(writer.hit(hit, view));
  json::object object{{"generation", answer->generation.value},
                      {"outcome", writer.outcome(answer->outcome, view)},
                      {"hits", std::move(hits)}};
  if (answer->outcome == Outcome::incomplete) object["reason"] = to_string(answer->reason);
  if (answer->standing) object["standing"] = writer.standing(*answer->standing, view);
  return json_ok(object);
}

}  // namespace semak
