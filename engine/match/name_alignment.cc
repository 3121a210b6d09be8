#include "engine/match/name_alignment.h"

#include <algorithm>
#include <limits>

#include "engine/check.h"

namespace semak {
namespace {

constexpr int kMax = NormalizedName::kTokensMax;
// Savings are multiplied by this so that the sum of all tie terms (at most 24 * 24 * 24) never outweighs 1/256 bit.
constexpr std::int64_t kTieScale = 1 << 14;
static_assert(kMax * kMax * kMax < kTieScale);

// What each pair of tokens saves against leaving both unmatched, with the tie term; only what saves anything.
class Savings {
 public:
  Savings(int queries, int records) : queries_(queries), records_(records) {
    for (int query = 0; query < queries; ++query) edge_[query].fill(-1);
  }

  void offer(int query, int record, std::int32_t saved, std::int16_t edge) {
    edge_[query][record] = edge;
    saved_[query][record] = saved * kTieScale + (kMax - query) * (kMax - record);
  }
  int queries() const { return queries_; }
  int records() const { return records_; }
  bool has(int query, int record) const { return edge_[query][record] >= 0; }
  std::int64_t saved(int query, int record) const { return saved_[query][record]; }
  std::int16_t edge(int query, int record) const { return record < 0 ? std::int16_t{-1} : edge_[query][record]; }

 private:
  int queries_;
  int records_;
  std::array<std::array<std::int16_t, kMax>, kMax> edge_;
  std::array<std::array<std::int64_t, kMax>, kMax> saved_;
};

using RecordOf = std::array<int, kMax>;  // for each query token, -1: unmatched

// Each query token's best record token; false if two want the same one.
bool choose_freely(const Savings& savings, RecordOf& record_of) {
  std::array<bool, kMax> taken{};
  bool free = true;
  for (int query = 0; query < savings.queries(); ++query) {
    std::int64_t best = 0;
    record_of[query] = -1;
    for (int record = 0; record < savings.records(); ++record) {
      if (!savings.has(query, record) || savings.saved(query, record) <= best) continue;
      best = savings.saved(query, record);
      record_of[query] = record;
    }
    if (record_of[query] < 0) continue;
    free = free && !taken[record_of[query]];
    taken[record_of[query]] = true;
  }
  return free;
}

// The Hungarian method (shortest augmenting paths with prices). Columns: the record tokens, then one column for each
// query token that means "unmatched" and saves nothing, so that every row finds a place.
class Assignment {
 public:
  explicit Assignment(const Savings& savings) : savings_(savings), columns_(savings.records() + savings.queries()) {
    row_of_.fill(-1);
  }

  void solve(RecordOf& record_of) {
    for (int query = 0; query < savings_.queries(); ++query) insert(query);
    for (int column = 0; column < columns_; ++column) {
      if (row_of_[column] >= 0) record_of[row_of_[column]] = column < savings_.records() ? column : -1;
    }
  }

 private:
  static constexpr std::int64_t kForbidden = std::int64_t{1} << 50;
  static constexpr std::int64_t kInfinite = std::int64_t{1} << 60;

  std::int64_t cost(int query, int column) const {
    if (column >= savings_.records()) return column - savings_.records() == query ? 0 : kForbidden;
    return savings_.has(query, column) ? -savings_.saved(query, column) : kForbidden;
  }

  void insert(int query) {
    std::array<std::int64_t, 2 * kMax> least;
    std::array<int, 2 * kMax> from;
    std::array<bool, 2 * kMax> done{};
    std::fill_n(least.begin(), columns_, kInfinite);
    int row = query;
    int last = -1;
    do {
      int next = -1;
      for (int column = 0; column < columns_; ++column) {
        if (done[column]) continue;
        const std::int64_t slack = cost(row, column) - row_price_[row] - column_price_[column];
        if (slack < least[column]) {
          least[column] = slack;
          from[column] = last;
        }
        if (next < 0 || least[column] < least[next]) next = column;
      }
      const std::int64_t step = least[next];
      row_price_[query] += step;
      for (int column = 0; column < columns_; ++column) {
        if (done[column]) {
          row_price_[row_of_[column]] += step;
          column_price_[column] -= step;
        } else {
          least[column] -= step;
        }
      }
      done[next] = true;
      last = next;
      row = row_of_[next];
    } while (row >= 0);
    while (last >= 0) {
      row_of_[last] = from[last] < 0 ? query : row_of_[from[last]];
      last = from[last];
    }
  }

  const Savings& savings_;
  int columns_;
  std::array<std::int64_t, kMax> row_price_{};
  std::array<std::int64_t, 2 * kMax> column_price_{};
  std::array<int, 2 * kMax> row_of_;  // -1: free
};

bool names_father(const AlignSide& side) {
  return std::any_of(side.tokens.begin(), side.tokens.end(),
                     [](const AlignToken& token) { return token.role == TokenRole::father; });
}

bool keeps_its_place(const AlignSide& query, const AlignSide& record, const AlignEdge& edge) {
  const auto moves = [](TokenRole role) { return role == TokenRole::initial || role == TokenRole::english_given; };
  return edge.relation != RelationKind::initial && !moves(query.tokens[edge.query].role) &&
         !moves(record.tokens[edge.record].role);
}

void correct(const Model& model, const AlignSide& query, const AlignSide& record, const AlignmentCounts& counts,
             Alignment& alignment) {
  if (counts.query_left) alignment.leftover_first = model.query_leftover_first;
  if (counts.father_contradicted) alignment.father = model.father_contradicted;
  if (counts.father_omitted) alignment.father = model.father_omitted;
  if (counts.no_given) alignment.no_given = model.no_given_matched;
  if (counts.record_left) alignment.completeness = model.record_left;
  if (counts.lone_part) alignment.completeness += model.lone_part;
  if (counts.first_left) alignment.completeness += model.first_left;
  alignment.initials = Bits{model.initial_pair.raw * counts.initial_pairs};
  alignment.order = Bits{model.inversion.raw * counts.inversions + model.crossed.raw * counts.crossed};
  alignment.form =
      model.query_form[static_cast<std::size_t>(query.kind)] + model.record_form[static_cast<std::size_t>(record.kind)];
}

}  // namespace

AlignmentCounts count_alignment(const AlignSide& query, const AlignSide& record, std::span<const AlignEdge> edges,
                                std::span<const std::int16_t> edge_of_query) {
  AlignmentCounts counts;
  std::array<std::uint8_t, kMax> placed;  // record tokens of the pairs that keep their place, in query order
  int kept = 0;
  int parts = 0;
  std::uint32_t matched = 0;
  bool given = false;
  bool given_name = false;
  bool father = false;
  const bool query_father = names_father(query);
  const bool record_father = names_father(record);
  for (std::size_t i = 0; i < query.tokens.size(); ++i) {
    const TokenRole own = query.tokens[i].role;
    if (edge_of_query[i] < 0) {
      counts.query_left = counts.query_left || identifies(own);
      continue;
    }
    const AlignEdge& edge = edges[edge_of_query[i]];
    const TokenRole role = record.tokens[edge.record].role;
    matched |= 1u << edge.record;
    parts += identifies(own) && identifies(role);
    counts.initial_pairs +=
        own == TokenRole::initial && role == TokenRole::initial && edge.relation == RelationKind::equal;
    given_name = given_name || role == TokenRole::given;
    given = given || is_given(role);
    father = father || role == TokenRole::father;
    counts.crossed += query_father && record_father && (own == TokenRole::father) != (role == TokenRole::father);
    if (!keeps_its_place(query, record, edge)) continue;
    for (int j = 0; j < kept; ++j) counts.inversions += placed[j] > edge.record;
    placed[kept++] = edge.record;
  }
  counts.father_contradicted = !father && record_father && query_father;
  counts.father_omitted = !father && record_father && !query_father;
  counts.no_given = !given;
  counts.lone_part = parts <= 1;
  for (std::size_t j = 0; j < record.tokens.size(); ++j) {
    counts.record_left = counts.record_left || ((matched >> j & 1u) == 0 && identifies(record.tokens[j].role));
  }
  const auto first = std::find_if(record.tokens.begin(), record.tokens.end(),
                                  [](const AlignToken& token) { return token.role == TokenRole::given; });
  counts.first_left = given_name && (matched >> (first - record.tokens.begin()) & 1u) == 0;
  return counts;
}

Alignment align(const Model& model, const AlignSide& query, const AlignSide& record, std::span<const AlignEdge> edges) {
  const int queries = static_cast<int>(query.tokens.size());
  const int records = static_cast<int>(record.tokens.size());
  SEMAK_DCHECK(queries <= kMax && records <= kMax);
  Savings savings(queries, records);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const AlignEdge& edge = edges[i];
    SEMAK_DCHECK(edge.query < queries && edge.record < records);
    const Bits saved = edge.gain + query.tokens[edge.query].leftover + record.tokens[edge.record].leftover;
    if (saved.raw > 0) savings.offer(edge.query, edge.record, saved.raw, static_cast<std::int16_t>(i));
  }
  RecordOf record_of;
  record_of.fill(-1);
  if (!choose_freely(savings, record_of)) Assignment(savings).solve(record_of);

  Alignment alignment{};
  alignment.edge_of_query.fill(-1);
  for (const AlignToken& token : query.tokens) alignment.additive -= token.leftover;
  for (const AlignToken& token : record.tokens) alignment.additive -= token.leftover;
  for (int i = 0; i < queries; ++i) {
    const int edge = savings.edge(i, record_of[i]);
    alignment.edge_of_query[i] = static_cast<std::int16_t>(edge);
    if (edge < 0) continue;
    alignment.additive += edges[edge].gain + query.tokens[i].leftover + record.tokens[record_of[i]].leftover;
  }
  correct(model, query, record, count_alignment(query, record, edges, alignment.edge_of_query), alignment);
  alignment.score = alignment.additive - alignment.leftover_first - alignment.father - alignment.no_given -
                    alignment.completeness - alignment.initials - alignment.order - alignment.form;
  return alignment;
}

Bits query_leftover(const Model& model, TokenRole role) { return model.query_leftover[static_cast<std::size_t>(role)]; }

Bits record_leftover(const Model& model, TokenRole role, Bits rarity) {
  const Model::Leftover& leftover = model.record_leftover[static_cast<std::size_t>(role)];
  return Bits::from(leftover.per_rarity_bit * rarity.value() + leftover.each);
}

Bits pair_gain(const Model& model, const Relation& relation, TokenRole role, Bits rarity_record, Bits rarity_query) {
  const auto gain_of = [&](RelationKind kind, Bits rarity) {
    const Model::PairGain& gain = model.pair_gain[static_cast<std::size_t>(kind)];
    return gain.rarity_share * rarity.value() + gain.offset;
  };
  if (relation.kind == RelationKind::none) return Bits::from(-1e6);
  const Bits of_role = model.role_gain[static_cast<std::size_t>(role)];
  const double equal = gain_of(RelationKind::equal, rarity_record);
  if (relation.kind == RelationKind::equal) return Bits::from(equal) + of_role;
  double gain =
      gain_of(relation.kind, std::min(rarity_record, rarity_query)) - model.relation_cost_share * relation.cost.value();
  if (relation.kind == RelationKind::initial && role == TokenRole::father) gain += model.initial_of_father.value();
  // Strictly less than equality, so that the same spelling always comes first.
  return Bits::from(std::min(gain, equal)) - Bits{1} + of_role;
}

Bits pair_gain_max(const Model& model, const Relation& relation, Bits rarity_record, Bits rarity_query) {
  Bits most = pair_gain(model, relation, TokenRole{0}, rarity_record, rarity_query);
  for (int role = 1; role < kTokenRoles; ++role) {
    most = std::max(most, pair_gain(model, relation, static_cast<TokenRole>(role), rarity_record, rarity_query));
  }
  return most;
}

}  // namespace semak
