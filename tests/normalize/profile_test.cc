#include "normalize/profile.h"

#include "tests/catch.h"
#include "tests/normalize/name_text.h"

namespace semak {
namespace {

Record record_of(std::initializer_list<TypedName> names) {
  Record record;
  record.id = "R1";
  record.names = names;
  return record;
}

TEST_CASE("a record and a subject that say the same have the same profile") {
  Record record = record_of({{NameType::registered, "Zulfan bin Ramdi"}, {NameType::known_as, "Pak Zul"}});
  record.numbers = {{NumberKind::mykad, "850311-03-5229", "", "", ""}};
  record.dob = {1985, 3, 11};
  record.state = "Kelantan";
  Subject subject;
  subject.names = record.names;
  subject.numbers = record.numbers;
  subject.dob = record.dob;
  subject.state = record.state;
  const Profile a = make_profile(test_normalizer(), record);
  const Profile b = make_profile(test_normalizer(), subject);
  CHECK(a.forms == b.forms);
  CHECK(a.numbers == b.numbers);
  CHECK(a.dob == b.dob);
  CHECK(a.state == b.state);
  CHECK(a.state == 3);
  CHECK(a.numbers.size() == 1);
}

TEST_CASE("forms of all names are kept once, with the name they came from") {
  const Profile profile = make_profile(test_normalizer(), record_of({{NameType::registered, "Zulfan bin Ramdi"},
                                                                     {NameType::former, "ZULFAN B. RAMDI"},
                                                                     {NameType::known_as, "Pak Zul"}}));
  REQUIRE(profile.forms.size() >= 2);
  CHECK(profile.forms[0].kind == FormKind::whole);
  CHECK(profile.forms[0].source == 0);
  CHECK(profile.forms[1].kind == FormKind::alias);
  CHECK(profile.forms[1].source == 2);
}

TEST_CASE("an alias in a field of its own shares the father like one behind an @") {
  const Profile profile = make_profile(
      test_normalizer(), record_of({{NameType::registered, "Zulfan bin Ramdi"}, {NameType::known_as, "Jugin"}}));
  std::vector<std::string> forms;
  for (const NameForm& form : profile.forms) forms.push_back(text_of(form));
  CHECK(forms[0] == "zulfan ramdi/father");
  CHECK(forms[1] == "jugin");
  CHECK(forms[2] == "jugin ramdi/father");
  CHECK(profile.forms[2].kind == FormKind::combined);
  CHECK(profile.forms[2].source == 1);
}

TEST_CASE("sex is as given, else by particle, else by number") {
  Record record = record_of({{NameType::registered, "Meliza binti Ramdi"}});
  record.sex = Sex::male;
  Profile profile = make_profile(test_normalizer(), record);
  CHECK(profile.sex == Sex::male);
  CHECK(profile.sex_given);
  record.sex = Sex::unknown;
  profile = make_profile(test_normalizer(), record);
  CHECK(profile.sex == Sex::female);
  CHECK_FALSE(profile.sex_given);
  record.names = {{NameType::registered, "Lim Ah Beng"}};
  record.numbers = {{NumberKind::mykad, "850311-03-5229", "", "", ""}};
  CHECK(make_profile(test_normalizer(), record).sex == Sex::male);
  record.numbers.clear();
  CHECK(make_profile(test_normalizer(), record).sex == Sex::unknown);
}

TEST_CASE("one number written in two ways is one number") {
  Record record = record_of({{NameType::registered, "Zulfan bin Ramdi"}});
  record.numbers = {{NumberKind::mykad, "850311-03-5229", "", "", ""}, {NumberKind::mykad, "850311035229", "", "", ""}};
  CHECK(make_profile(test_normalizer(), record).numbers.size() == 1);
}

TEST_CASE("a name that was cut marks the profile") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "kasivel ";
  CHECK(make_profile(test_normalizer(), record_of({{NameType::registered, text}})).cut_short);
}

}  // namespace
}  // namespace semak
