#include "normalize/script_words.h"

#include <string>
#include <vector>

#include "normalize/normalizer.h"
#include "tests/catch.h"

namespace semak {
namespace {

const Normalizer& normalizer() {
  static const Normalizer instance;
  return instance;
}

std::vector<std::string> words_of(const NameForm& form) {
  std::vector<std::string> words;
  for (const NameToken& token : form.tokens) words.push_back(token.text);
  return words;
}

std::vector<std::string> words_of(const std::string& name) {
  const NormalizedName normalized = normalizer().name(name);
  return words_of(normalized.forms().at(0));
}

using Words = std::vector<std::string>;

TEST_CASE("Jawi names are divided as Rumi divides them") {
  struct Case {
    const char* name;
    Words words;
    const char* reason;
  };
  const Case cases[] = {
      {"عبدالرحمن", {"عبدال", "رحمن"}, "Abdul Rahman"},
      {"عبد الرحمن", {"عبدال", "رحمن"}, "Abdul Rahman, the article with the second word"},
      {"عبدالله", {"عبدالله"}, "Abdullah is one word"},
      {"عبد الله", {"عبدالله"}, "also where it is written in two"},
      {"محي الدين ياسين", {"محيالدين", "ياسين"}, "Muhyiddin"},
      {"زين العابدين", {"زينال", "عابدين"}, "Zainal Abidin"},
      {"حسن البنا", {"حسن", "البنا"}, "no Malay name ends there"},
      {"محمد", {"محمد"}, "nothing to divide"},
  };
  for (const Case& one : cases) {
    INFO(one.name << ": " << one.reason);
    CHECK(words_of(one.name) == one.words);
  }
}

TEST_CASE("a name that a table knows has the family and the role of its Rumi spelling") {
  const NameForm jawi = normalizer().name("محمد علي").forms().at(0);
  const NameForm rumi = normalizer().name("Mohd Ali").forms().at(0);
  REQUIRE(jawi.tokens.size() == rumi.tokens.size());
  for (std::size_t i = 0; i < rumi.tokens.size(); ++i) {
    CHECK(jawi.tokens[i].family == rumi.tokens[i].family);
    CHECK(jawi.tokens[i].family != 0);
    CHECK(jawi.tokens[i].role == rumi.tokens[i].role);
  }
  const NameForm tamil = normalizer().name("கர்பால் சிங்").forms().at(0);
  CHECK(tamil.tokens.at(1).role == normalizer().name("Karpal Singh").forms().at(0).tokens.at(1).role);
}

TEST_CASE("a run of Han characters by sound is also read as likely words") {
  const auto has_form = [](const std::string& name, const Words& words) {
    const NormalizedName normalized = normalizer().name(name);
    for (const NameForm& form : normalized.forms()) {
      if (form.kind == FormKind::sound && words_of(form) == words) return true;
    }
    return false;
  };
  CHECK(has_form("阿末马兹兰", {"阿末", "马兹兰"}));
  CHECK(has_form("东姑阿都拉曼", {"东姑", "阿都", "拉曼"}));
  CHECK(has_form("慕尤丁·雅辛", {"慕尤丁", "雅辛"}));
  CHECK(has_form("慕尤丁", {"慕尤丁"}));
}

TEST_CASE("Chinese names are not read by sound") {
  for (const char* name : {"陈国伟", "欧阳捍华", "林冠英", "王 建 民"}) {
    const NormalizedName normalized = normalizer().name(name);
    for (const NameForm& form : normalized.forms()) {
      INFO(name);
      CHECK(form.kind != FormKind::sound);
    }
  }
}

TEST_CASE("words of one Tamil letter are initials") {
  CHECK(is_tamil_initial("ச"));
  CHECK(is_tamil_initial("கோ"));
  CHECK(is_tamil_initial("எஸ்"));
  CHECK_FALSE(is_tamil_initial("மணி"));
  const NameForm form = normalizer().name("ச. சாமிவேலு").forms().at(0);
  REQUIRE(form.tokens.size() == 2);
  CHECK(form.tokens[0].role == TokenRole::initial);
  CHECK(form.tokens[1].role == TokenRole::given);
}

}  // namespace
}  // namespace semak
