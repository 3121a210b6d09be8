// What a query token can gain in a segment: its related tokens, dearest first. Depends on the token and the segment
// alone, so that a thread keeps the plans of the tokens it has met.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/match/model.h"
#include "engine/match/token_relation.h"
#include "index/segment.h"
#include "normalize/normalized_name.h"

namespace semak {

struct PlannedToken {
  std::uint32_t token = 0;
  std::int32_t gain = 0;  // Bits::raw
  RelationKind relation = RelationKind::none;
};

// A place where the plan may be left: what is behind it gains clearly less.
struct PlanStep {
  std::uint32_t end = 0;       // tokens [0, end) are done
  std::uint64_t postings = 0;  // of those
};

struct TokenPlan {
  std::vector<PlannedToken> tokens;  // by gain descending, then token
  std::vector<PlanStep> steps;       // ascending; the last is the whole plan
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
  // Forgets plans if there are many.
  void trim();

 private:
  struct Key {
    std::uint64_t segment;
    NameToken token;  // its role does not count
  };
  struct Entry {
    Key key;
    TokenPlan plan;
  };
  std::unordered_map<std::uint64_t, std::vector<std::unique_ptr<Entry>>> plans_;
  std::size_t kept_ = 0;  // planned tokens in all plans
};

}  // namespace semak
