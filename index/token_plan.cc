#include "index/token_plan.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/check.h"
#include "engine/match/edit_cost.h"
#include "engine/match/name_alignment.h"
#include "engine/match/rarity.h"
#include "index/checksum.h"
#include "index/related_tokens.h"

namespace semak {
namespace {

constexpr std::size_t kPlannedTermsMax = 1'000'000;  // 24 MB a thread
constexpr std::int32_t kStepGain = Bits::kPerBit / 4;
constexpr std::uint64_t kPostingsPerTerm = 4;  // what turning to another list costs, in postings

std::vector<TokenPlan::Mass> weigh_neighbourhoods(const Model& model, const Segment& base,
                                                  const std::vector<RelatedToken>& related) {
  std::vector<RelatedToken> by_cost = related;
  std::sort(by_cost.begin(), by_cost.end(),
            [](const RelatedToken& a, const RelatedToken& b) { return a.relation.cost < b.relation.cost; });
  std::vector<TokenPlan::Mass> masses;
  std::uint64_t people = 0;
  std::uint64_t national = 0;
  for (std::size_t i = 0; i < by_cost.size(); ++i) {
    people += base.token(by_cost[i].token).people;
    national += base.token(by_cost[i].token).national;
    const Bits cost = by_cost[i].relation.cost;
    if (i + 1 < by_cost.size() && by_cost[i + 1].relation.cost == cost) continue;
    masses.push_back({cost, rarity(model, people, base.header().weight_people, static_cast<double>(national) * 1e-3)});
  }
  return masses;
}

// Of nobody, if no token of the base is so close.
Bits neighbourhood_rarity(const Model& model, const Segment& base, const std::vector<TokenPlan::Mass>& masses,
                          Bits cost) {
  const auto after = std::upper_bound(masses.begin(), masses.end(), cost,
                                      [](Bits value, const TokenPlan::Mass& mass) { return value < mass.cost; });
  if (after == masses.begin()) return rarity(model, 0, base.header().weight_people, 0.0);
  return std::prev(after)->rarity;
}

std::vector<PlanStep> steps_of(const std::vector<PlannedTerm>& terms, const std::vector<PlannedList>& lists) {
  std::vector<PlanStep> steps;
  std::uint64_t postings = 0;
  std::int32_t stepped = terms.empty() ? 0 : terms.front().gain;
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    if (stepped - terms[i].gain >= kStepGain) {
      steps.push_back({i, postings});
      stepped = terms[i].gain;
    }
    postings += lists[i].count + kPostingsPerTerm;
  }
  steps.push_back({static_cast<std::uint32_t>(terms.size()), postings});
  return steps;
}

// Whether one is the other as somebody else spells it. A last letter left out is also a part of the word.
bool is_spelling(RelationKind relation, std::string_view a, std::string_view b) {
  switch (relation) {
    case RelationKind::equal:
    case RelationKind::family:
    case RelationKind::edit:
    case RelationKind::script: return true;
    case RelationKind::prefix:
    case RelationKind::suffix: {
      const int edits = edits_max(a.size(), b.size());
      return edit_distance_within(a, b, edits) <= edits;
    }
    case RelationKind::initial:
    case RelationKind::none: break;
  }
  return false;
}

void add_terms(const Model& model, const Segment& segment, const RelatedToken& token, Bits neighbourhood,
               std::vector<PlannedTerm>& terms) {
  const Bits rare{segment.token(token.token).rarity};
  const std::uint32_t last = segment.term_of_token(token.token + 1);
  for (std::uint32_t term = segment.term_of_token(token.token); term < last; ++term) {
    const TermEntry& entry = segment.term(term);
    SEMAK_CHECK(entry.leftover >= 0 && entry.leftover <= std::numeric_limits<std::uint16_t>::max());
    const auto role = static_cast<TokenRole>(entry.role);
    terms.push_back({term, pair_gain(model, token.relation, role, rare, neighbourhood).raw,
                     static_cast<std::uint16_t>(entry.leftover), entry.code, role, token.relation.kind});
  }
}

}  // namespace

const TokenPlan& TokenPlans::plan(const Model& model, const Segment& base, const Segment& segment,
                                  const NameToken& query) {
  const std::uint64_t hash = mix64(hash_of({query.script, query.text, query.family, query.skeleton}) + segment.id());
  std::vector<std::unique_ptr<Entry>>& entries = plans_[hash];
  for (const std::unique_ptr<Entry>& entry : entries) {
    const NameToken& token = entry->key.token;
    if (entry->key.segment == segment.id() && token.text == query.text && token.skeleton == query.skeleton &&
        token.family == query.family && token.script == query.script) {
      entry->asked = true;
      return entry->plan;
    }
  }
  const TokenPlan* of_base = &segment == &base ? nullptr : &plan(model, base, base, query);
  auto entry = std::make_unique<Entry>(Entry{{segment.id(), query}, {}});
  TokenPlan& made = entry->plan;
  entries.push_back(std::move(entry));
  thread_local std::vector<RelatedToken> related;
  find_related(segment, {query.text, query.skeleton, query.family, query.script}, related);
  if (of_base == nullptr) made.masses = weigh_neighbourhoods(model, base, related);
  const std::vector<TokenPlan::Mass>& masses = of_base == nullptr ? made.masses : of_base->masses;
  made.terms.reserve(2 * related.size());
  for (const RelatedToken& token : related) segment.prefetch_term_of(token.token);
  for (const RelatedToken& token : related) segment.prefetch_term(segment.term_of_token(token.token));
  bool equal = false;
  for (const RelatedToken& token : related) {
    const Bits neighbourhood = neighbourhood_rarity(model, base, masses, token.relation.cost);
    add_terms(model, segment, token, neighbourhood, made.terms);
    if (!is_spelling(token.relation.kind, query.text, segment.key(token.token).text)) continue;
    const Bits gain =
        pair_gain(model, token.relation, TokenRole::given, Bits{segment.token(token.token).rarity}, neighbourhood) -
        model.role_gain[static_cast<std::size_t>(TokenRole::given)];
    const bool better = !made.spelt || gain > *made.spelt;
    if (token.relation.kind == RelationKind::equal ? !std::exchange(equal, true) || better : !equal && better) {
      made.spelt = gain;
    }
  }
  std::sort(made.terms.begin(), made.terms.end(), [](const PlannedTerm& a, const PlannedTerm& b) {
    return std::pair(b.gain, a.term) < std::pair(a.gain, b.term);
  });
  made.lists.reserve(made.terms.size());
  for (const PlannedTerm& planned : made.terms) {
    const std::span<const Posting> postings = segment.postings(planned.term);
    made.lists.push_back({segment.place_of(postings), static_cast<std::uint32_t>(postings.size())});
  }
  made.steps = steps_of(made.terms, made.lists);
  kept_ += size_of(made);
  return made;
}

void TokenPlans::trim() {
  if (kept_ <= kPlannedTermsMax) return;
  kept_ = 0;
  for (auto at = plans_.begin(); at != plans_.end();) {
    std::erase_if(at->second, [&](std::unique_ptr<Entry>& entry) {
      if (!std::exchange(entry->asked, false)) return true;
      kept_ += size_of(entry->plan);
      return false;
    });
    at = at->second.empty() ? plans_.erase(at) : std::next(at);
  }
  if (kept_ <= kPlannedTermsMax / 2) return;
  plans_.clear();
  kept_ = 0;
}

}  // namespace semak
