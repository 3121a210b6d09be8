#include "engine/bits.h"

#include <limits>
#include <type_traits>

#include "tests/catch.h"

using semak::Bits;

TEST_CASE("a bit is 256 steps, and whole bits come back exactly", "[engine][bits]") {
  CHECK(Bits::whole(1).raw == 256);
  for (int bits = -1000; bits <= 1000; ++bits) CHECK(Bits::whole(bits).value() == bits);
}

TEST_CASE("a real number becomes the nearest step, halves away from zero", "[engine][bits]") {
  CHECK(Bits::from(1.0 / 256).raw == 1);
  CHECK(Bits::from(0.49 / 256).raw == 0);
  CHECK(Bits::from(0.5 / 256).raw == 1);
  CHECK(Bits::from(-0.5 / 256).raw == -1);
  CHECK(Bits::from(-2.25) == -Bits::from(2.25));
}

TEST_CASE("every step survives the way to a real number and back", "[engine][bits]") {
  for (int raw = -70000; raw <= 70000; ++raw) {
    if (Bits::from(Bits{raw}.value()).raw != raw) FAIL(raw);
  }
}

TEST_CASE("what is no reasonable number of bits saturates, and NaN says nothing", "[engine][bits]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(Bits::from(infinity) == Bits::whole(1000000));
  CHECK(Bits::from(-infinity) == Bits::whole(-1000000));
  CHECK(Bits::from(1e300) == Bits::whole(1000000));
  CHECK(Bits::from(std::numeric_limits<double>::quiet_NaN()) == Bits{});
}

TEST_CASE("sums do not depend on their order", "[engine][bits]") {
  const Bits terms[] = {Bits::from(0.1), Bits::from(17.3), Bits::from(-4.7), Bits::from(0.004), Bits::from(-12.9)};
  Bits forward, backward;
  for (int i = 0; i < 5; ++i) forward += terms[i];
  for (int i = 4; i >= 0; --i) backward += terms[i];
  CHECK(forward == backward);
  for (const Bits term : terms) forward -= term;
  CHECK(forward == Bits{});
}

TEST_CASE("bits compare as numbers and do not mix with plain integers", "[engine][bits]") {
  CHECK(Bits::from(-0.5) < Bits{});
  CHECK(Bits::whole(2) + Bits::whole(3) == Bits::whole(5));
  CHECK(Bits::whole(2) - Bits::whole(3) == -Bits::whole(1));
  STATIC_REQUIRE_FALSE(std::is_convertible_v<int, Bits>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Bits, int>);
}
