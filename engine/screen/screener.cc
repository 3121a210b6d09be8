#include "engine/screen/screener.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/match/calibration.h"
#include "engine/match/explain.h"
#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "engine/store/record_codec.h"
#include "index/snapshot_rarity.h"

namespace semak {
namespace {

// The asked registers; null for one that does not exist.
std::vector<const World::Part*> asked_registers(const World& world, const Policy& policy) {
  std::vector<const World::Part*> parts;
  for (const std::string& name : policy.registers) {
    const auto found = world.registers.find(name);
    parts.push_back(found == world.registers.end() ? nullptr : &found->second);
  }
  if (!policy.registers.empty()) return parts;
  for (const auto& [name, part] : world.registers) {
    if (part.info.kind != RegisterKind::reference) parts.push_back(&part);
  }
  if (!parts.empty()) return parts;
  for (const auto& [name, part] : world.registers) parts.push_back(&part);
  return parts;
}

bool identifies_somebody(const IdentityNumber& number) { return !has(number.flags, NumberFlag::placeholder); }

bool names_somebody(const NameForm& form) {
  return std::any_of(form.tokens.begin(), form.tokens.end(),
                     [](const NameToken& token) { return identifies(token.role); });
}

bool too_thin(const Profile& subject) {
  return std::none_of(subject.forms.begin(), subject.forms.end(), names_somebody) &&
         std::none_of(subject.numbers.begin(), subject.numbers.end(), identifies_somebody);
}

// Whether a record has the whole name that was asked for, as far as scores can tell, and nothing else contradicts it.
bool any_agrees_wholly(const std::vector<LookupHit>& hits, const Profile& subject, const Snapshot& snapshot) {
  constexpr Bits kSpelling = Bits::whole(1);  // less than any part that is missing or different costs
  std::size_t form = subject.forms.size();    // the one that `whole` is of
  Bits whole;
  for (const LookupHit& hit : hits) {
    if (hit.person < Bits{} || hit.query_form >= subject.forms.size()) continue;
    if (hit.query_form != form) {
      form = hit.query_form;
      const SnapshotRarity rarities(snapshot, hit.revision);
      whole = name_score(default_model(), subject.forms[form], subject.forms[form], rarities);
    }
    if (hit.name >= whole - kSpelling) return true;
  }
  return false;
}

// The registers whose hits can make a referral.
bool refers(const World::Part& part, const Policy& policy) {
  return part.info.kind != RegisterKind::oyls || !policy.registers.empty();
}

bool better(const Hit& a, const Hit& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.register_name != b.register_name) return a.register_name < b.register_name;
  return a.revision < b.revision;
}

Answer& incomplete(Answer& answer, IncompleteReason reason) {
  answer.outcome = Outcome::incomplete;
  answer.reason = reason;
  return answer;
}

}  // namespace

LookupLimits lookup_limits(const Policy& policy, const Profile& subject) {
  const bool numbered = std::any_of(subject.numbers.begin(), subject.numbers.end(), identifies_somebody);
  LookupLimits limits;
  limits.top = std::max(policy.top, 1);
  limits.score_min = numbered ? policy.score_min_with_number : policy.score_min;
  limits.work_max = policy.work_max;
  return limits;
}

Screener::Screener(const Engine& engine) : engine_(engine) {}

Result<Answer> Screener::screen(const World& world, const Subject& subject, const Policy& policy, Detail detail) {
  Answer answer;
  answer.generation = world.generation;
  const Profile profile = make_profile(engine_.normalizer(), subject);
  const std::vector<const World::Part*> parts = asked_registers(world, policy);
  const bool missing = parts.empty() || std::count(parts.begin(), parts.end(), nullptr) > 0;
  const bool thin = too_thin(profile);
  bool too_vague = false;
  bool refer = false;
  bool undecided = false;
  for (const World::Part* part : parts) {
    if (part == nullptr || thin) continue;
    SEMAK_TRY(const Findings findings, add_hits(*part, profile, policy, detail, answer));
    too_vague |= findings.too_vague;
    refer |= findings.refer && refers(*part, policy);
    undecided |= findings.undecided && refers(*part, policy);
  }
  std::sort(answer.hits.begin(), answer.hits.end(), better);

  if (missing) return incomplete(answer, IncompleteReason::missing_register);
  if (thin) return incomplete(answer, IncompleteReason::too_little_data);
  if (too_vague) return incomplete(answer, IncompleteReason::too_vague);
  if (!refer && undecided) return incomplete(answer, IncompleteReason::too_vague);
  if (!refer && profile.cut_short) return incomplete(answer, IncompleteReason::cut_short);
  answer.outcome = refer ? Outcome::refer : Outcome::no_record;
  return answer;
}

Result<Screener::Findings> Screener::add_hits(const World::Part& part, const Profile& subject, const Policy& policy,
                                              Detail detail, Answer& answer) {
  const LookupResult found = look_up(*part.index, subject, lookup_limits(policy, subject), scratch_);
  Findings findings;
  findings.too_vague = found.too_vague;
  if (found.hits.empty()) return findings;
  std::vector<RevisionId> ids;
  for (const LookupHit& hit : found.hits) ids.push_back(hit.revision);
  SEMAK_TRY(const RevisionBytes records, engine_.store().revision_bytes(ids));
  for (std::size_t i = 0; i < found.hits.size(); ++i) {
    SEMAK_TRY(const RevisionView record, view_revision(ids[i], records[i]));
    Hit hit;
    hit.register_id = part.info.id;
    hit.register_name = part.info.name;
    hit.revision = ids[i];
    hit.record_id = record.record_id;
    hit.score = found.hits[i].score;
    hit.probability = hit_probability(hit.score, found.hits[i].person, policy.base_rate, part.index->people());
    findings.refer |= hit.probability >= policy.refer_probability || identity_is_certain(found.hits[i].person);
    if (detail == Detail::evidence) {
      SEMAK_TRY(const StoredRevision revision, decode_revision(ids[i], records[i]));
      hit.evidence = explain(default_model(), subject, found.hits[i].query_form,
                             make_profile(engine_.normalizer(), revision.record), SnapshotRarity(*part.index, ids[i]));
    }
    answer.hits.push_back(std::move(hit));
  }
  findings.undecided = !findings.refer && any_agrees_wholly(found.hits, subject, *part.index);
  return findings;
}

}  // namespace semak
