#include "index/lookup.h"

#include <algorithm>

#include "engine/match/name_alignment.h"
#include "index/form_search.h"
#include "index/number_index.h"
#include "index/snapshot_impl.h"

namespace semak {

struct LookupScratch::Impl {
  TokenPlans plans;
  FormSearch search;
  PersonBounds person;
  std::vector<std::uint32_t> related;
  std::vector<const TokenPlan*> of_form;
  std::vector<IdentityNumber> numbers;
};

LookupScratch::LookupScratch() : impl_(std::make_unique<Impl>()) {}
LookupScratch::~LookupScratch() = default;
LookupScratch::LookupScratch(LookupScratch&&) noexcept = default;

namespace {

// A pair without names to compare counts by its numbers alone.
void offer_nameless(const Snapshot::Impl::Part& part, const Profile& subject, const PersonFacts& facts,
                    LookupScratch::Impl& scratch, BestHits& best) {
  const Segment& segment = part.segment;
  for (const std::uint32_t person : scratch.related) {
    if (part.is_dead(person) || (!subject.forms.empty() && !segment.rows_of_person(person).empty())) continue;
    const PackedFacts packed = segment.facts(person);
    segment.numbers(person, scratch.numbers);
    const Bits bits = person_bits(facts, {packed.dob(), packed.sex(), packed.state(), scratch.numbers}, nullptr);
    best.offer({segment.revision(person), bits, Bits{}, bits, 0});
  }
}

// What a name of this segment scores that has all parts of `form`.
std::optional<Bits> whole_name(const Model& model, const NameForm& form, std::span<const TokenPlan* const> plans) {
  const auto kind = static_cast<std::size_t>(form.kind);
  Bits sum = -model.query_form[kind] - model.record_form[kind];
  int parts = 0;
  bool given = false;
  bool left = false;
  for (std::size_t i = 0; i < form.tokens.size(); ++i) {
    const TokenRole role = form.tokens[i].role;
    if (!plans[i]->spelt && identifies(role)) return std::nullopt;
    const Bits unmatched = -query_leftover(model, role) - record_leftover(model, role, Bits{});
    // The record may have the part in another role, most often as a given name.
    const Bits of_role = std::min(model.role_gain[static_cast<std::size_t>(role)],
                                  model.role_gain[static_cast<std::size_t>(TokenRole::given)]);
    if (!plans[i]->spelt || *plans[i]->spelt + of_role <= unmatched) {  // a pair that saves nothing is not made
      sum += unmatched;
      left |= identifies(role);
      continue;
    }
    sum += *plans[i]->spelt + of_role;
    parts += identifies(role);
    given |= is_given(role);
    if (role == TokenRole::initial) sum -= model.initial_pair;
  }
  if (!given) sum -= model.no_given_matched;
  if (parts <= 1) sum -= model.lone_part;
  if (left) sum -= model.query_leftover_first + model.record_left;
  return sum;
}

}  // namespace

LookupResult look_up(const Snapshot& snapshot, const Profile& subject, const LookupLimits& limits,
                     LookupScratch& scratch_in) {
  LookupResult result;
  if (subject.forms.empty() && subject.numbers.empty()) {
    result.too_vague = true;
    return result;
  }
  LookupScratch::Impl& scratch = scratch_in.impl();
  scratch.plans.trim();
  result.whole_names.resize(subject.forms.size());
  const Snapshot::Impl& state = snapshot.impl();
  const PersonFacts facts = facts_of(subject);
  const Segment& base = state.parts.front().segment;
  BestHits best(limits, result.hits);
  FormSearch::Work work;
  work.postings_max = limits.work_max;
  for (const Snapshot::Impl::Part& part : state.parts) {
    if (part.segment.people() == 0) continue;
    scratch.related.clear();
    if (!subject.numbers.empty()) find_related_numbers(part.segment, subject.numbers, scratch.related);
    offer_nameless(part, subject, facts, scratch, best);
    scratch.person.begin(facts, part.segment);
    for (std::size_t f = 0; f < subject.forms.size() && !work.exceeded(); ++f) {
      scratch.of_form.clear();
      for (const NameToken& token : subject.forms[f].tokens) {
        scratch.of_form.push_back(&scratch.plans.plan(*state.model, base, part.segment, token));
      }
      result.whole_names[f] =
          std::max(result.whole_names[f], whole_name(*state.model, subject.forms[f], scratch.of_form));
      scratch.search.search(*state.model, part, subject.forms[f], static_cast<std::uint8_t>(f), scratch.of_form,
                            scratch.person, scratch.related, best, work);
    }
  }
  best.finish();
  result.too_vague = work.exceeded();
  result.postings = work.postings;
  result.scored = work.scored;
  return result;
}

}  // namespace semak
