#include "normalize/scripts.h"

#include <algorithm>
#include <random>

#include "normalize/text.h"
#include "tests/catch.h"
#include "tests/normalize/script_pairs.h"

using namespace semak;
using semak_test::ScriptPair;

namespace {

// Optimal string alignment, from its definition.
int edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<int>(i + j);
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

bool related(std::string_view word, Script script, std::string_view latin) {
  if (script == Script::han && han_spelling_rank(word, latin) >= 0) return true;
  const std::string a = script_skeleton(word, script);
  const std::string b = latin_skeleton(latin);
  return !a.empty() && !b.empty() && edits(a, b) <= skeleton_edits_max(a.size(), b.size());
}

// Of a hundred pairs, how many the relation holds for.
double share_related(const std::vector<ScriptPair>& pairs, Script script) {
  int count = 0;
  for (const ScriptPair& pair : pairs) {
    const bool holds = related(pair.word, script, pair.rumi);
    if (!holds) UNSCOPED_INFO(std::string(pair.word) + " is not related to " + std::string(pair.rumi));
    count += holds ? 1 : 0;
  }
  return 100.0 * count / static_cast<double>(pairs.size());
}

// Of a hundred words of different pairs, how many the relation holds for.
double share_colliding(const std::vector<ScriptPair>& pairs, Script script) {
  std::vector<std::string> skeletons;
  std::vector<std::string> latin;
  for (const ScriptPair& pair : pairs) {
    skeletons.push_back(script_skeleton(pair.word, script));
    latin.push_back(latin_skeleton(pair.rumi));
  }
  int count = 0;
  int all = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = 0; j < pairs.size(); ++j) {
      // another spelling of the same word is no collision
      if (pairs[i].word == pairs[j].word || pairs[i].rumi == pairs[j].rumi) continue;
      const std::string& a = skeletons[i];
      const std::string& b = latin[j];
      const bool spelt = script == Script::han && han_spelling_rank(pairs[i].word, pairs[j].rumi) >= 0;
      const bool near = !a.empty() && !b.empty() && edits(a, b) <= skeleton_edits_max(a.size(), b.size());
      ++all;
      count += spelt || near ? 1 : 0;
    }
  }
  return 100.0 * count / all;
}

std::string utf8(char32_t c) {
  std::string text;
  append_utf8(c, text);
  return text;
}

}  // namespace

TEST_CASE("a skeleton is what spellings of one name share") {
  CHECK(latin_skeleton("muhammad") == "mmt");
  CHECK(latin_skeleton("mohamed") == latin_skeleton("muhammad"));
  CHECK(latin_skeleton("yusof") == latin_skeleton("yusuf"));
  CHECK(latin_skeleton("yusof") == "ysw");
  CHECK(latin_skeleton("dzulkifli") == latin_skeleton("zulkifly"));
  CHECK(latin_skeleton("anuar") == latin_skeleton("anwar"));
  CHECK(latin_skeleton("ridzuan") == latin_skeleton("rizwan"));
  CHECK(latin_skeleton("gopalakrishnan") == latin_skeleton("gobalakrishnan"));
  CHECK(latin_skeleton("vigneswaran") != latin_skeleton("ganesan"));
  CHECK(latin_skeleton("sankar") == latin_skeleton("sanggar"));
  CHECK(latin_skeleton("chandran") == latin_skeleton("santhiran"));
  CHECK(latin_skeleton("ayub") == "yp");
  CHECK(latin_skeleton("suppiah") == latin_skeleton("subbiah"));
  CHECK(latin_skeleton("aea") == "");
  CHECK(latin_skeleton("") == "");
}

TEST_CASE("skeletons are written in ten letters") {
  std::mt19937 random(6);
  for (int i = 0; i < 20000; ++i) {
    std::string word;
    for (std::size_t k = random() % 14; k > 0; --k) word.push_back(static_cast<char>('a' + random() % 26));
    const std::string skeleton = latin_skeleton(word);
    if (skeleton.find_first_not_of("pktwzlmnsy") != std::string::npos || skeleton.size() > word.size()) FAIL(word);
  }
}

TEST_CASE("Jawi meets Rumi") {
  CHECK(share_related(semak_test::jawi_pairs(), Script::jawi) >= 95);
  CHECK(share_colliding(semak_test::jawi_pairs(), Script::jawi) <= 3);
}

TEST_CASE("Tamil meets Rumi") {
  CHECK(share_related(semak_test::tamil_pairs(), Script::tamil) >= 95);
  CHECK(share_colliding(semak_test::tamil_pairs(), Script::tamil) <= 2);
}

TEST_CASE("Han characters meet their spellings in any dialect") {
  CHECK(share_related(semak_test::han_pairs(), Script::han) >= 97);
  CHECK(share_colliding(semak_test::han_pairs(), Script::han) <= 4);
}

TEST_CASE("Malay, Indian and English names written in Han by sound meet Rumi") {
  CHECK(share_related(semak_test::han_sound_pairs(), Script::han) >= 95);
  CHECK(share_colliding(semak_test::han_sound_pairs(), Script::han) <= 3);
  for (const ScriptPair& pair : semak_test::han_sound_pairs()) {
    INFO(pair.word);
    CHECK(is_han_by_sound(pair.word));
  }
  CHECK_FALSE(is_han_by_sound("陈志强"));
  CHECK_FALSE(is_han_by_sound("林"));
  CHECK_FALSE(is_han_by_sound(""));
}

TEST_CASE("rules alone read Jawi that no table knows") {
  CHECK(latin_reading("شهرودين", Script::jawi) == "shhrudin");
  CHECK(script_skeleton("شهرودين", Script::jawi) == latin_skeleton("shahrudin"));
  CHECK(script_skeleton("کمارالزمان", Script::jawi) == latin_skeleton("kamaruzzaman"));
  CHECK(script_skeleton("عبدالمعز", Script::jawi) == latin_skeleton("abdulmuiz"));
  CHECK(script_skeleton("عبدالستار", Script::jawi) == latin_skeleton("abdusattar"));
}

TEST_CASE("ways of encoding one Jawi word are one word") {
  const std::string plain = script_skeleton("ذوالکفلي", Script::jawi);
  for (const char* text : {"ذوالكفلي", "ذوالکفلی", "ذُوالکِفلي", "ذوالـکفلي", "ذو\xE2\x80\x8Cالکفلي", "ﺫﻭﺍﻟﻜﻔﻠﻲ"}) {
    INFO(text);
    CHECK(folded_letters(text, Script::jawi) == folded_letters("ذوالکفلي", Script::jawi));
    CHECK(script_skeleton(text, Script::jawi) == plain);
  }
  CHECK(script_skeleton("مُحَمَّد", Script::jawi) == script_skeleton("محمد", Script::jawi));
  CHECK(folded_letters("أحمد", Script::jawi) == folded_letters("احمد", Script::jawi));
  CHECK(folded_letters("ﷲ", Script::jawi) == folded_letters("الله", Script::jawi));
}

TEST_CASE("simplified and traditional characters are spelt alike") {
  CHECK(spellings_of_han("陳") == spellings_of_han("陈"));
  CHECK(spellings_of_han("歐陽") == spellings_of_han("欧阳"));
  CHECK(folded_letters("陳偉強", Script::han) == "陈伟强");
  CHECK(spellings_of_han("陈").front() == "tan");
  CHECK(spellings_of_han("林").front() == "lim");
  CHECK(han_spelling_rank("陳", "tan") == 0);
  CHECK(han_spelling_rank("陳", "lim") == -1);
  CHECK(han_spelling_rank("x", "tan") == -1);
  CHECK(spellings_of_han("").empty());
  CHECK(han_of_spelling("").empty());
}

TEST_CASE("surnames are known, of one character and of two") {
  for (const char* han : {"陈", "陳", "林", "黄", "黃", "欧阳", "歐陽", "司徒", "锺", "鍾", "钟", "丘", "邱"}) {
    INFO(han);
    CHECK(is_han_surname(han));
  }
  for (const char* han : {"", "的", "tan", "慕尤", "陈林"}) {
    INFO(han);
    CHECK_FALSE(is_han_surname(han));
  }
}

TEST_CASE("spellings of characters and characters of spellings are one relation") {
  std::size_t characters = 0;
  for (char32_t c = 0x3400; c <= 0x9FFF; ++c) {
    const std::string han = utf8(c);
    const auto& spellings = spellings_of_han(han);
    if (!spellings.empty()) ++characters;
    for (std::size_t rank = 0; rank < spellings.size(); ++rank) {
      const auto& back = han_of_spelling(spellings[rank]);
      if (std::find(back.begin(), back.end(), han) == back.end()) FAIL(han << ' ' << spellings[rank]);
      if (han_spelling_rank(han, spellings[rank]) != static_cast<int>(rank)) FAIL(han << " twice " << spellings[rank]);
      if (spellings[rank].size() < 2 && spellings[rank] != "a" && spellings[rank] != "e" && spellings[rank] != "o") {
        FAIL(han << ' ' << spellings[rank]);
      }
      for (const std::string_view other : back) {
        if (han_spelling_rank(other, spellings[rank]) < 0) FAIL(other << ' ' << spellings[rank]);
      }
    }
  }
  CHECK(characters > 9000);
}

TEST_CASE("folding letters twice is folding once and changes no reading") {
  std::mt19937 random(7);
  const auto check = [](const std::string& text) {
    for (const Script script : {Script::latin, Script::jawi, Script::han, Script::tamil, Script::other}) {
      const std::string once = folded_letters(text, script);
      if (folded_letters(once, script) != once) FAIL(text);
      if (script != Script::latin && script_skeleton(once, script) != script_skeleton(text, script)) FAIL(text);
    }
  };
  for (char32_t c = 0x80; c <= 0xFFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) check(utf8(c));
  }
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::size_t k = random() % 8; k > 0; --k) {
      const char32_t base[] = {0x0600, 0x0B80, 0x4E00, 0xFB50, 0x61};
      append_utf8(base[random() % 5] + random() % 0x80, text);
    }
    check(text);
  }
}

TEST_CASE("any bytes have a reading and a skeleton") {
  std::mt19937 random(8);
  for (int i = 0; i < 5000; ++i) {
    std::string text(random() % 20, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    for (const Script script : {Script::latin, Script::jawi, Script::han, Script::tamil, Script::other}) {
      const std::string reading = latin_reading(text, script);
      if (script != Script::latin && reading.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
        FAIL(i);
      if (script_skeleton(text, script).find_first_not_of("pktwzlmnsy") != std::string::npos) FAIL(i);
    }
    is_han_surname(text);
    is_han_by_sound(text);
    latin_skeleton(text);
  }
  CHECK(latin_reading("", Script::jawi).empty());
  CHECK(script_skeleton("", Script::tamil).empty());
}
