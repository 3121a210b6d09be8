// From a request to its handler: host, route, key or session, role, rate, type of body; and from the handler's response
// to what leaves: security headers, log, metrics. The role checks of the whole service are here and nowhere else.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/semakd/http/router.h"
#include "tools/semakd/http/server.h"
#include "tools/semakd/problem.h"
#include "tools/semakd/services.h"
#include "tools/semakd/sessions.h"

namespace semak {

class Service : public Application {
 public:
  // `services` outlives it. `routes`: with the service's own (service_routes).
  Service(Services& services, Sessions& sessions, std::vector<Route> routes);
  ~Service() override;

  const std::vector<Route>& routes() const { return routes_; }
  // Whether a lane has no room: then whoever asks for it is refused before anything else is done for them.
  void refuse_where(std::function<bool(Lane)> full) { full_ = std::move(full); }

  Admission admit(Request& request) override;
  void admit_slowly(Request& request, Admission& admission) override;
  std::optional<Response> answer(Request& request, Admission& admission, const Later& later) override;
  Response fault(HttpFault fault, const Request& request) override;
  void finished(const Exchange& exchange) override;

 private:
  struct Context;
  Response refuse(ProblemKind kind, const Request& request, const Context* context, std::string detail = {}) const;
  Response overloaded(const Request& request, Language language) const;
  bool worth_a_line(HttpStatus status);
  void sealed(Response& response) const;
  void admit_unrouted(Request& request, const Router::Match& match, Admission& admission);
  std::optional<CallerKey> token_person(const std::string& token, const Request& request, const Context& context,
                                        Admission& admission);
  bool admit_key(Request& request, Context& context, Admission& admission, bool slowly);
  void admit_known(Request& request, Context& context, Admission& admission, const CallerKey& key);

  Services& services_;
  Sessions& sessions_;
  const std::vector<Route> routes_;
  Router router_;
  std::function<bool(Lane)> full_;
  const std::string fixed_headers_, api_headers_;  // of every response, and of those that bring no policy of their own
  std::array<Response, 2> overloaded_;             // by language, made once: it must cost next to nothing
  std::atomic<std::int64_t> unavailable_second_{0};
  std::atomic<std::int64_t> unavailable_{0};  // in that second
};

// /v1/session, /healthz, /readyz, /metrics, and /v1/echo if the configuration has it. `me`: the handler of /v1/me.
struct Readiness {
  std::atomic<bool> stopping{false};
};
std::vector<Route> service_routes(Services& services, Sessions& sessions, const Readiness& readiness,
                                  const std::vector<Route>& others);

}  // namespace semak
