#include "normalize/name_family.h"

#include <map>

#include "normalize/name_lexicon.h"
#include "tests/catch.h"

namespace semak {
namespace {

const Lexicon& lexicon() {
  static const Lexicon tables;
  return tables;
}

std::uint32_t family(std::string_view name) { return lexicon().family(name, lexicon().find(name)); }

TEST_CASE("spelling conventions share a key") {
  const std::vector<std::vector<const char*>> families = {
      {"jauharuddin", "jauharudin", "jauharuddeen", "jauharoddin"},
      {"syahrizwan", "shahrizwan"},
      {"dzakwan", "zakwan"},
      {"khalishah", "kalishah", "kalisah"},
      {"marsila", "marsilah"},
      {"zulaikhan", "zulaikan"},
      {"thavanesan", "tavanesan", "thawanesan"},
      {"suvarnam", "suwarnam"},
      {"rosyanie", "rosyani", "rosyanee", "rosyany"},
      {"mozaffir", "muzaffir"},
      {"kaliyanan", "kalianan"},
  };
  for (const auto& spellings : families) {
    for (const char* spelling : spellings) {
      INFO(spelling);
      CHECK(family_key(spelling) == family_key(spellings[0]));
      CHECK_FALSE(family_key(spelling).empty());
    }
  }
}

TEST_CASE("short words and single syllables have no key") {
  for (const char* word : {"", "a", "lim", "ali", "chong", "liew", "isa", "kheng"}) CHECK(family_key(word).empty());
}

TEST_CASE("a key is its own key") {
  for (const char* word : {"jauharuddin", "syahrizwan", "dzakwan", "zulaikhan", "thavanesan", "kaliyanan"}) {
    const std::string key = family_key(word);
    CHECK(family_key(key) == key);
  }
}

TEST_CASE("table families hold what belongs together") {
  const std::vector<std::vector<const char*>> families = {
      {"muhammad", "mohamad", "mohamed", "mohd", "md", "muhd", "mohammed"},
      {"abdul", "abd", "ab"},
      {"yusof", "yusoff", "yusuf", "yusop"},
      {"zulkifli", "dzulkefly", "zolkipli", "zulkepli"},
      {"ismail", "esmail"},
      {"ibrahim", "brahim", "ebrahim"},
      {"othman", "osman", "usman"},
      {"yaakob", "yaacob", "yakub"},
      {"aishah", "aisyah", "esah"},
      {"khadijah", "katijah"},
      {"subramaniam", "supramaniam", "subramanian"},
      {"letchumi", "lakshmi", "laxmi"},
      {"gunasekaran", "kunasegaran"},
      {"steven", "stephen"},
      {"geoffrey", "jeffrey", "jefri"},
      {"nur", "noor", "nor"},
      {"awang", "ag", "awg"},
      {"abang", "abg"},
  };
  for (const auto& spellings : families) {
    for (const char* spelling : spellings) {
      INFO(spelling);
      CHECK(family(spelling) == family(spellings[0]));
      CHECK(family(spelling) != 0);
    }
  }
}

TEST_CASE("different names one letter or a consonant skeleton apart are not merged") {
  const std::pair<const char*, const char*> pairs[] = {
      {"hassan", "hussin"},    {"hassan", "hussein"}, {"said", "syed"},        {"said", "saad"},
      {"azhar", "azhari"},     {"taib", "talib"},     {"yunus", "yusof"},      {"hashim", "hisham"},
      {"abdul", "abdullah"},   {"idris", "idrus"},    {"jusoh", "yusof"},      {"tengku", "tunku"},
      {"nasir", "nazir"},      {"azman", "azmin"},    {"rosli", "roslan"},     {"rahman", "rahmat"},
      {"hamid", "hamad"},      {"kamal", "kamil"},    {"jamal", "jamil"},      {"salim", "salam"},
      {"muhammad", "mahmud"},  {"ahmad", "muhammad"}, {"fadzil", "fadzli"},    {"khairul", "khairil"},
      {"zainal", "zaini"},     {"mariam", "mariah"},  {"aminah", "aminuddin"}, {"siti", "sita"},
      {"gerald", "gerard"},    {"kevin", "kelvin"},   {"dennis", "denise"},    {"muniandy", "munusamy"},
      {"abdullah", "abdillah"}};
  for (const auto& [a, b] : pairs) {
    INFO(a << " " << b);
    CHECK((family(a) == 0 || family(a) != family(b)));
  }
}

TEST_CASE("a spelling that no table has joins the table's family by its key") {
  CHECK(lexicon().find("baharruddeen") == nullptr);
  CHECK(family("baharruddeen") == family("baharuddin"));
  CHECK(lexicon().find("vigneshwarran") == nullptr);
  CHECK(family("vigneshwarran") == family("vigneswaran"));
}

TEST_CASE("no table variant is split as a glued prefix") {
  CHECK(lexicon().find("abdullah") != nullptr);
  CHECK(lexicon().find("nordin") != nullptr);
}

}  // namespace
}  // namespace semak
