// What the service counts, as Prometheus reads it. Labels are made once, at the start: none depends on a request.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decision.h"
#include "tools/semakd/batch_totals.h"
#include "tools/semakd/http/message.h"
#include "tools/semakd/limits.h"
#include "tools/semakd/token_keys.h"

namespace semak {

class ServiceMetrics {
 public:
  // `operations`: of the routes, in their order. The last histogram is for what belongs to no route.
  explicit ServiceMetrics(const std::vector<std::string>& operations);
  ~ServiceMetrics();

  void requested(std::size_t route, HttpStatus status, std::chrono::steady_clock::duration whole,
                 std::chrono::steady_clock::duration waited);
  static constexpr std::size_t kNoRoute = static_cast<std::size_t>(-1);
  // A screening was answered that somebody waited for.
  void answered(Outcome outcome);
  void hit(LimitHit what);
  void token_refused(TokenRefusal why);

  // Read when they are scraped, one scrape after the other.
  void batches(std::function<BatchRowCounts()> counts);
  void gauge(std::string_view name, std::string_view help, std::function<double()> value);
  // What only grows while the service runs.
  void counter(std::string_view name, std::string_view help, std::function<double()> value);
  // One for each entry of what `values` tells, labelled with its name.
  void gauges(std::string_view name, std::string_view help, std::string_view label,
              std::function<std::map<std::string, double>()> values);
  std::string text() const;  // exposition format 0.0.4

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
