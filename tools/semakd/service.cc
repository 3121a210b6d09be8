#include "tools/semakd/service.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/keys/secret_hash.h"
#include "tools/semakd/bearer_tokens.h"
#include "tools/semakd/config.h"
#include "tools/semakd/http/target.h"
#include "tools/semakd/limits.h"
#include "tools/semakd/log.h"
#include "tools/semakd/metrics.h"
#include "tools/semakd/problem.h"
#include "tools/semakd/static_files.h"

namespace semak {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kIdPlace = "@id@";
constexpr std::string_view kApiPolicy = "default-src 'none'; frame-ancestors 'none'";
constexpr std::string_view kApiHeaders =
    "\r\nCache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'";
constexpr std::int64_t kUnavailableLines = 20;  // a second; the log must not be what a flood fills

std::string fixed_headers(bool tls) {
  std::string text =
      "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY"
      "\r\nCross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin";
  if (tls) text += "\r\nStrict-Transport-Security: max-age=31536000";
  return text;
}

std::string_view media_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return type;
}

bool same_type(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool has_body(const Request& request) {
  const std::string* length = request.header("Content-Length");
  return request.header("Transfer-Encoding") != nullptr ||
         (length != nullptr && length->find_first_not_of('0') != std::string::npos);
}

bool changes_nothing(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

bool accepts_gzip(const Request& request) {
  const std::string* accept = request.header("Accept-Encoding");
  return accept != nullptr && accept->find("gzip") != std::string::npos &&
         accept->find("gzip;q=0") == std::string::npos;
}

Response file_response(const StaticFile& file, const Request& request) {
  Response response;
  response.content_type = file.content_type;
  response.headers.add("ETag", std::string(file.etag));
  response.headers.add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.add("Content-Security-Policy", std::string(kConsoleSecurityPolicy));
  const std::string* known = request.header("If-None-Match");
  if (known != nullptr && known->find(file.etag) != std::string::npos) {
    response.status = HttpStatus::not_modified;
    return response;
  }
  if (!file.gzip.empty()) response.headers.add("Vary", "Accept-Encoding");
  if (!file.gzip.empty() && accepts_gzip(request)) {
    response.headers.add("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = file.bytes;
  }
  return response;
}

ProblemKind kind_of(HttpFault fault) {
  switch (fault) {
    case HttpFault::malformed: return ProblemKind::malformed_request;
    case HttpFault::target_too_long: return ProblemKind::target_too_long;
    case HttpFault::header_too_large: return ProblemKind::header_too_large;
    case HttpFault::header_timeout:
    case HttpFault::body_timeout: return ProblemKind::request_timeout;
    case HttpFault::body_too_large: return ProblemKind::content_too_large;
    case HttpFault::version: return ProblemKind::version_not_supported;
    case HttpFault::expectation: return ProblemKind::expectation_failed;
    case HttpFault::overloaded:
    case HttpFault::no_memory: return ProblemKind::overloaded;
    case HttpFault::stopping: return ProblemKind::unavailable;
    case HttpFault::handler_threw: return ProblemKind::internal_error;
  }
  return ProblemKind::internal_error;
}

}  // namespace

struct Service::Context {
  const Route* route = nullptr;
  std::size_t number = ServiceMetrics::kNoRoute;
  const StaticFile* file = nullptr;
  Caller caller;
};

Service::Service(Services& services, Sessions& sessions, std::vector<Route> routes)
    : services_(services),
      sessions_(sessions),
      routes_(std::move(routes)),
      fixed_headers_(fixed_headers(services.config.tls)),
      api_headers_(std::string(kApiHeaders) + fixed_headers_) {
  for (const Route& route : routes_) router_.add(route.method, route.pattern);
  for (const Language language : {Language::ms, Language::en}) {
    Response& response = overloaded_[static_cast<std::size_t>(language)];
    Problem problem{ProblemKind::overloaded, {}, {}, std::chrono::seconds(1)};
    response = problem_response(problem, language, kIdPlace);
    sealed(response);
  }
}

Service::~Service() = default;

// What every response carries. The console's own pages bring a policy of their own.
void Service::sealed(Response& response) const {
  Headers& headers = response.headers;
  const bool cached = headers.find("Cache-Control") != nullptr;
  const bool of_a_page = headers.find("Content-Security-Policy") != nullptr;
  response.more_headers = cached || of_a_page ? fixed_headers_ : api_headers_;
  if (cached == of_a_page) return;
  if (!cached) headers.add("Cache-Control", "no-store");
  if (!of_a_page) headers.add("Content-Security-Policy", std::string(kApiPolicy));
}

// The one of that language with the request's id in it.
Response Service::overloaded(const Request& request, Language language) const {
  Response response = overloaded_[static_cast<std::size_t>(language)];
  response.body.replace(response.body.find(kIdPlace), kIdPlace.size(), request.request_id);
  return response;
}

Response Service::refuse(ProblemKind kind, const Request& request, const Context* context, std::string detail) const {
  const Language language =
      context != nullptr ? context->caller.language : language_of(request.header("Accept-Language"));
  if (kind == ProblemKind::overloaded && detail.empty() && !request.request_id.empty())
    return overloaded(request, language);
  Problem problem{kind, std::move(detail), {}, {}};
  if (kind == ProblemKind::overloaded || kind == ProblemKind::unavailable)
    problem.retry_after = std::chrono::seconds(1);
  Response response = problem_response(problem, language, request.request_id);
  sealed(response);
  return response;
}

Admission Service::admit(Request& request) {
  Admission admission;
  auto context = std::make_shared<Context>();
  admission.context = context;
  context->caller.language = language_of(request.header("Accept-Language"));
  context->caller.request_id = request.request_id;

  const std::vector<std::string>& hosts = services_.config.hosts;
  if (!hosts.empty()) {
    const std::string* host = request.header("Host");
    const auto name = host == nullptr ? std::nullopt : host_of(*host);
    if (!name || std::find(hosts.begin(), hosts.end(), *name) == hosts.end()) {
      admission.refusal = refuse(ProblemKind::misdirected, request, context.get());
      return admission;
    }
  }
  Router::Match match = router_.find(request.method, request.segments);
  if (match.outcome != Router::Outcome::found) {
    admit_unrouted(request, match, admission);
    return admission;
  }
  context->number = match.route;
  context->route = &routes_[match.route];
  request.parameters = std::move(match.parameters);
  admission.body_max = context->route->body_max;
  admission.lane = context->route->lane;
  if (full_ && full_(admission.lane)) {
    admission.refusal = overloaded(request, context->caller.language);
    return admission;
  }

  if (context->route->open) {
    if (services_.limits.peer_blocked(request.peer) && request.method == Method::post) {
      admission.refusal = refuse(ProblemKind::too_many_requests, request, context.get());
      admission.refusal->headers.add("Retry-After", "60");
    } else {
      admit_known(request, *context, admission, {});
    }
  } else if (!admit_key(request, *context, admission, false)) {
    admission.slow = true;
  }
  return admission;
}

void Service::admit_unrouted(Request& request, const Router::Match& match, Admission& admission) {
  auto* context = static_cast<Context*>(admission.context.get());
  admission.lane = Lane::inline_;
  if (request.method == Method::options && (match.outcome == Router::Outcome::no_method || request.target == "*")) {
    Response response = no_content();
    response.headers.add("Allow",
                         match.allowed.empty() ? "GET, HEAD, POST, PUT, DELETE, OPTIONS" : allow_header(match.allowed));
    sealed(response);
    admission.refusal = std::move(response);
    return;
  }
  if (match.outcome == Router::Outcome::no_method) {
    admission.refusal = refuse(ProblemKind::method_not_allowed, request, context);
    admission.refusal->headers.add("Allow", allow_header(match.allowed));
    return;
  }
  std::string path = request.segments.empty() ? "/" : "";
  for (const std::string& segment : request.segments) path.append("/").append(segment);
  context->file = find_static_file(path);
  if (context->file == nullptr) {
    admission.refusal = refuse(ProblemKind::not_found, request, context);
  } else if (request.method != Method::get && request.method != Method::head) {
    admission.refusal = refuse(ProblemKind::method_not_allowed, request, context);
    admission.refusal->headers.add("Allow", "GET, HEAD");
  }
}

// Whose token it is; else the admission holds the refusal. Why goes to log and metrics only. A token that was good once
// is nobody's guess at one.
std::optional<CallerKey> Service::token_person(const std::string& token, const Request& request, const Context& context,
                                               Admission& admission) {
  BearerTokens::Checked checked = services_.tokens->verify(token);
  if (checked.person) return std::move(checked.person);
  services_.metrics->token_refused(checked.refusal);
  services_.log.info(
      "token_refused",
      {{"reason", to_string(checked.refusal)}, {"peer", request.peer}, {"request_id", request.request_id}});
  if (checked.refusal != TokenRefusal::expired) services_.limits.wrong_key(request.peer);
  admission.refusal = refuse(ProblemKind::unauthenticated, request, &context);
  admission.refusal->headers.set("WWW-Authenticate", "Bearer realm=\"semak\", error=\"invalid_token\"");
  return std::nullopt;
}

// False: only verify(), which takes its time, can tell.
bool Service::admit_key(Request& request, Context& context, Admission& admission, bool slowly) {
  std::optional<CallerKey> key;
  const std::string* authorization = request.header("Authorization");
  const std::string* cookies = request.header("Cookie");
  bool wrong = false;
  if (authorization != nullptr) {
    if (authorization->size() > kBearer.size() && same_type(authorization->substr(0, kBearer.size()), kBearer)) {
      const std::string secret = authorization->substr(kBearer.size());
      const bool token = services_.tokens != nullptr && BearerTokens::is_token(secret);
      key = token ? services_.tokens->verify_quickly(secret) : services_.callers.verify_quickly(secret);
      // Known keys go on where somebody at the same address (a proxy, an office) tries wrong ones, also those that were
      // not used for a while.
      if (!key && services_.limits.peer_blocked(request.peer) && (token || !services_.callers.has_mark_of(secret))) {
        admission.refusal = refuse(ProblemKind::too_many_requests, request, &context);
        admission.refusal->headers.add("Retry-After", "60");
        return true;
      }
      if (!key && !slowly) return false;
      if (!key && token) {
        key = token_person(secret, request, context, admission);
        if (!key) return true;
      }
      if (!key) {
        auto verified = services_.callers.verify(secret);
        if (!verified) {
          admission.refusal = problem_response(verified.error(), context.caller);
          sealed(*admission.refusal);
          return true;
        }
        key = std::move(*verified);
      }
    }
    wrong = !key;
  } else if (cookies != nullptr) {
    if (const auto cookie = cookie_value(*cookies, kSessionCookie)) {
      const auto session = sessions_.find(*cookie);
      if (session) key = services_.callers.find(session->key_id);
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      if (key && !key->usable(std::chrono::duration_cast<std::chrono::milliseconds>(now).count())) key.reset();
      context.caller.browser = key.has_value();
      if (key && !changes_nothing(request.method)) {
        const std::string* token = request.header("X-CSRF-Token");
        const std::string* site = request.header("Sec-Fetch-Site");
        const bool own = site == nullptr || *site == "same-origin" || *site == "none";
        if (token == nullptr || !own || !same_secret(*token, session->csrf_token)) {
          admission.refusal =
              refuse(ProblemKind::forbidden, request, &context, phrase(Phrase::csrf_missing, context.caller.language));
          return true;
        }
      }
    }
  }
  if (!key) {
    if (wrong) services_.limits.wrong_key(request.peer);
    admission.refusal = refuse(ProblemKind::unauthenticated, request, &context);
    return true;
  }
  context.caller.actor = key->actor();
  context.caller.key_id = key->id;
  admit_known(request, context, admission, *key);
  return true;
}

void Service::admit_slowly(Request& request, Admission& admission) {
  auto* context = static_cast<Context*>(admission.context.get());
  admit_key(request, *context, admission, true);
}

// Who it is, is known: may they, and may they now?
void Service::admit_known(Request& request, Context& context, Admission& admission, const CallerKey& key) {
  const Route& route = *context.route;
  if (!route.open) {
    if (auto problem = services_.limits.take_request(key)) {
      admission.refusal = problem_response(*problem, context.caller);
      sealed(*admission.refusal);
      return;
    }
    if (!route.roles.has(key.role)) {
      admission.refusal = refuse(ProblemKind::forbidden, request, &context);
      return;
    }
  }
  if (has_body(request)) {
    if (route.body_max == 0) {
      admission.refusal = refuse(ProblemKind::malformed_request, request, &context,
                                 phrase(Phrase::body_unwanted, context.caller.language));
      return;
    }
    const std::string* type = request.header("Content-Type");
    const bool accepted =
        type != nullptr && std::any_of(route.accepts.begin(), route.accepts.end(),
                                       [&](const std::string& each) { return same_type(each, media_type(*type)); });
    if (!accepted || request.header("Content-Encoding") != nullptr) {
      admission.refusal = refuse(ProblemKind::unsupported_media_type, request, &context);
      return;
    }
  }
  if (route.quota == Quota::lookup) {
    if (auto problem = services_.limits.take_lookups(key, 1)) {
      admission.refusal = problem_response(*problem, context.caller);
      sealed(*admission.refusal);
    }
  }
}

std::optional<Response> Service::answer(Request& request, Admission& admission, const Later& later) {
  auto* context = static_cast<Context*>(admission.context.get());
  if (context->file == nullptr && context->route->handle_later) {
    context->route->handle_later(context->caller, request, [this, later](Response response) {
      sealed(response);
      later(std::move(response));
    });
    return std::nullopt;
  }
  Response response = context->file != nullptr ? file_response(*context->file, request)
                                               : context->route->handle(context->caller, request);
  sealed(response);
  return response;
}

Response Service::fault(HttpFault fault, const Request& request) {
  if (fault == HttpFault::handler_threw) {
    services_.log.error("handler_threw", {{"request_id", request.request_id}});
  }
  return refuse(kind_of(fault), request, nullptr);
}

// Of a flood of refusals some are logged, and how many there were.
bool Service::worth_a_line(HttpStatus status) {
  if (status != HttpStatus::unavailable) return true;
  const std::int64_t second =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  std::int64_t before = unavailable_second_;
  if (before != second && unavailable_second_.compare_exchange_strong(before, second)) {
    const std::int64_t refused = unavailable_.exchange(0);
    if (refused > kUnavailableLines) {
      services_.log.warning("unavailable", {{"answers", refused}, {"not_logged", refused - kUnavailableLines}});
    }
  }
  return ++unavailable_ <= kUnavailableLines;
}

// Neither path nor query: they may hold what somebody typed. The operation says what was asked.
void Service::finished(const Exchange& exchange) {
  const auto* context = static_cast<const Context*>(exchange.admission.context.get());
  const bool routed = context != nullptr && context->route != nullptr;
  services_.metrics->requested(context != nullptr ? context->number : ServiceMetrics::kNoRoute, exchange.status,
                               exchange.whole, exchange.waited);
  const bool problem = number_of(exchange.status) >= number_of(HttpStatus::bad_request);
  const std::string& which = services_.config.log_requests;
  if (which == "none" || (which == "problems" && !problem) || !worth_a_line(exchange.status)) return;
  const auto micros = [](std::chrono::steady_clock::duration time) {
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
  };
  const Request& request = exchange.request;
  services_.log.write(
      LogLevel::info, "request",
      {{"operation", routed ? std::string_view(context->route->operation) : std::string_view()},
       {"method", to_string(request.method)},
       {"status", static_cast<std::int64_t>(number_of(exchange.status))},
       {"us", micros(exchange.whole)},
       {"queue_us", micros(exchange.waited)},
       {"bytes_in", static_cast<std::int64_t>(request.body.size())},
       {"bytes_out", static_cast<std::int64_t>(exchange.bytes_sent)},
       {"key", context != nullptr ? std::string_view(context->caller.key_id) : std::string_view()},
       {"tenant", context != nullptr ? std::string_view(context->caller.actor.tenant) : std::string_view()},
       {"peer", request.peer},
       {"request_id", request.request_id},
       {"trace_parent", request.trace_parent},
       {"cut", exchange.cut}});
}

}  // namespace semak
