#include "engine/match/calibration.h"

#include <algorithm>
#include <cmath>

namespace semak {
namespace {

// Posterior log-odds = kSlope * (score - saturation) + kShift + log2 of the prior odds of one record.
constexpr double kSlope = 1.0;
constexpr double kShift = 8.0;
// Weak scores say less than their sum claims (prototype: -0.54 log2(1 + 20000 * 2^-S)).
constexpr double kSaturationShare = 0.54;
constexpr double kSaturationAt = 20000;

}  // namespace

double probability(Bits score, double base_rate, std::uint64_t people) {
  base_rate = std::clamp(base_rate, 1e-12, 1 - 1e-12);
  const double bits = score.value();
  const double saturation = kSaturationShare * std::log2(1 + kSaturationAt * std::exp2(std::min(-bits, 900.0)));
  const double prior = std::log2(base_rate / (1 - base_rate) / static_cast<double>(std::max<std::uint64_t>(people, 1)));
  const double odds = kSlope * (bits - saturation) + kShift + prior;
  return 1 / (1 + std::exp2(std::clamp(-odds, -900.0, 900.0)));
}

}  // namespace semak
