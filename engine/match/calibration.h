// From a score in bits to a probability, for a stated base rate and register size.
#pragma once

#include <cstdint>

#include "engine/bits.h"
#include "engine/match/model.h"

namespace semak {

// P(the record is of the subject | score), if one subject in `1 / base_rate` is in a register of `people`.
// Monotone in score. base_rate in (0,1): default 1 in 5,000 (DESIGN: an offender register).
double probability(Bits score, double base_rate, std::uint64_t people);
double probability(const Model::Calibration& calibration, Bits score, double base_rate, std::uint64_t people);

// The same for a hit of which `person` bits (person_evidence.h) say something else than the name: at most
// kUncertainMax, unless an identity number agrees in full. Twins, namesakes of one birth date and borrowed data are no
// part of the model, and no sum of near agreements rules them out.
double hit_probability(Bits score, Bits person, double base_rate, std::uint64_t people);

inline constexpr double kUncertainMax = 0.95;

inline constexpr double kDefaultBaseRate = 1.0 / 5000;

}  // namespace semak
