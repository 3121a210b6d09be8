// A person's facts in few bytes, without loss.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/match/person_evidence.h"
#include "normalize/identity_number.h"
#include "normalize/profile.h"

namespace semak {

// Birth date, sex and state of a Profile in 32 bits.
struct PackedFacts {
  std::uint32_t bits = 0;

  static PackedFacts pack(const Profile& profile);
  PartialDate dob() const;
  Sex sex() const { return static_cast<Sex>(bits >> 23 & 3); }
  std::uint8_t state() const { return static_cast<std::uint8_t>(bits >> 25 & 31); }
  bool sex_given() const { return (bits >> 30 & 1) != 0; }
  bool cut_short() const { return bits >> 31 != 0; }
};

// All numbers of one person in 64 bits: none, one plain 12-digit number, or the place of a list in a pool of bytes.
struct PackedNumbers {
  std::uint64_t bits = 0;

  // Appends to `pool` what does not fit. The bytes depend on `numbers` and pool.size() alone.
  static PackedNumbers pack(std::span<const IdentityNumber> numbers, std::string& pool);
  // Replaces `out`. `pool`: what pack() filled.
  void unpack(std::span<const char> pool, std::vector<IdentityNumber>& out) const;
  bool none() const { return bits == 0; }
  // One plain MyKad that is no placeholder.
  bool one_mykad() const {
    return bits >> 62 == 1 && (bits >> 40 & 15) == static_cast<std::uint64_t>(NumberKind::mykad) &&
           (bits >> 44 & static_cast<std::uint64_t>(NumberFlag::placeholder)) == 0;
  }
  bool pooled() const { return bits >> 62 == 2; }
  // The same numbers where `pool` begins `shift` bytes later.
  PackedNumbers moved(std::uint64_t shift) const { return pooled() ? PackedNumbers{bits + shift} : *this; }
};

// BoundFacts in nine bits: year and sex in the lower eight, a year before 1931 or after 2014 being as good as unknown;
// above them whether there is a MyKad.
using PersonCode = std::uint16_t;
PersonCode person_code(const BoundFacts& facts);
BoundFacts facts_of_person_code(PersonCode code);
// What bounds both.
PersonCode join_person_codes(PersonCode a, PersonCode b);
inline constexpr PersonCode kPersonCodeYearless = 252;
inline constexpr PersonCode kPersonCodes = 255;  // of year and sex
inline constexpr PersonCode kPersonCodeMykad = 256;
// The code without the year.
inline constexpr int kRowClasses = 6;
constexpr int row_class(PersonCode code) { return (code & kPersonCodeMykad ? 3 : 0) + code % 256 % 3; }
constexpr Sex sex_of_class(int c) { return static_cast<Sex>(c % 3); }
constexpr bool class_has_mykad(int c) { return c >= 3; }

}  // namespace semak
