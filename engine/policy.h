// How strict one use is.
#pragma once

#include <string>
#include <vector>

#include "engine/bits.h"

namespace semak {

struct Policy {
  std::string name = "default";
  std::vector<std::string>
      registers;                    // asked registers by name; empty: all but `reference` ones unless only those exist
  int top = 5;                      // hits returned for each register
  Bits score_min = Bits::whole(0);  // look-up floor
  double refer_probability = 0.01;  // a hit at least this likely makes a referral
  double base_rate = 1.0 / 5000;    // share of subjects expected to be in a register
};

}  // namespace semak
