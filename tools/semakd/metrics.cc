#include "tools/semakd/metrics.h"

#include <array>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <utility>

namespace semak {
namespace {

using Seconds = std::chrono::duration<double>;

const prometheus::Histogram::BucketBoundaries& latencies() {
  static const prometheus::Histogram::BucketBoundaries kBounds{.0005, .001, .002, .005, .01, .02,
                                                               .05,   .1,   .25,  1,    5,   30};
  return kBounds;
}

constexpr std::array<Outcome, 4> kOutcomes = {Outcome::no_record, Outcome::refer, Outcome::record, Outcome::incomplete};
constexpr std::array<LimitHit, 4> kHits = {LimitHit::rate, LimitHit::quota, LimitHit::enumeration,
                                           LimitHit::failed_keys};

}  // namespace

struct ServiceMetrics::Impl {
  prometheus::Registry registry;
  struct OfRoute {
    prometheus::Histogram* latency = nullptr;
    std::array<prometheus::Counter*, 6> statuses{};  // by first digit
  };
  std::vector<OfRoute> routes;  // the last: of no route
  prometheus::Histogram* waited = nullptr;
  std::array<std::array<prometheus::Counter*, kOutcomes.size()>, 2> outcomes{};
  std::array<prometheus::Counter*, kHits.size()> hits{};
  std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
};

ServiceMetrics::ServiceMetrics(const std::vector<std::string>& operations) : impl_(std::make_unique<Impl>()) {
  auto& latency = prometheus::BuildHistogram()
                      .Name("semak_http_request_seconds")
                      .Help("From the first byte of a request to the last of its answer, by operation.")
                      .Register(impl_->registry);
  auto& statuses = prometheus::BuildCounter()
                       .Name("semak_http_responses_total")
                       .Help("Responses by operation and class of status.")
                       .Register(impl_->registry);
  for (std::size_t i = 0; i <= operations.size(); ++i) {
    const std::string operation = i < operations.size() ? operations[i] : "none";
    Impl::OfRoute route;
    route.latency = &latency.Add({{"operation", operation}}, latencies());
    for (std::size_t digit = 2; digit <= 5; ++digit) {
      route.statuses[digit] = &statuses.Add({{"operation", operation}, {"status", std::to_string(digit) + "xx"}});
    }
    impl_->routes.push_back(route);
  }
  impl_->waited = &prometheus::BuildHistogram()
                       .Name("semak_http_queue_seconds")
                       .Help("How long requests waited for a thread.")
                       .Register(impl_->registry)
                       .Add({}, latencies());
  auto& outcomes = prometheus::BuildCounter()
                       .Name("semak_screenings_total")
                       .Help("Screenings answered, by outcome and by who waited.")
                       .Register(impl_->registry);
  for (std::size_t batch = 0; batch < 2; ++batch) {
    for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
      impl_->outcomes[batch][i] =
          &outcomes.Add({{"outcome", to_string(kOutcomes[i])}, {"kind", batch == 1 ? "batch" : "single"}});
    }
  }
  auto& hits = prometheus::BuildCounter()
                   .Name("semak_limits_hit_total")
                   .Help("Keys (or, for failed_keys, addresses) that ran into a limit; each spell counts once.")
                   .Register(impl_->registry);
  for (std::size_t i = 0; i < kHits.size(); ++i) impl_->hits[i] = &hits.Add({{"limit", to_string(kHits[i])}});
}

ServiceMetrics::~ServiceMetrics() = default;

void ServiceMetrics::requested(std::size_t route, HttpStatus status, std::chrono::steady_clock::duration whole,
                               std::chrono::steady_clock::duration waited) {
  const Impl::OfRoute& of = route < impl_->routes.size() ? impl_->routes[route] : impl_->routes.back();
  of.latency->Observe(Seconds(whole).count());
  if (waited.count() > 0) impl_->waited->Observe(Seconds(waited).count());
  prometheus::Counter* counter = of.statuses[static_cast<std::size_t>(number_of(status) / 100)];
  if (counter != nullptr) counter->Increment();
}

void ServiceMetrics::answered(Outcome outcome, bool batch) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    if (kOutcomes[i] == outcome) impl_->outcomes[batch ? 1 : 0][i]->Increment();
  }
}

void ServiceMetrics::hit(LimitHit what) { impl_->hits[static_cast<std::size_t>(what)]->Increment(); }

void ServiceMetrics::gauge(std::string_view name, std::string_view help, std::function<double()> value) {
  prometheus::Gauge& gauge =
      prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry).Add({});
  impl_->gauges.emplace_back(&gauge, std::move(value));
}

std::string ServiceMetrics::text() const {
  for (const auto& [gauge, value] : impl_->gauges) gauge->Set(value());
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace semak
