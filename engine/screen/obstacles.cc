#include "engine/screen/obstacles.h"

#include <optional>

namespace semak {
namespace {

// These leave no answer, whatever was found.
constexpr IncompleteReason kBeforeReferral[] = {
    IncompleteReason::no_consent,      IncompleteReason::missing_register, IncompleteReason::stale_index,
    IncompleteReason::too_little_data, IncompleteReason::too_vague,
};
// These leave no clearance: what was found is still to be looked at.
constexpr IncompleteReason kAfterReferral[] = {
    IncompleteReason::stale_register,
    IncompleteReason::cut_short,
};

template <std::size_t N>
std::optional<IncompleteReason> first_of(const IncompleteReason (&reasons)[N], const Obstacles& obstacles) {
  for (const IncompleteReason reason : reasons) {
    if (obstacles.has(reason)) return reason;
  }
  return std::nullopt;
}

}  // namespace

Decision decide(const Obstacles& obstacles, bool refer, bool undecided) {
  if (const auto reason = first_of(kBeforeReferral, obstacles)) return {Outcome::incomplete, *reason};
  Decision decision;
  if (const auto reason = first_of(kAfterReferral, obstacles)) decision.reason = *reason;
  if (undecided && decision.reason != IncompleteReason::stale_register) decision.reason = IncompleteReason::too_vague;
  // An obstacle that no list above names would be a new one.
  if (decision.reason == IncompleteReason::none && !obstacles.none()) decision.reason = IncompleteReason::cut_short;
  if (refer) {
    decision.outcome = Outcome::refer;
  } else if (decision.reason == IncompleteReason::none) {
    decision.outcome = Outcome::no_record;
  }
  return decision;
}

}  // namespace semak
