// The score of one subject and one record, as a look-up gives it (index/lookup.h), for pairs that were found otherwise.
#pragma once

#include <optional>

#include "engine/bits.h"
#include "engine/match/explain.h"
#include "normalize/profile.h"

namespace semak {

struct PairScore {
  Bits all;
  Bits person;  // what of it the name does not say
};

// Nothing if the two have neither names to compare nor related numbers. `related`: whether they have those.
std::optional<PairScore> score_pair(const Profile& subject, const Profile& record, bool related,
                                    const RaritySource& rarities);

}  // namespace semak
