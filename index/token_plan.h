// What a query token can gain in a segment: the terms of its related tokens, dearest first. Depends on the token and
// the segment alone, so that a thread keeps the plans of the tokens it has met.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/match/model.h"
#include "engine/match/token_relation.h"
#include "index/segment.h"
#include "normalize/normalized_name.h"

namespace semak {

// What a search needs of every term, side by side.
struct PlannedTerm {
  std::uint32_t term = 0;
  std::int32_t gain = 0;       // Bits::raw
  std::uint16_t leftover = 0;  // of the term
  std::uint16_t code = 0;
  TokenRole role = TokenRole::given;
  RelationKind relation = RelationKind::none;
};
static_assert(sizeof(PlannedTerm) == 16);

// Of the terms that it comes to.
struct PlannedList {
  std::uint32_t first = 0;  // place of the first posting
  std::uint32_t count = 0;
};

// A place where the plan may be left: what is behind it gains clearly less.
struct PlanStep {
  std::uint32_t end = 0;       // terms [0, end) are done
  std::uint64_t postings = 0;  // of those
};

struct TokenPlan {
  std::vector<PlannedTerm> terms;  // by gain descending, then term
  std::vector<PlannedList> lists;  // of the terms
  std::vector<PlanStep> steps;     // ascending; the last is the whole plan
  // Gain of the token as the segment spells it: of itself, or else of the best that is the same name spelt otherwise.
  // Without what its role gains.
  std::optional<Bits> spelt;
  // Base only. How rare the neighbourhood of all tokens that cost at most so much is; ascending by cost.
  struct Mass {
    Bits cost;
    Bits rarity;
  };
  std::vector<Mass> masses;
};

class TokenPlans {
 public:
  // The plan of `query` in `segment`, an epoch's segment whose base is `base`. Valid until the next call of trim().
  const TokenPlan& plan(const Model& model, const Segment& base, const Segment& segment, const NameToken& query);
  // If there are many plans, forgets those that were not asked for again since the last time.
  void trim();

 private:
  struct Key {
    std::uint64_t segment;
    NameToken token;  // its role does not count
  };
  struct Entry {
    Key key;
    TokenPlan plan;
    bool asked = false;  // again, since the last trim
  };
  static std::size_t size_of(const TokenPlan& plan) { return plan.terms.size() + 16; }

  std::unordered_map<std::uint64_t, std::vector<std::unique_ptr<Entry>>> plans_;
  std::size_t kept_ = 0;  // planned terms in all plans
};

}  // namespace semak
