#include "engine/match/calibration.h"

#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("a probability rises with the score and with the base rate, and falls with the register's size") {
  for (const double rate : {1e-6, kDefaultBaseRate, 0.5}) {
    for (const std::uint64_t people : {1ULL, 4'000ULL, 10'000'000ULL}) {
      double before = -1;
      for (std::int32_t raw = -60 * 256; raw <= 80 * 256; raw += 64) {
        const double p = probability(Bits{raw}, rate, people);
        REQUIRE(p >= before);
        REQUIRE(p >= 0);
        REQUIRE(p <= 1);
        before = p;
      }
    }
  }
  CHECK(probability(Bits::whole(15), 0.1, 1000) > probability(Bits::whole(15), 0.001, 1000));
  CHECK(probability(Bits::whole(15), 0.1, 1000) > probability(Bits::whole(15), 0.1, 1'000'000));
}

TEST_CASE("nobody is certain to be the same person unless a number agrees in full") {
  const Bits near = Bits::whole(29);
  const Bits equal = Bits::whole(46);
  const Bits score = Bits::whole(70);
  CHECK(probability(score, kDefaultBaseRate, 1000) > 0.999);
  CHECK(hit_probability(score, near, kDefaultBaseRate, 1000) == kUncertainMax);
  CHECK(hit_probability(score, equal, kDefaultBaseRate, 1000) == probability(score, kDefaultBaseRate, 1000));
  const Bits weak = Bits::whole(10);
  CHECK(hit_probability(weak, near, kDefaultBaseRate, 1000) == probability(weak, kDefaultBaseRate, 1000));
}

TEST_CASE("extreme scores, rates and sizes still give a probability") {
  for (const Bits score : {Bits::from(-1e6), Bits::from(1e6), Bits{}}) {
    for (const double rate : {0.0, 1.0, 1e-300}) {
      for (const std::uint64_t people : {0ULL, ~0ULL}) {
        const double p = probability(score, rate, people);
        CHECK(p >= 0);
        CHECK(p <= 1);
      }
    }
  }
}

}  // namespace
}  // namespace semak
