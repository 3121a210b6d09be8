#include "engine/monitor/near_numbers.h"

#include <algorithm>
#include <string_view>

#include "engine/match/person_evidence.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

std::uint64_t hash_of_number(std::string_view text) { return hash_bytes(text, 0x6e756d6265727321); }

// Of the number itself and of what is left of it without one character.
template <class Visit>
void for_each_near(std::string_view text, Visit visit) {
  visit(hash_of_number(text));
  std::string rest;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && text[i] == text[i - 1]) continue;  // the same is left
    rest.assign(text.substr(0, i));
    rest += text.substr(i + 1);
    visit(hash_of_number(rest));
  }
}

}  // namespace

NearNumbers::NearNumbers(std::span<const IndexedPerson> people) : people_(people), filter_(kFilterBits / 64) {
  for (std::uint32_t person = 0; person < people.size(); ++person) {
    const auto file = [&](std::uint64_t hash) { filed_.emplace_back(hash, person); };
    for (const IdentityNumber& number : people[person].profile.numbers) {
      for_each_near(number.canonical, file);
      for (const std::string& permuted : number_permutations(number)) file(hash_of_number(permuted));
    }
  }
  std::sort(filed_.begin(), filed_.end());
  for (const auto& [hash, person] : filed_) filter_[hash / 64 % filter_.size()] |= std::uint64_t{1} << (hash % 64);
}

void NearNumbers::find(std::span<const IdentityNumber> numbers, std::vector<std::uint32_t>& out) const {
  out.clear();
  for (const IdentityNumber& number : numbers) {
    for_each_near(number.canonical, [&](std::uint64_t hash) {
      if (!maybe(hash)) return;
      const auto first = std::lower_bound(filed_.begin(), filed_.end(), std::pair(hash, std::uint32_t{0}));
      for (auto at = first; at != filed_.end() && at->first == hash; ++at) {
        const std::vector<IdentityNumber>& theirs = people_[at->second].profile.numbers;
        if (std::any_of(theirs.begin(), theirs.end(), [&](const IdentityNumber& other) {
              return relate_numbers(number, other) != NumberRelationKind::none;
            })) {
          out.push_back(at->second);
        }
      }
    });
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

}  // namespace semak
