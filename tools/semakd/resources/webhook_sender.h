// Sends one POST to somebody else's server and reads its status: no redirects, no private addresses, bounded in time
// and size. The address that is connected to is the one that was judged, so a name cannot change in between.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/result.h"

namespace semak {

struct WebhookUrl {
  bool tls = true;
  std::string host;  // without brackets
  std::uint16_t port = 443;
  std::string target = "/";
  bool is_address = false;  // the host is an IP address
};

struct SendOptions {
  bool allow_loopback = false;  // http or https to 127.0.0.0/8 and ::1
  std::chrono::milliseconds time{10'000};
};

// nullopt: not absolute, neither https nor (to loopback where allowed) http, with user name or fragment, or to an
// address that is not public.
std::optional<WebhookUrl> parse_webhook_url(std::string_view url, bool allow_loopback);

// Whether a network address (4 or 16 bytes) may be connected to.
bool is_public_address(std::string_view bytes);
bool is_loopback_address(std::string_view bytes);

// The answered status. Errors (unavailable), in English, naming neither address nor body: what went wrong.
Result<int> send_webhook(const WebhookUrl& url, const std::vector<std::pair<std::string, std::string>>& headers,
                         std::string_view body, const SendOptions& options);

// Header value: "t=<seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>" under secret>".
std::string webhook_signature(std::string_view secret, std::int64_t seconds, std::string_view body);

}  // namespace semak
