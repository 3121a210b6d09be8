#include "tools/fit/corpus_scorer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tbb/parallel_for.h>
#include <utility>

#include "engine/match/person_evidence.h"
#include "engine/match/rarity.h"

namespace semak {
namespace {

// The national table stands for so many people of its source, and leaves out tokens of fewer than three.
constexpr double kPerMillionOfOne = 1e6 / 7462;
constexpr double kFloorPerMillion = 30;

std::string key_of(const NameToken& token) { return std::to_string(static_cast<int>(token.script)) + token.text; }
TokenView view_of(const NameToken& token) { return {token.text, token.skeleton, token.family, token.script}; }

}  // namespace

CorpusIndex::CorpusIndex(const NameCorpus& corpus) : people_(corpus.records.size()) {
  std::unordered_map<std::string, int> ids;
  for (std::size_t record = 0; record < corpus.records.size(); ++record) {
    std::set<int> own;
    int number = 0;
    first_form_.push_back(static_cast<int>(forms_.size()));
    for (const NameForm& form : corpus.records[record].profile.forms) {
      Form placed{static_cast<int>(record), number++, {}};
      for (const NameToken& token : form.tokens) {
        const auto [entry, added] = ids.emplace(key_of(token), static_cast<int>(tokens_.size()));
        if (added) {
          tokens_.push_back({token, 0, national_per_million(token.text, token.script)});
          places_.emplace_back();
        }
        places_[static_cast<std::size_t>(entry->second)].push_back(
            {static_cast<int>(forms_.size()), static_cast<std::uint8_t>(placed.tokens.size())});
        placed.tokens.push_back(entry->second);
        own.insert(entry->second);
      }
      forms_.push_back(std::move(placed));
    }
    for (const int token : own) ++tokens_[static_cast<std::size_t>(token)].people;
  }
  std::unordered_map<std::string, const NameToken*> wanted;
  for (const CorpusQuery& query : corpus.queries) {
    for (const NameForm& form : query.names_only.forms) {
      for (const NameToken& token : form.tokens) wanted.emplace(key_of(token), &token);
    }
  }
  std::vector<std::pair<const std::string*, const NameToken*>> list;
  for (const auto& [key, token] : wanted) {
    list.emplace_back(&key, token);
    neighbours_[key];
  }
  tbb::parallel_for(std::size_t{0}, list.size(), [&](std::size_t i) {
    std::vector<Neighbour>& found = neighbours_.find(*list[i].first)->second;
    for (std::size_t token = 0; token < tokens_.size(); ++token) {
      const Relation relation = relate(view_of(*list[i].second), view_of(tokens_[token].token));
      if (relation.kind != RelationKind::none) found.push_back({static_cast<int>(token), relation});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Neighbour& a, const Neighbour& b) { return a.relation.cost < b.relation.cost; });
  });
}

const std::vector<CorpusIndex::Neighbour>& CorpusIndex::neighbours(const NameToken& token) const {
  static const std::vector<Neighbour> none;
  const auto found = neighbours_.find(key_of(token));
  return found == neighbours_.end() ? none : found->second;
}

struct CorpusScorer::Cell {
  int token = 0;
  Relation relation;
  Bits rarity;  // the one the gain is computed from
  Bits rarity_record, rarity_query;
};

CorpusScorer::CorpusScorer(const NameCorpus& corpus, const CorpusIndex& index, const Model& model, bool leave_one_out)
    : corpus_(corpus), index_(index), model_(model), leave_one_out_(leave_one_out) {}

std::unordered_set<std::string> CorpusScorer::own_tokens(const CorpusQuery& query) const {
  std::unordered_set<std::string> own;
  if (!leave_one_out_) return own;
  const auto add = [&](const Profile& profile) {
    for (const NameForm& form : profile.forms) {
      for (const NameToken& token : form.tokens) own.insert(token.text);
    }
  };
  add(query.names_only);
  if (query.record >= 0) add(corpus_.records[static_cast<std::size_t>(query.record)].profile);
  return own;
}

double CorpusScorer::per_million(int token, const std::unordered_set<std::string>& own) const {
  const CorpusIndex::Token& known = index_.tokens()[static_cast<std::size_t>(token)];
  if (!leave_one_out_ || known.per_million <= kFloorPerMillion || !own.count(known.token.text))
    return known.per_million;
  const double without = known.per_million - kPerMillionOfOne;
  return without < 2.5 * kPerMillionOfOne ? kFloorPerMillion : without;
}

Bits CorpusScorer::rarity_of(int token, const std::unordered_set<std::string>& own) const {
  const CorpusIndex::Token& known = index_.tokens()[static_cast<std::size_t>(token)];
  return rarity(model_, known.people, index_.people(), per_million(token, own));
}

std::vector<CorpusScorer::Cell> CorpusScorer::cells_of(const NameToken& token,
                                                       const std::unordered_set<std::string>& own) const {
  std::vector<Cell> cells;
  const std::vector<CorpusIndex::Neighbour>& neighbours = index_.neighbours(token);
  std::uint64_t people = 0;
  double national = 0;
  for (std::size_t i = 0; i < neighbours.size();) {
    std::size_t end = i;
    for (; end < neighbours.size() && neighbours[end].relation.cost == neighbours[i].relation.cost; ++end) {
      people += index_.tokens()[static_cast<std::size_t>(neighbours[end].token)].people;
      national += per_million(neighbours[end].token, own);
    }
    const Bits around = rarity(model_, people, index_.people(), national);
    for (; i < end; ++i) {
      const Bits self = rarity_of(neighbours[i].token, own);
      const bool equal = neighbours[i].relation.kind == RelationKind::equal;
      cells.push_back(
          {neighbours[i].token, neighbours[i].relation, equal ? self : std::min(self, around), self, around});
    }
  }
  return cells;
}

Bits CorpusScorer::gain_of(const Cell& cell, TokenRole role) const {
  return pair_gain(model_, cell.relation, role, cell.rarity_record, cell.rarity_query);
}

std::vector<ScoredRecord> CorpusScorer::score(const CorpusQuery& query, Facts facts, int top) const {
  const std::unordered_set<std::string> own = own_tokens(query);
  const Profile& subject = facts == Facts::names_only ? query.names_only : query.with_person;
  std::vector<ScoredRecord> best_of(corpus_.records.size());
  std::vector<int> touched;
  std::unordered_map<int, std::vector<AlignEdge>> edges;
  std::map<std::string, std::vector<Cell>> memo;
  std::vector<AlignToken> query_tokens, record_tokens;
  for (std::size_t number = 0; number < subject.forms.size(); ++number) {
    const NameForm& form = subject.forms[number];
    edges.clear();
    query_tokens.clear();
    for (std::size_t i = 0; i < form.tokens.size(); ++i) {
      query_tokens.push_back({form.tokens[i].role, query_leftover(model_, form.tokens[i].role)});
      const auto [entry, added] = memo.try_emplace(key_of(form.tokens[i]));
      if (added) entry->second = cells_of(form.tokens[i], own);
      for (const Cell& cell : entry->second) {
        for (const CorpusIndex::Place& place : index_.places(cell.token)) {
          const CorpusIndex::Form& placed = index_.forms()[static_cast<std::size_t>(place.form)];
          const NameForm& other = corpus_.records[static_cast<std::size_t>(placed.record)]
                                      .profile.forms[static_cast<std::size_t>(placed.number)];
          const Bits gain = gain_of(cell, other.tokens[place.position].role);
          edges[place.form].push_back({static_cast<std::uint8_t>(i), place.position, cell.relation.kind, gain});
        }
      }
    }
    for (const auto& [placed, list] : edges) {
      const CorpusIndex::Form& candidate = index_.forms()[static_cast<std::size_t>(placed)];
      const NameForm& other = corpus_.records[static_cast<std::size_t>(candidate.record)]
                                  .profile.forms[static_cast<std::size_t>(candidate.number)];
      record_tokens.clear();
      for (std::size_t j = 0; j < other.tokens.size(); ++j) {
        const TokenRole role = other.tokens[j].role;
        record_tokens.push_back({role, record_leftover(model_, role, rarity_of(candidate.tokens[j], own))});
      }
      const Bits name = align(model_, {form.kind, query_tokens}, {other.kind, record_tokens}, list).score;
      ScoredRecord& best = best_of[static_cast<std::size_t>(candidate.record)];
      if (best.record >= 0 && name <= best.name) continue;
      if (best.record < 0) touched.push_back(candidate.record);
      best = {candidate.record, name, name, Bits{}, static_cast<int>(number), candidate.number};
    }
  }
  std::vector<ScoredRecord> result;
  for (const int record : touched) {
    ScoredRecord& scored = best_of[static_cast<std::size_t>(record)];
    scored.person =
        person_bits(facts_of(subject), facts_of(corpus_.records[static_cast<std::size_t>(record)].profile), nullptr);
    scored.score = scored.name + scored.person;
    result.push_back(scored);
  }
  const auto better = [](const ScoredRecord& a, const ScoredRecord& b) {
    return a.score != b.score ? a.score > b.score : a.record < b.record;
  };
  std::sort(result.begin(), result.end(), better);
  if (static_cast<int>(result.size()) <= top) return result;
  const auto meant = std::find_if(result.begin() + top, result.end(),
                                  [&](const ScoredRecord& scored) { return scored.record == query.record; });
  const bool outside = meant != result.end();
  const ScoredRecord kept = outside ? *meant : ScoredRecord{};
  result.resize(static_cast<std::size_t>(top));
  if (outside) result.push_back(kept);
  return result;
}

FormPair CorpusScorer::detail(const CorpusQuery& query, const ScoredRecord& pair) const {
  FormPair result;
  const std::unordered_set<std::string> own = own_tokens(query);
  const CorpusRecord& record = corpus_.records[static_cast<std::size_t>(pair.record)];
  const NameForm& form = query.names_only.forms[static_cast<std::size_t>(pair.query_form)];
  const NameForm& other = record.profile.forms[static_cast<std::size_t>(pair.record_form)];
  const CorpusIndex::Form& placed = index_.form(pair.record, pair.record_form);
  for (std::size_t j = 0; j < other.tokens.size(); ++j) {
    const Bits rare = rarity_of(placed.tokens[j], own);
    result.rarity_of_record.push_back(rare);
    result.record.push_back({other.tokens[j].role, record_leftover(model_, other.tokens[j].role, rare)});
  }
  for (std::size_t i = 0; i < form.tokens.size(); ++i) {
    result.query.push_back({form.tokens[i].role, query_leftover(model_, form.tokens[i].role)});
    for (const Cell& cell : cells_of(form.tokens[i], own)) {
      for (std::size_t j = 0; j < other.tokens.size(); ++j) {
        if (placed.tokens[j] != cell.token) continue;
        result.edges.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j), cell.relation.kind,
                                gain_of(cell, other.tokens[j].role)});
        result.relations.push_back(cell.relation);
        result.rarity_of_edge.push_back(cell.rarity);
      }
    }
  }
  result.alignment = align(model_, {form.kind, result.query}, {other.kind, result.record}, result.edges);
  return result;
}

}  // namespace semak
