#include "engine/screen/screener.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/match/calibration.h"
#include "engine/match/explain.h"
#include "engine/match/model.h"
#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "engine/screen/asked_registers.h"
#include "engine/screen/record_fingerprint.h"
#include "engine/screen/record_status.h"
#include "engine/screen/standing.h"
#include "engine/store/record_codec.h"
#include "index/snapshot_rarity.h"

namespace semak {
namespace {

bool names_somebody(const NameForm& form) {
  return std::any_of(form.tokens.begin(), form.tokens.end(),
                     [](const NameToken& token) { return identifies(token.role); });
}

bool too_thin(const Profile& subject) {
  return std::none_of(subject.forms.begin(), subject.forms.end(), names_somebody) &&
         std::none_of(subject.numbers.begin(), subject.numbers.end(), identifies_somebody);
}

// Whether a record that makes no referral has all of the name that was asked for, as far as scores can tell, and
// nothing else contradicts it. The record may have more parts: "Ali" is in the name of every Ali there is.
bool has_whole_name(const LookupResult& found, const LookupHit& hit) {
  // What the record's other parts cost, and its spelling. A part of the subject's that is missing costs some five bits.
  const Bits slack = Bits::whole(2) + default_model().record_left;
  if (hit.person < Bits{} || hit.query_form >= found.whole_names.size()) return false;
  const std::optional<Bits> whole = found.whole_names[hit.query_form];
  return whole && hit.name >= *whole - slack;
}

bool said(SubjectField field, const Subject& subject, const Profile& profile, const ScreenContext& context) {
  switch (field) {
    case SubjectField::name: return std::any_of(profile.forms.begin(), profile.forms.end(), names_somebody);
    case SubjectField::id_number:
      return std::any_of(profile.numbers.begin(), profile.numbers.end(), identifies_somebody);
    case SubjectField::birth_date: return subject.dob.has_day() && exists(subject.dob);
    case SubjectField::birth_year: return subject.dob.known() && exists(subject.dob);
    case SubjectField::sex: return subject.sex != Sex::unknown;
    case SubjectField::child: return context.child && (!context.child->reference.empty() || context.child->dob.known());
  }
  return false;
}

bool has_what_is_needed(const Policy& policy, const Subject& subject, const Profile& profile,
                        const ScreenContext& context) {
  const auto whole_line = [&](const std::vector<SubjectField>& line) {
    return std::all_of(line.begin(), line.end(),
                       [&](SubjectField field) { return said(field, subject, profile, context); });
  };
  return policy.needs.empty() || std::any_of(policy.needs.begin(), policy.needs.end(), whole_line);
}

std::int64_t clock_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// The very identity number, and a name that is evidence for, not against: borrowed and mistyped numbers are nobody's
// standing.
bool certainly_the_same(const LookupHit& hit) { return identity_is_certain(hit.person) && hit.name > Bits{}; }

Standing unknown_on(PartialDate as_of) {
  Standing standing;
  standing.as_of = as_of;
  return standing;
}

bool better(const Hit& a, const Hit& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.register_name != b.register_name) return a.register_name < b.register_name;
  return a.revision < b.revision;
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

struct Screener::Request {
  const Policy& policy;
  const Profile& subject;
  Detail detail;
  PartialDate as_of;
  const ChildQuery* child;
};

Result<Answer> Screener::screen(const World& world, const Subject& subject, const Policy& policy, Detail detail,
                                const ScreenContext& context) {
  const std::int64_t now = context.now != 0 ? context.now : clock_seconds();
  Answer answer;
  answer.generation = world.generation;
  const Profile profile = make_profile(engine_.normalizer(), subject);
  const Request request{policy, profile, detail, context.as_of.known() ? context.as_of : day_of(now),
                        context.child ? &*context.child : nullptr};
  if (policy.standing) answer.standing = unknown_on(request.as_of);

  Findings findings;
  Obstacles& obstacles = findings.obstacles;
  const AskedRegisters asked = asked_registers(world, policy);
  obstacles.add_if(policy.consent && !subject.consent, IncompleteReason::no_consent);
  obstacles.add_if(asked.missing, IncompleteReason::missing_register);
  obstacles.add_if(world.generation != engine_.store().published()->generation, IncompleteReason::stale_index);
  obstacles.add_if(too_thin(profile) || !has_what_is_needed(policy, subject, profile, context),
                   IncompleteReason::too_little_data);
  obstacles.add_if(profile.cut_short, IncompleteReason::cut_short);
  const bool search_it =
      !obstacles.has(IncompleteReason::no_consent) && !obstacles.has(IncompleteReason::too_little_data);
  for (const World::Part* part : asked.parts) {
    obstacles.add_if(is_stale(*part, policy, now), IncompleteReason::stale_register);
    if (search_it) SEMAK_TRY_STATUS(search(*part, request, findings, answer));
  }
  std::sort(answer.hits.begin(), answer.hits.end(), better);

  const Decision decision = decide(obstacles, findings.refer, findings.undecided);
  answer.outcome = decision.outcome;
  answer.reason = decision.reason;
  if (policy.standing && answer.reason != IncompleteReason::none) answer.standing = unknown_on(request.as_of);
  return answer;
}

Status Screener::search(const World::Part& part, const Request& request, Findings& findings, Answer& answer) {
  if (!part.index) {
    findings.obstacles.add(IncompleteReason::stale_index);
    return {};
  }
  LookupResult found = look_up(*part.index, request.subject, lookup_limits(request.policy, request.subject), scratch_);
  findings.obstacles.add_if(found.too_vague, IncompleteReason::too_vague);
  if (found.hits.empty()) return {};
  SEMAK_TRY_STATUS(add_hits(part, request, found, findings, answer));
  if (!answer.standing || part.info.kind != RegisterKind::oyls) return {};
  return add_standing(part, request, std::move(found), *answer.standing);
}

Status Screener::add_hits(const World::Part& part, const Request& request, const LookupResult& found,
                          Findings& findings, Answer& answer) {
  std::vector<RevisionId> ids;
  for (const LookupHit& hit : found.hits) ids.push_back(hit.revision);
  SEMAK_TRY(const RevisionBytes records, engine_.store().revision_bytes(ids));
  const bool refers_at_all = can_refer(part, request.policy);
  for (std::size_t i = 0; i < found.hits.size(); ++i) {
    SEMAK_TRY(const RevisionView view, view_revision(ids[i], records[i]));
    const LookupHit& of = found.hits[i];
    Hit hit;
    hit.register_id = part.info.id;
    hit.register_name = part.info.name;
    hit.revision = ids[i];
    hit.record_id = view.record_id;
    hit.score = of.score;
    hit.probability = hit_probability(hit.score, of.person, request.policy.base_rate, part.index->people());
    hit.refers =
        refers_at_all && (hit.probability >= request.policy.refer_probability || identity_is_certain(of.person));
    const bool set_aside = has_convictions(part.info.kind) && may_be_set_aside(view.content);
    const bool explained = request.detail == Detail::evidence || (request.detail == Detail::candidates && hit.refers);
    if (set_aside || explained) {
      SEMAK_TRY(const StoredRevision revision, decode_revision(ids[i], records[i]));
      if (!answers(part.info.kind, revision.record)) {
        // It took the place of another in an index that should not have it.
        findings.obstacles.add(IncompleteReason::stale_index);
        continue;
      }
      hit.under_appeal = set_aside && is_under_appeal(revision.record);
      if (explained) {
        hit.content = person_fingerprint(revision.record);
        hit.evidence =
            explain(default_model(), request.subject, of.query_form,
                    make_profile(engine_.normalizer(), revision.record), SnapshotRarity(*part.index, ids[i]));
      }
    }
    findings.refer |= hit.refers;
    findings.undecided |= refers_at_all && !hit.refers && has_whole_name(found, of);
    answer.hits.push_back(std::move(hit));
  }
  return {};
}

// Of all the orders of one person: there may be more of them than an answer lists.
Status Screener::add_standing(const World::Part& part, const Request& request, LookupResult found, Standing& best) {
  constexpr int kOrdersMax = 4096;
  LookupLimits limits = lookup_limits(request.policy, request.subject);
  while (found.hits.size() == static_cast<std::size_t>(limits.top) && certainly_the_same(found.hits.back()) &&
         limits.top < kOrdersMax) {
    limits.top *= 4;
    found = look_up(*part.index, request.subject, limits, scratch_);
  }
  for (const LookupHit& hit : found.hits) {
    if (!certainly_the_same(hit)) continue;
    SEMAK_TRY(const RevisionBytes bytes, engine_.store().revision_bytes(std::span(&hit.revision, 1)));
    SEMAK_TRY(const StoredRevision stored, decode_revision(hit.revision, bytes[0]));
    Standing standing = standing_of(stored.record, request.as_of, request.child);
    if (!says_more(standing, best)) continue;
    standing.register_name = part.info.name;
    standing.record_id = stored.record.id;
    standing.revision = hit.revision;
    best = std::move(standing);
  }
  return {};
}

}  // namespace semak
