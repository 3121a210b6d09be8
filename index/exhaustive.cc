#include "index/exhaustive.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <utility>

#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "engine/match/rarity.h"
#include "index/snapshot_impl.h"

// Written for being right at a glance; shares nothing with lookup.cc but the segments' arrays and the scorer.
namespace semak {
namespace {

TokenView view(const NameToken& token) { return {token.text, token.skeleton, token.family, token.script}; }

// One token of one reading of the subject, related with every token of the base and of one segment.
struct QueryToken {
  std::vector<Relation> relation;   // by the segment's token
  std::vector<Bits> neighbourhood;  // its rarity
};

QueryToken relate_all(const Model& model, const NameToken& query, const Segment& base, const Segment& segment) {
  struct Mass {
    std::uint64_t people = 0;
    std::uint64_t national = 0;
  };
  std::map<Bits, Mass> mass_at;  // by cost: tokens of the base that are just so close
  for (std::uint32_t t = 0; t < base.tokens(); ++t) {
    const Relation relation = relate(view(query), base.view(t));
    if (relation.kind == RelationKind::none) continue;
    mass_at[relation.cost].people += base.token(t).people;
    mass_at[relation.cost].national += base.token(t).national;
  }
  QueryToken out;
  for (std::uint32_t t = 0; t < segment.tokens(); ++t) {
    const Relation relation = relate(view(query), segment.view(t));
    Bits rare;
    if (relation.kind != RelationKind::none) {
      Mass neighbourhood;  // all tokens of the base at least as close
      for (const auto& [cost, mass] : mass_at) {
        if (cost > relation.cost) break;
        neighbourhood.people += mass.people;
        neighbourhood.national += mass.national;
      }
      rare = rarity(model, neighbourhood.people, base.header().weight_people,
                    static_cast<double>(neighbourhood.national) * 1e-3);
    }
    out.relation.push_back(relation);
    out.neighbourhood.push_back(rare);
  }
  return out;
}

Bits score_row(const Model& model, const NameForm& form, const std::vector<QueryToken>& query, const Segment& segment,
               std::span<const std::uint32_t> row) {
  std::vector<AlignToken> query_tokens;
  for (const NameToken& token : form.tokens) query_tokens.push_back({token.role, query_leftover(model, token.role)});
  std::vector<AlignToken> record_tokens;
  std::vector<AlignEdge> edges;
  for (std::uint8_t j = 0; j < row.size(); ++j) {
    const TermEntry& term = segment.term(row[j] & kTermMask);
    const auto role = static_cast<TokenRole>(term.role);
    record_tokens.push_back({role, record_leftover(model, role, Bits{segment.token(term.token).rarity})});
    for (std::uint8_t i = 0; i < query.size(); ++i) {
      const Relation relation = query[i].relation[term.token];
      if (relation.kind == RelationKind::none) continue;
      const Bits gain =
          pair_gain(model, relation, role, Bits{segment.token(term.token).rarity}, query[i].neighbourhood[term.token]);
      edges.push_back({i, j, relation.kind, gain});
    }
  }
  std::sort(edges.begin(), edges.end(), [](const AlignEdge& a, const AlignEdge& b) {
    return std::pair(a.query, a.record) < std::pair(b.query, b.record);
  });
  return align(model, {form.kind, query_tokens}, {Segment::kind_of_row(row), record_tokens}, edges).score;
}

bool any_number_related(std::span<const IdentityNumber> a, std::span<const IdentityNumber> b) {
  for (const IdentityNumber& x : a) {
    for (const IdentityNumber& y : b) {
      if (relate_numbers(x, y) != NumberRelationKind::none) return true;
    }
  }
  return false;
}

// Nothing if the two have neither names to compare nor related numbers.
std::optional<LookupHit> score_person(const Model& model, const Profile& subject,
                                      const std::vector<std::vector<QueryToken>>& query, const Segment& segment,
                                      std::uint32_t person) {
  std::vector<IdentityNumber> numbers;
  segment.numbers(person, numbers);
  const PackedFacts packed = segment.facts(person);
  LookupHit hit;
  hit.revision = segment.revision(person);
  hit.person = person_bits(facts_of(subject), {packed.dob(), packed.sex(), packed.state(), numbers}, nullptr);
  bool named = false;
  for (std::size_t f = 0; f < subject.forms.size(); ++f) {
    for (const std::uint32_t row : segment.rows_of_person(person)) {
      const Bits name = score_row(model, subject.forms[f], query[f], segment, segment.row(row));
      if (named && name <= hit.name) continue;
      hit.name = name;
      hit.query_form = static_cast<std::uint8_t>(f);
      named = true;
    }
  }
  if (!named && !any_number_related(subject.numbers, numbers)) return std::nullopt;
  hit.score = hit.name + hit.person;
  return hit;
}

}  // namespace

LookupResult look_up_exhaustively(const Snapshot& snapshot, const Profile& subject, const LookupLimits& limits) {
  LookupResult result;
  if (subject.forms.empty() && subject.numbers.empty()) {
    result.too_vague = true;
    return result;
  }
  const Snapshot::Impl& state = snapshot.impl();
  for (const Snapshot::Impl::Part& part : state.parts) {
    std::vector<std::vector<QueryToken>> query(subject.forms.size());
    for (std::size_t f = 0; f < subject.forms.size(); ++f) {
      for (const NameToken& token : subject.forms[f].tokens) {
        query[f].push_back(relate_all(*state.model, token, state.parts.front().segment, part.segment));
      }
    }
    tbb::enumerable_thread_specific<std::vector<LookupHit>> hits;
    tbb::parallel_for(tbb::blocked_range<std::uint32_t>(0, part.segment.people(), 512), [&](const auto& range) {
      for (std::uint32_t person = range.begin(); person != range.end(); ++person) {
        if (part.is_dead(person)) continue;
        const auto hit = score_person(*state.model, subject, query, part.segment, person);
        if (hit && hit->score >= limits.score_min) hits.local().push_back(*hit);
      }
    });
    for (const std::vector<LookupHit>& some : hits) result.hits.insert(result.hits.end(), some.begin(), some.end());
    result.scored += part.segment.people();
  }
  std::sort(result.hits.begin(), result.hits.end(), [](const LookupHit& a, const LookupHit& b) {
    return std::pair(b.score, a.revision) < std::pair(a.score, b.revision);
  });
  if (!result.hits.empty()) {
    const Bits best = result.hits.front().score;
    std::erase_if(result.hits, [&](const LookupHit& hit) { return best - hit.score > limits.window; });
  }
  if (result.hits.size() > static_cast<std::size_t>(limits.top)) {
    result.hits.resize(static_cast<std::size_t>(std::max(limits.top, 0)));
  }
  return result;
}

}  // namespace semak
