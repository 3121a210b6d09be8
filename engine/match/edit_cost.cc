#include "engine/match/edit_cost.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace semak {
namespace {

constexpr std::size_t kLengthMax = 40;  // longer texts are compared by their first letters

constexpr std::int32_t bits(double value) { return static_cast<std::int32_t>(value * Bits::kPerBit + 0.5); }

// Weights from some 300 true differences between forms of one person's name (Malaysian Election Corpus, CC0):
// -log2 of how often such a difference occurs, counted by class.
constexpr std::int32_t kVowelInOut = bits(1.5);
constexpr std::int32_t kGAfterN = bits(2.0);
constexpr std::int32_t kHInOut = bits(2.1);
constexpr std::int32_t kDoubled = bits(2.1);
constexpr std::int32_t kConsonantInOut = bits(2.9);
constexpr std::int32_t kOtherVowel = bits(3.2);
constexpr std::int32_t kTransposed = bits(3.3);
constexpr std::int32_t kLastConsonant = bits(3.4);
constexpr std::int32_t kOtherConsonant = bits(4.2);
constexpr std::int32_t kVowelForConsonant = bits(5.0);
constexpr std::int32_t kFirstLetter = bits(1.8);

constexpr bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

struct LetterPair {
  char a, b;
  double bits;
  std::string_view source;
};
constexpr LetterPair kLetterPairs[] = {
    {'e', 'i', 0.1, "Kader/Kadir"},
    {'i', 'y', 0.1, "Zulkifli/Zulkifly"},
    {'e', 'y', 0.6, "Pillei/Pilley"},
    {'o', 'u', 0.2, "Yunos/Yunus"},
    {'a', 'e', 1.9, "Malaek/Melaek"},
    {'m', 'n', 1.1, "Sambanthan/Sambantham"},
    {'b', 'p', 1.6, "Talib/Talip"},
    {'d', 't', 1.8, "Saad/Saat"},
    {'g', 'k', 1.8, "Gopal/Kopal"},
    {'f', 'p', 1.8, "Manaf/Manap"},
    {'v', 'w', 1.2, "Selvam/Selwam"},
    {'b', 'v', 2.4, "Baloo/Valoo"},
    {'c', 'k', 2.2, "Yaacob/Yaakob"},
    {'k', 'q', 1.2, "Sadik/Sadiq"},
    {'s', 'z', 2.0, "Aziz/Azis"},
    {'j', 'z', 2.8, "Jul/Zul"},
    {'c', 's', 2.8, "Chelvan/Selvan"},
    {'l', 'r', 3.4, "similar sound"},
    {'f', 'v', 2.6, "similar sound"},
    {'s', 'x', 3.0, "similar sound"},
    {'i', 'l', 3.0, "scan: Hanadziah/Hanadzlah"},
    {'c', 'e', 3.6, "scan: Nadchatiram"},
    {'h', 'n', 3.6, "scan"},
    {'u', 'w', 2.0, "Auang/Awang"},
    {'i', 'j', 3.4, "keyboard"},
    {'h', 'k', 3.4, "final h/k"},
    {'g', 'j', 3.4, "similar sound"},
    {'u', 'v', 3.6, "scan"},
    {'n', 'u', 3.8, "scan"},
    {'o', 'w', 3.0, "Tiaw/Tiao"},
};

struct SubstitutionTable {
  std::array<std::array<std::int32_t, 26>, 26> cost{};
  constexpr SubstitutionTable() {
    for (int a = 0; a < 26; ++a) {
      for (int b = 0; b < 26; ++b) {
        const bool va = is_vowel(static_cast<char>('a' + a));
        const bool vb = is_vowel(static_cast<char>('a' + b));
        cost[a][b] = a == b ? 0 : va && vb ? kOtherVowel : va != vb ? kVowelForConsonant : kOtherConsonant;
      }
    }
    for (const LetterPair& pair : kLetterPairs) {
      cost[pair.a - 'a'][pair.b - 'a'] = cost[pair.b - 'a'][pair.a - 'a'] = bits(pair.bits);
    }
  }
};
constexpr SubstitutionTable kSubstitution;

std::int32_t substitution(char a, char b, bool first, bool last) {
  if (a == b) return 0;
  std::int32_t cost = kOtherConsonant;
  if (a >= 'a' && a <= 'z' && b >= 'a' && b <= 'z') cost = kSubstitution.cost[a - 'a'][b - 'a'];
  if (last && cost > kLastConsonant && !is_vowel(a) && !is_vowel(b)) cost = kLastConsonant;
  return first ? cost + kFirstLetter : cost;
}

// Cost of text[at] being there in one spelling and not in the other.
std::int32_t in_out(std::string_view text, std::size_t at) {
  const char c = text[at];
  const bool doubled = (at > 0 && text[at - 1] == c) || (at + 1 < text.size() && text[at + 1] == c);
  std::int32_t cost = is_vowel(c) ? kVowelInOut : kConsonantInOut;
  if (c == 'g' && at > 0 && text[at - 1] == 'n') cost = kGAfterN;
  if (c == 'h') cost = kHInOut;
  if (doubled) return std::min(cost, kDoubled);  // the first of two is as good as the second
  return at == 0 ? cost + kFirstLetter : cost;
}

// One sound written with two letters or with one.
struct Digraph {
  std::string_view two;
  char one;
  std::int32_t cost;
};
constexpr Digraph kDigraphs[] = {
    {"ee", 'i', bits(0.6)}, {"oo", 'u', bits(0.6)}, {"ph", 'f', bits(1.0)}, {"ck", 'k', bits(1.0)},
    {"rn", 'm', bits(3.2)}, {"ou", 'u', bits(1.0)}, {"oe", 'u', bits(1.2)}, {"ch", 's', bits(2.6)},
    {"ah", 'a', bits(1.6)}, {"ks", 'x', bits(1.5)},
};

// The digraph of each pair of letters, if there is one. No pair stands for two sounds.
struct DigraphTable {
  struct Entry {
    char one = 0;
    std::int16_t cost = 0;
  };
  std::array<std::array<Entry, 26>, 26> of{};
  constexpr DigraphTable() {
    for (const Digraph& entry : kDigraphs) {
      of[entry.two[0] - 'a'][entry.two[1] - 'a'] = {entry.one, static_cast<std::int16_t>(entry.cost)};
    }
  }
};
constexpr DigraphTable kDigraphOf;

// What the letters of one side cost whatever the other side is.
struct Letters {
  explicit Letters(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      lost[i + 1] = in_out(text, i);
      digraph[i + 1] = {};
      if (i == 0) continue;
      const auto first = static_cast<unsigned>(text[i - 1] - 'a');
      const auto second = static_cast<unsigned>(text[i] - 'a');
      if (first < 26 && second < 26) digraph[i + 1] = kDigraphOf.of[first][second];
    }
  }
  // By the number of letters read: of the last letter, and of the last two.
  std::array<std::int32_t, kLengthMax + 1> lost;
  std::array<DigraphTable::Entry, kLengthMax + 1> digraph;
};

}  // namespace

int edit_distance_within(std::string_view a, std::string_view b, int limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > static_cast<std::size_t>(limit)) return limit + 1;
  while (!a.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty()) return static_cast<int>(b.size());
  if (limit == 0) return 1;
  if (limit == 1) {
    if (a.size() == 1 && b.size() == 1) return 1;
    return a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0] ? 1 : 2;
  }
  // Only the five diagonals around the main one can stay within two edits. Row i holds columns i-2 .. i+2.
  constexpr int kFar = 9;
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  std::array<int, 5> before{kFar, kFar, kFar, kFar, kFar};
  std::array<int, 5> above{kFar, kFar, 0, 1, 2};
  for (int i = 1; i <= n; ++i) {
    std::array<int, 5> row{kFar, kFar, kFar, kFar, kFar};
    int least = kFar;
    for (int k = 0; k < 5; ++k) {
      const int j = i + k - 2;
      if (j < 0 || j > m) continue;
      int value = kFar;
      if (j == 0) {
        value = i;
      } else {
        value = above[k] + (a[i - 1] == b[j - 1] ? 0 : 1);
        if (k + 1 < 5) value = std::min(value, above[k + 1] + 1);
        if (k > 0) value = std::min(value, row[k - 1] + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) value = std::min(value, before[k] + 1);
      }
      row[k] = value;
      least = std::min(least, value);
    }
    if (least > limit && *std::min_element(above.begin(), above.end()) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return std::min(above[m - n + 2], limit + 1);
}

Bits edit_cost(std::string_view a, std::string_view b) {
  a = a.substr(0, kLengthMax);
  b = b.substr(0, kLengthMax);
  const std::size_t n = a.size();
  const std::size_t m = b.size();
  const Letters of_a(a);
  const Letters of_b(b);
  std::array<std::array<std::int32_t, kLengthMax + 1>, 3> rows;  // of i-2, i-1 and i
  std::int32_t* before = rows[0].data();
  std::int32_t* above = rows[1].data();
  std::int32_t* row = rows[2].data();
  above[0] = 0;
  for (std::size_t j = 1; j <= m; ++j) above[j] = above[j - 1] + of_b.lost[j];
  for (std::size_t i = 1; i <= n; ++i) {
    const char c = a[i - 1];
    const DigraphTable::Entry two = of_a.digraph[i];
    row[0] = above[0] + of_a.lost[i];
    for (std::size_t j = 1; j <= m; ++j) {
      const char d = b[j - 1];
      std::int32_t best = std::min(above[j] + of_a.lost[i], row[j - 1] + of_b.lost[j]);
      best = std::min(best, above[j - 1] + substitution(c, d, i == 1 && j == 1, i == n && j == m));
      if (i > 1 && j > 1 && c == b[j - 2] && a[i - 2] == d) {
        best = std::min(best, before[j - 2] + kTransposed + (i == 2 && j == 2 ? kFirstLetter : 0));
      }
      if (two.one == d) best = std::min(best, before[j - 1] + two.cost);
      if (of_b.digraph[j].one == c) best = std::min(best, above[j - 2] + of_b.digraph[j].cost);
      row[j] = best;
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return Bits{above[m]};
}

}  // namespace semak
