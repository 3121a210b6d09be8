// The routes that are the service's own.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <ctime>

#include "tools/semakd/config.h"
#include "tools/semakd/json.h"
#include "tools/semakd/limits.h"
#include "tools/semakd/log.h"
#include "tools/semakd/metrics.h"
#include "tools/semakd/service.h"

namespace semak {
namespace {

namespace json = boost::json;

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string cookie_header(const Config& config, std::string_view value, std::int64_t seconds) {
  return std::string(kSessionCookie) + "=" + std::string(value) +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) + (config.tls ? "; Secure" : "");
}

class SessionRoutes {
 public:
  SessionRoutes(Services& services, Sessions& sessions, Handler me)
      : services_(services), sessions_(sessions), me_(std::move(me)) {}

  Response sign_in(const Caller& caller, const Request& request) const {
    JsonBody body(request.body, caller.language);
    JsonObject top = body.object();
    const std::string secret = top.need_text("key", 256);
    top.finish();
    if (!body.ok()) return problem_response(body.problem(), caller);
    auto key = services_.callers.verify(secret);
    if (!key) return problem_response(key.error(), caller);
    if (!*key) {
      services_.limits.wrong_key(request.peer);
      return problem_response({ProblemKind::unauthenticated, {}, {}, {}}, caller);
    }
    if (auto problem = services_.limits.take_request(**key)) return problem_response(*problem, caller);
    const Sessions::Begun begun = sessions_.begin((*key)->id);
    Caller known = caller;
    known.actor = (*key)->actor();
    known.key_id = (*key)->id;
    known.browser = true;
    Response response = json_response(HttpStatus::created, shown(known, begun.session));
    response.headers.add("Set-Cookie",
                         cookie_header(services_.config, begun.cookie, services_.config.session_hours * 3600));
    return response;
  }

  Response show(const Caller& caller, const Request& request) const {
    const auto session = session_of(caller, request);
    if (!session) return problem_response({ProblemKind::not_found, {}, {}, {}}, caller);
    return ok(shown(caller, *session));
  }

  Response sign_out(const Caller&, const Request& request) const {
    if (const std::string* cookies = request.header("Cookie")) {
      if (const auto cookie = cookie_value(*cookies, kSessionCookie)) sessions_.end(*cookie);
    }
    Response response = no_content();
    response.headers.add("Set-Cookie", cookie_header(services_.config, "", 0));
    return response;
  }

 private:
  std::optional<Sessions::Session> session_of(const Caller& caller, const Request& request) const {
    const std::string* cookies = request.header("Cookie");
    if (!caller.browser || cookies == nullptr) return std::nullopt;
    const auto cookie = cookie_value(*cookies, kSessionCookie);
    return cookie ? sessions_.find(*cookie) : std::nullopt;
  }

  std::string shown(const Caller& caller, const Sessions::Session& session) const {
    json::object out;
    json::value me = json::object();
    if (me_) {
      Request request;
      request.request_id = caller.request_id;
      json::error_code error;
      me = json::parse(me_(caller, request).body, error);
      if (error) me = json::object();
    }
    out["me"] = std::move(me);
    out["csrf_token"] = session.csrf_token;
    out["expires"] = rfc3339(session.expires);
    return json::serialize(out);
  }

  Services& services_;
  Sessions& sessions_;
  Handler me_;
};

Response readiness_response(Services& services, const Readiness& readiness) {
  json::array reasons;
  if (readiness.stopping) reasons.emplace_back("stopping");
  if (services.office.desk().audit().failed()) reasons.emplace_back("audit_failed");
  json::object body;
  body["ready"] = reasons.empty();
  body["generation"] = services.office.engine().world()->generation.value;
  const HttpStatus status = reasons.empty() ? HttpStatus::ok : HttpStatus::unavailable;
  if (!reasons.empty()) body["reasons"] = std::move(reasons);
  return json_response(status, json::serialize(body));
}

Route open_get(std::string pattern, std::string operation, Handler handle) {
  Route route;
  route.pattern = std::move(pattern);
  route.operation = std::move(operation);
  route.open = true;
  route.lane = Lane::inline_;
  route.handle = std::move(handle);
  return route;
}

}  // namespace

std::vector<Route> service_routes(Services& services, Sessions& sessions, const Readiness& readiness,
                                  const std::vector<Route>& others) {
  const auto me =
      std::find_if(others.begin(), others.end(), [](const Route& route) { return route.operation == "getMe"; });
  const auto session = std::make_shared<SessionRoutes>(services, sessions, me == others.end() ? Handler() : me->handle);
  std::vector<Route> routes;

  Route sign_in;
  sign_in.method = Method::post;
  sign_in.pattern = "/v1/session";
  sign_in.operation = "signIn";
  sign_in.open = true;
  sign_in.body_max = 4 << 10;
  sign_in.handle = [session](const Caller& caller, const Request& request) {
    return session->sign_in(caller, request);
  };
  routes.push_back(sign_in);
  Route show = sign_in;
  show.method = Method::get;
  show.operation = "getSession";
  show.open = false;
  show.roles = kEveryRole;
  show.body_max = 0;
  show.handle = [session](const Caller& caller, const Request& request) { return session->show(caller, request); };
  routes.push_back(show);
  Route sign_out = show;
  sign_out.method = Method::delete_;
  sign_out.operation = "signOut";
  sign_out.handle = [session](const Caller& caller, const Request& request) {
    return session->sign_out(caller, request);
  };
  routes.push_back(sign_out);

  routes.push_back(
      open_get("/healthz", "getHealth", [](const Caller&, const Request&) { return ok("{\"status\":\"ok\"}"); }));
  routes.push_back(open_get("/readyz", "getReadiness", [&services, &readiness](const Caller&, const Request&) {
    return readiness_response(services, readiness);
  }));
  Route metrics = open_get("/metrics", "getMetrics", [&services](const Caller&, const Request&) {
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = services.metrics->text();
    return response;
  });
  metrics.lane = Lane::interactive;
  metrics.open = services.config.metrics_open;
  metrics.roles = RoleSet{Role::auditor, Role::admin};
  routes.push_back(metrics);

  if (services.config.echo) {
    Route echo;
    echo.method = Method::post;
    echo.pattern = "/v1/echo";
    echo.operation = "echo";
    echo.roles = kEveryRole;
    echo.body_max = kSmallBody;
    echo.handle = [](const Caller& caller, const Request& request) {
      JsonBody body(request.body, caller.language);
      if (!body.ok()) return problem_response(body.problem(), caller);
      json::object out;
      out["echo"] = body.value();
      return ok(json::serialize(out));
    };
    routes.push_back(echo);
  }
  return routes;
}

}  // namespace semak
