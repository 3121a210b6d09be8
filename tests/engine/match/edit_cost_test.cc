#include "engine/match/edit_cost.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/engine/match/words.h"

namespace semak {
namespace {

// Textbook optimal string alignment: the whole table.
int textbook_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<int>(i + j);
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

bool agrees(const std::string& a, const std::string& b) {
  const int truth = textbook_distance(a, b);
  for (int limit = 0; limit <= 2; ++limit) {
    if (edit_distance_within(a, b, limit) != std::min(truth, limit + 1)) return false;
  }
  return true;
}

TEST_CASE("the distance with early exit agrees with the textbook on every pair of short words") {
  const std::vector<std::string> words = test::all_words("abc", 5);
  std::size_t wrong = 0;
  for (const std::string& a : words) {
    for (const std::string& b : words) wrong += !agrees(a, b);
  }
  CHECK(wrong == 0);
}

TEST_CASE("the distance with early exit agrees with the textbook on longer words that are nearly equal") {
  std::mt19937 random(7);
  std::size_t wrong = 0;
  for (int round = 0; round < 60'000; ++round) {
    const std::string a = test::random_word(random, "abcde", 1, 14);
    std::string b = a;
    for (int edit = static_cast<int>(random() % 4); edit > 0; --edit) b = test::edited(random, b, "abcde");
    wrong += !agrees(a, b);
  }
  CHECK(wrong == 0);
}

TEST_CASE("an edit cost is symmetric, nought for equal words only, and never negative") {
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    const std::string a = test::random_word(random, "abdeghimnosty", 1, 12);
    std::string b = a;
    for (int edit = static_cast<int>(random() % 4); edit > 0; --edit) b = test::edited(random, b, "abdeghimnosty");
    const Bits cost = edit_cost(a, b);
    REQUIRE(cost == edit_cost(b, a));
    REQUIRE((cost == Bits{}) == (a == b));
    REQUIRE(cost >= Bits{});
  }
}

TEST_CASE("a difference often seen between spellings of one name costs less than one seldom seen") {
  CHECK(edit_cost("kadir", "kader") < edit_cost("kadir", "kadar"));
  CHECK(edit_cost("yunus", "yunos") < edit_cost("yunus", "yunis"));
  CHECK(edit_cost("sambanthan", "sambantham") < edit_cost("sambanthan", "sambanthak"));
  CHECK(edit_cost("hasan", "hassan") < edit_cost("hasan", "hastan"));
  CHECK(edit_cost("kin", "king") < edit_cost("kin", "kint"));
  CHECK(edit_cost("azeez", "aziz") < edit_cost("azaaz", "aziz"));
  CHECK(edit_cost("ashfaq", "ashfak") < edit_cost("ashfaq", "ashfat"));
}

TEST_CASE("a slip in the first letter costs more than the same slip further on") {
  CHECK(edit_cost("manaf", "nanaf") > edit_cost("hamaf", "hanaf"));
  CHECK(edit_cost("hamid", "amid") > edit_cost("rahman", "raman"));
}

TEST_CASE("words longer than any name cost no more than their beginnings") {
  const std::string a(5000, 'a');
  const std::string b(5000, 'b');
  CHECK(edit_cost(a, b) == edit_cost(a.substr(0, 40), b.substr(0, 40)));
}

}  // namespace
}  // namespace semak
