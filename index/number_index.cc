#include "index/number_index.h"

#include <algorithm>
#include <bit>

#include "engine/match/person_evidence.h"
#include "index/checksum.h"

namespace semak {
namespace {

constexpr int kSymbols = 37;  // 0-9, A-Z, anything else
constexpr std::size_t kTabled = 64;
constexpr std::size_t kEditableMin = 5;  // relate_numbers: both sides of an edit are at least so long

int symbol(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return 10 + c - 'A';
  return kSymbols - 1;
}

struct PlaceHashes {
  std::array<std::array<std::uint64_t, kSymbols>, kTabled> of{};
  constexpr PlaceHashes() {
    for (std::size_t at = 0; at < kTabled; ++at) {
      for (int s = 0; s < kSymbols; ++s) of[at][s] = mix64(0x5e6d1b + at * kSymbols + static_cast<std::uint64_t>(s));
    }
  }
};
constexpr PlaceHashes kPlaceHashes;

// A number's hash is the sum of those of its characters at their places.
std::uint64_t hash_at(std::size_t at, int s) {
  if (at < kTabled) return kPlaceHashes.of[at][s];
  return mix64(0x5e6d1b + at * kSymbols + static_cast<std::uint64_t>(s));
}

std::uint64_t hash_of_number(std::string_view text) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < text.size(); ++at) sum += hash_at(at, symbol(text[at]));
  return sum;
}

// Calls visit(hash) for `text` and every text one edit from it that `alphabet` allows in the index.
template <class Visit>
void for_each_probe(std::string_view text, std::span<const std::uint64_t> alphabet, Visit visit) {
  auto allowed = [&](std::size_t length, std::size_t at) -> std::uint64_t {
    if (length >= kAlphabetLengths) return (1ULL << kSymbols) - 1;
    return alphabet[length * kAlphabetLengths + at];
  };
  const std::size_t length = text.size();
  const std::uint64_t whole = hash_of_number(text);
  visit(whole);
  if (length >= kEditableMin) {
    for (std::size_t at = 0; at < length; ++at) {
      const int own = symbol(text[at]);
      const std::uint64_t rest = whole - hash_at(at, own);
      for (std::uint64_t set = allowed(length, at); set != 0; set &= set - 1) {
        const int other = std::countr_zero(set);
        if (other != own) visit(rest + hash_at(at, other));
      }
    }
    for (std::size_t at = 0; at + 1 < length; ++at) {
      const int a = symbol(text[at]);
      const int b = symbol(text[at + 1]);
      if (a != b) visit(whole - hash_at(at, a) - hash_at(at + 1, b) + hash_at(at, b) + hash_at(at + 1, a));
    }
  }
  if (length > kEditableMin) {
    // Without the character at `at`: those behind it move down.
    std::uint64_t behind = hash_of_number(text.substr(1));
    if (length > kAlphabetLengths || allowed(length - 1, 0) != 0) {
      std::uint64_t before = 0;
      for (std::size_t at = 0;; ++at) {
        // before: text[0, at) in place; behind: hash of text[at + 1, end) moved down by one
        visit(before + behind);
        if (at + 1 == length) break;
        before += hash_at(at, symbol(text[at]));
        behind -= hash_at(at, symbol(text[at + 1]));
      }
    }
  }
  if (length >= kEditableMin) {
    std::uint64_t before = 0;
    std::uint64_t behind = 0;  // text[at, end) moved up by one
    for (std::size_t at = 0; at < length; ++at) behind += hash_at(at + 1, symbol(text[at]));
    for (std::size_t at = 0;; ++at) {
      for (std::uint64_t set = allowed(length + 1, at); set != 0; set &= set - 1) {
        visit(before + behind + hash_at(at, std::countr_zero(set)));
      }
      if (at == length) break;
      before += hash_at(at, symbol(text[at]));
      behind -= hash_at(at + 1, symbol(text[at]));
    }
  }
}

std::uint64_t scatter(std::uint64_t hash) { return mix64(hash); }
std::uint16_t print_of(std::uint64_t scattered) { return static_cast<std::uint16_t>(scattered >> 48); }
std::size_t bucket_of(std::uint64_t scattered, std::size_t buckets) { return (scattered & 0xffffffff) * buckets >> 32; }

}  // namespace

NumberArrays build_number_index(std::span<const PackedNumbers> people, std::span<const char> pool) {
  NumberArrays arrays;
  arrays.alphabet.assign(kAlphabetLengths * kAlphabetLengths, 0);
  std::vector<IdentityNumber> numbers;
  std::uint64_t total = 0;
  for (const PackedNumbers& packed : people) {
    if (packed.none()) continue;
    if (!packed.pooled()) {
      ++total;
      continue;
    }
    packed.unpack(pool, numbers);
    total += numbers.size();
  }
  const std::size_t buckets = total / 8 + 1;
  arrays.buckets.resize(buckets);
  for (std::size_t person = 0; person < people.size(); ++person) {
    if (people[person].none()) continue;
    people[person].unpack(pool, numbers);
    for (const IdentityNumber& number : numbers) {
      const std::string_view text = number.canonical;
      if (text.size() < kAlphabetLengths) {
        for (std::size_t at = 0; at < text.size(); ++at) {
          arrays.alphabet[text.size() * kAlphabetLengths + at] |= 1ULL << symbol(text[at]);
        }
      }
      const std::uint64_t hash = scatter(hash_of_number(text));
      for (std::size_t at = bucket_of(hash, buckets);; at = at + 1 == buckets ? 0 : at + 1) {
        NumberBucket& bucket = arrays.buckets[at];
        int entry = 0;
        while (entry < NumberBucket::kEntries && bucket.people[entry] != 0) ++entry;
        if (entry == NumberBucket::kEntries) continue;
        bucket.people[entry] = static_cast<std::uint32_t>(person + 1);
        bucket.prints[entry] = print_of(hash);
        break;
      }
    }
  }
  return arrays;
}

void find_related_numbers(const Segment& segment, std::span<const IdentityNumber> numbers,
                          std::vector<std::uint32_t>& out) {
  out.clear();
  const std::span<const NumberBucket> buckets = segment.number_buckets();
  thread_local std::vector<std::uint64_t> probes;
  probes.clear();
  auto probe = [&](std::uint64_t hash) {
    const std::uint64_t scattered = scatter(hash);
    __builtin_prefetch(&buckets[bucket_of(scattered, buckets.size())]);
    probes.push_back(scattered);
  };
  for (const IdentityNumber& number : numbers) {
    for_each_probe(number.canonical, segment.number_alphabet(), probe);
    for (const std::string& other : number_permutations(number)) probe(hash_of_number(other));
  }
  for (const std::uint64_t scattered : probes) {
    const std::uint16_t print = print_of(scattered);
    for (std::size_t at = bucket_of(scattered, buckets.size());; at = at + 1 == buckets.size() ? 0 : at + 1) {
      const NumberBucket& bucket = buckets[at];
      int entry = 0;
      for (; entry < NumberBucket::kEntries && bucket.people[entry] != 0; ++entry) {
        if (bucket.prints[entry] == print) out.push_back(bucket.people[entry] - 1);
      }
      if (entry < NumberBucket::kEntries) break;
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  thread_local std::vector<IdentityNumber> theirs;
  std::erase_if(out, [&](std::uint32_t person) {
    segment.numbers(person, theirs);
    for (const IdentityNumber& a : numbers) {
      for (const IdentityNumber& b : theirs) {
        if (relate_numbers(a, b) != NumberRelationKind::none) return false;
      }
    }
    return true;
  });
}

}  // namespace semak
