#include "engine/match/person_evidence.h"

#include <algorithm>

#include "engine/match/date_evidence.h"

namespace semak {
namespace {

// Sex: 2,405 of 2,407 true pairs agree where both are known. That it agrees says more of women: registers of offenders
// and public lists hold few of them.
constexpr Bits kBothMale{3 * Bits::kPerBit / 10};
constexpr Bits kBothFemale{15 * Bits::kPerBit / 10};
constexpr Bits kOtherSex{-32 * Bits::kPerBit / 10};
// Place: a state holds one person in ten; people are written down where they live, born elsewhere.
constexpr Bits kSameState = Bits::whole(2);
constexpr Bits kOtherState{-Bits::kPerBit / 2};
// Two MyKads that have nothing in common: a second number after a reissue, a spouse's, a parent's - or a stranger.
constexpr Bits kNumbersConflict = Bits::whole(-5);

// What an equal number says, with everything it implies (date, place and sex of a MyKad). By itself a MyKad shared by
// chance is one in 2^31 (33 million holders, one in a hundred written down wrongly); the rest outweighs a name that
// agrees in nothing, so that someone known by another name is still seen.
Bits equal_number_bits(NumberKind kind) {
  switch (kind) {
    case NumberKind::mykad: return Bits::whole(46);
    case NumberKind::passport: return Bits::whole(34);
    case NumberKind::unhcr: return Bits::whole(20);   // a file number is the household's
    case NumberKind::old_ic: return Bits::whole(26);  // two electors shared one
    case NumberKind::birth_certificate: return Bits::whole(26);
    case NumberKind::police:
    case NumberKind::army: return Bits::whole(18);
    case NumberKind::unknown:
    case NumberKind::other: break;
  }
  return Bits::whole(14);
}
constexpr Bits kEqualButDigitsLost = Bits::whole(10);  // a spreadsheet's rounding
constexpr Bits kEqualOtherKind = Bits::whole(10);

// What a near number adds to what date, sex and place say by themselves. For a MyKad it is reckoned so (of numbers
// typed by hand some 1.5 % are wrong: 0.6 % have one digit substituted, 0.2 % two neighbours swapped, 0.2 % a digit
// lost or doubled; a register's own slips are as many again):
//   one_digit   in the serial: the same person 0.6 % * 2 sides * 4/12 of the digits = 2^-8; a stranger the same birth
//               date 1 in 25,000, place 1 in 12 and one of 31 serials of 5,000 of that sex = 2^-25.6, twice that often
//               since people born together are registered together. 2^16.6 in all, of which an equal date and place
//               say 12 + 2: about 3.
//   transposed  the same person 0.2 % * 2 * 3/11 = 2^-9.8, a stranger 3 serials of 10,000: 2^-29.9 and again twice
//               that; 2^19 in all: 5. A lookalike is a third of the substitutions and less than a sixth of the
//               strangers' digits: one bit better than any digit, and one more since a scanner makes no others.
//   missing     11 or 13 digits are nobody's number, so only a stranger's slip of this very kind resembles ours:
//               neighbours 120 of 2^34 numbers, 0.2 % of them miswritten so: 2^-36 against 2^-8. 28 bits in all; a
//               broken number says no date or place itself, so 12 and 2 of these may or may not be said already: 14.
// Such a pair may be two people: of ten pairs with one name, one birth date and nearly one number, nine were different
// people (National Registration Department, 2011). So no near number is ever certain, whatever the sum says
// (identity_is_certain, below).
Bits near_number_bits(NumberRelationKind relation, bool mykad) {
  switch (relation) {
    case NumberRelationKind::one_digit: return mykad ? Bits::whole(3) : Bits::whole(5);
    case NumberRelationKind::lookalike: return mykad ? Bits::whole(5) : Bits::whole(7);
    case NumberRelationKind::transposed: return mykad ? Bits::whole(5) : Bits::whole(7);
    case NumberRelationKind::missing: return mykad ? Bits::whole(14) : Bits::whole(6);
    case NumberRelationKind::swapped_blocks: return Bits::whole(9);
    case NumberRelationKind::none:
    case NumberRelationKind::equal: break;
  }
  return Bits{};
}
// A near MyKad whose difference lies in the birth date leaves place and serial agreeing. One whose difference lies in
// the place leaves date and serial: the same person 2^-9, a stranger the date, one of some 18 places and one of 5,000
// serials, 2^-28: 19 in all, of which the date says 12.
constexpr Bits kSerialAgrees = Bits::whole(9);
constexpr Bits kDateAndSerialAgree = Bits::whole(7);

struct NumberFinding {
  NumberRelationKind relation = NumberRelationKind::none;
  const IdentityNumber* subject = nullptr;
  const IdentityNumber* record = nullptr;
  Bits weight;
};

// What two near MyKads say that differ outside the serial, >= 0.
Bits rest_agrees_bits(const IdentityNumber& a, const IdentityNumber& b) {
  constexpr std::size_t kLength = 12;
  if (a.kind != NumberKind::mykad || b.kind != NumberKind::mykad || a.canonical.size() != kLength ||
      b.canonical.size() != kLength || a.canonical.compare(8, 4, b.canonical, 8, 4) != 0) {
    return Bits{};
  }
  if (a.canonical.compare(6, 2, b.canonical, 6, 2) == 0) return kSerialAgrees;
  return a.canonical.compare(0, 6, b.canonical, 0, 6) == 0 ? kDateAndSerialAgree : Bits{};
}

Bits number_bits(NumberRelationKind relation, const IdentityNumber& a, const IdentityNumber& b) {
  if (relation == NumberRelationKind::none) return Bits{};
  if (relation == NumberRelationKind::equal) {
    const bool lost = has(a.flags, NumberFlag::scientific_notation) || has(b.flags, NumberFlag::scientific_notation);
    if (lost) return kEqualButDigitsLost;
    return a.kind == b.kind ? equal_number_bits(a.kind)
                            : std::max(kEqualOtherKind, std::min(equal_number_bits(a.kind), equal_number_bits(b.kind)));
  }
  const Bits near = near_number_bits(relation, a.kind == NumberKind::mykad || b.kind == NumberKind::mykad);
  return std::max(near, rest_agrees_bits(a, b));
}

NumberFinding best_number(const PersonFacts& subject, const PersonFacts& record) {
  NumberFinding best;
  bool conflict = false;
  for (const IdentityNumber& a : subject.numbers) {
    for (const IdentityNumber& b : record.numbers) {
      const NumberRelationKind relation = relate_numbers(a, b);
      const Bits weight = number_bits(relation, a, b);
      const bool both_mykad = a.kind == NumberKind::mykad && b.kind == NumberKind::mykad &&
                              !has(a.flags | b.flags, NumberFlag::placeholder);
      if (relation != NumberRelationKind::none && weight > best.weight) {
        best = {relation, &a, &b, weight};
      } else if (relation == NumberRelationKind::none && both_mykad && best.relation == NumberRelationKind::none) {
        conflict = true;
        if (best.subject == nullptr) best = {relation, &a, &b, Bits{}};
      }
    }
  }
  if (best.relation == NumberRelationKind::none && conflict) best.weight = kNumbersConflict;
  return best;
}

// All birth dates that a person's facts allow, likeliest first; at most kDatesMax.
constexpr std::size_t kDatesMax = 9;
struct Dates {
  std::array<PartialDate, kDatesMax> dates;
  std::size_t size = 0;
  void add(PartialDate date) {
    if (!date.known() || size == kDatesMax) return;
    if (std::find(dates.begin(), dates.begin() + size, date) == dates.begin() + size) dates[size++] = date;
  }
};

Dates dates_of(const PersonFacts& facts) {
  Dates dates;
  dates.add(facts.dob);
  for (const IdentityNumber& number : facts.numbers) {
    if (has(number.flags, NumberFlag::placeholder)) continue;
    for (const PartialDate date : number.birth_dates) dates.add(date);
  }
  return dates;
}

Bits same_sex_bits(Sex sex) { return sex == Sex::female ? kBothFemale : kBothMale; }

Sex sex_of(const PersonFacts& facts) {
  if (facts.sex != Sex::unknown) return facts.sex;
  for (const IdentityNumber& number : facts.numbers) {
    if (number.sex != Sex::unknown && !has(number.flags, NumberFlag::placeholder)) return number.sex;
  }
  return Sex::unknown;
}

std::uint8_t state_of(const PersonFacts& facts) {
  if (facts.state != 0) return facts.state;
  for (const IdentityNumber& number : facts.numbers) {
    if (number.place_code == 0 || has(number.flags, NumberFlag::placeholder)) continue;
    if (const std::uint8_t state = state_of_place(number.place_code); state != 0) return state;
  }
  return 0;
}

// One that identifies somebody, and so contradicts another person's.
bool has_mykad(const PersonFacts& facts) {
  return std::any_of(facts.numbers.begin(), facts.numbers.end(), [](const IdentityNumber& number) {
    return number.kind == NumberKind::mykad && !has(number.flags, NumberFlag::placeholder);
  });
}

struct DateFinding {
  PartialDate subject, record;
  DateEvidence evidence;
};

DateFinding best_dates(const Dates& subject, const Dates& record) {
  DateFinding best;
  bool any = false;
  for (std::size_t i = 0; i < subject.size; ++i) {
    for (std::size_t j = 0; j < record.size; ++j) {
      const DateEvidence evidence = compare_dates(subject.dates[i], record.dates[j]);
      if (any && evidence.weight <= best.evidence.weight) continue;
      best = {subject.dates[i], record.dates[j], evidence};
      any = true;
    }
  }
  return best;
}

Agreement agreement_of(NumberRelationKind relation) {
  switch (relation) {
    case NumberRelationKind::none: return Agreement::different;
    case NumberRelationKind::equal: return Agreement::equal;
    default: return Agreement::near;
  }
}

std::string state_text(std::uint8_t state) { return std::string(place_of(state)); }

// An equal MyKad has said date, sex and place already: they may still contradict it, not add to it.
bool implies_the_rest(const NumberFinding& number) {
  return number.relation == NumberRelationKind::equal && number.subject->kind == NumberKind::mykad &&
         number.record->kind == NumberKind::mykad;
}

class Sum {
 public:
  explicit Sum(std::vector<Evidence>* lines) : lines_(lines) {}
  void add(Aspect aspect, Agreement agreement, Bits weight, std::string subject, std::string record) {
    total_ += weight;
    if (lines_) lines_->push_back({aspect, agreement, std::move(subject), std::move(record), weight});
  }
  bool wants_lines() const { return lines_ != nullptr; }
  Bits total() const { return total_; }

 private:
  std::vector<Evidence>* lines_;
  Bits total_;
};

}  // namespace

PersonFacts facts_of(const Profile& profile) { return {profile.dob, profile.sex, profile.state, profile.numbers}; }

Bits person_bits(const PersonFacts& subject, const PersonFacts& record, std::vector<Evidence>* lines) {
  Sum sum(lines);
  const auto text = [&](auto make) { return sum.wants_lines() ? make() : std::string(); };
  const NumberFinding number = best_number(subject, record);
  if (number.subject != nullptr) {
    sum.add(Aspect::number, agreement_of(number.relation), number.weight,
            text([&] { return number.subject->canonical; }), text([&] { return number.record->canonical; }));
  }
  const Bits cap = implies_the_rest(number) ? Bits{} : Bits::whole(1000);

  const bool slip = number.relation != NumberRelationKind::none && number.relation != NumberRelationKind::equal;
  const DateFinding dates = best_dates(dates_of(subject), dates_of(record));
  if (dates.evidence.agreement != Agreement::missing) {
    Bits weight = std::min(dates.evidence.weight, cap);
    // A slip within the number's date explains the difference of the dates that the numbers imply.
    if (slip && !(subject.dob.known() && record.dob.known())) weight = std::max(weight, Bits{});
    sum.add(Aspect::birth_date, dates.evidence.agreement, weight, text([&] { return to_string(dates.subject); }),
            text([&] { return to_string(dates.record); }));
  }
  const Sex sex_a = sex_of(subject);
  const Sex sex_b = sex_of(record);
  if (sex_a != Sex::unknown && sex_b != Sex::unknown) {
    const bool same = sex_a == sex_b;
    // A slip in the last digit makes a man of a woman.
    const bool by_slip = slip && number.subject->sex != number.record->sex;
    sum.add(Aspect::sex, same ? Agreement::equal : Agreement::different,
            same      ? std::min(same_sex_bits(sex_a), cap)
            : by_slip ? Bits{}
                      : std::min(kOtherSex, cap),
            text([&] { return to_string(sex_a); }), text([&] { return to_string(sex_b); }));
  }
  const std::uint8_t state_a = state_of(subject);
  const std::uint8_t state_b = state_of(record);
  if (state_a != 0 && state_b != 0) {
    const bool same = state_a == state_b;
    const bool by_slip = slip && number.subject->place_code != number.record->place_code;
    sum.add(Aspect::place, same ? Agreement::equal : Agreement::different,
            same      ? std::min(kSameState, cap)
            : by_slip ? Bits{}
                      : std::min(kOtherState, cap),
            text([&] { return state_text(state_a); }), text([&] { return state_text(state_b); }));
  }
  return sum.total();
}

BoundFacts bound_facts_of(const PersonFacts& record) {
  const Dates dates = dates_of(record);
  BoundFacts facts{dates.size == 0 ? 0 : dates.dates[0].year, sex_of(record), false};
  for (std::size_t i = 1; i < dates.size; ++i) {
    if (dates.dates[i].year != facts.birth_year) facts.birth_year = 0;
  }
  facts.mykad = has_mykad(record);
  return facts;
}

Bits mykad_conflict(const PersonFacts& subject) { return has_mykad(subject) ? -kNumbersConflict : Bits{}; }

Bits person_bits_max_without_number(const PersonFacts& subject) {
  return person_bits_max_for(subject, 0, Sex::unknown);
}

Bits person_bits_max_for(const PersonFacts& subject, int birth_year, Sex sex) {
  const Dates dates = dates_of(subject);
  Bits most;
  for (std::size_t i = 0; i < dates.size; ++i) {
    const PartialDate date = dates.dates[i];
    most = std::max(most, birth_year == 0 ? date_bits_max(date) : date_bits_max_in_year(date, birth_year));
  }
  return std::max(Bits{}, person_bits_max_with(subject, most, sex));
}

Bits person_bits_max_with(const PersonFacts& subject, Bits date_bits, Sex sex) {
  Bits most = std::max(date_bits, Bits{});
  const Sex own = sex_of(subject);
  if (own != Sex::unknown) most += sex == Sex::unknown || sex == own ? same_sex_bits(own) : kOtherSex;
  if (state_of(subject) != 0) most += kSameState;
  return most;
}

}  // namespace semak
