#include "engine/match/explain.h"

#include <random>
#include <string>
#include <vector>

#include "engine/match/name_alignment.h"
#include "engine/match/person_evidence.h"
#include "tests/catch.h"
#include "tests/engine/match/words.h"

namespace semak {
namespace {

// Rarities that depend on the text alone.
class TextRarity : public RaritySource {
 public:
  Bits of_record(const NameToken& token) const override {
    return Bits::whole(static_cast<int>(token.text.size() % 12));
  }
  Bits of_neighbourhood(const NameToken& token, const Relation& relation) const override {
    return Bits::from(static_cast<double>(token.text.size() % 12) - relation.cost.value() / 2);
  }
};

NameForm random_form(std::mt19937& random) {
  NameForm form;
  form.kind = static_cast<FormKind>(random() % kFormKinds);
  form.tokens.resize(1 + random() % 6);
  for (NameToken& token : form.tokens) {
    token.text = test::random_word(random, "ab", 1, 5);
    token.family = static_cast<std::uint32_t>(random() % 3);
    token.role = static_cast<TokenRole>(random() % kTokenRoles);
  }
  return form;
}

Profile random_profile(std::mt19937& random) {
  Profile profile;
  profile.forms.resize(random() % 4);
  for (NameForm& form : profile.forms) form = random_form(random);
  if (random() % 2) profile.dob = {static_cast<std::int16_t>(1980 + random() % 3), 0, 0};
  profile.sex = static_cast<Sex>(random() % 3);
  return profile;
}

TEST_CASE("the lines of an explanation sum exactly to the score of the best pair of readings") {
  std::mt19937 random(12);
  const Model& model = default_model();
  const TextRarity rarities;
  for (int round = 0; round < 5'000; ++round) {
    const Profile subject = random_profile(random);
    const Profile record = random_profile(random);
    Bits expected = person_bits(facts_of(subject), facts_of(record), nullptr);
    std::uint8_t best_form = 0;
    if (!subject.forms.empty() && !record.forms.empty()) {
      Bits best = Bits::from(-1e6);
      for (std::size_t i = 0; i < subject.forms.size(); ++i) {
        for (const NameForm& form : record.forms) {
          const Bits score = name_score(model, subject.forms[i], form, rarities);
          if (score > best) best = score, best_form = static_cast<std::uint8_t>(i);
        }
      }
      expected += best;
    }
    Bits sum;
    for (const Evidence& line : explain(model, subject, best_form, record, rarities)) sum += line.weight;
    REQUIRE(sum == expected);
  }
}

TEST_CASE("a form that the subject does not have leaves the person's evidence alone") {
  Profile subject;
  subject.sex = Sex::female;
  const std::vector<Evidence> lines = explain(default_model(), subject, 3, subject, TextRarity());
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].aspect == Aspect::sex);
}

TEST_CASE("a contradicted father has a line of its own") {
  const auto token = [](const char* text, TokenRole role) {
    NameToken result;
    result.text = text;
    result.role = role;
    return result;
  };
  Profile subject, record;
  subject.forms = {
      {FormKind::whole, Script::latin, {token("aminah", TokenRole::given), token("hassan", TokenRole::father)}, 0}};
  record.forms = {
      {FormKind::whole, Script::latin, {token("aminah", TokenRole::given), token("yusof", TokenRole::father)}, 0}};
  bool found = false;
  for (const Evidence& line : explain(default_model(), subject, 0, record, TextRarity())) {
    if (line.aspect != Aspect::father) continue;
    found = true;
    CHECK(line.agreement == Agreement::different);
    CHECK(line.subject_value == "hassan");
    CHECK(line.record_value == "yusof");
    CHECK(line.weight == -default_model().father_contradicted);
  }
  CHECK(found);
}

}  // namespace
}  // namespace semak
