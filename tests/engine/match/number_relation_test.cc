#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "engine/match/person_evidence.h"
#include "tests/catch.h"

namespace semak {
namespace {

IdentityNumber number(std::string canonical, NumberKind kind = NumberKind::mykad) {
  IdentityNumber result;
  result.kind = kind;
  result.canonical = std::move(canonical);
  return result;
}

// Every text one edit away from `text`.
std::set<std::string> neighbours(const std::string& text, const std::string& alphabet) {
  std::set<std::string> result;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (const char letter : alphabet) {
      std::string longer = text;
      result.insert(longer.insert(i, 1, letter));
      if (i == text.size()) continue;
      std::string other = text;
      other[i] = letter;
      result.insert(other);
    }
    if (i == text.size()) continue;
    std::string shorter = text;
    result.insert(shorter.erase(i, 1));
    if (i + 1 == text.size()) continue;
    std::string swapped = text;
    std::swap(swapped[i], swapped[i + 1]);
    result.insert(swapped);
  }
  result.erase(text);
  return result;
}

TEST_CASE("exactly the numbers one edit or one swap of blocks away are near") {
  std::mt19937 random(2);
  std::size_t wrong = 0;
  for (int round = 0; round < 300; ++round) {
    std::string text(12, '0');
    for (char& digit : text) digit = static_cast<char>('0' + random() % 3);
    const IdentityNumber a = number(text);
    std::set<std::string> near = neighbours(text, "0123456789");
    for (const std::string& permuted : number_permutations(a)) near.insert(permuted);
    for (const std::string& other : near) wrong += relate_numbers(a, number(other)) == NumberRelationKind::none;
    for (int stranger = 0; stranger < 300; ++stranger) {
      std::string other = text;
      for (int edit = 0; edit < 3; ++edit) other[random() % 12] = static_cast<char>('0' + random() % 3);
      const NumberRelationKind relation = relate_numbers(a, number(other));
      wrong += relation != relate_numbers(number(other), a);
      const bool expected = other == text || near.count(other) > 0;
      wrong += (relation != NumberRelationKind::none) != expected;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("what kind of slip it was is told") {
  const IdentityNumber a = number("850311035228");
  CHECK(relate_numbers(a, number("850311035228")) == NumberRelationKind::equal);
  CHECK(relate_numbers(a, number("850311035229")) == NumberRelationKind::one_digit);
  CHECK(relate_numbers(a, number("850311035223")) == NumberRelationKind::lookalike);
  CHECK(relate_numbers(a, number("850311032528")) == NumberRelationKind::transposed);
  CHECK(relate_numbers(a, number("85031103528")) == NumberRelationKind::missing);
  CHECK(relate_numbers(a, number("110385035228")) == NumberRelationKind::swapped_blocks);
  CHECK(relate_numbers(a, number("850311522803")) == NumberRelationKind::swapped_blocks);
  CHECK(relate_numbers(number("850311522803"), a) == NumberRelationKind::swapped_blocks);
}

TEST_CASE("a placeholder is related to nothing, not even to itself") {
  IdentityNumber zeros = number("000000000000");
  zeros.flags = NumberFlag::placeholder;
  CHECK(relate_numbers(zeros, zeros) == NumberRelationKind::none);
}

TEST_CASE("short numbers have no near ones, and numbers of two kinds none either") {
  CHECK(relate_numbers(number("1234", NumberKind::army), number("1235", NumberKind::army)) == NumberRelationKind::none);
  CHECK(relate_numbers(number("A1234567", NumberKind::passport), number("A1234568", NumberKind::old_ic)) ==
        NumberRelationKind::none);
  CHECK(relate_numbers(number("A1234567", NumberKind::passport), number("A1234567", NumberKind::old_ic)) ==
        NumberRelationKind::equal);
}

}  // namespace
}  // namespace semak
