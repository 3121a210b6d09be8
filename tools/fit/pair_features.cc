#include "tools/fit/pair_features.h"

#include <algorithm>
#include <set>

namespace semak {
namespace {

bool is_given(TokenRole role) {
  return role == TokenRole::given || role == TokenRole::surname || role == TokenRole::english_given ||
         role == TokenRole::nickname;
}
bool names_father(const std::vector<AlignToken>& tokens) {
  return std::any_of(tokens.begin(), tokens.end(), [](const AlignToken& t) { return t.role == TokenRole::father; });
}

}  // namespace

std::vector<double> features_of(const FormPair& pair, FormKind query_kind, FormKind record_kind) {
  std::array<double, 7> rare{}, count{};
  double cost = 0;
  std::array<double, kTokenRoles> left_rare{}, left{};
  std::vector<int> record_of(pair.query.size(), -1);
  std::vector<bool> matched(pair.record.size());
  bool given = false;
  bool father = false;
  for (std::size_t i = 0; i < pair.query.size(); ++i) {
    const int chosen = pair.alignment.edge_of_query[i];
    if (chosen < 0) continue;
    const auto edge = static_cast<std::size_t>(chosen);
    const auto kind = static_cast<std::size_t>(pair.relations[edge].kind);
    record_of[i] = pair.edges[edge].record;
    matched[pair.edges[edge].record] = true;
    rare[kind] += pair.rarity_of_edge[edge].value();
    count[kind] += 1;
    if (pair.relations[edge].kind != RelationKind::equal) cost += pair.relations[edge].cost.value();
    const TokenRole role = pair.record[pair.edges[edge].record].role;
    given = given || is_given(role);
    father = father || role == TokenRole::father;
  }
  double query_left = 0;
  double inversions = 0;
  for (std::size_t i = 0; i < record_of.size(); ++i) {
    if (record_of[i] < 0) {
      query_left += 1;
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) inversions += record_of[j] > record_of[i];
  }
  for (std::size_t j = 0; j < matched.size(); ++j) {
    if (matched[j]) continue;
    const auto role = static_cast<std::size_t>(pair.record[j].role);
    left_rare[role] += pair.rarity_of_record[j].value();
    left[role] += 1;
  }
  std::vector<double> features;
  for (std::size_t kind = 1; kind < rare.size(); ++kind) {
    features.push_back(rare[kind]);
    features.push_back(count[kind]);
  }
  features.push_back(-cost);
  for (std::size_t role = 0; role < left.size(); ++role) {
    features.push_back(-left_rare[role]);
    features.push_back(-left[role]);
  }
  features.push_back(query_left > 0 ? -1 : 0);
  features.push_back(-query_left);
  const bool record_father = names_father(pair.record);
  const bool query_father = names_father(pair.query);
  features.push_back(!father && record_father && query_father ? -1 : 0);
  features.push_back(!father && record_father && !query_father ? -1 : 0);
  features.push_back(given ? 0 : -1);
  features.push_back(-inversions);
  for (std::size_t form = 0; form < 5; ++form) features.push_back(static_cast<std::size_t>(query_kind) == form ? -1 : 0);
  for (std::size_t form = 0; form < 5; ++form) features.push_back(static_cast<std::size_t>(record_kind) == form ? -1 : 0);
  return features;
}

}  // namespace semak
