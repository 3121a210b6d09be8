// What kept a search from being whole, and what outcome is left. One rule in one place: `no_record` is what remains
// when nothing refers and there is no obstacle of any kind.
#pragma once

#include <cstdint>

#include "engine/decision.h"

namespace semak {

class Obstacles {
 public:
  void add(IncompleteReason reason) { bits_ |= bit(reason); }
  void add_if(bool holds, IncompleteReason reason) {
    if (holds) add(reason);
  }
  bool has(IncompleteReason reason) const { return (bits_ & bit(reason)) != 0; }
  bool none() const { return bits_ == 0; }

 private:
  static constexpr std::uint32_t bit(IncompleteReason reason) {
    // `none` is no obstacle; an enumerator added later is one, whatever its number.
    return reason == IncompleteReason::none ? 0 : std::uint32_t{1} << static_cast<unsigned>(reason);
  }
  std::uint32_t bits_ = 0;
};

struct Decision {
  Outcome outcome = Outcome::incomplete;
  IncompleteReason reason = IncompleteReason::none;
};

// `refer`: a hit makes a referral; the reason is then what would have made the search incomplete without it.
// `undecided`: a record that does not refer has the whole name that was asked for.
Decision decide(const Obstacles& obstacles, bool refer, bool undecided);

}  // namespace semak
