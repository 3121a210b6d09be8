// Webhooks: made, listed, removed, tried.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/semakd/json.h"
#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kUrlBytes = 2000, kDescriptionBytes = 800, kEventsMax = 4;
constexpr std::array<std::string_view, 1> kEvents = {"alert"};

json::object hook_json(const Webhook& hook) {
  json::array events;
  for (const std::string& event : hook.events) events.push_back(json::string(event));
  const bool waits = hook.next_attempt_ms > now_ms();
  json::object object{{"id", hook.id},
                      {"url", hook.url},
                      {"events", std::move(events)},
                      {"created", rfc3339(hook.created_ms)},
                      {"state", hook.failures == 0 ? "waiting"
                                : waits            ? "retrying"
                                                   : "delivering"},
                      {"failures", hook.failures}};
  if (!hook.description.empty()) object["description"] = hook.description;
  if (hook.last_delivery_ms != 0) object["last_delivery"] = rfc3339(hook.last_delivery_ms);
  if (!hook.last_error.empty()) object["last_error"] = hook.last_error;
  if (hook.next_attempt_ms != 0) object["next_attempt"] = rfc3339(hook.next_attempt_ms);
  return object;
}

// A tenant's webhooks are its own: the agency's people do not see those of others.
Result<std::optional<Webhook>> find(Room& room, const Caller& caller, const Request& request) {
  const std::string_view id = request.parameter("id");
  if (!is_id(id)) return std::optional<Webhook>();
  SEMAK_TRY(auto hook, room.webhooks.find(id));
  if (hook && hook->made_by.tenant != caller.actor.tenant) hook.reset();
  return hook;
}

}  // namespace

Response create_webhook(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  Webhook wanted;
  wanted.made_by = caller.actor;
  wanted.url = top.need_text("url", kUrlBytes);
  if (!wanted.url.empty() && !room.webhooks.allows(wanted.url))
    top.fault("url", "not_allowed", phrase(Phrase::webhook_bad_url, caller.language));
  wanted.description = top.text("description", kDescriptionBytes).value_or("");
  for (const std::string& event : top.texts("events", kEventsMax, 64).value_or(std::vector<std::string>())) {
    const bool known = std::find(kEvents.begin(), kEvents.end(), event) != kEvents.end();
    const bool twice = std::find(wanted.events.begin(), wanted.events.end(), event) != wanted.events.end();
    if (!known || twice) top.fault("events", "not_a_choice", phrase(Phrase::json_not_choice, caller.language, "alert"));
    wanted.events.push_back(event);
  }
  if (wanted.events.empty()) top.fault("events", "required", phrase(Phrase::json_required, caller.language));
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  return room.idempotency.run(caller, request, [&](const std::string& id) {
    wanted.id = id;
    const auto hook = room.webhooks.add(wanted);
    if (!hook && hook.error().code == ErrorCode::busy)
      return problem_response(
          Problem{
              ProblemKind::conflict, phrase(Phrase::webhook_too_many, caller.language, Webhooks::kOfTenantMax), {}, {}},
          caller);
    if (!hook) return problem_response(hook.error(), caller);
    json::object object = hook_json(*hook);
    object["secret"] = hook->secret;
    Response response = created("/v1/webhooks", json::serialize(object));
    response.headers.set("Cache-Control", "no-store");
    return response;
  });
}

Response list_webhooks(Room& room, const Caller& caller, const Request&) {
  const auto hooks = room.webhooks.list(caller.actor.tenant);
  if (!hooks) return problem_response(hooks.error(), caller);
  json::array items;
  for (const Webhook& hook : *hooks) items.push_back(hook_json(hook));
  return json_ok({{"items", std::move(items)}});
}

Response delete_webhook(Room& room, const Caller& caller, const Request& request) {
  const auto hook = find(room, caller, request);
  if (!hook) return problem_response(hook.error(), caller);
  if (!*hook) return not_found(caller);
  if (auto done = room.webhooks.remove(caller.actor, (*hook)->id); !done) return problem_response(done.error(), caller);
  return no_content();
}

Response test_webhook(Room& room, const Caller& caller, const Request& request) {
  const auto hook = find(room, caller, request);
  if (!hook) return problem_response(hook.error(), caller);
  if (!*hook) return not_found(caller);
  const auto status = room.webhooks.test(**hook);
  json::object object{{"delivered", status && *status >= 200 && *status < 300}, {"status", status ? *status : 0}};
  if (!status) object["error"] = status.error().message;
  return json_ok(object);
}

}  // namespace semak
