// Texts within one or two edits of each other, found through what is left when letters are deleted (SymSpell).
//
// Why nothing is missed: two texts at most d edits apart (insert, delete, substitute, swap neighbours) have a string
// in common that each reaches by deleting at most d letters, and so have their prefixes of kDeletionPrefix letters: cut
// the common string where the shorter-reaching prefix ends, and the side that lost less there deletes the difference
// from its own end, which makes no more than d. Hence each text is filed under what deleting up to d(its length)
// letters from its prefix leaves; d of the shorter of two lengths is never more than d of either.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/match/token_relation.h"
#include "index/checksum.h"
#include "index/segment.h"
#include "normalize/scripts.h"

namespace semak {

inline int text_deletions_max(std::string_view text) { return edits_max(text.size(), text.size()); }
inline int skeleton_deletions_max(std::string_view text) { return skeleton_edits_max(text.size(), text.size()); }

inline constexpr int kDeletionPrefix = 8;
// As many strings as for_each_deletion() visits at most.
inline constexpr std::size_t kDeletionsMax = 1 + kDeletionPrefix + kDeletionPrefix * (kDeletionPrefix - 1) / 2;

// Calls `visit(hash)` for every string that deleting at most `deletions` (0..2) letters from the prefix of `text`
// leaves; some strings may come twice.
template <class Visit>
void for_each_deletion(std::string_view text, int deletions, Visit visit) {
  const int size = static_cast<int>(std::min<std::size_t>(text.size(), kDeletionPrefix));
  std::uint64_t all = 0;  // first letter lowest
  for (int i = 0; i < size; ++i) all |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  auto without = [](std::uint64_t letters, int at) {
    const std::uint64_t below = (1ULL << (8 * at)) - 1;
    return (letters & below) | (letters >> 8 & ~below);
  };
  visit(mix64(all));
  if (deletions < 1) return;
  for (int i = 0; i < size; ++i) {
    const std::uint64_t one = without(all, i);
    visit(mix64(one));
    if (deletions < 2) continue;
    for (int j = i; j < size - 1; ++j) visit(mix64(without(one, j)));
  }
}

inline std::size_t deletion_bucket(std::uint64_t hash, std::size_t buckets) { return hash >> 32 & (buckets - 1); }

// Appends tokens that may be within `deletions` of `text`, with repetitions and false ones.
inline void find_deletions(const DeletionArrays& index, std::string_view text, int deletions,
                           std::vector<std::uint32_t>& out) {
  // Each access waits for memory: done side by side for all strings.
  struct Wanted {
    std::uint32_t print, first, last;
    std::size_t bucket;
  };
  std::array<Wanted, kDeletionsMax> wanted;
  std::size_t size = 0;
  const std::size_t buckets = index.starts.size() - 1;
  for_each_deletion(text, deletions, [&](std::uint64_t hash) {
    const std::size_t bucket = deletion_bucket(hash, buckets);
    __builtin_prefetch(&index.starts[bucket]);
    wanted[size++] = {static_cast<std::uint32_t>(hash), 0, 0, bucket};
  });
  for (Wanted& one : std::span(wanted).first(size)) {
    one.first = index.starts[one.bucket];
    one.last = index.starts[one.bucket + 1];
    if (one.first < one.last) __builtin_prefetch(&index.entries[one.first]);
  }
  for (const Wanted& one : std::span(wanted).first(size)) {
    for (std::uint32_t i = one.first; i < one.last; ++i) {
      if (index.entries[i].print == one.print) out.push_back(index.entries[i].token);
    }
  }
}

// Builds the arrays from (token, text) pairs given in order of token.
class DeletionIndexBuilder {
 public:
  void add(std::uint32_t token, std::string_view text, int deletions) {
    const std::size_t first = filed_.size();
    for_each_deletion(text, deletions, [&](std::uint64_t hash) { filed_.push_back({hash, token}); });
    std::sort(filed_.begin() + static_cast<std::ptrdiff_t>(first), filed_.end());
    filed_.erase(std::unique(filed_.begin() + static_cast<std::ptrdiff_t>(first), filed_.end()), filed_.end());
  }
  void finish(std::vector<std::uint32_t>& starts, std::vector<DeletionEntry>& entries) const {
    const std::size_t buckets = std::bit_ceil(filed_.size() / 2 + 1);
    starts.assign(buckets + 1, 0);
    entries.resize(filed_.size());
    for (const Filed& filed : filed_) ++starts[deletion_bucket(filed.hash, buckets) + 1];
    for (std::size_t i = 1; i <= buckets; ++i) starts[i] += starts[i - 1];
    std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
    for (const Filed& filed : filed_) {
      entries[next[deletion_bucket(filed.hash, buckets)]++] = {filed.token, static_cast<std::uint32_t>(filed.hash)};
    }
  }

 private:
  struct Filed {
    std::uint64_t hash;
    std::uint32_t token;
    auto operator<=>(const Filed&) const = default;
  };
  std::vector<Filed> filed_;
};

// Which of the letters occur; other bytes share the last bits.
inline std::uint32_t letter_mask(std::string_view text) {
  std::uint32_t mask = 0;
  for (const char c : text) mask |= 1U << (c >= 'a' && c <= 'z' ? c - 'a' : 26 + (static_cast<unsigned char>(c) % 6));
  return mask;
}

}  // namespace semak
