#include "bench/quality/difference_class.h"

#include <algorithm>
#include <array>

namespace semak {
namespace {

std::string class_of(const FormPair& pair, FormKind query_kind, FormKind record_kind) {
  if (pair.query.size() == 1 && pair.record.size() > 1) return "one token left";
  if (query_kind == FormKind::alias || query_kind == FormKind::combined || record_kind == FormKind::alias ||
      record_kind == FormKind::combined) {
    return "alias";
  }
  std::array<int, kRelationKinds> used{};
  std::size_t matched = 0;
  for (std::size_t i = 0; i < pair.query.size(); ++i) {
    const int edge = pair.alignment.edge_of_query[i];
    if (edge < 0) continue;
    ++matched;
    ++used[static_cast<std::size_t>(pair.edges[static_cast<std::size_t>(edge)].relation)];
  }
  const auto any = [&](RelationKind kind) { return used[static_cast<std::size_t>(kind)] > 0; };
  if (any(RelationKind::initial)) return "initials";
  if (any(RelationKind::edit) || any(RelationKind::prefix) || any(RelationKind::suffix)) return "typing";
  if (matched < pair.query.size()) return "part added";
  if (matched < pair.record.size()) return "part dropped";
  return any(RelationKind::family) ? "spelling family" : "same";
}

}  // namespace

std::vector<std::string> difference_classes(const NameCorpus& corpus, const CorpusScorer& scorer,
                                            const Rankings& rankings) {
  std::vector<std::string> classes(rankings.size());
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    const CorpusQuery& query = corpus.queries[i];
    if (query.record < 0) continue;
    const auto meant = std::find_if(rankings[i].begin(), rankings[i].end(),
                                    [&](const ScoredRecord& scored) { return scored.record == query.record; });
    if (meant == rankings[i].end()) {
      classes[i] = "nothing in common";
      continue;
    }
    const NameForm& form = query.names_only.forms[static_cast<std::size_t>(meant->query_form)];
    const NameForm& other = corpus.records[static_cast<std::size_t>(meant->record)]
                                .profile.forms[static_cast<std::size_t>(meant->record_form)];
    classes[i] = class_of(scorer.detail(query, *meant), form.kind, other.kind);
  }
  return classes;
}

}  // namespace semak
