#include "index/search_table.h"

#include <limits>

#include "engine/check.h"

namespace semak {

SearchTable::SearchTable(const Segment& segment) : segment_(segment.id()) {
  const auto terms = static_cast<std::uint32_t>(segment.header().terms);
  terms_.resize(terms);
  std::uint32_t codes = 1;
  for (std::uint32_t term = 0; term < terms; ++term) {
    const TermEntry& entry = segment.term(term);
    SEMAK_CHECK(entry.leftover >= 0 && entry.leftover <= std::numeric_limits<std::uint16_t>::max());
    terms_[term] = {0, static_cast<std::uint16_t>(entry.leftover), static_cast<TokenRole>(entry.role)};
    codes = std::max(codes, std::uint32_t{entry.code} + 1);
  }
  unmatched_.assign(codes, ~0U);
  unmatched_[0] = 0;  // no token
  for (std::uint32_t term = 0; term < terms; ++term) {
    unmatched_[segment.term(term).code] &= flags_of_unmatched(terms_[term].role) << kFlagShift;
  }
  values_ = unmatched_;
  weights_.assign(codes, 0);
}

void SearchTable::add(const PlannedTerm& planned, std::uint32_t w, int query) {
  std::uint32_t& value = values_[planned.code];
  const std::uint32_t joined = flags_of(planned.role) << kFlagShift | query_bit(query) << kQueryShift;
  const std::uint32_t known = value & kSumMask;
  value = known == 0 ? joined | units_of(w) : (value & ~kSumMask) | joined | std::max(known, units_of(w));
  std::uint8_t& weight = weights_[planned.code];
  weight = std::max(weight, weight_of(w));
}

}  // namespace semak
