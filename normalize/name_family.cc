#include "normalize/name_family.h"

#include <array>
#include <cstddef>

namespace semak {
namespace {

enum class Where : std::uint8_t { any, end, before_vowel, before_consonant, after_consonant };

struct Rule {
  std::string_view from;
  std::string_view to;
  Where where;
};

// Spelling conventions of Malay, Arabic and Tamil names in Latin letters. Longest match first within a letter; the
// output is not rewritten again. Differences that these rules fold cost at most a few tenths of a bit between two
// spellings of one person (e/i, o/u) or are pure orthography (sh/sy, dz/z). Not folded, since they keep different
// names apart: a with another vowel, h within a word, f/p, b/p, d/t, l/r, final consonants.
constexpr Rule kRules[] = {
    // clang-format off
    {"ay", "ai", Where::end},
    {"ay", "ai", Where::before_consonant},
    {"bh", "b", Where::before_vowel},
    {"ck", "k", Where::any},
    {"dh", "d", Where::before_vowel},
    {"dz", "z", Where::any},
    {"eey", "i", Where::end},
    {"ee", "i", Where::any},
    {"ey", "i", Where::end},
    {"e", "i", Where::any},
    {"gh", "g", Where::any},
    {"iy", "i", Where::before_vowel},
    {"ie", "i", Where::end},
    {"kh", "k", Where::any},
    {"oo", "u", Where::any},
    {"ou", "u", Where::any},
    {"o", "u", Where::any},
    {"ph", "f", Where::any},
    {"q", "k", Where::any},
    {"sh", "s", Where::any},
    {"sy", "s", Where::before_vowel},
    {"th", "t", Where::any},
    {"u", "uw", Where::before_vowel},
    {"v", "w", Where::any},
    {"w", "uw", Where::after_consonant},
    {"x", "ks", Where::any},
    {"y", "i", Where::end},
    {"y", "i", Where::before_consonant},
    {"zh", "z", Where::any},
    // clang-format on
};

constexpr bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

constexpr std::array<std::uint8_t, 27> rule_starts() {
  std::array<std::uint8_t, 27> starts{};
  std::size_t rule = 0;
  for (std::size_t letter = 0; letter < 26; ++letter) {
    while (rule < std::size(kRules) && static_cast<std::size_t>(kRules[rule].from[0] - 'a') < letter) ++rule;
    starts[letter] = static_cast<std::uint8_t>(rule);
  }
  starts[26] = static_cast<std::uint8_t>(std::size(kRules));
  return starts;
}
constexpr auto kStarts = rule_starts();

constexpr bool rules_are_sorted() {
  for (std::size_t i = 1; i < std::size(kRules); ++i) {
    if (kRules[i - 1].from[0] > kRules[i].from[0]) return false;
    if (kRules[i - 1].from[0] == kRules[i].from[0] && kRules[i - 1].from.size() < kRules[i].from.size()) return false;
  }
  return true;
}
static_assert(rules_are_sorted());

bool applies(const Rule& rule, std::string_view word, std::size_t at) {
  if (word.compare(at, rule.from.size(), rule.from) != 0) return false;
  const std::size_t next = at + rule.from.size();
  switch (rule.where) {
    case Where::any: return true;
    case Where::end: return next == word.size();
    case Where::before_vowel: return next < word.size() && is_vowel(word[next]);
    case Where::before_consonant: return next < word.size() && !is_vowel(word[next]);
    case Where::after_consonant: return at > 0 && !is_vowel(word[at - 1]);
  }
  return false;
}

int vowel_groups(std::string_view word) {
  int groups = 0;
  bool in_group = false;
  for (const char c : word) {
    const bool vowel = is_vowel(c);
    if (vowel && !in_group) ++groups;
    in_group = vowel;
  }
  return groups;
}

bool is_foldable(std::string_view word) {
  if (word.size() < 5 || vowel_groups(word) < 2) return false;
  for (const char c : word) {
    if (c < 'a' || c > 'z') return false;
  }
  return true;
}

}  // namespace

std::string family_key(std::string_view folded) {
  std::string key;
  if (!is_foldable(folded)) return key;
  const auto put = [&key](char c) {
    if (key.empty() || key.back() != c) key += c;
  };
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t letter = static_cast<std::size_t>(folded[at] - 'a');
    const Rule* found = nullptr;
    for (std::size_t i = kStarts[letter]; i < kStarts[letter + 1] && found == nullptr; ++i) {
      if (applies(kRules[i], folded, at)) found = &kRules[i];
    }
    if (found == nullptr) {
      put(folded[at++]);
      continue;
    }
    for (const char c : found->to) put(c);
    at += found->from.size();
  }
  if (key.size() > 3 && key.ends_with("ah")) key.pop_back();  // Fatima, Fatimah
  return key;
}

std::uint32_t family_id(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, folded to 32 bits
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  const std::uint32_t id = static_cast<std::uint32_t>(hash ^ (hash >> 32));
  return id == 0 ? 1 : id;
}

}  // namespace semak
