// Synthetic Malaysians. Person `i` is a function of the seed and of `i` alone, so the first 100,000 of ten million
// are the same people as a register of 100,000, and any of them can be made again without a file.
#pragma once

#include <cstdint>
#include <string>

#include "engine/partial_date.h"
#include "engine/person.h"
#include "tools/gen/name_grammar.h"

namespace semak {

struct GeneratedPerson {
  Community community = Community::malay;
  Sex sex = Sex::male;
  PartialDate dob;
  NameParts name;
  NameParts alias;         // empty: none
  std::string number;      // MyKad with dashes; a passport for foreigners
  std::string old_number;  // old IC; empty: none
  std::string_view nationality;
  std::string_view state;
};

class Population {
 public:
  // So many people can have identity numbers of their own (register and outsiders).
  static constexpr std::uint64_t kPeopleMax = 24'000'000;
  static constexpr std::uint64_t kOutsidersMax = 1'600'000;

  explicit Population(std::uint64_t seed, double male_share = 0.5);
  ~Population();

  // REQUIRES: index < kPeopleMax. Reuses the memory of `person`.
  void person(std::uint64_t index, GeneratedPerson& person) const;
  // People of the same country who are in no register: never the number of a person above.
  void outsider(std::uint64_t index, GeneratedPerson& person) const;
  // An outsider with the father (and the community and state) of person `of`.
  void sibling(std::uint64_t index, std::uint64_t of, GeneratedPerson& person) const;

  const NameGrammar& grammar() const { return grammar_; }
  std::uint64_t seed() const { return seed_; }

 private:
  struct Calendar;
  struct Origin;
  Origin origin(std::uint64_t index) const;
  void make(const Origin& origin, GeneratedPerson& person) const;

  std::uint64_t seed_;
  double male_share_;
  NameGrammar grammar_;
  std::unique_ptr<const Calendar> calendar_;
};

}  // namespace semak
