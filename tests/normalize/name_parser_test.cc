#include "normalize/name_parser.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/normalize/name_text.h"

namespace semak {
namespace {

using Forms = std::vector<std::string>;

TEST_CASE("an alias of the given name shares the father") {
  CHECK(forms_of("Samat @ Ab Samad Bin Ramdi") == Forms{"partial: samat ramdi/father",
                                                        "combined: ab/prefix samad ramdi/father",
                                                        "variant: samat ab/prefix samad ramdi/father"});
}

TEST_CASE("prefixes and hereditary parts before an alias are no name beside a father's") {
  CHECK(forms_of("Mohd Zulfan @ Zul Bin Ramdi") == Forms{"partial: mohd/prefix zulfan ramdi/father",
                                                         "combined: zul ramdi/father",
                                                         "variant: mohd/prefix zulfan zul ramdi/father"});
  CHECK(forms_of("Wan Abd Zulfan @ Wan Zul Bin Ramdi").front() ==
        "partial: wan/hereditary abd/prefix zulfan ramdi/father");
}

TEST_CASE("a nickname behind a name without a particle holds no father") {
  CHECK(forms_of("Mohd Zulfan (Tok Ai)").front() == "partial: mohd/prefix zulfan");
}

TEST_CASE("an alias of a Chinese name is a whole name") {
  CHECK(forms_of("Lim Kheng Beng @ Lim Keng Fook") ==
        Forms{"partial: lim/surname kheng beng", "alias: lim/surname keng fook"});
}

TEST_CASE("an English alias joins a Chinese name") {
  const Forms expected{"partial: liew/surname chin fook", "alias: christina",
                       "combined: christina liew/surname chin fook"};
  CHECK(forms_of("Liew Chin Fook [Christina]") == expected);
  CHECK(forms_of("Liew Chin Fook @ Christina") == expected);
  CHECK(forms_of("Liew Chin Fook (Christina)") == expected);
  CHECK(forms_of("Liew Chin Fook \"Christina\"") == expected);
}

TEST_CASE("a Chinese alias without a surname takes it from the name") {
  CHECK(forms_of("Lim Ah Lek @ Keng Fook") ==
        Forms{"partial: lim/surname ah lek", "alias: keng fook", "combined: lim/surname keng fook"});
}

TEST_CASE("an alias behind the father's name is the person's, instead of the given name or beside it") {
  CHECK(forms_of("Mojilan bin Bumparing @ Wilfred") == Forms{"partial: mojilan bumparing/father", "alias: wilfred",
                                                             "combined: wilfred bumparing/father",
                                                             "variant: mojilan wilfred bumparing/father"});
}

TEST_CASE("a bracket before the father's name is an alias of the person") {
  CHECK(forms_of("Samiran (Sairon) bin Ramdi") == Forms{"partial: samiran ramdi/father", "alias: sairon",
                                                        "combined: sairon ramdi/father",
                                                        "variant: samiran sairon ramdi/father"});
}

TEST_CASE("aliases of the person and of the father are combined") {
  const Forms forms = forms_of("Kalikau @ Kalikan bin Untal @ Ental");
  for (const char* expected :
       {"partial: kalikau untal/father", "combined: kalikan untal/father", "combined: ental untal/father"}) {
    INFO(expected);
    CHECK(std::count(forms.begin(), forms.end(), expected) == 1);
  }
}

TEST_CASE("names that are written in one word are read as in two") {
  CHECK(forms_of("Fairulnizam bin Ramdi") == forms_of("Fairul Nizam bin Ramdi"));
  CHECK(forms_of("Aminolhuda") == forms_of("Aminol Huda"));
  CHECK(forms_of("Zainudin") == Forms{"whole: zainudin"});
  CHECK(forms_of("Farzanud-din bin Ramdi") == forms_of("Farzanuddin bin Ramdi"));
  CHECK(forms_of("Ramdi Din") == Forms{"whole: ramdi din"});
}

TEST_CASE("without a particle the last name is shared") {
  const Forms forms = forms_of("Kassim @ Osman Ramdi");
  CHECK(std::count(forms.begin(), forms.end(), "partial: kassim ramdi/father") == 1);
  CHECK(std::count(forms.begin(), forms.end(), "alias: osman ramdi") == 1);
  CHECK(std::count(forms.begin(), forms.end(), "variant: kassim osman ramdi/father") == 1);
}

TEST_CASE("Alias is a name where it cannot be a marker") {
  CHECK(forms_of("Haji Alias Bin Ramdi Alias Alias Bin Zulfan") ==
        Forms{"partial: alias ramdi/father", "alias: alias zulfan/father"});
  CHECK(forms_of("Alias bin Ramdi") == Forms{"whole: alias ramdi/father"});
  CHECK(forms_of("Ramdi bin Alias") == Forms{"whole: ramdi alias/father"});
  CHECK(forms_of("Mohd Alias Ramdi") == Forms{"whole: mohd/prefix alias ramdi"});
}

TEST_CASE("an Alias that may be either is read both ways") {
  const Forms forms = forms_of("Ramdi Alias Zulfan");
  CHECK(std::count(forms.begin(), forms.end(), "partial: ramdi") == 1);
  CHECK(std::count(forms.begin(), forms.end(), "alias: zulfan") == 1);
  CHECK(std::count(forms.begin(), forms.end(), "variant: ramdi alias zulfan") == 1);
}

TEST_CASE("markers in words are aliases too") {
  for (const char* marker :
       {" @ ", "@", " a.k.a. ", " aka ", " dikenali sebagai ", " juga dikenali sebagai ", " | ", "; "}) {
    INFO(marker);
    const Forms forms = forms_of("Zulfan bin Ramdi" + std::string(marker) + "Jugin bin Lasan");
    CHECK(forms == Forms{"partial: zulfan ramdi/father", "alias: jugin lasan/father"});
  }
}

TEST_CASE("brackets around titles and retired officers' letters are no aliases") {
  CHECK(forms_of("Kapt (B) Zulfan (Bersara)") == Forms{"whole: zulfan"});
  CHECK(forms_of("Zulfan (Panglima)") == Forms{"whole: zulfan"});
}

TEST_CASE("a name in two scripts is two forms") {
  const Forms forms = forms_of("Tan Beng Fook \xE9\x99\x88\xE6\x98\x8E\xE7\xA6\x8F");
  REQUIRE(forms.size() >= 2);
  CHECK(forms[0] == "whole: tan/surname beng fook");
  CHECK(forms[1] == "alias: \xE9\x99\x88/surname \xE6\x98\x8E \xE7\xA6\x8F");
}

TEST_CASE("a known-as name is an alias") {
  CHECK(forms_of("Zulfan bin Ramdi", NameType::known_as) == Forms{"alias: zulfan ramdi/father"});
}

TEST_CASE("forms are bounded and never the same twice") {
  std::string text = "Zulfan bin Ramdi";
  for (char c = 'a'; c < 'z'; ++c) text += std::string(" @ kasi") + c + "an";
  const NormalizedName name = test_normalizer().name(text);
  CHECK(name.forms().size() <= NormalizedName::kFormsMax);
  CHECK(name.cut_short());
  CHECK(forms_of("Zulfan @ Zulfan") == Forms{"partial: zulfan"});
}

}  // namespace
}  // namespace semak
