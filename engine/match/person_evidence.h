// Evidence besides the name: numbers, birth date, sex and place, judged jointly, since a MyKad implies the other
// three and must not count them twice.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/bits.h"
#include "engine/decision.h"
#include "normalize/identity_number.h"
#include "normalize/profile.h"

namespace semak {

// What is known of a person besides the name; of a subject or of a record.
struct PersonFacts {
  PartialDate dob;
  Sex sex = Sex::unknown;
  std::uint8_t state = 0;
  std::span<const IdentityNumber> numbers;
};
PersonFacts facts_of(const Profile& profile);

enum class NumberRelationKind : std::uint8_t {
  none,  // nothing to do with each other
  equal,
  one_digit,   // one character substituted
  lookalike,   // one character, of a pair that people and scanners confuse
  transposed,  // two adjacent characters
  missing,     // one character missing or extra
  swapped_blocks,
};
// Total and symmetric. Any kind but `none` implies equal canonicals, or canonicals one edit (substitution,
// adjacent transposition, insertion, deletion) apart and both at least 5 long, or one is
// a block permutation of the other listed by number_permutations().
NumberRelationKind relate_numbers(const IdentityNumber& a, const IdentityNumber& b);
// Canonicals that a swap of a MyKad's blocks would have produced (DDMMYY, PB and serial exchanged); at most 3.
std::vector<std::string> number_permutations(const IdentityNumber& number);

// Joint weight of number, birth date, sex and place. `lines` (may be null) receives the evidence.
Bits person_bits(const PersonFacts& subject, const PersonFacts& record, std::vector<Evidence>* lines);
// Whether so many person bits take an equal MyKad or passport: a near number beside the same birth date, sex and place
// says less. Without one nobody is certain to be the same person.
constexpr bool identity_is_certain(Bits person) { return person >= Bits::whole(30); }
// At least person_bits(subject, r) for every r none of whose numbers is related to one of the subject's. >= 0.
Bits person_bits_max_without_number(const PersonFacts& subject);
// What of a record's facts bounds its person bits: the one year of all its possible birth dates (dob, implied by
// numbers), 0 if none is known or they differ; its sex, as given or else implied; whether it has a MyKad that
// contradicts another.
struct BoundFacts {
  int birth_year = 0;
  Sex sex = Sex::unknown;
  bool mykad = false;
};
BoundFacts bound_facts_of(const PersonFacts& record);
// At least person_bits(subject, r) for every r of these bound facts none of whose numbers is related to one of the
// subject's: lets a look-up prune by year. Year 0 or unknown sex: any.
Bits person_bits_max_for(const PersonFacts& subject, int birth_year, Sex sex);
// The same over people none of whose possible birth dates says more than `date_bits` (date_evidence.h) beside any of
// the subject's: lets a look-up take the people of near dates first. Rises by just what positive `date_bits` rise;
// may be negative.
Bits person_bits_max_with(const PersonFacts& subject, Bits date_bits, Sex sex);
// What person_bits_max_with loses, >= 0, for people with BoundFacts::mykad: a MyKad of the subject's contradicts
// theirs.
Bits mykad_conflict(const PersonFacts& subject);

}  // namespace semak
