#include "engine/monitor/register_match.h"

#include <algorithm>
#include <utility>

#include "engine/match/person_evidence.h"
#include "engine/monitor/pair_score.h"
#include "engine/monitor/referral_terms.h"
#include "engine/screen/asked_registers.h"
#include "engine/screen/record_status.h"
#include "index/number_index.h"
#include "index/snapshot_impl.h"
#include "index/snapshot_rarity.h"

namespace semak {
namespace {

// The records of these revisions, in their order.
Status fill_records(const RecordStore& store, std::vector<RegisterHit>& hits) {
  if (hits.empty()) return {};
  std::vector<RevisionId> ids;
  for (const RegisterHit& hit : hits) ids.push_back(hit.revision);
  SEMAK_TRY(const RevisionBytes bytes, store.revision_bytes(ids));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    SEMAK_TRY(StoredRevision stored, decode_revision(ids[i], bytes[i]));
    hits[i].record = std::move(stored.record);
  }
  return {};
}

}  // namespace

Result<RegisterMatches> RegisterMatcher::match(const World& world, const Subject& subject, const Profile& profile,
                                               const Policy& policy) {
  RegisterMatches matches;
  SEMAK_TRY(const Answer answer, screener_.screen(world, subject, policy, Detail::brief));
  if (answer.reason != IncompleteReason::stale_register) matches.obstacle = answer.reason;
  switch (matches.obstacle) {
    case IncompleteReason::none:
    case IncompleteReason::too_vague:
    case IncompleteReason::cut_short: break;
    default: return matches;
  }
  for (const World::Part* part : asked_registers(world, policy).parts) {
    if (can_refer(*part, policy)) SEMAK_TRY_STATUS(add_hits(*part, profile, policy, matches));
  }
  return matches;
}

Status RegisterMatcher::add_hits(const World::Part& part, const Profile& profile, const Policy& policy,
                                 RegisterMatches& matches) {
  constexpr int kFirst = 64;
  const ReferralTerms terms = referral_terms(policy, part.index->people());
  const bool numbered = std::any_of(profile.numbers.begin(), profile.numbers.end(), identifies_somebody);
  std::vector<RegisterHit> hits;
  if (const Bits least = terms.floors(numbered).refer; least != ReferralTerms::kNever) {
    LookupLimits limits = lookup_limits(policy, profile);
    limits.score_min = least;
    limits.top = kFirst;
    LookupResult found = look_up(*part.index, profile, limits, scratch_);
    while (!found.too_vague && found.hits.size() == static_cast<std::size_t>(limits.top)) {
      limits.top *= 4;
      found = look_up(*part.index, profile, limits, scratch_);
    }
    if (found.too_vague) {
      matches.obstacle = IncompleteReason::too_vague;
      return {};
    }
    for (const LookupHit& hit : found.hits) hits.push_back({&part, hit.revision, {}, hit.score, hit.person});
  }
  SEMAK_TRY_STATUS(add_by_numbers(part, profile, hits));
  SEMAK_TRY_STATUS(fill_records(engine_.store(), hits));
  for (RegisterHit& hit : hits) {
    if (!answers(part.info.kind, hit.record) || !terms.refers(numbered, hit.score, hit.person)) continue;
    matches.hits.push_back(std::move(hit));
  }
  return {};
}

// A certain identity refers also where its name takes the score below that of likely pairs.
Status RegisterMatcher::add_by_numbers(const World::Part& part, const Profile& profile,
                                       std::vector<RegisterHit>& hits) const {
  if (profile.numbers.empty()) return {};
  std::vector<RegisterHit> more;
  std::vector<std::uint32_t> related;
  for (const Snapshot::Impl::Part& segment : part.index->impl().parts) {
    if (segment.segment.people() == 0) continue;
    find_related_numbers(segment.segment, profile.numbers, related);
    for (const std::uint32_t person : related) {
      const RevisionId revision = segment.segment.revision(person);
      const auto known = [&](const RegisterHit& hit) { return hit.revision == revision; };
      if (segment.is_dead(person) || std::any_of(hits.begin(), hits.end(), known)) continue;
      more.push_back({&part, revision, {}, {}, {}});
    }
  }
  SEMAK_TRY_STATUS(fill_records(engine_.store(), more));
  for (RegisterHit& hit : more) {
    const SnapshotRarity rarities(*part.index, hit.revision);
    const auto score = score_pair(profile, make_profile(engine_.normalizer(), hit.record), true, rarities);
    if (!score) continue;
    hit.score = score->all;
    hit.person = score->person;
    hits.push_back(std::move(hit));
  }
  return {};
}

}  // namespace semak
