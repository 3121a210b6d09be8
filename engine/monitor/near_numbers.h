// Which of a few people have an identity number related to a given one (relate_numbers), for very many given ones.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "index/people.h"

namespace semak {

// Two numbers at most one edit apart have in common what is left of each without at most one character, so each number
// is filed under itself and under all of those, and under the permutations that count as related to it.
class NearNumbers {
 public:
  // `people` outlives this.
  explicit NearNumbers(std::span<const IndexedPerson> people);

  // Replaces `out`: places in `people`, ascending, once each. Thread-safe.
  void find(std::span<const IdentityNumber> numbers, std::vector<std::uint32_t>& out) const;

 private:
  static constexpr std::size_t kFilterBits = std::size_t{1} << 22;
  bool maybe(std::uint64_t hash) const { return (filter_[hash / 64 % (kFilterBits / 64)] >> (hash % 64) & 1) != 0; }

  std::span<const IndexedPerson> people_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> filed_;  // hash, person; ascending
  std::vector<std::uint64_t> filter_;
};

}  // namespace semak
