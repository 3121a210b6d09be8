// What the handlers work with. Everything in it is thread-safe and outlives them.
#pragma once

#include <memory>
#include <vector>

#include "engine/office/callers.h"
#include "engine/office/office.h"
#include "tools/semakd/route.h"

namespace semak {

class BearerTokens;
class CallerLimits;
class ServiceLog;
class ServiceMetrics;
struct Config;

struct Services {
  Office& office;
  Callers& callers;
  CallerLimits& limits;
  const std::unique_ptr<ServiceMetrics>& metrics;  // there before the first request
  ServiceLog& log;
  const Config& config;
  BearerTokens* tokens = nullptr;  // null: people's tokens are not taken
  Lanes* lanes = nullptr;
};

// tools/semakd/resources: everything under /v1 except /v1/session and /v1/echo, and /openapi.json.
std::vector<Route> resource_routes(Services& services);

}  // namespace semak
