// Alerts sent to callers' own systems: kept on the desk with their positions, delivered by a thread of their own, at
// least once, in order, retried with growing pauses. One that fails does not hold up the others.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/office/office.h"

namespace semak {

struct Webhook {
  std::string id;
  Actor made_by;  // its tenant's alerts are sent
  std::string url, description;
  std::vector<std::string> events;
  std::int64_t created_ms = 0;
  std::string secret;          // what deliveries are signed with
  std::string position;        // id of the last alert that was delivered
  std::uint64_t failures = 0;  // in a row
  std::int64_t last_delivery_ms = 0, next_attempt_ms = 0;
  std::string last_error;
};

struct WebhookOptions {
  bool allow_loopback = false;
  std::int64_t poll_ms = 1000;         // how soon new alerts are looked for
  std::int64_t first_pause_ms = 5000;  // after a failure; doubled up to an hour
};

class Webhooks {
 public:
  static constexpr std::size_t kOfTenantMax = 20;

  Webhooks(Office& office, WebhookOptions options);
  ~Webhooks();  // after the delivery at hand

  // The new one starts with alerts from now on. Errors: busy (the tenant has kOfTenantMax).
  Result<Webhook> add(Webhook wanted);
  Result<std::vector<Webhook>> list(std::string_view tenant) const;  // empty: all
  Result<std::optional<Webhook>> find(std::string_view id) const;
  Status remove(const Actor& actor, std::string_view id);
  // One delivery now, of an event `test`.
  Result<int> test(const Webhook& hook) const;
  bool allows(std::string_view url) const;

 private:
  void run();
  void deliver(Webhook hook);
  Result<int> send(const Webhook& hook, std::string_view event, std::string_view event_id, std::string body) const;
  Status put(const Webhook& hook, std::vector<AuditEvent> events) const;
  Status keep(const Webhook& hook);  // unless it was removed meanwhile

  Office& office_;
  const WebhookOptions options_;
  mutable std::mutex mutex_;  // of adding, removing and keeping
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace semak
