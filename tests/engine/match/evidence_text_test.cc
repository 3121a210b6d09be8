#include "engine/match/evidence_text.h"

#include <string>
#include <utility>

#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("a line of evidence reads as a sentence in both languages") {
  const Evidence father{Aspect::father, Agreement::different, "hassan", "hussin", Bits::from(-1.9)};
  CHECK(evidence_text(father, Language::ms) == "Nama bapa bercanggah: hassan / hussin (-1.9 bit)");
  CHECK(evidence_text(father, Language::en) == "Father's names contradict: hassan / hussin (-1.9 bits)");
  const Evidence sex{Aspect::sex, Agreement::different, "M", "F", Bits::from(-2.4)};
  CHECK(evidence_text(sex, Language::ms) == "Jantina berbeza: lelaki / perempuan (-2.4 bit)");
}

TEST_CASE("every aspect and agreement that the engine produces has its sentence") {
  const std::pair<Aspect, Agreement> produced[] = {
      {Aspect::name_part, Agreement::equal},      {Aspect::name_part, Agreement::variant},
      {Aspect::name_part, Agreement::near},       {Aspect::name_part, Agreement::initial},
      {Aspect::name_part, Agreement::partial},    {Aspect::name_part, Agreement::other_script},
      {Aspect::name_part, Agreement::different},  {Aspect::name_extra, Agreement::missing},
      {Aspect::name_missing, Agreement::missing}, {Aspect::name_missing, Agreement::partial},
      {Aspect::name_order, Agreement::different}, {Aspect::father, Agreement::different},
      {Aspect::father, Agreement::missing},       {Aspect::alias, Agreement::partial},
      {Aspect::number, Agreement::equal},         {Aspect::number, Agreement::near},
      {Aspect::number, Agreement::different},     {Aspect::birth_date, Agreement::equal},
      {Aspect::birth_date, Agreement::partial},   {Aspect::birth_date, Agreement::near},
      {Aspect::birth_date, Agreement::different}, {Aspect::sex, Agreement::equal},
      {Aspect::sex, Agreement::different},        {Aspect::place, Agreement::equal},
      {Aspect::place, Agreement::different}};
  for (const auto& [aspect, agreement] : produced) {
    const Evidence evidence{aspect, agreement, "SUBJECT", "RECORD", Bits{}};
    for (const Language language : {Language::ms, Language::en}) {
      const std::string text = evidence_text(evidence, language);
      INFO(text);
      CHECK_FALSE(text.starts_with(std::string(to_string(aspect)) + " " + to_string(agreement)));
      CHECK(text.find('{') == std::string::npos);
      const bool names_a_value = text.find("SUBJECT") != std::string::npos || text.find("RECORD") != std::string::npos;
      CHECK(names_a_value);
    }
  }
}

TEST_CASE("a combination without a sentence is still told") {
  const Evidence odd{Aspect::place, Agreement::other_script, "a", "b", Bits{}};
  CHECK(evidence_text(odd, Language::en) == "place other_script: a / b (+0.0 bits)");
}

TEST_CASE("braces in a value are left alone") {
  const Evidence odd{Aspect::name_part, Agreement::equal, "{record}", "x", Bits::whole(1)};
  CHECK(evidence_text(odd, Language::en) == "Same name: {record} (+1.0 bit)");
}

}  // namespace
}  // namespace semak
