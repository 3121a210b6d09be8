// What two birth dates say of one another: precision, slips of the pen, placeholders.
#pragma once

#include "engine/bits.h"
#include "engine/decision.h"
#include "engine/partial_date.h"

namespace semak {

struct DateEvidence {
  Agreement agreement = Agreement::missing;
  Bits weight;  // 0 if either is unknown
};

// Total and symmetric.
DateEvidence compare_dates(PartialDate a, PartialDate b);

// At least compare_dates(a, b).weight for every b, or for every b of that year; >= 0.
Bits date_bits_max(PartialDate a);
Bits date_bits_max_in_year(PartialDate a, int year);
// The same for every b of a year that is not a's, but for the day of that year that has a's month and day; <= 0.
Bits date_bits_max_apart(PartialDate a, int year);

}  // namespace semak
