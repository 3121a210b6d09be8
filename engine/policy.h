// How strict one use is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bits.h"

namespace semak {

struct Policy {
  std::string name = "default";
  // Asked registers by name; empty: all but `reference` ones, unless only those exist.
  std::vector<std::string> registers;
  int top = 5;  // hits returned for each register
  // Look-up floor. On a labelled corpus (bench/quality) recall@5 without a floor is less than .001 better, with a
  // floor of 0 it is .009 worse.
  Bits score_min = Bits::whole(-8);
  // The same for a subject with an identity number: below 0 the evidence, numbers included, is against a record. On a
  // million invented people this finds .002 fewer members among five, refers as many, and takes a fifth of the time.
  Bits score_min_with_number = Bits::whole(0);
  // A look-up that would examine more postings than this is answered `too_vague`; some 10 ms of one core.
  std::uint64_t work_max = 8'000'000;
  double refer_probability = 0.01;  // a hit at least this likely makes a referral
  double base_rate = 1.0 / 5000;    // share of subjects expected to be in a register
};

}  // namespace semak
