// A 64-bit checksum against accidents (not against an adversary), several GB/s. The same on every machine of one
// byte order; the value is part of the file formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace semak {

constexpr std::uint64_t mix64(std::uint64_t value) {  // splitmix64's finaliser
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9ULL;
  value ^= value >> 27;
  value *= 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

inline std::uint64_t checksum(std::span<const std::byte> bytes) {
  constexpr std::uint64_t kPrime = 0x9e3779b185ebca87ULL;
  std::uint64_t lanes[4] = {1, 2, 3, 4};
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 32; at += 32, left -= 32) {
    for (int lane = 0; lane < 4; ++lane) {
      std::uint64_t word;
      std::memcpy(&word, at + 8 * lane, 8);
      const std::uint64_t mixed = (lanes[lane] ^ word) * kPrime;
      lanes[lane] = (mixed << 29) | (mixed >> 35);
    }
  }
  std::uint64_t sum = mix64(bytes.size());
  for (const std::uint64_t lane : lanes) sum = mix64(sum ^ lane) * kPrime;
  for (; left > 0; ++at, --left) sum = mix64(sum ^ static_cast<std::uint64_t>(*at)) + kPrime;
  return mix64(sum);
}

}  // namespace semak
