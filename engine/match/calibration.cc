#include "engine/match/calibration.h"

#include <algorithm>
#include <cmath>

#include "engine/match/person_evidence.h"

namespace semak {

double probability(const Model::Calibration& calibration, Bits score, double base_rate, std::uint64_t people) {
  const double rate = std::clamp(base_rate, 1e-12, 1 - 1e-12);
  const double prior = std::log2(rate / (1 - rate) / static_cast<double>(std::max<std::uint64_t>(people, 1)));
  const double bits = score.value();
  // Weak scores say less than their sum claims: below saturation_at the slope is steeper.
  const double below = std::log2(1 + std::exp2(std::min(calibration.saturation_at - bits, 900.0)));
  const double odds = calibration.slope * bits - calibration.saturation_share * below + calibration.shift + prior;
  return 1 / (1 + std::exp2(std::clamp(-odds, -900.0, 900.0)));
}

double probability(Bits score, double base_rate, std::uint64_t people) {
  return probability(default_model().calibration, score, base_rate, people);
}

double hit_probability(Bits score, Bits person, double base_rate, std::uint64_t people) {
  const double likely = probability(score, base_rate, people);
  return identity_is_certain(person) ? likely : std::min(likely, kUncertainMax);
}

}  // namespace semak
