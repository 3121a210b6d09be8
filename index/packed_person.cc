#include "index/packed_person.h"

#include <algorithm>
#include <cstring>

#include "engine/check.h"

namespace semak {
namespace {

std::uint32_t pack_date(PartialDate date) {
  return static_cast<std::uint32_t>(date.year) | static_cast<std::uint32_t>(date.month) << 14 |
         static_cast<std::uint32_t>(date.day) << 18;
}

PartialDate unpack_date(std::uint32_t bits) {
  return {static_cast<std::int16_t>(bits & 0x3fff), static_cast<std::uint8_t>(bits >> 14 & 15),
          static_cast<std::uint8_t>(bits >> 18 & 31)};
}

constexpr std::uint64_t kInline = 1ULL << 62;
constexpr std::uint64_t kPooled = 2ULL << 62;
constexpr int kDigits = 12;

// Which centuries the birth dates of a 12-digit number have; `second` 0: unknown.
struct Centuries {
  int first, second;
};
constexpr Centuries kCenturies[] = {{0, 0}, {19, 0}, {20, 0}, {19, 20}, {20, 19}};

IdentityNumber unpack_inline(std::uint64_t bits) {
  IdentityNumber number;
  std::uint64_t digits = bits & ((1ULL << 40) - 1);
  number.canonical.assign(kDigits, '0');
  for (int i = kDigits - 1; i >= 0; --i, digits /= 10) number.canonical[i] = static_cast<char>('0' + digits % 10);
  number.kind = static_cast<NumberKind>(bits >> 40 & 15);
  number.flags = static_cast<NumberFlag>(bits >> 44 & 1023);
  number.sex = static_cast<Sex>(bits >> 54 & 3);
  auto two = [&](int at) { return (number.canonical[at] - '0') * 10 + number.canonical[at + 1] - '0'; };
  const Centuries centuries = kCenturies[bits >> 56 & 7];
  auto date = [&](int century) {
    if (century == 0) return PartialDate{};
    return PartialDate{static_cast<std::int16_t>(century * 100 + two(0)), static_cast<std::uint8_t>(two(2)),
                       static_cast<std::uint8_t>(two(4))};
  };
  number.birth_dates = {date(centuries.first), date(centuries.second)};
  number.place_code = static_cast<std::uint8_t>((bits >> 59 & 1) != 0 ? two(6) : 0);
  return number;
}

// 0 if the number is not one that its digits and a few bits give back.
std::uint64_t pack_inline(const IdentityNumber& number) {
  if (number.canonical.size() != kDigits) return 0;
  std::uint64_t digits = 0;
  for (const char c : number.canonical) {
    if (c < '0' || c > '9') return 0;
    digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (static_cast<unsigned>(number.kind) > 15 || static_cast<unsigned>(number.flags) > 1023) return 0;
  for (std::uint64_t code = 0; code < std::size(kCenturies); ++code) {
    for (std::uint64_t place = 0; place < 2; ++place) {
      const std::uint64_t bits = kInline | digits | static_cast<std::uint64_t>(number.kind) << 40 |
                                 static_cast<std::uint64_t>(number.flags) << 44 |
                                 static_cast<std::uint64_t>(number.sex) << 54 | code << 56 | place << 59;
      if (unpack_inline(bits) == number) return bits;
    }
  }
  return 0;
}

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

std::uint64_t take(const char*& at, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(*at++)} << (8 * i);
  return value;
}

constexpr int kFirstCodedYear = 1931;
constexpr int kCodedYears = 84;
static_assert(kPersonCodeYearless == kCodedYears * 3);

}  // namespace

PackedFacts PackedFacts::pack(const Profile& profile) {
  return {pack_date(profile.dob) | static_cast<std::uint32_t>(profile.sex) << 23 |
          static_cast<std::uint32_t>(profile.state & 31) << 25 | static_cast<std::uint32_t>(profile.sex_given) << 30 |
          static_cast<std::uint32_t>(profile.cut_short) << 31};
}

PartialDate PackedFacts::dob() const { return unpack_date(bits & 0x7fffff); }

PackedNumbers PackedNumbers::pack(std::span<const IdentityNumber> numbers, std::string& pool) {
  if (numbers.empty()) return {};
  if (numbers.size() == 1) {
    if (const std::uint64_t bits = pack_inline(numbers[0]); bits != 0) return {bits};
  }
  const PackedNumbers packed{kPooled | pool.size()};
  put(pool, numbers.size(), 4);
  for (const IdentityNumber& number : numbers) {
    put(pool, static_cast<std::uint64_t>(number.kind), 1);
    put(pool, static_cast<std::uint64_t>(number.flags), 2);
    put(pool, static_cast<std::uint64_t>(number.sex), 1);
    put(pool, number.place_code, 1);
    put(pool, pack_date(number.birth_dates[0]), 4);
    put(pool, pack_date(number.birth_dates[1]), 4);
    put(pool, number.canonical.size(), 4);
    pool += number.canonical;
  }
  return packed;
}

void PackedNumbers::unpack(std::span<const char> pool, std::vector<IdentityNumber>& out) const {
  if (none()) return out.clear();
  if (!pooled()) {
    out.resize(1);
    out[0] = unpack_inline(bits);
    return;
  }
  const char* at = pool.data() + (bits & (kInline - 1));
  out.resize(take(at, 4));
  for (IdentityNumber& number : out) {
    number.kind = static_cast<NumberKind>(take(at, 1));
    number.flags = static_cast<NumberFlag>(take(at, 2));
    number.sex = static_cast<Sex>(take(at, 1));
    number.place_code = static_cast<std::uint8_t>(take(at, 1));
    number.birth_dates[0] = unpack_date(static_cast<std::uint32_t>(take(at, 4)));
    number.birth_dates[1] = unpack_date(static_cast<std::uint32_t>(take(at, 4)));
    const std::uint64_t size = take(at, 4);
    number.canonical.assign(at, size);
    at += size;
  }
}

PersonCode person_code(const BoundFacts& facts) {
  const int sex = static_cast<int>(facts.sex);
  const int year = facts.birth_year - kFirstCodedYear;
  const int code = year < 0 || year >= kCodedYears ? kPersonCodeYearless + sex : year * 3 + sex;
  return static_cast<PersonCode>(code | (facts.mykad ? kPersonCodeMykad : 0));
}

BoundFacts facts_of_person_code(PersonCode code) {
  const bool mykad = (code & kPersonCodeMykad) != 0;
  const int rest = code & (kPersonCodeMykad - 1);
  if (rest >= kPersonCodeYearless) return {0, static_cast<Sex>(rest - kPersonCodeYearless), mykad};
  return {kFirstCodedYear + rest / 3, static_cast<Sex>(rest % 3), mykad};
}

PersonCode join_person_codes(PersonCode a, PersonCode b) {
  const BoundFacts x = facts_of_person_code(a);
  const BoundFacts y = facts_of_person_code(b);
  return person_code(
      {x.birth_year == y.birth_year ? x.birth_year : 0, x.sex == y.sex ? x.sex : Sex::unknown, x.mykad && y.mykad});
}

}  // namespace semak
