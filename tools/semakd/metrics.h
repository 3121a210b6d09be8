// What the service counts, as Prometheus reads it. Labels are made once, at the start: none depends on a request.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decision.h"
#include "tools/semakd/http/message.h"
#include "tools/semakd/limits.h"

namespace semak {

class ServiceMetrics {
 public:
  // `operations`: of the routes, in their order. The last histogram is for what belongs to no route.
  explicit ServiceMetrics(const std::vector<std::string>& operations);
  ~ServiceMetrics();

  void requested(std::size_t route, HttpStatus status, std::chrono::steady_clock::duration whole,
                 std::chrono::steady_clock::duration waited);
  static constexpr std::size_t kNoRoute = static_cast<std::size_t>(-1);
  // A screening was answered: `batch` if not for somebody who waits.
  void answered(Outcome outcome, bool batch);
  void hit(LimitHit what);

  // Read when they are scraped.
  void gauge(std::string_view name, std::string_view help, std::function<double()> value);
  std::string text() const;  // exposition format 0.0.4

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
