// How two identity numbers relate. A number has no check digit, so a near one is a mistype or a neighbour in the
// same office's queue: what that is worth is person_evidence.cc's business.
#include <algorithm>
#include <string_view>

#include "engine/match/edit_cost.h"
#include "engine/match/person_evidence.h"

namespace semak {
namespace {

constexpr std::size_t kNearLengthMin = 5;
constexpr std::size_t kMyKadLength = 12;

// Read for one another by people and scanners. Canonicals of MyKads hold digits only; other kinds letters too.
constexpr std::string_view kLookalikes[] = {"0O", "0D", "0Q", "1I", "1L", "1T", "5S", "8B", "2Z", "6G",
                                            "17", "38", "58", "68", "69", "08", "06", "49", "56", "35"};

bool look_alike(char a, char b) {
  return std::any_of(std::begin(kLookalikes), std::end(kLookalikes), [=](std::string_view pair) {
    return (pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a);
  });
}

NumberRelationKind relate_near(std::string_view a, std::string_view b) {
  if (edit_distance_within(a, b, 1) != 1) return NumberRelationKind::none;
  if (a.size() != b.size()) return NumberRelationKind::missing;
  const auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  const bool rest_equal = a.substr(at + 1) == b.substr(at + 1);
  if (!rest_equal) return NumberRelationKind::transposed;
  return look_alike(a[at], b[at]) ? NumberRelationKind::lookalike : NumberRelationKind::one_digit;
}

// Two kinds that may name one number: someone did not say, or the column guessed wrong.
bool kinds_agree(NumberKind a, NumberKind b) {
  const auto open = [](NumberKind kind) { return kind == NumberKind::unknown || kind == NumberKind::other; };
  return a == b || open(a) || open(b);
}

// False only if one cannot be an arrangement of the other.
bool same_digits(std::string_view a, std::string_view b) {
  int sum = 0;
  int squares = 0;
  for (const char c : a) sum += c, squares += c * c;
  for (const char c : b) sum -= c, squares -= c * c;
  return sum == 0 && squares == 0;
}

}  // namespace

std::vector<std::string> number_permutations(const IdentityNumber& number) {
  std::vector<std::string> result;
  const std::string& text = number.canonical;
  if (number.kind != NumberKind::mykad || text.size() != kMyKadLength) return result;
  const auto add = [&](std::string permuted) {
    if (permuted != text && std::find(result.begin(), result.end(), permuted) == result.end()) {
      result.push_back(std::move(permuted));
    }
  };
  add(text.substr(4, 2) + text.substr(2, 2) + text.substr(0, 2) + text.substr(6));  // DDMMYY
  add(text.substr(0, 6) + text.substr(8, 4) + text.substr(6, 2));                   // serial before place
  add(text.substr(0, 6) + text.substr(10, 2) + text.substr(6, 4));                  // and back again
  return result;
}

NumberRelationKind relate_numbers(const IdentityNumber& a, const IdentityNumber& b) {
  if (has(a.flags, NumberFlag::placeholder) || has(b.flags, NumberFlag::placeholder)) return NumberRelationKind::none;
  if (a.canonical == b.canonical) return NumberRelationKind::equal;
  if (!kinds_agree(a.kind, b.kind)) return NumberRelationKind::none;
  if (std::min(a.canonical.size(), b.canonical.size()) >= kNearLengthMin) {
    const NumberRelationKind near = relate_near(a.canonical, b.canonical);
    if (near != NumberRelationKind::none) return near;
  }
  // Lengths and kinds first: most pairs end there, and building permutations is dear.
  if (a.kind != NumberKind::mykad || b.kind != NumberKind::mykad || a.canonical.size() != b.canonical.size()) {
    return NumberRelationKind::none;
  }
  if (!same_digits(a.canonical, b.canonical)) return NumberRelationKind::none;
  const std::vector<std::string> permuted = number_permutations(a);
  const bool found = std::find(permuted.begin(), permuted.end(), b.canonical) != permuted.end();
  return found ? NumberRelationKind::swapped_blocks : NumberRelationKind::none;
}

}  // namespace semak
