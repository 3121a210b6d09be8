// The whole service put together: office, keys of callers, limits, routes, server; and what it does from time to time.
// `semakd serve` runs one; tests run it in their own process.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "engine/office/callers.h"
#include "engine/office/office.h"
#include "tools/semakd/config.h"
#include "tools/semakd/http/server.h"
#include "tools/semakd/limits.h"
#include "tools/semakd/log.h"
#include "tools/semakd/route.h"

namespace semak {

class Daemon {
 public:
  // Listens and is ready when it returns. `log` outlives it; `clock`: of the limits, for tests. Errors: of the
  // configuration, the office, the server.
  static Result<std::unique_ptr<Daemon>> start(const Config& config, ServiceLog& log, CallerLimits::Clock clock = {});
  ~Daemon();  // stop() without patience
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  std::uint16_t port() const;
  const std::vector<Route>& routes() const;
  Office& office();
  Callers& callers();
  ServerCounters counters() const;

  // Certificate and policies as the files have them now; what is wrong goes to the log and changes nothing.
  void reload();
  // To be called every second or so: writes usage, sees changed certificates, erases what is due.
  void tick();
  // Refuses new connections, answers what is at hand, writes what must be kept. Errors: what could not be written.
  Status stop(std::chrono::milliseconds patience);

 private:
  Daemon();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
