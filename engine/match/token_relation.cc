#include "engine/match/token_relation.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/match/edit_cost.h"
#include "normalize/scripts.h"

namespace semak {
namespace {

// On the scale of edit_cost: what each kind of difference costs before the model's own offsets.
constexpr Bits kFamilyCost{Bits::kPerBit / 2};      // at most; a closer spelling costs less
constexpr Bits kFamilyCostMin{Bits::kPerBit / 16};  // a different spelling is never as good as the same one
constexpr Bits kEditCostMin{Bits::kPerBit / 16};
constexpr Bits kInitialCost = Bits::whole(4);
// One is a part of the other. The fewer letters they share, the likelier by chance; and people are called by a part of
// what the register has, seldom by more than it has. Fitted apart (each fold for itself) the first was worth .5 bits a
// letter and the second 1.8, of costs that the model halves.
constexpr Bits kPartCost = Bits::whole(2);
constexpr Bits kPartCostPerLetterLeft{Bits::kPerBit / 4};
constexpr int kPartLetters = 6;  // so many say enough
constexpr Bits kPartCostPerLetterShort = Bits::whole(1);
constexpr Bits kPartCostOfMore = Bits::whole(3);
constexpr Bits kSkeletonCost = Bits::whole(2);
constexpr Bits kSkeletonCostPerEdit = Bits::whole(3);
constexpr Bits kSkeletonCostPerVowel = Bits::whole(1);
constexpr int kVowelsMax = 4;
constexpr Bits kHanSpellingCost = Bits::whole(1);
constexpr Bits kHanSpellingCostPerRank{Bits::kPerBit / 2};
constexpr int kHanRankMax = 8;

void offer(Relation& best, RelationKind kind, Bits cost) {
  if (best.kind == RelationKind::none || cost < best.cost) best = Relation{kind, cost};
}

Relation relate_latin(const TokenView& subject, const TokenView& record) {
  const bool more = subject.text.size() > record.text.size();
  const std::string_view& shorter = more ? record.text : subject.text;
  const std::string_view& longer = more ? subject.text : record.text;
  Relation best;
  const bool family = subject.family != 0 && subject.family == record.family;
  const int edits = edits_max(shorter.size(), longer.size());
  const bool edit = edits > 0 && edit_distance_within(shorter, longer, edits) <= edits;
  if (family || edit) {
    const Bits cost = edit_cost(shorter, longer);
    if (family) offer(best, RelationKind::family, std::clamp(cost, kFamilyCostMin, kFamilyCost));
    if (edit) offer(best, RelationKind::edit, std::max(cost, kEditCostMin));
  }
  if (shorter.size() == 1 && longer.size() > 1 && shorter[0] == longer[0]) {
    offer(best, RelationKind::initial, kInitialCost);
  }
  const bool starts = shorter.size() >= kPrefixMin && longer.starts_with(shorter);
  const bool ends = shorter.size() >= kSuffixMin && longer.ends_with(shorter);
  if (starts || ends) {
    const auto left = static_cast<std::int32_t>(longer.size() - shorter.size());
    const std::int32_t few = std::max(0, kPartLetters - static_cast<std::int32_t>(shorter.size()));
    Bits cost{kPartCost.raw + left * kPartCostPerLetterLeft.raw + few * kPartCostPerLetterShort.raw};
    if (more) cost += kPartCostOfMore;
    offer(best, starts ? RelationKind::prefix : RelationKind::suffix, cost);
  }
  return best;
}

void offer_han_spelling(Relation& best, const TokenView& han, const TokenView& latin) {
  const int rank = han_spelling_rank(han.text, latin.text);
  if (rank < 0) return;
  offer(best, RelationKind::script,
        Bits{kHanSpellingCost.raw + std::min(rank, kHanRankMax) * kHanSpellingCostPerRank.raw});
}

// Jawi leaves most vowels unwritten, so there they say nothing.
int vowels_between(const TokenView& a, const TokenView& b) {
  if (a.script == Script::jawi || b.script == Script::jawi) return 0;
  // A query's token meets many others in a row: its reading is kept. One for each script that may stand on either side.
  struct Read {
    std::string text, reading;
  };
  thread_local std::array<Read, 5> last;
  const auto reading_of = [](const TokenView& token) -> std::string_view {
    if (token.script == Script::latin) return token.text;
    Read& kept = last[static_cast<std::size_t>(token.script)];
    if (kept.text != token.text) kept = {std::string(token.text), latin_reading(token.text, token.script)};
    return kept.reading;
  };
  return vowels_apart(reading_of(a), reading_of(b));
}

Relation relate_scripts(const TokenView& a, const TokenView& b) {
  Relation best;
  if (a.family != 0 && a.family == b.family) offer(best, RelationKind::family, kFamilyCost);
  if (!a.skeleton.empty() && !b.skeleton.empty()) {
    const int limit = skeleton_edits_max(a.skeleton.size(), b.skeleton.size());
    const int edits = edit_distance_within(a.skeleton, b.skeleton, limit);
    if (edits <= limit) {
      const int vowels = std::min(vowels_between(a, b), kVowelsMax);
      offer(best, RelationKind::script,
            Bits{kSkeletonCost.raw + edits * kSkeletonCostPerEdit.raw + vowels * kSkeletonCostPerVowel.raw});
    }
  }
  if (a.script == Script::han && b.script == Script::latin) offer_han_spelling(best, a, b);
  if (b.script == Script::han && a.script == Script::latin) offer_han_spelling(best, b, a);
  return best;
}

}  // namespace

Relation relate(const TokenView& subject, const TokenView& record) {
  if (subject.script != record.script) return relate_scripts(subject, record);
  if (subject.text == record.text) return {RelationKind::equal, Bits{}};
  if (subject.script == Script::latin) return relate_latin(subject, record);
  if (subject.family != 0 && subject.family == record.family) return {RelationKind::family, kFamilyCost};
  return {};
}

}  // namespace semak
