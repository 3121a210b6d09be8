// A thread's notes on a segment's terms: whatever postings and rows are bounded with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/match/name_alignment.h"
#include "index/coarse_sieve.h"
#include "index/segment.h"
#include "index/token_plan.h"
#include "normalize/normalized_name.h"

namespace semak {

// What a segment's terms, and their codes in signatures, mean in the search at hand.
class SearchTable {
 public:
  explicit SearchTable(const Segment& segment);
  std::uint64_t segment() const { return segment_; }

  struct Term {
    std::uint32_t cell = 0;  // 1 + first cell, 0: none
    std::uint16_t leftover = 0;
    TokenRole role = TokenRole::given;
  };
  Term& term(std::uint32_t term) { return terms_[term]; }

  // The value of a code: in its lower half a weight, of which a row's add up; above it the query tokens that the code's
  // terms may be aligned with, and flags that say what the terms mean for the scorer's corrections: these join.
  static constexpr std::uint32_t kUnits = 4;  // of Bits::raw in a unit of weight, rounded up
  static constexpr std::uint32_t units_of(std::uint32_t w) { return (w + kUnits - 1) / kUnits; }
  static constexpr int kQueryShift = 16;
  static constexpr std::uint32_t kSumMask = (1U << kQueryShift) - 1;
  static constexpr int kQueryBits = 8;
  // The last bit serves all further tokens of a long query.
  static constexpr std::uint32_t query_bit(int query) { return 1U << std::min(query, kQueryBits - 1); }
  // Of an unmatched code: a part that identifies, a father's name. Of a matched one: a father's, a given name.
  static constexpr int kFlagShift = 24;
  static constexpr int kFlagBits = 4;
  static constexpr std::uint32_t kLeft = 1, kFatherLeft = 2, kFather = 4, kGiven = 8;
  static constexpr std::uint32_t flags_of(TokenRole role) {
    return (role == TokenRole::father ? kFather : 0) | (is_given(role) ? kGiven : 0);
  }
  static constexpr std::uint32_t flags_of_unmatched(TokenRole role) {
    return (identifies(role) ? kLeft : 0) | (role == TokenRole::father ? kFatherLeft : 0);
  }
  const std::uint32_t* values() const { return values_.data(); }

  CoarseSieve& coarse() { return coarse_; }

  void add(const PlannedTerm& planned, std::uint32_t w, int query);
  void forget(std::uint32_t term, std::uint16_t code) {
    terms_[term].cell = 0;
    values_[code] = unmatched_[code];
    coarse_.forget(cluster_of(code));
  }

 private:
  std::uint64_t segment_;
  std::vector<Term> terms_;
  std::vector<std::uint32_t> unmatched_;  // by code: flags of all its terms
  std::vector<std::uint32_t> values_;
  CoarseSieve coarse_;
};

}  // namespace semak
