#include "engine/monitor/referral_terms.h"

#include <algorithm>

#include "engine/match/calibration.h"
#include "engine/match/person_evidence.h"

namespace semak {
namespace {

// Least score of an uncertain pair that is likely enough: probabilities rise with the score.
Bits least_score(const Policy& policy, std::uint64_t people) {
  const auto enough = [&](std::int32_t raw) {
    return hit_probability(Bits{raw}, Bits{}, policy.base_rate, people) >= policy.refer_probability;
  };
  std::int32_t low = Bits::whole(-2000).raw;
  std::int32_t high = Bits::whole(2000).raw;
  if (!enough(high)) return ReferralTerms::kNever;
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (enough(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Bits{low};
}

}  // namespace

bool ReferralTerms::refers(bool has_number, Bits score, Bits person) const {
  const Floors& least = floors(has_number);
  return asked && score >= (identity_is_certain(person) ? least.look_up : least.refer);
}

ReferralTerms referral_terms(const Policy& policy, std::uint64_t people) {
  ReferralTerms terms;
  terms.asked = true;
  const Bits least = least_score(policy, people);
  terms.numbered = {std::max(least, policy.score_min_with_number), policy.score_min_with_number};
  terms.unnumbered = {std::max(least, policy.score_min), policy.score_min};
  return terms;
}

}  // namespace semak
