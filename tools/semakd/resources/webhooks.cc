#include "tools/semakd/resources/webhooks.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/alert_json.h"
#include "tools/semakd/resources/times.h"
#include "tools/semakd/resources/webhook_sender.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr int kVersion = 1;
constexpr std::size_t kAlertsAtOnce = 20;
constexpr std::int64_t kPauseMax = kHourMs;

std::string context_of(std::string_view id) { return fmt::format("webhooks/{}", id); }

std::string encode(const Webhook& hook) {
  json::array events;
  for (const std::string& event : hook.events) events.push_back(json::string(event));
  return json::serialize(json::object{{"version", kVersion},
                                      {"actor", hook.made_by.id},
                                      {"tenant", hook.made_by.tenant},
                                      {"role", to_string(hook.made_by.role)},
                                      {"url", hook.url},
                                      {"description", hook.description},
                                      {"events", std::move(events)},
                                      {"created", hook.created_ms},
                                      {"secret", hook.secret},
                                      {"position", hook.position},
                                      {"failures", hook.failures},
                                      {"last_delivery", hook.last_delivery_ms},
                                      {"next_attempt", hook.next_attempt_ms},
                                      {"last_error", hook.last_error}});
}

Result<Webhook> decode(std::string_view id, std::string_view sealed, const KeyRing& keys) {
  const Error damaged{ErrorCode::corruption, fmt::format("webhook {} on the desk is damaged", id)};
  SEMAK_TRY(const std::string bytes, keys.open_sealed(sealed, context_of(id)));
  try {
    const json::object object = json::parse(bytes).as_object();
    if (object.at("version").as_int64() != kVersion) return damaged;
    const auto text = [&](const char* name) { return std::string(object.at(name).as_string()); };
    const auto number = [&](const char* name) { return object.at(name).to_number<std::int64_t>(); };
    const auto role = role_from(text("role"));
    if (!role) return damaged;
    Webhook hook;
    hook.id = std::string(id);
    hook.made_by = {text("actor"), text("tenant"), *role};
    hook.url = text("url");
    hook.description = text("description");
    for (const json::value& event : object.at("events").as_array()) hook.events.emplace_back(event.as_string());
    hook.created_ms = number("created");
    hook.secret = text("secret");
    hook.position = text("position");
    hook.failures = static_cast<std::uint64_t>(number("failures"));
    hook.last_delivery_ms = number("last_delivery");
    hook.next_attempt_ms = number("next_attempt");
    hook.last_error = text("last_error");
    return hook;
  } catch (const std::exception&) {
    return damaged;
  }
}

AuditEvent event_of(const Actor& actor, std::string_view id, std::string_view what) {
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = actor;
  event.object = std::string(id);
  event.details = fmt::format(R"({{"what":"webhook_{}"}})", what);
  return event;
}

// The newest alert that there is: what a new webhook starts behind.
Result<std::string> newest_alert(Office& office, const std::string& tenant) {
  AlertFilter filter;
  filter.tenant = tenant;
  filter.alerts_max = 1000;
  while (true) {
    SEMAK_TRY(const auto alerts, office.monitor().alerts(filter));
    if (!alerts.empty()) filter.after = alerts.back().id;
    if (alerts.size() < filter.alerts_max) return filter.after;
  }
}

// Whose alerts a webhook hears.
std::string heard_tenant(const Actor& actor) {
  return actor.tenant == kAgency && actor.role != Role::submitter ? std::string() : actor.tenant;
}

bool delivered(const Result<int>& status) { return status && *status >= 200 && *status < 300; }

}  // namespace

Webhooks::Webhooks(Office& office, WebhookOptions options) : office_(office), options_(options) {
  worker_ = std::thread([this] { run(); });
}

Webhooks::~Webhooks() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

bool Webhooks::allows(std::string_view url) const {
  return parse_webhook_url(url, options_.allow_loopback).has_value();
}

Status Webhooks::put(const Webhook& hook, std::vector<AuditEvent> events) const {
  WriteSet changes;
  changes.put(family(DeskFamily::webhooks), hook.id, office_.keys().seal(encode(hook), context_of(hook.id)));
  SEMAK_TRY(const std::uint64_t sequence, office_.desk().commit(changes, std::move(events)));
  static_cast<void>(sequence);
  return {};
}

Result<Webhook> Webhooks::add(Webhook wanted) {
  SEMAK_TRY(wanted.position, newest_alert(office_, heard_tenant(wanted.made_by)));
  const std::lock_guard lock(mutex_);
  SEMAK_TRY(const auto there, find(wanted.id));
  if (there) return *there;
  SEMAK_TRY(const auto others, list(wanted.made_by.tenant));
  if (others.size() >= kOfTenantMax) return Error{ErrorCode::busy, "too many webhooks"};
  wanted.secret = hex(random_bytes(32));
  wanted.created_ms = now_ms();
  SEMAK_TRY_STATUS(put(wanted, {event_of(wanted.made_by, wanted.id, "made")}));
  changed_.notify_all();
  return wanted;
}

Result<std::vector<Webhook>> Webhooks::list(std::string_view tenant) const {
  std::vector<Webhook> hooks;
  Cursor cursor = office_.desk().database().cursor(family(DeskFamily::webhooks), Database::Access::point);
  for (cursor.seek(""); cursor.valid(); cursor.next()) {
    SEMAK_TRY(Webhook hook, decode(cursor.key(), cursor.value(), office_.keys()));
    if (tenant.empty() || hook.made_by.tenant == tenant) hooks.push_back(std::move(hook));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return hooks;
}

Result<std::optional<Webhook>> Webhooks::find(std::string_view id) const {
  SEMAK_TRY(const auto bytes, office_.desk().database().get(family(DeskFamily::webhooks), id));
  if (!bytes) return std::optional<Webhook>();
  SEMAK_TRY(Webhook hook, decode(id, *bytes, office_.keys()));
  return std::optional(std::move(hook));
}

Status Webhooks::remove(const Actor& actor, std::string_view id) {
  const std::lock_guard lock(mutex_);
  WriteSet changes;
  changes.remove(family(DeskFamily::webhooks), id);
  SEMAK_TRY(const std::uint64_t sequence, office_.desk().commit(changes, {event_of(actor, id, "removed")}));
  static_cast<void>(sequence);
  return {};
}

Status Webhooks::keep(const Webhook& hook) {
  const std::lock_guard lock(mutex_);
  SEMAK_TRY(const auto there, find(hook.id));
  if (!there) return {};
  return put(hook, {});
}

Result<int> Webhooks::send(const Webhook& hook, std::string_view event, std::string_view event_id,
                           std::string body) const {
  const auto url = parse_webhook_url(hook.url, options_.allow_loopback);
  if (!url) return Error{ErrorCode::unavailable, "the address is no longer allowed"};
  const std::int64_t seconds = now_ms() / kSecondMs;
  SendOptions options;
  options.allow_loopback = options_.allow_loopback;
  return send_webhook(*url,
                      {{"Content-Type", "application/json"},
                       {"User-Agent", "Semak"},
                       {"Semak-Event", std::string(event)},
                       {"Semak-Event-Id", std::string(event_id)},
                       {"Semak-Webhook-Id", hook.id},
                       {"Semak-Signature", webhook_signature(hook.secret, seconds, body)}},
                      body, options);
}

Result<int> Webhooks::test(const Webhook& hook) const {
  return send(hook, "test", new_id(), json::serialize(json::object{{"event", "test"}, {"webhook_id", hook.id}}));
}

// Alerts in order until one fails; then a pause.
void Webhooks::deliver(Webhook hook) {
  AlertFilter filter;
  filter.tenant = heard_tenant(hook.made_by);
  filter.after = hook.position;
  filter.alerts_max = kAlertsAtOnce;
  const auto alerts = office_.monitor().alerts(filter);
  if (!alerts || alerts->empty()) return;
  for (const Alert& alert : *alerts) {
    // Only what a submitter may read: who keeps the other end is not known.
    const json::object body{{"event", "alert"}, {"id", alert.id}, {"data", alert_json(alert, false, Language::en)}};
    const auto status = send(hook, "alert", alert.id, json::serialize(body));
    if (!delivered(status)) {
      ++hook.failures;
      const std::int64_t doublings = std::min<std::int64_t>(static_cast<std::int64_t>(hook.failures) - 1, 12);
      hook.next_attempt_ms = now_ms() + std::min(options_.first_pause_ms << doublings, kPauseMax);
      hook.last_error = status ? fmt::format("answered with status {}", *status) : status.error().message;
      break;
    }
    hook.position = alert.id;
    hook.failures = 0;
    hook.next_attempt_ms = 0;
    hook.last_error.clear();
    hook.last_delivery_ms = now_ms();
    const std::lock_guard lock(mutex_);
    if (stopping_) break;
  }
  // If this fails the same is sent again: at least once, not at most once.
  static_cast<void>(keep(hook).ok());
}

void Webhooks::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto hooks = list("")) {
      for (const Webhook& hook : *hooks) {
        {
          const std::lock_guard check(mutex_);
          if (stopping_) break;
        }
        if (hook.next_attempt_ms <= now_ms()) deliver(hook);
      }
    }
    lock.lock();
    changed_.wait_for(lock, std::chrono::milliseconds(options_.poll_ms), [this] { return stopping_; });
  }
}

}  // namespace semak
