// Random numbers that depend on nothing but (seed, stream, index): person 7,654,321 is the same person whichever
// thread makes them and however many people there are.
#pragma once

#include <cstdint>

namespace semak {

constexpr std::uint64_t mix64(std::uint64_t x) {  // finaliser of SplitMix64 (Steele, Lea, Flood 2014)
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t index)
      : state_(mix64(mix64(seed + 0x9e3779b97f4a7c15ull * (stream + 1)) + index)) {}

  std::uint64_t next() { return mix64(state_ += 0x9e3779b97f4a7c15ull); }
  std::uint32_t next32() { return static_cast<std::uint32_t>(next() >> 32); }
  // Uniform in 0..n-1. REQUIRES: n > 0
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next32()) * n) >> 32);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool chance(double share) { return unit() < share; }

 private:
  std::uint64_t state_;
};

}  // namespace semak
