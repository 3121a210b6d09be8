#include "normalize/name_words.h"

#include "tests/catch.h"

namespace semak {
namespace {

// Words separated by spaces; markers as @ ( ) and comma.
std::string words_of(std::string_view text) {
  const NameWords words(text);
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) all += ' ';
    switch (words[i].kind) {
      case WordKind::word: all += words[i].text; break;
      case WordKind::alias_mark: all += '@'; break;
      case WordKind::open: all += '('; break;
      case WordKind::close: all += ')'; break;
      case WordKind::comma: all += ','; break;
    }
  }
  return all;
}

TEST_CASE("points, hyphens and spaces part words, apostrophes do not") {
  CHECK(words_of("Mohd.Zulfan b.Ramdi") == "mohd zulfan b ramdi");
  CHECK(words_of("V.T. Kasi-Velan") == "v t kasi velan");
  CHECK(words_of("Ma'arof Da`ud") == "maarof daud");
}

TEST_CASE("a slash between two letters is a marker, between words an alias, beside one letter a gap") {
  CHECK(words_of("Kasi A/L Velan") == "kasi a/l velan");
  CHECK(words_of("Kasi a\\p Velan") == "kasi a/p velan");
  CHECK(words_of("Kasi a/1 Velan s/0 Murul") == "kasi a/l velan s/o murul");
  CHECK(words_of("Kasi/Velan") == "kasi @ velan");
  CHECK(words_of("L/Kpl Zulfan") == "l kpl zulfan");
}

TEST_CASE("brackets of all kinds and quotation marks open and close") {
  CHECK(words_of("Kasi (Velan) [x] {y} \"z\"") == "kasi ( velan ) ( x ) ( y ) ( z )");
  CHECK(words_of("Kasi \xEF\xBC\x88Velan\xEF\xBC\x89") == "kasi ( velan )");
}

TEST_CASE("each Han character is a word that touches its neighbour in a run") {
  const NameWords words("\xE9\x99\x88\xE6\x98\x8E \xE5\xBE\xB7");
  REQUIRE(words.size() == 3);
  CHECK(words[0].script == Script::han);
  CHECK_FALSE(words[0].touches);
  CHECK(words[1].touches);
  CHECK_FALSE(words[2].touches);
}

TEST_CASE("a change of script parts words") { CHECK(words_of("Tan\xE9\x99\x88") == "tan \xE9\x99\x88"); }

TEST_CASE("what does not fit is cut and said") {
  CHECK(NameWords(std::string(200, 'a')).cut_short());
  std::string many;
  for (int i = 0; i < 500; ++i) many += "ab ";
  const NameWords words(many);
  CHECK(words.size() == NameWords::kWordsMax);
  CHECK(words.cut_short());
}

}  // namespace
}  // namespace semak
