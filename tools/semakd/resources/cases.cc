// Referrals: the queue, one case with subject and candidates side by side, and what is done about it.
#include <array>
#include <boost/json/array.hpp>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytes = 16000;  // 4000 characters
constexpr std::array<std::string_view, 2> kStates = {"open", "closed"};
constexpr std::array<std::string_view, 3> kVerdicts = {"same_person", "not_same", "need_more"};

bool is_closed(CaseState state) { return state == CaseState::closed_no_record || state == CaseState::closed_record; }

json::object common(const Case& item) {
  return {{"id", item.id},
          {"state", to_string(item.state)},
          {"tenant", item.tenant},
          {"purpose", item.purpose},
          {"reference", item.reference},
          {"assignee", item.assignee},
          {"opened", rfc3339(item.opened_ms)},
          {"due", rfc3339(item.due_ms)},
          {"overdue", !is_closed(item.state) && now_ms() > item.due_ms},
          {"priority", item.priority},
          {"version", item.version}};
}

json::object summary(const Case& item) {
  json::object object = common(item);
  std::size_t undecided = 0;
  const Hit* best = nullptr;
  for (const Case::Candidate& candidate : item.candidates) {
    undecided += candidate.decided || candidate.gone ? 0 : 1;
    if (best == nullptr || candidate.hit.score > best->score) best = &candidate.hit;
  }
  object["candidates"] = item.candidates.size();
  object["undecided"] = undecided;
  if (best != nullptr) {
    object["best_probability_bp"] = basis_points(best->probability);
    object["best_score_centibits"] = centibits(best->score);
  }
  return object;
}

json::object event_json(const CaseEvent& event) {
  json::object object{{"kind", to_string(event.kind)},
                      {"time", rfc3339(event.time_ms)},
                      {"actor", event.actor.id},
                      {"role", to_string(event.actor.role)}};
  if (event.candidate >= 0) object["candidate"] = event.candidate;
  const bool judged = event.kind == CaseEvent::Kind::proposed || event.kind == CaseEvent::Kind::confirmed ||
                      event.kind == CaseEvent::Kind::rejected || event.kind == CaseEvent::Kind::decided;
  if (judged) object["verdict"] = to_string(event.verdict);
  if (!event.text.empty()) object["text"] = event.text;
  return object;
}

bool may_see_case(Room& room, const Caller& caller, const std::string& id) {
  const auto other = room.office.casework().find_case(id);
  return other && *other && may_see(caller, (*other)->tenant);
}

json::object case_json(Room& room, const Caller& caller, const Case& item, const std::optional<Check>& check) {
  AnswerWriter writer(room.office, caller);
  json::object object = common(item);
  object["check_id"] = item.check_id;
  const View view = check ? writer.view_of(check->policy_id) : View::comparison;
  if (check) {
    object["policy"] = check->policy_id;
    object["erased"] = check->erased;
    if (!check->erased) {
      object["subject"] = subject_json(check->request.subject);
      if (check->request.child) object["child"] = child_json(*check->request.child);
    }
    if (check->answer.standing) object["standing"] = writer.standing(*check->answer.standing, view);
  }
  json::array candidates, events;
  for (std::size_t i = 0; i < item.candidates.size(); ++i) {
    const Case::Candidate& candidate = item.candidates[i];
    json::object one{{"index", i}, {"hit", writer.hit(candidate.hit, view)}, {"decided", candidate.decided}};
    if (candidate.decided) one["verdict"] = to_string(candidate.verdict);
    if (!candidate.proposed_by.empty()) one["proposed_by"] = candidate.proposed_by;
    // A decision taken over from another tenant's case does not tell whose it was.
    if (!candidate.earlier_case.empty() && may_see_case(room, caller, candidate.earlier_case))
      one["earlier_case"] = candidate.earlier_case;
    if (candidate.gone) one["gone"] = true;
    candidates.push_back(std::move(one));
  }
  for (const CaseEvent& event : item.events) events.push_back(event_json(event));
  object["candidates"] = std::move(candidates);
  object["events"] = std::move(events);
  return object;
}

Response shown(Room& room, const Caller& caller, const Case& item) {
  auto check = room.office.casework().check(item.check_id);
  if (!check) return problem_response(check.error(), caller);
  Response response = json_ok(case_json(room, caller, item, *check));
  set_etag(response, item.version);
  return response;
}

Result<std::optional<Case>> find(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return std::optional<Case>();
  SEMAK_TRY(auto item, room.office.casework().find_case(id));
  if (item && !may_see(caller, item->tenant)) item.reset();
  return item;
}

// Checks tenant and If-Match, then does it.
template <class Do>
Response change(Room& room, const Caller& caller, const Request& request, const Do& act) {
  Precondition seen = if_match(request, caller);
  if (seen.refusal) return std::move(*seen.refusal);
  const auto item = find(room, caller, request);
  if (!item) return problem_response(item.error(), caller);
  if (!*item) return not_found(caller);
  if ((*item)->version != seen.version) return changed_meanwhile(caller);
  auto changed = act(**item, seen.version);
  if (!changed) return change_problem(changed.error(), caller);
  return shown(room, caller, *changed);
}

}  // namespace

Response list_cases(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  CaseFilter filter;
  const std::size_t limit = query.limit();
  filter.cases_max = limit + 1;
  filter.after = query.id("cursor").value_or("");
  filter.closed = query.choice("state", kStates).value_or(0) == 1;
  filter.assignee = query.id("assignee").value_or("");
  if (filter.assignee == "me") filter.assignee = caller.actor.id;
  filter.tenant = query.id("tenant").value_or("");
  if (!sees_all_tenants(caller)) filter.tenant = caller.actor.tenant;
  filter.purpose = query.text("purpose", 64).value_or("");
  filter.text = query.text("q", 480).value_or("");
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  if (!filter.after.empty() && !may_see_case(room, caller, filter.after)) return bad_cursor(caller);
  auto cases = room.office.casework().queue(filter);
  if (!cases) return problem_response(cases.error(), caller);
  const bool more = cases->size() > limit;
  if (more) cases->resize(limit);
  json::array items;
  for (const Case& item : *cases) items.push_back(summary(item));
  json::object page{{"items", std::move(items)}};
  if (more) page["next_cursor"] = cases->back().id;
  // Counts are over all tenants: for those who see all.
  if (sees_all_tenants(caller)) {
    const auto counts = room.office.casework().counts();
    if (!counts) return problem_response(counts.error(), caller);
    page["counts"] = case_counts_json(*counts);
  }
  return json_ok(page);
}

Response get_case(Room& room, const Caller& caller, const Request& request) {
  const auto item = find(room, caller, request);
  if (!item) return problem_response(item.error(), caller);
  if (!*item) return not_found(caller);
  return shown(room, caller, **item);
}

Response assign_case(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  std::string assignee;
  const json::value* given = top.any("assignee");
  const bool nobody = given != nullptr && given->is_string() && given->get_string().empty();
  if (!nobody) assignee = top.need_text("assignee", 64);
  if (!assignee.empty() && !is_id(assignee))
    top.fault("assignee", "not_an_id", phrase(Phrase::query_not_an_id, caller.language));
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  if (assignee == "me") assignee = caller.actor.id;
  return change(room, caller, request, [&](const Case& item, std::uint64_t version) {
    return room.office.casework().assign(caller.actor, item.id, version, assignee);
  });
}

Response note_case(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const std::string text = top.need_text("text", kTextBytes, true);
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return change(room, caller, request, [&](const Case& item, std::uint64_t version) {
    return room.office.casework().note(caller.actor, item.id, version, text);
  });
}

Response decide_case(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const auto candidate = top.need_integer("candidate", 0, 1000);
  const auto verdict = top.need_choice("verdict", kVerdicts);
  const std::string reason = top.need_text("reason", kTextBytes, true);
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return change(room, caller, request, [&](const Case& item, std::uint64_t version) {
    return room.office.casework().decide(caller.actor, item.id, version, static_cast<int>(candidate),
                                         static_cast<Verdict>(*verdict + 1), reason);
  });
}

Response reopen_case(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const std::string reason = top.need_text("reason", kTextBytes, true);
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return change(room, caller, request, [&](const Case& item, std::uint64_t version) {
    return room.office.casework().reopen(caller.actor, item.id, version, reason);
  });
}

}  // namespace semak
