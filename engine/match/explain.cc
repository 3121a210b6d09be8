#include "engine/match/explain.h"

#include <optional>
#include <string>
#include <utility>

#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"

namespace semak {
namespace {

TokenView view_of(const NameToken& token) { return {token.text, token.skeleton, token.family, token.script}; }

// One reading of the subject against one of the record, with all that it was scored by.
struct Comparison {
  std::vector<AlignToken> query, record;
  std::vector<AlignEdge> edges;
  Alignment alignment;
};

Comparison compare(const Model& model, const NameForm& query, const NameForm& record, const RaritySource& rarities) {
  Comparison result;
  for (const NameToken& token : query.tokens) result.query.push_back({token.role, query_leftover(model, token.role)});
  std::vector<Bits> rarity;
  for (const NameToken& token : record.tokens) {
    rarity.push_back(rarities.of_record(token));
    result.record.push_back({token.role, record_leftover(model, token.role, rarity.back())});
  }
  for (std::size_t i = 0; i < query.tokens.size(); ++i) {
    for (std::size_t j = 0; j < record.tokens.size(); ++j) {
      const Relation relation = relate(view_of(query.tokens[i]), view_of(record.tokens[j]));
      if (relation.kind == RelationKind::none) continue;
      // An equal pair gains by the record's rarity alone; a neighbourhood is dear to find.
      const bool equal = relation.kind == RelationKind::equal;
      const Bits of_query = equal ? rarity[j] : rarities.of_neighbourhood(query.tokens[i], relation);
      const Bits gain = pair_gain(model, relation, record.tokens[j].role, rarity[j], of_query);
      result.edges.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j), relation.kind, gain});
    }
  }
  result.alignment = align(model, {query.kind, result.query}, {record.kind, result.record}, result.edges);
  return result;
}

Agreement agreement_of(RelationKind relation) {
  switch (relation) {
    case RelationKind::equal: return Agreement::equal;
    case RelationKind::family: return Agreement::variant;
    case RelationKind::initial: return Agreement::initial;
    case RelationKind::prefix:
    case RelationKind::suffix: return Agreement::partial;
    case RelationKind::script: return Agreement::other_script;
    case RelationKind::edit:
    case RelationKind::none: break;
  }
  return Agreement::near;
}

template <class Chosen>
std::string join(const NameForm& form, Chosen chosen) {
  std::string text;
  for (const NameToken& token : form.tokens) {
    if (!chosen(token)) continue;
    if (!text.empty()) text += ' ';
    text += token.text;
  }
  return text;
}

std::string father_of(const NameForm& form) {
  return join(form, [](const NameToken& token) { return token.role == TokenRole::father; });
}
std::string initials_of(const NameForm& form) {
  return join(form, [](const NameToken& token) { return token.role == TokenRole::initial; });
}
std::string whole(const NameForm& form) {
  return join(form, [](const NameToken&) { return true; });
}

void add_pairs(const Comparison& comparison, const NameForm& query, const NameForm& record,
               std::vector<Evidence>& lines) {
  std::vector<bool> matched(record.tokens.size());
  bool first_left = true;
  for (std::size_t i = 0; i < query.tokens.size(); ++i) {
    const int chosen = comparison.alignment.edge_of_query[i];
    if (chosen >= 0) {
      const AlignEdge& edge = comparison.edges[static_cast<std::size_t>(chosen)];
      matched[edge.record] = true;
      lines.push_back({Aspect::name_part, agreement_of(edge.relation), query.tokens[i].text,
                       record.tokens[edge.record].text, edge.gain});
      continue;
    }
    Bits weight = -comparison.query[i].leftover;
    if (identifies(query.tokens[i].role) && std::exchange(first_left, false)) {
      weight -= comparison.alignment.leftover_first;
    }
    lines.push_back({Aspect::name_extra, Agreement::missing, query.tokens[i].text, "", weight});
  }
  for (std::size_t j = 0; j < record.tokens.size(); ++j) {
    if (matched[j]) continue;
    lines.push_back(
        {Aspect::name_missing, Agreement::missing, "", record.tokens[j].text, -comparison.record[j].leftover});
  }
}

void add_corrections(const Comparison& comparison, const NameForm& query, const NameForm& record,
                     std::vector<Evidence>& lines) {
  const Alignment& alignment = comparison.alignment;
  const auto add = [&](Aspect aspect, Agreement agreement, std::string a, std::string b, Bits penalty) {
    if (penalty.raw != 0) lines.push_back({aspect, agreement, std::move(a), std::move(b), -penalty});
  };
  const std::string father = father_of(query);
  add(Aspect::father, father.empty() ? Agreement::missing : Agreement::different, father, father_of(record),
      alignment.father);
  add(Aspect::name_part, Agreement::different, whole(query), whole(record), alignment.no_given);
  add(Aspect::name_missing, Agreement::partial, whole(query), whole(record), alignment.completeness);
  add(Aspect::name_part, Agreement::initial, initials_of(query), initials_of(record), alignment.initials);
  add(Aspect::name_order, Agreement::different, whole(query), whole(record), alignment.order);
  add(Aspect::alias, Agreement::partial, whole(query), whole(record), alignment.form);
}

}  // namespace

Bits name_score(const Model& model, const NameForm& query, const NameForm& record, const RaritySource& rarities) {
  return compare(model, query, record, rarities).alignment.score;
}

std::vector<Evidence> explain(const Model& model, const Profile& subject, std::uint8_t query_form,
                              const Profile& record, const RaritySource& rarities) {
  std::vector<Evidence> lines;
  if (query_form < subject.forms.size() && !record.forms.empty()) {
    const NameForm& query = subject.forms[query_form];
    std::optional<Comparison> best;
    const NameForm* best_form = nullptr;
    for (const NameForm& form : record.forms) {
      Comparison comparison = compare(model, query, form, rarities);
      if (best && comparison.alignment.score <= best->alignment.score) continue;
      best = std::move(comparison);
      best_form = &form;
    }
    add_pairs(*best, query, *best_form, lines);
    add_corrections(*best, query, *best_form, lines);
  }
  person_bits(facts_of(subject), facts_of(record), &lines);
  return lines;
}

}  // namespace semak
