// API keys, roles, and what the caller at hand may do.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/limits.h"
#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/policy_json.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/routes.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> kRoles = {"submitter", "caseworker", "registrar", "auditor", "admin"};
constexpr std::array<Phrase, 5> kRoleTitles = {Phrase::role_submitter, Phrase::role_caseworker, Phrase::role_registrar,
                                               Phrase::role_auditor, Phrase::role_admin};

json::object key_json(const CallerKey& key) {
  json::object object{{"id", key.id},
                      {"label", key.name},
                      {"role", to_string(key.role)},
                      {"tenant", key.tenant},
                      {"created", rfc3339(key.made_ms)},
                      {"revoked", key.revoked_ms != 0}};
  if (key.expires_ms != 0) object["expires"] = rfc3339(key.expires_ms);
  if (key.last_used_ms != 0) object["last_used"] = rfc3339(key.last_used_ms);
  if (!key.made_by.empty()) object["made_by"] = key.made_by;
  json::object allowance;
  if (key.allowance.per_second != 0) allowance["per_second"] = key.allowance.per_second;
  if (key.allowance.burst != 0) allowance["burst"] = key.allowance.burst;
  if (key.allowance.lookups_a_day != 0) allowance["lookups_a_day"] = key.allowance.lookups_a_day;
  if (!allowance.empty()) object["allowance"] = std::move(allowance);
  return object;
}

json::array operations_json(Role role) {
  json::array array;
  for (const char* operation : operations_of(role)) array.push_back(operation);
  return array;
}

bool is_tenant(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && plain(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return plain(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

Response list_keys(Room& room, const Caller&, const Request&) {
  json::array items;
  for (const CallerKey& key : room.services.callers.list()) items.push_back(key_json(key));
  return json_ok({{"items", std::move(items)}});
}

Response create_key(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  NewCallerKey wanted;
  wanted.name = top.need_text("label", 100);
  wanted.tenant = top.need_text("tenant", 64);
  if (!wanted.tenant.empty() && !is_tenant(wanted.tenant))
    top.fault("tenant", "not_a_tenant", phrase(Phrase::not_a_tenant, caller.language));
  if (const auto role = top.need_choice("role", kRoles)) {
    wanted.role = static_cast<Role>(*role + 1);
    if (!wanted.tenant.empty() && !role_fits_tenant(wanted.role, wanted.tenant))
      top.fault("tenant", "not_the_agency", phrase(Phrase::only_the_agency, caller.language));
  }
  if (const auto day = read_day(top, "expires", caller.language)) {
    wanted.expires_ms = end_of_day_ms(*day);
    if (wanted.expires_ms <= now_ms()) top.fault("expires", "past", phrase(Phrase::day_is_past, caller.language));
  }
  if (auto allowance = top.object("allowance"); allowance && allowance->present()) {
    constexpr std::int64_t kMost = 1'000'000'000;
    wanted.allowance.per_second = static_cast<std::uint32_t>(allowance->integer("per_second", 1, 100'000).value_or(0));
    wanted.allowance.burst = static_cast<std::uint32_t>(allowance->integer("burst", 1, 1'000'000).value_or(0));
    wanted.allowance.lookups_a_day =
        static_cast<std::uint64_t>(allowance->integer("lookups_a_day", 1, kMost).value_or(0));
    allowance->finish();
  }
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  const auto made = room.services.callers.make(caller.actor, wanted);
  if (!made) return problem_response(made.error(), caller);
  json::object object = key_json(made->key);
  object["secret"] = made->secret;
  Response response = created("/v1/keys", json::serialize(object));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response revoke_key(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return not_found(caller);
  const auto there = room.services.callers.find(id);
  if (!there) return not_found(caller);
  if (there->revoked_ms != 0) return conflict(caller, Phrase::key_is_revoked);
  const auto revoked = room.services.callers.revoke(caller.actor, id);
  if (!revoked) return change_problem(revoked.error(), caller);
  return json_ok(key_json(*revoked));
}

Response list_roles(Room&, const Caller& caller, const Request&) {
  json::array items;
  for (std::size_t i = 0; i < kRoles.size(); ++i)
    items.push_back({{"role", json::string_view(kRoles[i].data(), kRoles[i].size())},
                     {"title", phrase(kRoleTitles[i], caller.language)},
                     {"operations", operations_json(static_cast<Role>(i + 1))}});
  return json_ok({{"items", std::move(items)}});
}

Response get_me(Room& room, const Caller& caller, const Request&) {
  json::object object{{"id", caller.actor.id},
                      {"label", caller.actor.id},
                      {"role", to_string(caller.actor.role)},
                      {"tenant", caller.actor.tenant},
                      {"operations", operations_json(caller.actor.role)}};
  if (const auto key = room.services.callers.find(caller.key_id); key) object["label"] = key->name;
  json::array policies;
  const PolicyBook book = room.office.policies();
  for (const auto& [name, entry] : book.all()) policies.push_back(policy_summary_json(entry.policy, caller));
  object["policies"] = std::move(policies);
  const CallerLimits::Standing standing = room.services.limits.standing(caller.key_id);
  object["quota"] = {{"day", standing.lookups_a_day}, {"used", standing.lookups_today}};
  object["service"] = {{"name", "Semak"}, {"version", SEMAK_VERSION}};
  return json_ok(object);
}

}  // namespace semak
