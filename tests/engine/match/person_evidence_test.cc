#include "engine/match/person_evidence.h"

#include <random>
#include <string>
#include <vector>

#include "engine/match/date_evidence.h"
#include "tests/catch.h"

namespace semak {
namespace {

constexpr int kReferenceYear = 2026;

struct Person {
  std::vector<IdentityNumber> numbers;
  PartialDate dob;
  Sex sex = Sex::unknown;
  std::uint8_t state = 0;
  PersonFacts facts() const { return {dob, sex, state, numbers}; }
};

Person person(const std::string& number, PartialDate dob = {}, Sex sex = Sex::unknown, std::uint8_t state = 0) {
  return {parse_identity_numbers(number, NumberKind::unknown, kReferenceYear), dob, sex, state};
}

Bits bits(const Person& subject, const Person& record) { return person_bits(subject.facts(), record.facts(), nullptr); }

Person random_person(std::mt19937& random) {
  Person result;
  const auto digits = [&](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
    return text;
  };
  if (random() % 2) {
    std::string text = std::string("8") + static_cast<char>('0' + random() % 3) + "0" +
                       static_cast<char>('1' + random() % 3) + "1" + static_cast<char>('0' + random() % 3) + "0" +
                       static_cast<char>('1' + random() % 3) + digits(4);
    result = person(text);
    if (random() % 5 == 0) {
      const Person more = person("A" + digits(7));
      result.numbers.insert(result.numbers.end(), more.numbers.begin(), more.numbers.end());
    }
  }
  if (random() % 2) {
    result.dob.year = static_cast<std::int16_t>(1980 + random() % 4);
    if (random() % 3) result.dob.month = static_cast<std::uint8_t>(1 + random() % 3);
    if (result.dob.month && random() % 3) result.dob.day = static_cast<std::uint8_t>(1 + random() % 3);
  }
  result.sex = static_cast<Sex>(random() % 3);
  if (random() % 2) result.state = static_cast<std::uint8_t>(1 + random() % 3);
  return result;
}

bool numbers_related(const Person& a, const Person& b) {
  for (const IdentityNumber& x : a.numbers) {
    for (const IdentityNumber& y : b.numbers) {
      if (relate_numbers(x, y) != NumberRelationKind::none) return true;
    }
  }
  return false;
}

TEST_CASE("person bits without a related number stay within the stated maxima") {
  std::mt19937 random(9);
  for (int round = 0; round < 60'000; ++round) {
    const Person subject = random_person(random);
    const Person record = random_person(random);
    if (numbers_related(subject, record)) continue;
    const Bits weight = bits(subject, record);
    const BoundFacts bound = bound_facts_of(record.facts());
    REQUIRE(weight <= person_bits_max_without_number(subject.facts()));
    REQUIRE(weight <= person_bits_max_for(subject.facts(), bound.birth_year, bound.sex));
    REQUIRE(person_bits_max_for(subject.facts(), bound.birth_year, bound.sex) >= Bits{});
    // Of a record whose dates are worth at most so much beside the subject's.
    std::vector<PartialDate> own = {subject.facts().dob};
    std::vector<PartialDate> other = {record.facts().dob};
    for (const IdentityNumber& n : subject.facts().numbers)
      own.insert(own.end(), n.birth_dates.begin(), n.birth_dates.end());
    for (const IdentityNumber& n : record.facts().numbers)
      other.insert(other.end(), n.birth_dates.begin(), n.birth_dates.end());
    Bits date_bits;
    for (const PartialDate a : own) {
      for (const PartialDate b : other) date_bits = std::max(date_bits, compare_dates(a, b).weight);
    }
    const Bits conflict = bound.mykad ? mykad_conflict(subject.facts()) : Bits{};
    REQUIRE(weight <= person_bits_max_with(subject.facts(), date_bits, bound.sex) - conflict);
  }
}

TEST_CASE("the lines of person evidence sum to its weight") {
  std::mt19937 random(10);
  for (int round = 0; round < 20'000; ++round) {
    const Person subject = random_person(random);
    const Person record = round % 4 ? random_person(random) : subject;
    std::vector<Evidence> lines;
    const Bits weight = person_bits(subject.facts(), record.facts(), &lines);
    Bits sum;
    for (const Evidence& line : lines) sum += line.weight;
    REQUIRE(sum == weight);
    REQUIRE(weight == person_bits(subject.facts(), record.facts(), nullptr));
  }
}

TEST_CASE("an equal MyKad has already said date, sex and place") {
  const Person bare = person("850311-03-5228");
  const Person full = person("850311-03-5228", {1985, 3, 11}, Sex::female, 3);
  CHECK(bits(bare, bare) == bits(full, full));
  const Person other_date = person("850311-03-5228", {1979, 6, 2}, Sex::female, 3);
  CHECK(bits(bare, other_date) <= bits(bare, bare));
}

TEST_CASE("an equal passport leaves the birth date to be counted") {
  const Person bare = person("A12345678");
  const Person dated = person("A12345678", {1985, 3, 11});
  REQUIRE(!bare.numbers.empty());
  CHECK(bits(dated, dated) > bits(bare, bare));
}

TEST_CASE("one birth date and nearly one number is possible and never certain") {
  const Person record = person("850311-03-5228", {1985, 3, 11}, Sex::female, 3);
  const Bits equal = bits(record, record);
  for (const char* near : {"850311-03-5226", "850311-03-5282", "850311-03-5258", "850311-03-2528", "850311-03-528"}) {
    const Bits weight = bits(person(near, {1985, 3, 11}, Sex::female, 3), record);
    CHECK(weight > Bits{});
    CHECK(weight < equal - Bits::whole(8));
    CHECK_FALSE(identity_is_certain(weight));
  }
  CHECK(identity_is_certain(equal));
}

TEST_CASE("a near number is worth more than an unrelated one, and less than the same one") {
  const Person record = person("850311-03-5228");
  CHECK(bits(person("850311-03-5226"), record) > bits(person("850311-03-9741"), record));
  CHECK(bits(person("851311-03-5228"), record) > bits(person("720604-10-9741"), record));
}

TEST_CASE("a conflict of sex lowers the weight and vetoes nothing") {
  const Person woman = person("", {1985, 3, 11}, Sex::female);
  const Person man = person("", {1985, 3, 11}, Sex::male);
  const Bits conflict = bits(woman, man);
  CHECK(conflict < bits(woman, person("", {1985, 3, 11})));
  CHECK(conflict > Bits{});
}

TEST_CASE("what a number implies is compared with what the other side says") {
  CHECK(bits(person("850311-03-5228"), person("", {1985, 3, 11})) > Bits::whole(8));
  CHECK(bits(person("850311-03-5228"), person("", {}, Sex::male)) < Bits{});
  CHECK(bits(person("250311-03-5227"), person("", {1925, 3, 11})) > Bits::whole(8));
}

TEST_CASE("nothing known is worth nothing") {
  CHECK(bits(person(""), person("850311-03-5228")) == Bits{});
  CHECK(bits(person(""), person("")) == Bits{});
}

}  // namespace
}  // namespace semak
