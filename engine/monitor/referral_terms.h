// When a pair of subject and record makes a referral, for one policy in one register: the same that a check under that
// policy would say of the pair if it listed any number of hits (engine/screen/screener.h), as numbers that can be
// compared without reckoning probabilities.
#pragma once

#include <cstdint>

#include "engine/bits.h"
#include "engine/policy.h"

namespace semak {

struct ReferralTerms {
  // Least score of a pair whose identity is not certain; kNever: none is enough.
  static constexpr Bits kNever = Bits::whole(1'000'000);
  struct Floors {
    Bits refer = kNever;    // uncertain pairs refer from here on
    Bits look_up = kNever;  // certain ones from here on
  };
  Floors numbered, unnumbered;  // subjects with and without an identity number
  bool asked = false;           // false: the policy does not ask this register, or its hits are nothing against anyone

  const Floors& floors(bool has_number) const { return has_number ? numbered : unnumbered; }
  // `person`: what of the score the name does not say.
  bool refers(bool has_number, Bits score, Bits person) const;
};

// Of an asked register that has `people`.
ReferralTerms referral_terms(const Policy& policy, std::uint64_t people);

}  // namespace semak
