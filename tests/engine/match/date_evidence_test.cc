#include "engine/match/date_evidence.h"

#include <random>

#include "tests/catch.h"

namespace semak {
namespace {

PartialDate date(int year, int month = 0, int day = 0) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

PartialDate random_date(std::mt19937& random) {
  if (random() % 6 == 0) return {};
  PartialDate result = date(1900 + static_cast<int>(random() % 4 == 0 ? random() % 130 : 80 + random() % 6));
  if (random() % 4) result.month = static_cast<std::uint8_t>(1 + random() % 12);
  if (result.month && random() % 4) result.day = static_cast<std::uint8_t>(1 + random() % 28);
  return result;
}

TEST_CASE("comparing dates is symmetric and within its stated maxima") {
  std::mt19937 random(1);
  for (int round = 0; round < 100'000; ++round) {
    const PartialDate a = random_date(random);
    const PartialDate b = random_date(random);
    const DateEvidence evidence = compare_dates(a, b);
    const DateEvidence back = compare_dates(b, a);
    REQUIRE(evidence.weight == back.weight);
    REQUIRE(evidence.agreement == back.agreement);
    REQUIRE(evidence.weight <= date_bits_max(a));
    REQUIRE(evidence.weight <= date_bits_max_in_year(a, b.year));
    REQUIRE((evidence.agreement == Agreement::missing) == (!a.known() || !b.known()));
  }
}

TEST_CASE("the more of a date is known and agrees, the more it says") {
  const Bits year = compare_dates(date(1985), date(1985, 3, 11)).weight;
  const Bits month = compare_dates(date(1985, 3), date(1985, 3, 11)).weight;
  const Bits day = compare_dates(date(1985, 3, 11), date(1985, 3, 11)).weight;
  CHECK(year > Bits{});
  CHECK(month > year);
  CHECK(day > month);
}

TEST_CASE("slips of the pen are near, and say less than the date itself") {
  const Bits same = compare_dates(date(1985, 3, 11), date(1985, 3, 11)).weight;
  for (const PartialDate slip :
       {date(1985, 11, 3), date(1985, 3, 12), date(1985, 8, 11), date(1986, 3, 11), date(1885, 3, 11)}) {
    const DateEvidence evidence = compare_dates(date(1985, 3, 11), slip);
    CHECK(evidence.agreement == Agreement::near);
    CHECK(evidence.weight > Bits{});
    CHECK(evidence.weight < same);
  }
}

TEST_CASE("the first of January is read as a year whose day nobody knew") {
  const DateEvidence evidence = compare_dates(date(1948, 1, 1), date(1948, 7, 23));
  CHECK(evidence.agreement == Agreement::partial);
  CHECK(evidence.weight > Bits{});
  CHECK(compare_dates(date(1948, 1, 1), date(1949, 1, 1)).weight < Bits{});
}

TEST_CASE("years further apart contradict more") {
  Bits before;
  for (const int apart : {1, 3, 7, 20}) {
    const Bits weight = compare_dates(date(1960, 3, 11), date(1960 + apart, 8, 20)).weight;
    CHECK(weight < before);
    CHECK(compare_dates(date(1960), date(1960 + apart)).weight >= weight);
    before = weight;
  }
}

TEST_CASE("a year alone that is one apart says nothing, since years are reckoned from ages") {
  CHECK(compare_dates(date(1960), date(1961)).weight == Bits{});
  CHECK(compare_dates(date(1960, 3, 11), date(1961)).weight == Bits{});
  CHECK(compare_dates(date(1960), date(1963)).weight < Bits{});
}

}  // namespace
}  // namespace semak
