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
  std::array<std::uint32_t, kClusters> of_cluster;
  of_cluster.fill(~0U);
  of_cluster[0] = 0;
  for (std::uint32_t code = 1; code < codes; ++code) {
    of_cluster[cluster_of(static_cast<std::uint16_t>(code))] &= unmatched_[code] >> kFlagShift;
  }
  for (std::uint32_t cluster = 0; cluster < kClusters; ++cluster) {
    coarse_.set_unmatched(static_cast<std::uint8_t>(cluster),
                          static_cast<std::uint8_t>(of_cluster[cluster] & ((1U << kFlagBits) - 1)));
  }
}

void SearchTable::add(const PlannedTerm& planned, std::uint32_t w, int query) {
  std::uint32_t& value = values_[planned.code];
  const std::uint32_t joined = flags_of(planned.role) << kFlagShift | query_bit(query) << kQueryShift;
  const std::uint32_t known = value & kSumMask;
  value = known == 0 ? joined | units_of(w) : (value & ~kSumMask) | joined | std::max(known, units_of(w));
  coarse_.add(cluster_of(planned.code), w,
              static_cast<std::uint8_t>(flags_of(planned.role) | CoarseSieve::query_bit(query)));
}

}  // namespace semak
