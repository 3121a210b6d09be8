// A first look at postings: whether a row could reach a score, by nothing but the clusters of its tokens. Lets some one
// in ten pass where one in fifty would do, but reads 256 bytes of tables, which stay in registers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "index/segment_format.h"

namespace semak {

enum class Instructions : std::uint8_t { portable, avx512 };
bool can_run(Instructions instructions);

class CoarseSieve {
 public:
  // What is known of a cluster's terms, as bits that a row's tokens join: the lower four are SearchTable's flags, the
  // upper ones the query tokens that they may be aligned with, the last of them serving all further ones.
  static constexpr int kQueryShift = 4;
  static constexpr int kQueryBits = 4;
  static constexpr std::uint8_t query_bit(int query) {
    return static_cast<std::uint8_t>(1U << (kQueryShift + std::min(query, kQueryBits - 1)));
  }

  // Weights and costs in so many Bits::raw.
  static constexpr std::int32_t kUnit = 32;

  CoarseSieve();
  // Before the first search: what the cluster's terms have in common while none is a query token's.
  void set_unmatched(std::uint8_t cluster, std::uint8_t bits) { unmatched_[cluster] = bits_[cluster] = bits; }
  // Some term of the cluster may be aligned with a query token, for `w` at most.
  void add(std::uint8_t cluster, std::uint32_t w, std::uint8_t bits) {
    const auto weight = static_cast<std::uint8_t>(std::min<std::uint32_t>((w + kUnit - 1) / kUnit, 255));
    bits_[cluster] = static_cast<std::uint8_t>((weights_[cluster] == 0 ? 0 : bits_[cluster]) | bits);
    weights_[cluster] = std::max(weights_[cluster], weight);
  }
  void forget(std::uint8_t cluster) {
    weights_[cluster] = 0;
    bits_[cluster] = unmatched_[cluster];
  }
  // What a row whose tokens' bits join to `bits` surely loses, >= 0.
  void set_cost(std::uint8_t bits, std::int64_t cost) {
    costs_[bits] = static_cast<std::uint8_t>(std::min<std::int64_t>(cost / kUnit, 255));
  }

  // Writes to `near` the places of the postings whose rows may reach `needed` by the tokens of their signatures:
  // weights less costs, `known` bits apart. Returns how many. REQUIRES: room for `block` and kSpare more.
  static constexpr std::size_t kSpare = 16;
  std::size_t sift(std::span<const Posting> block, std::uint8_t known, std::int64_t needed, std::uint32_t* near) const {
    return sift(block, known, needed, near, best_);
  }
  std::size_t sift(std::span<const Posting> block, std::uint8_t known, std::int64_t needed, std::uint32_t* near,
                   Instructions instructions) const;

 private:
  std::size_t sift_portable(std::span<const Posting> block, std::uint8_t known, std::int32_t needed,
                            std::uint32_t* near) const;
  std::size_t sift_avx512(std::span<const Posting> block, std::uint8_t known, std::int32_t needed,
                          std::uint32_t* near) const;

  using Table = std::array<std::uint8_t, 256>;
  alignas(64) Table weights_{};
  alignas(64) Table bits_{};
  alignas(64) Table costs_{};
  Table unmatched_{};
  Instructions best_;
};

}  // namespace semak
