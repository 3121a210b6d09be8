// Evidence is counted in bits: log2 of a likelihood ratio. Bits is a fixed-point number of 1/256 bit, so
// that sums are exact, the same on every machine, and an index can bound them without rounding.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

namespace semak {

struct Bits {
  static constexpr std::int32_t kPerBit = 256;

  std::int32_t raw = 0;  // in 1/256 bit

  static constexpr Bits whole(std::int32_t bits) { return Bits{bits * kPerBit}; }
  // Nearest 1/256 bit; saturates beyond +-1e6 bits, NaN is 0.
  static Bits from(double bits) {
    if (std::isnan(bits)) return Bits{};
    if (bits > 1e6) bits = 1e6;
    if (bits < -1e6) bits = -1e6;
    return Bits{static_cast<std::int32_t>(std::lround(bits * kPerBit))};
  }
  constexpr double value() const { return static_cast<double>(raw) / kPerBit; }

  constexpr auto operator<=>(const Bits&) const = default;
  constexpr Bits operator+(Bits other) const { return Bits{raw + other.raw}; }
  constexpr Bits operator-(Bits other) const { return Bits{raw - other.raw}; }
  constexpr Bits operator-() const { return Bits{-raw}; }
  constexpr Bits& operator+=(Bits other) {
    raw += other.raw;
    return *this;
  }
  constexpr Bits& operator-=(Bits other) {
    raw -= other.raw;
    return *this;
  }
};

}  // namespace semak
