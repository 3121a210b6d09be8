#include "tools/semakd/metrics.h"

#include <algorithm>
#include <array>
#include <mutex>
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

void raise(prometheus::Counter& counter, double value) { counter.Increment(std::max(0.0, value - counter.Value())); }

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
  std::array<prometheus::Counter*, kTokenRefusals> refusals{};
  std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
  std::vector<std::pair<prometheus::Counter*, std::function<double()>>> counters;
  struct Labelled {
    prometheus::Family<prometheus::Gauge>* family = nullptr;
    std::string label;
    std::function<std::map<std::string, double>()> values;
    std::map<std::string, prometheus::Gauge*> now;
  };
  std::vector<Labelled> labelled;
  prometheus::Counter* rejected = nullptr;
  std::function<BatchRowCounts()> batches;
  void read_batches();
  std::mutex scraping;
};

void ServiceMetrics::Impl::read_batches() {
  const BatchRowCounts counts = batches();
  const std::array<std::uint64_t, kOutcomes.size()> rows{counts.no_record, counts.refer, counts.record,
                                                         counts.incomplete};
  for (std::size_t i = 0; i < rows.size(); ++i) raise(*outcomes[1][i], static_cast<double>(rows[i]));
  raise(*rejected, static_cast<double>(counts.rejected));
}

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
  auto& refusals = prometheus::BuildCounter()
                       .Name("semak_tokens_refused_total")
                       .Help("People's bearer tokens that were refused, by reason.")
                       .Register(impl_->registry);
  for (std::size_t i = 0; i < kTokenRefusals; ++i) {
    impl_->refusals[i] = &refusals.Add({{"reason", to_string(static_cast<TokenRefusal>(i))}});
  }
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

void ServiceMetrics::answered(Outcome outcome) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    if (kOutcomes[i] == outcome) impl_->outcomes[0][i]->Increment();
  }
}

void ServiceMetrics::hit(LimitHit what) { impl_->hits[static_cast<std::size_t>(what)]->Increment(); }

void ServiceMetrics::token_refused(TokenRefusal why) { impl_->refusals[static_cast<std::size_t>(why)]->Increment(); }

void ServiceMetrics::gauge(std::string_view name, std::string_view help, std::function<double()> value) {
  prometheus::Gauge& gauge =
      prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry).Add({});
  impl_->gauges.emplace_back(&gauge, std::move(value));
}

void ServiceMetrics::batches(std::function<BatchRowCounts()> counts) {
  impl_->batches = std::move(counts);
  impl_->rejected = &prometheus::BuildCounter()
                         .Name("semak_batch_rows_rejected_total")
                         .Help("Rows of batches that could not be checked as they were.")
                         .Register(impl_->registry)
                         .Add({});
}

void ServiceMetrics::counter(std::string_view name, std::string_view help, std::function<double()> value) {
  prometheus::Counter& counter =
      prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry).Add({});
  impl_->counters.emplace_back(&counter, std::move(value));
}

void ServiceMetrics::gauges(std::string_view name, std::string_view help, std::string_view label,
                            std::function<std::map<std::string, double>()> values) {
  auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help)).Register(impl_->registry);
  impl_->labelled.push_back({&family, std::string(label), std::move(values), {}});
}

std::string ServiceMetrics::text() const {
  const std::lock_guard lock(impl_->scraping);
  for (const auto& [gauge, value] : impl_->gauges) gauge->Set(value());
  for (const auto& [counter, value] : impl_->counters) raise(*counter, value());
  if (impl_->batches) impl_->read_batches();
  for (Impl::Labelled& each : impl_->labelled) {
    const std::map<std::string, double> values = each.values();
    for (auto at = each.now.begin(); at != each.now.end();) {
      if (values.contains(at->first)) {
        ++at;
      } else {
        each.family->Remove(at->second);
        at = each.now.erase(at);
      }
    }
    for (const auto& [name, value] : values) {
      prometheus::Gauge*& gauge = each.now[name];
      if (gauge == nullptr) gauge = &each.family->Add({{each.label, name}});
      gauge->Set(value);
    }
  }
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace semak
