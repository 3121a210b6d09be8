// Which of the people under watch must be referred to which of a register's changed records: exactly the pairs that
// comparing every watched person with every record would give. Parallel (oneTBB, current arena). Pure but for one
// temporary file of the changed records' dictionary.
//
// Why nothing is lost. Let e be a reading of a watched person's name, r one of a record's. The additive part of their
// score (name_alignment.h) is
//     base(e) - P(r) + sum of w over the aligned pairs,  w = gain + both leftovers saved, > 0 or left unused
// and the score is never more. Gains rise with the rarity of the query's neighbourhood, so the gain with the record
// token's rarity alone is an upper bound; and summing over all related pairs of tokens instead of the aligned ones only
// adds. That sum is formed for every row of a page at once, from lists of rows by token. To it comes what the facts can
// add: first at most facts_max (numbers unrelated), then what they do add. Only a pair whose bound is below the least
// referring score is left aside. Pairs with related numbers are found by their numbers whatever the names say: a
// certain identity needs one. What is left is scored by the scorer itself.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "engine/monitor/referral_terms.h"
#include "engine/monitor/watch_list.h"
#include "engine/result.h"
#include "index/people.h"
#include "index/snapshot.h"

namespace semak {

struct WatchMatch {
  WatchList::Place place;
  std::uint32_t record = 0;  // index into the changed people
  Bits score, person;
  auto operator<=>(const WatchMatch&) const = default;
};

struct ChangeMatchWork {
  std::uint64_t bounded = 0;  // pairs that the names' bound let through
  std::uint64_t scored = 0;
};

// `changed`: records that answer in `snapshot` (their rarities are taken from it), normalised. `terms`: by group.
// Matches come by place, then record. Errors: the temporary file.
Result<std::vector<WatchMatch>> match_changes(const WatchList& watched, const Snapshot& snapshot,
                                              std::span<const IndexedPerson> changed,
                                              std::span<const ReferralTerms> terms, ChangeMatchWork* work = nullptr);

}  // namespace semak
