#include "index/snapshot_rarity.h"

#include <vector>

#include "engine/match/rarity.h"
#include "index/related_tokens.h"
#include "index/snapshot_impl.h"

namespace semak {
namespace {

TokenKey key_of(const NameToken& token) { return {token.script, token.text, token.family, token.skeleton}; }

}  // namespace

SnapshotRarity::SnapshotRarity(const Snapshot& snapshot, RevisionId revision) : snapshot_(snapshot) {
  const std::vector<Snapshot::Impl::Part>& parts = snapshot.impl().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto person = parts[i].segment.person(revision);
    if (person && !parts[i].is_dead(*person)) part_ = i;
  }
}

Bits SnapshotRarity::of_record(const NameToken& token) const {
  const Segment& segment = snapshot_.impl().parts[part_].segment;
  const TokenKey key = key_of(token);
  const auto first = segment.find(token.script, token.text);
  if (!first) return {};
  for (std::uint32_t t = *first; t < segment.tokens(); ++t) {
    const TokenKey found = segment.key(t);
    if (found.script != key.script || found.text != key.text) break;
    if (found == key) return Bits{segment.token(t).rarity};
  }
  return {};
}

Bits SnapshotRarity::of_neighbourhood(const NameToken& query_token, const Relation& relation) const {
  const Segment& base = snapshot_.impl().parts.front().segment;
  std::vector<RelatedToken> related;
  find_related(base, {query_token.text, query_token.skeleton, query_token.family, query_token.script}, related);
  std::uint64_t people = 0;
  std::uint64_t national = 0;
  for (const RelatedToken& neighbour : related) {
    if (neighbour.relation.cost > relation.cost) continue;
    people += base.token(neighbour.token).people;
    national += base.token(neighbour.token).national;
  }
  return rarity(*snapshot_.impl().model, people, base.header().weight_people, static_cast<double>(national) * 1e-3);
}

}  // namespace semak
