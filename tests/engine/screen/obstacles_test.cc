#include "engine/screen/obstacles.h"

#include <vector>

#include "tests/catch.h"

namespace semak {
namespace {

// All reasons that are named, in whatever order; and one that nobody has named yet.
std::vector<IncompleteReason> all_reasons() {
  std::vector<IncompleteReason> reasons;
  for (int i = 1; i < 32; ++i) {
    const auto reason = static_cast<IncompleteReason>(i);
    if (*to_string(reason) != '\0') reasons.push_back(reason);
  }
  reasons.push_back(static_cast<IncompleteReason>(31));
  return reasons;
}

TEST_CASE("whatever kept a search from being whole, it is never no record; and no record is never made otherwise",
          "[screen]") {
  const std::vector<IncompleteReason> reasons = all_reasons();
  REQUIRE(reasons.size() >= 8);
  for (unsigned set = 0; set < 1u << reasons.size(); ++set) {
    Obstacles obstacles;
    for (std::size_t i = 0; i < reasons.size(); ++i) obstacles.add_if((set >> i & 1) != 0, reasons[i]);
    for (const bool refer : {false, true}) {
      for (const bool undecided : {false, true}) {
        const Decision decision = decide(obstacles, refer, undecided);
        const bool clear = set == 0 && !refer && !undecided;
        if ((decision.outcome == Outcome::no_record) != clear) FAIL_CHECK("set " << set << " " << refer << undecided);
        if (decision.outcome == Outcome::record) FAIL_CHECK("a record without a caseworker");
        if (decision.outcome == Outcome::incomplete && decision.reason == IncompleteReason::none)
          FAIL_CHECK("incomplete without a reason: " << set);
        if (decision.outcome == Outcome::refer && !refer) FAIL_CHECK("a referral of nothing");
        // Rejecting all that referred must not clear what would not have been clear without it.
        if (decision.outcome == Outcome::refer) {
          const Decision without = decide(obstacles, false, undecided);
          if (without.reason != decision.reason) FAIL_CHECK("a referral hides a reason: " << set);
        }
      }
    }
  }
}

TEST_CASE("the first reason in the documented order is the one that is told", "[screen]") {
  const IncompleteReason before[] = {IncompleteReason::no_consent, IncompleteReason::missing_register,
                                     IncompleteReason::stale_index, IncompleteReason::too_little_data,
                                     IncompleteReason::too_vague};
  for (std::size_t i = 0; i < std::size(before); ++i) {
    Obstacles obstacles;
    for (std::size_t j = i; j < std::size(before); ++j) obstacles.add(before[j]);
    obstacles.add(IncompleteReason::stale_register);
    CHECK(decide(obstacles, true, true).outcome == Outcome::incomplete);
    CHECK(decide(obstacles, true, true).reason == before[i]);
  }
  Obstacles late;
  late.add(IncompleteReason::cut_short);
  CHECK(decide(late, false, false).reason == IncompleteReason::cut_short);
  CHECK(decide(late, false, true).reason == IncompleteReason::too_vague);
  late.add(IncompleteReason::stale_register);
  CHECK(decide(late, false, true).reason == IncompleteReason::stale_register);
  CHECK(decide(late, true, true).outcome == Outcome::refer);
  CHECK(decide(late, true, true).reason == IncompleteReason::stale_register);
}

}  // namespace
}  // namespace semak
