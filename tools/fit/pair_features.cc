#include "tools/fit/pair_features.h"

#include <array>

namespace semak {

std::vector<double> features_of(const FormPair& pair, FormKind query_kind, FormKind record_kind) {
  std::array<double, kRelationKinds> rare{}, count{};
  double cost = 0;
  std::array<double, kTokenRoles> left_rare{}, left{};
  std::array<double, kTokenRoles> query_left{};
  std::array<double, kTokenRoles> paired{};
  double initial_of_father = 0;
  std::vector<bool> matched(pair.record.size());
  for (std::size_t i = 0; i < pair.query.size(); ++i) {
    const int chosen = pair.alignment.edge_of_query[i];
    if (chosen < 0) {
      query_left[static_cast<std::size_t>(pair.query[i].role)] += 1;
      continue;
    }
    const auto edge = static_cast<std::size_t>(chosen);
    const auto kind = static_cast<std::size_t>(pair.relations[edge].kind);
    matched[pair.edges[edge].record] = true;
    rare[kind] += pair.rarity_of_edge[edge].value();
    count[kind] += 1;
    cost += pair.relations[edge].cost.value();
    const TokenRole role = pair.record[pair.edges[edge].record].role;
    paired[static_cast<std::size_t>(role)] += 1;
    initial_of_father += pair.relations[edge].kind == RelationKind::initial && role == TokenRole::father;
  }
  for (std::size_t j = 0; j < matched.size(); ++j) {
    if (matched[j]) continue;
    const auto role = static_cast<std::size_t>(pair.record[j].role);
    left_rare[role] += pair.rarity_of_record[j].value();
    left[role] += 1;
  }
  const AlignmentCounts counts =
      count_alignment({query_kind, pair.query}, {record_kind, pair.record}, pair.edges, pair.alignment.edge_of_query);
  std::vector<double> features;
  for (std::size_t kind = 1; kind < rare.size(); ++kind) {
    features.push_back(rare[kind]);
    features.push_back(count[kind]);
  }
  features.push_back(-cost);
  features.push_back(initial_of_father);
  for (const double pairs : paired) features.push_back(pairs);
  for (std::size_t role = 0; role < left.size(); ++role) {
    features.push_back(-left_rare[role]);
    features.push_back(-left[role]);
  }
  features.push_back(counts.query_left ? -1 : 0);
  for (const double left_of_role : query_left) features.push_back(-left_of_role);
  features.push_back(counts.father_contradicted ? -1 : 0);
  features.push_back(counts.father_omitted ? -1 : 0);
  features.push_back(counts.no_given ? -1 : 0);
  features.push_back(counts.record_left ? -1 : 0);
  features.push_back(counts.lone_part ? -1 : 0);
  features.push_back(counts.first_left ? -1 : 0);
  features.push_back(-counts.initial_pairs);
  features.push_back(-counts.crossed);
  features.push_back(-counts.inversions);
  for (std::size_t form = 0; form < kFormKinds; ++form)
    features.push_back(static_cast<std::size_t>(query_kind) == form ? -1 : 0);
  for (std::size_t form = 0; form < kFormKinds; ++form)
    features.push_back(static_cast<std::size_t>(record_kind) == form ? -1 : 0);
  return features;
}

}  // namespace semak
