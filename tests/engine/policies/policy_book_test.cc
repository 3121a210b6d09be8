#include "engine/policies/policy_book.h"

#include <string>

#include "tests/catch.h"

namespace semak {
namespace {

const std::string kHead = "name = \"camp\"\ntitle = { ms = \"Kem\", en = \"Camp\" }\n";

Policy parsed(const std::string& toml) {
  const Result<Policy> policy = parse_policy(toml, "camp.toml");
  if (!policy) FAIL(policy.error().message);
  return *policy;
}

std::string refusal(const std::string& toml) {
  const Result<Policy> policy = parse_policy(toml, "camp.toml");
  if (policy) return "accepted";
  CHECK(policy.error().code == ErrorCode::invalid_input);
  return policy.error().message;
}

TEST_CASE("every purpose that Semak comes with can be read and has a title in both languages") {
  const PolicyBook& book = PolicyBook::built_in();
  for (const char* name :
       {"default", "employment_with_children", "school_staff", "oyls_carer", "adoption_foster", "batch_vetting"}) {
    INFO(name);
    const Result<Policy> policy = book.find(name);
    REQUIRE(policy);
    CHECK(policy->name == name);
    CHECK_FALSE(policy->title_ms.empty());
    CHECK_FALSE(policy->title_en.empty());
    CHECK(policy->id.rfind(std::string(name) + "@", 0) == 0);
    CHECK(policy->id.size() == std::string(name).size() + 17);
  }
  CHECK(book.all().size() == 6);
}

TEST_CASE("the default policy is what Policy says by itself") {
  const Policy policy = *PolicyBook::built_in().find("default");
  const Policy plain;
  CHECK(policy.registers == plain.registers);
  CHECK(policy.kinds == plain.kinds);
  CHECK(policy.standing == plain.standing);
  CHECK(policy.needs == plain.needs);
  CHECK(policy.consent == plain.consent);
  CHECK(policy.top == plain.top);
  CHECK(policy.score_min == plain.score_min);
  CHECK(policy.score_min_with_number == plain.score_min_with_number);
  CHECK(policy.work_max == plain.work_max);
  CHECK(policy.refer_probability == plain.refer_probability);
  CHECK(policy.base_rate == plain.base_rate);
  CHECK(policy.register_days_max == plain.register_days_max);
  CHECK(policy.sees == plain.sees);
}

TEST_CASE("no policy that Semak comes with shows a submitter more than the outcome, and each can be decided under") {
  for (const auto& [name, entry] : PolicyBook::built_in().all()) {
    INFO(name);
    CHECK(entry.policy.sees[static_cast<std::size_t>(Role::submitter)] <= View::outcome);
    CHECK(entry.policy.sees[static_cast<std::size_t>(Role::caseworker)] >= View::comparison);
    CHECK(entry.policy.retain_days >= entry.policy.valid_days);
  }
}

TEST_CASE("a policy file says every value of a policy") {
  const Policy policy = parsed(kHead + R"(
[asks]
registers = ["jkm-2026", "PDRM"]
kinds = ["oyls", "offender"]
standing = true
register_days_max = 40
[subject]
needs = [["name", "id_number"], ["name", "birth_year", "sex", "child"], ["id_number", "birth_date"]]
consent = true
[search]
top = 7
score_min = -3.5
score_min_with_number = -1
work_max = 500000
[referral]
probability = 0.02
base_rate = 0.001
[keeping]
valid_days = 60
retain_days = 90
case_days = 3
[sees]
submitter = "nothing"
caseworker = "record"
registrar = "comparison"
auditor = "outcome"
admin = "outcome"
)");
  CHECK(policy.name == "camp");
  CHECK(policy.title_ms == "Kem");
  CHECK(policy.title_en == "Camp");
  CHECK(policy.registers == std::vector<std::string>{"jkm-2026", "PDRM"});
  CHECK(policy.kinds == std::vector{RegisterKind::oyls, RegisterKind::offender});
  CHECK(policy.standing);
  CHECK(policy.register_days_max == 40);
  CHECK(policy.needs == std::vector<std::vector<SubjectField>>{
                            {SubjectField::name, SubjectField::id_number},
                            {SubjectField::name, SubjectField::birth_year, SubjectField::sex, SubjectField::child},
                            {SubjectField::id_number, SubjectField::birth_date}});
  CHECK(policy.consent);
  CHECK(policy.top == 7);
  CHECK(policy.score_min == Bits::from(-3.5));
  CHECK(policy.score_min_with_number == Bits::whole(-1));
  CHECK(policy.work_max == 500'000);
  CHECK(policy.refer_probability == 0.02);
  CHECK(policy.base_rate == 0.001);
  CHECK(policy.valid_days == 60);
  CHECK(policy.retain_days == 90);
  CHECK(policy.case_days == 3);
  CHECK(policy.sees == std::array<View, 6>{View::nothing, View::nothing, View::record, View::comparison, View::outcome,
                                           View::outcome});
}

TEST_CASE("an id is of what a policy means: comments, order, blanks and repeated defaults do not change it") {
  const std::string plain = parsed(kHead + "[asks]\nkinds = [\"offender\", \"oyls\"]\n[keeping]\nvalid_days = 30\n").id;
  CHECK(parsed("# a camp\nname = 'camp'\n[keeping]\nvalid_days=30 # a month\n[title]\nen = 'Camp'\nms = 'Kem'\n"
               "[asks]\nkinds = [ 'oyls', 'offender' ]\n[search]\nscore_min = -8\n[sees]\n")
            .id == plain);
  CHECK(parsed(kHead + "[subject]\nneeds = [[\"name\", \"sex\"], [\"id_number\"]]\n").id ==
        parsed(kHead + "[subject]\nneeds = [[\"id_number\"], [\"sex\", \"name\"]]\n").id);
}

TEST_CASE("an id changes with every value") {
  const std::string plain = parsed(kHead).id;
  for (const char* change : {"[asks]\nregisters = [\"a\"]",
                             "[asks]\nkinds = [\"offender\"]",
                             "[asks]\nstanding = true",
                             "[asks]\nregister_days_max = 1",
                             "[subject]\nneeds = [[\"name\"]]",
                             "[subject]\nconsent = true",
                             "[search]\ntop = 6",
                             "[search]\nscore_min = -7.9",
                             "[search]\nscore_min_with_number = -0.1",
                             "[search]\nwork_max = 8000001",
                             "[referral]\nprobability = 0.0100001",
                             "[referral]\nbase_rate = 0.00020001",
                             "[keeping]\nvalid_days = 31",
                             "[keeping]\nretain_days = 366",
                             "[keeping]\ncase_days = 6",
                             "[sees]\nsubmitter = \"nothing\"",
                             "[sees]\ncaseworker = \"record\"",
                             "[sees]\nregistrar = \"comparison\"",
                             "[sees]\nauditor = \"outcome\"",
                             "[sees]\nadmin = \"outcome\""}) {
    INFO(change);
    CHECK(parsed(kHead + change + "\n").id != plain);
  }
  CHECK(parsed("name = \"camp\"\ntitle = { ms = \"Kem\", en = \"Camps\" }\n").id != plain);
}

TEST_CASE("what is wrong in a policy file is named with file, line, key and cure") {
  struct Case {
    std::string body;
    const char* says;
  };
  const Case cases[] = {
      {"[asks]\nkind = [\"offender\"]\n", "camp.toml:4: unknown key asks.kind; known in [asks] are registers, kinds"},
      {"consent = true\n", "camp.toml:3: unknown key consent; known here are name"},
      {"search = 5\n", "camp.toml:3: search must be a table"},
      {"[search]\ntop = 0\n", "camp.toml:4: search.top must be a whole number of hits from 1 to 1000"},
      {"[search]\ntop = 2.5\n", "camp.toml:4: search.top must be a whole number"},
      {"[search]\ntop = \"5\"\n", "camp.toml:4: search.top must be a whole number"},
      {"[search]\nscore_min = 4\n", "a higher floor could hide what must be looked at"},
      {"[search]\nscore_min = nan\n", "camp.toml:4: search.score_min must be a number"},
      {"[search]\nwork_max = 5\n", "camp.toml:4: search.work_max must be a whole number of postings"},
      {"[referral]\nprobability = 0.9\n", "camp.toml:4: referral.probability must be a number from 0.0001 to 0.5"},
      {"[referral]\nprobability = true\n", "camp.toml:4: referral.probability must be a number"},
      {"[referral]\nbase_rate = 0\n", "camp.toml:4: referral.base_rate must be a number"},
      {"[asks]\nstanding = \"yes\"\n", "camp.toml:4: asks.standing must be true or false"},
      {"[asks]\nkinds = \"offender\"\n", "camp.toml:4: asks.kinds must be a list"},
      {"[asks]\nkinds = [\"offenders\"]\n", "asks.kinds knows offender, oyls, child; \"offenders\""},
      {"[asks]\nkinds = [\"reference\"]\n", "asked by its name, in asks.registers"},
      {"[asks]\nkinds = [\"oyls\",\n \"oyls\"]\n", "camp.toml:5: asks.kinds names \"oyls\" twice"},
      {"[asks]\nregisters = [\"../x\"]\n", "camp.toml:4: \"../x\" cannot be the name of a register"},
      {"[asks]\nregisters = [3]\n", "camp.toml:4: asks.registers must be a text in quotes"},
      {"[asks]\nregister_days_max = -1\n", "camp.toml:4: asks.register_days_max must be a whole number of days"},
      {"[subject]\nneeds = [\"name\"]\n", "each line of subject.needs must be a list of fields"},
      {"[subject]\nneeds = [[]]\n", "each line of subject.needs must be a list of fields"},
      {"[subject]\nneeds = [[\"nama\"]]\n", "subject.needs knows name, id_number"},
      {"[subject]\nneeds = [[\"sex\"]]\n", "asks for neither name nor id_number"},
      {"[subject]\nneeds = [[\"name\", \"child\"]]\n", "add asks.standing = true, or leave child out"},
      {"[asks]\nkinds = [\"offender\"]\nstanding = true\n", "camp.toml:5: asks.standing is true and no oyls register"},
      {"[asks]\nkinds = [\"child\"]\n", "camp.toml:4: a child register is asked and the submitter sees the outcome"},
      {"[keeping]\nvalid_days = 400\n", "keeping.retain_days (365) ends before the answer does"},
      {"[keeping]\nretain_days = 2\nvalid_days = 1\n", "camp.toml:4: keeping.retain_days (2) ends before a case"},
      {"[sees]\nsubmitter = \"comparison\"\n", "camp.toml:4: sees.submitter may be nothing or outcome"},
      {"[sees]\ncaseworker = \"outcome\"\n", "camp.toml:4: sees.caseworker must be comparison or record"},
      {"[sees]\nadmin = \"all\"\n", "camp.toml:4: sees.admin knows nothing, outcome, comparison, record"},
      {"[sees]\nemployer = \"outcome\"\n", "camp.toml:4: unknown key sees.employer"},
      {"[keeping\n", "camp.toml:3: "},
      {"name = \"camp\"\n", "camp.toml:3: "},
  };
  for (const Case& each : cases) {
    INFO(each.body);
    CHECK_THAT(refusal(kHead + each.body), Catch::Matchers::Contains(each.says));
  }
  CHECK_THAT(refusal("title = { ms = \"a\", en = \"b\" }\n"), Catch::Matchers::Contains("name is missing"));
  CHECK_THAT(refusal("name = \"camp\"\n"), Catch::Matchers::Contains("title is missing"));
  CHECK_THAT(refusal("name = \"camp\"\ntitle = { en = \"b\" }\n"), Catch::Matchers::Contains("title.ms is missing"));
  CHECK_THAT(refusal("name = \"camp\"\ntitle = { ms = \" \", en = \"b\" }\n"),
             Catch::Matchers::Contains("title.ms must"));
  CHECK_THAT(refusal("name = \"Camp!\"\n"), Catch::Matchers::Contains("a to z, 0 to 9 and _"));
  CHECK_THAT(refusal("name = 5\n"), Catch::Matchers::Contains("name must be a text in quotes"));
  CHECK_THAT(refusal(std::string(70'000, '#')), Catch::Matchers::Contains("no policy file"));
}

TEST_CASE("a book with another policy leaves the book it came from alone") {
  const PolicyBook& book = PolicyBook::built_in();
  const std::string text = kHead + "[search]\ntop = 9\n";
  const PolicyBook more = book.with(parsed(text), text);
  CHECK(more.all().size() == book.all().size() + 1);
  CHECK(more.find("camp")->top == 9);
  CHECK(more.all().at("camp").toml == text);
  CHECK(more.with(parsed(kHead), kHead).find("camp")->top == 5);
  CHECK(more.find("camp")->top == 9);
  CHECK_FALSE(book.find("camp"));
  CHECK_THAT(book.find("camp").error().message,
             Catch::Matchers::Contains("adoption_foster, batch_vetting, default, employment_with_children"));
}

}  // namespace
}  // namespace semak
