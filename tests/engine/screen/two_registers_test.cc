// One answer from offenders and carers: standing, quashed and appealed convictions, what a policy needs.
#include <ctime>
#include <string>
#include <utility>

#include "engine/screen/screener.h"
#include "engine/screen/verify.h"
#include "tests/catch.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {
namespace {

constexpr std::int64_t kDay = 24 * 3600;

void load_as(const DatabaseFolder& folder, Engine& engine, const std::string& name, RegisterKind kind,
             const std::string& csv) {
  IngestRequest request = folder.request(csv);
  request.register_name = name;
  request.kind = kind;
  folder.load(engine, request);
}

Answer answered(const Engine& engine, const Subject& subject, const Policy& policy, const ScreenContext& context = {},
                Detail detail = Detail::evidence) {
  Screener screener(engine);
  auto answer = screener.screen(*engine.world(), subject, policy, detail, context);
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer);
  return std::move(answer).value();
}

Subject aminah() {
  Subject subject = named("Aminah binti Yusof");
  subject.numbers = {{NumberKind::unknown, "800214-03-5678", "", "", ""}};
  return subject;
}

Policy standing_policy() {
  Policy policy;
  policy.kinds = {RegisterKind::offender, RegisterKind::oyls};
  policy.standing = true;
  return policy;
}

ScreenContext on(PartialDate day) {
  ScreenContext context;
  context.as_of = day;
  return context;
}

const std::string kOffenders = "id,name,id_number,dob\nX1,Devi a/p Raman,700101-10-5566,1970-01-01\n";
const std::string kOyls =
    "id,name,id_number,status,order_no,section,order_from,order_to,child_ref,child_dob\n"
    "O1,Aminah binti Yusof,800214-03-5678,AKTIF,PKK-1,30(1)(b),2024-02-01,2027-01-31,K-10,2010-06-15\n"
    "O2,Aminah binti Yusof,800214-03-5678,BATAL,PKK-2,30(1)(b),2020-02-01,2027-01-31,K-11,2012-06-15\n"
    "O3,Aminah binti Yusuf,,AKTIF,PKK-3,30(1)(b),2020-02-01,2040-01-31,K-12,2022-06-15\n";
const PartialDate kToday{2025, 6, 1};

TEST_CASE("standing is that of the carer's own orders, the best for the child and the day", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "offenders", RegisterKind::offender, kOffenders);
  load_as(folder, *engine, "oyls", RegisterKind::oyls, kOyls);
  const Answer answer = answered(*engine, aminah(), standing_policy(), on(kToday));
  CHECK(answer.outcome == Outcome::no_record);
  REQUIRE(answer.standing);
  CHECK(answer.standing->state == StandingState::fit);
  CHECK(answer.standing->register_name == "oyls");
  CHECK(answer.standing->record_id == "O1");
  CHECK(answer.standing->order == "PKK-1");
  CHECK(answer.standing->as_of == kToday);
  CHECK(answer.standing->revision.value == 2);

  ScreenContext child = on(kToday);
  child.child = ChildQuery{"K-11", {}};
  CHECK(answered(*engine, aminah(), standing_policy(), child).standing->state == StandingState::revoked);
  child.child = ChildQuery{"K-12", {}};  // somebody else's order, whatever the name
  CHECK(answered(*engine, aminah(), standing_policy(), child).standing->state == StandingState::not_fit);
  CHECK(answered(*engine, aminah(), standing_policy(), on({2027, 2, 1})).standing->state == StandingState::revoked);
  CHECK_FALSE(answered(*engine, aminah(), Policy{}, on(kToday)).standing);
}

TEST_CASE("nobody's standing is known by name alone, by a near number, or by a borrowed one", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "offenders", RegisterKind::offender, kOffenders);
  load_as(folder, *engine, "oyls", RegisterKind::oyls, kOyls);
  Subject subject = aminah();
  const auto standing = [&] { return answered(*engine, subject, standing_policy(), on(kToday)).standing->state; };
  CHECK(standing() == StandingState::fit);
  subject.numbers.front().text = "800214-03-5676";
  subject.dob = {1980, 2, 14};
  CHECK(standing() == StandingState::unknown);
  subject.numbers.clear();
  CHECK(standing() == StandingState::unknown);
  subject = aminah();
  subject.names.front().text = "Wong Siew Lan";
  CHECK(standing() == StandingState::unknown);
  subject.names.clear();
  CHECK(standing() == StandingState::unknown);
}

TEST_CASE("a person in both registers is referred, and the standing is told all the same", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "offenders", RegisterKind::offender, kOffenders + "X2,Aminah binti Yusof,800214-03-5678,\n");
  load_as(folder, *engine, "oyls", RegisterKind::oyls, kOyls);
  const Answer answer = answered(*engine, aminah(), standing_policy(), on(kToday));
  CHECK(answer.outcome == Outcome::refer);
  CHECK(answer.reason == IncompleteReason::none);
  CHECK(answer.standing->state == StandingState::fit);
  int refers = 0;
  for (const Hit& hit : answer.hits) {
    refers += hit.refers;
    if (hit.register_name == "oyls") CHECK_FALSE(hit.refers);
  }
  CHECK(refers == 1);
}

TEST_CASE("standing is read from all orders of a person, also those that the answer does not list", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "offenders", RegisterKind::offender, kOffenders);
  std::string csv = "id,name,id_number,status,order_no,order_from,order_to,child_ref\n";
  for (int i = 0; i < 60; ++i) {
    csv += "O" + std::to_string(i) + ",Aminah binti Yusof,800214-03-5678," + (i == 57 ? "AKTIF" : "BATAL") + ",P" +
           std::to_string(i) + ",2024-01-01,2027-01-01,K-" + std::to_string(i) + "\n";
  }
  load_as(folder, *engine, "oyls", RegisterKind::oyls, csv);
  const Answer answer = answered(*engine, aminah(), standing_policy(), on(kToday));
  CHECK(answer.hits.size() == 5);
  CHECK(answer.standing->state == StandingState::fit);
  CHECK(answer.standing->record_id == "O57");
}

TEST_CASE("standing stays unknown where anything kept the search from being whole", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "oyls", RegisterKind::oyls, kOyls);
  const Answer answer = answered(*engine, aminah(), standing_policy(), on(kToday));
  CHECK(answer.reason == IncompleteReason::missing_register);
  CHECK(answer.standing->state == StandingState::unknown);
  load_as(folder, *engine, "offenders", RegisterKind::offender, kOffenders);
  Policy strict = standing_policy();
  strict.register_days_max = 10;
  ScreenContext late = on(kToday);
  late.now = engine->world()->registers.at("oyls").loaded + 11 * kDay;
  CHECK(answered(*engine, aminah(), strict, late).reason == IncompleteReason::stale_register);
  CHECK(answered(*engine, aminah(), strict, late).standing->state == StandingState::unknown);
  Policy elsewhere = standing_policy();
  elsewhere.kinds.clear();
  elsewhere.registers = {"offenders"};  // which tells nobody's standing
  CHECK(answered(*engine, aminah(), elsewhere, on(kToday)).reason == IncompleteReason::missing_register);
}

TEST_CASE("kinds ask every register of the kind, and one that is missing is missed", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "north", RegisterKind::offender, kOffenders);
  load_as(folder, *engine, "south", RegisterKind::offender,
          "id,name,id_number\nY1,Aminah binti Yusof,800214-03-5678\n");
  Policy policy;
  policy.kinds = {RegisterKind::offender};
  CHECK(answered(*engine, aminah(), policy).outcome == Outcome::refer);
  policy.registers = {"north", "south"};  // each once
  CHECK(answered(*engine, aminah(), policy).hits.size() == 1);
  policy.registers.clear();
  policy.kinds = {RegisterKind::offender, RegisterKind::child};
  const Answer answer = answered(*engine, aminah(), policy);
  CHECK(answer.outcome == Outcome::incomplete);
  CHECK(answer.reason == IncompleteReason::missing_register);
  CHECK(answer.hits.size() == 1);
}

TEST_CASE("a policy's needs and consent come before any search", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "offenders", RegisterKind::offender,
          kOffenders + "X2,Aminah binti Yusof,800214-03-5678,1980-02-14\n");
  Policy policy;
  policy.needs = {{SubjectField::name, SubjectField::id_number}, {SubjectField::name, SubjectField::birth_date}};
  const auto outcome = [&](const Subject& subject) {
    const Answer answer = answered(*engine, subject, policy);
    if (answer.outcome == Outcome::refer) return std::string("refer");
    CHECK(answer.hits.empty());
    return std::string(to_string(answer.reason));
  };
  Subject subject = named("Aminah binti Yusof");
  CHECK(outcome(subject) == "too_little_data");
  subject.dob = {1980, 2, 0};
  CHECK(outcome(subject) == "too_little_data");
  subject.dob = {1980, 2, 14};
  CHECK(outcome(subject) == "refer");
  subject.dob = {1980, 2, 31};
  CHECK(outcome(subject) == "too_little_data");
  subject.dob = {};
  subject.numbers = {{NumberKind::unknown, "000000-00-0000", "", "", ""}};
  CHECK(outcome(subject) == "too_little_data");
  subject.numbers.front().text = "800214-03-5678";
  CHECK(outcome(subject) == "refer");
  subject.names.front().text = "A. B.";
  CHECK(outcome(subject) == "too_little_data");

  policy.needs.clear();
  policy.consent = true;
  CHECK(outcome(aminah()) == "no_consent");
  Subject willing = aminah();
  willing.consent = true;
  CHECK(outcome(willing) == "refer");
}

TEST_CASE("a register is stale by its newest load, one that changed nothing included", "[screen]") {
  const DatabaseFolder folder;
  std::int64_t loaded = 0;
  {
    const auto engine = folder.open();
    load_as(folder, *engine, "offenders", RegisterKind::offender,
            kOffenders + "X2,Aminah binti Yusof,800214-03-5678,\n");
    loaded = engine->world()->registers.at("offenders").loaded;
    REQUIRE(loaded > 1'700'000'000);
  }
  const auto engine = folder.open(OpenMode::read_write);
  CHECK(engine->world()->registers.at("offenders").loaded == loaded);
  Policy policy;
  policy.register_days_max = 30;
  ScreenContext context;
  context.now = loaded + 30 * kDay;
  const Subject stranger = named("Wong Siew Lan");
  CHECK(answered(*engine, stranger, policy, context).outcome == Outcome::no_record);
  ++context.now;
  const Answer stale = answered(*engine, stranger, policy, context);
  CHECK(stale.outcome == Outcome::incomplete);
  CHECK(stale.reason == IncompleteReason::stale_register);
  // What was found is looked at all the same; rejecting it clears nobody.
  const Answer found = answered(*engine, aminah(), policy, context);
  CHECK(found.outcome == Outcome::refer);
  CHECK(found.reason == IncompleteReason::stale_register);
  policy.register_days_max = 0;
  CHECK(answered(*engine, stranger, policy, context).outcome == Outcome::no_record);

  World old = *engine->world();
  old.registers.at("offenders").loaded = 0;  // nobody knows when
  policy.register_days_max = 3650;
  Screener screener(*engine);
  CHECK(screener.screen(old, stranger, policy)->reason == IncompleteReason::stale_register);

  const Generation generation = engine->world()->generation;
  const IngestReport again = folder.load(*engine, kOffenders + "X2,Aminah binti Yusof,800214-03-5678,\n");
  CHECK(again.unchanged == 2);
  CHECK(engine->world()->generation == generation);
  CHECK(engine->store().renewals()->at("offenders") >= loaded);
}

TEST_CASE("a load of nothing but rejected rows renews no register", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kOffenders);
  const std::int64_t before = engine->store().renewals()->at("offenders");
  while (std::time(nullptr) == before) {
  }
  folder.load(*engine, "id,name\n,Nobody\n");
  CHECK(engine->store().renewals()->at("offenders") == before);
  folder.load(*engine, kOffenders);
  CHECK(engine->store().renewals()->at("offenders") > before);
  CHECK(engine->world()->registers.at("offenders").loaded > before);
}

std::string convictions(const std::string& appeal, const std::string& quashed) {
  return "id,name,id_number,appeal_status,quashed\nX1,Devi a/p Raman,700101-10-5566,,\nX2,Aminah binti Yusof,"
         "800214-03-5678," +
         appeal + "," + quashed + "\n";
}

TEST_CASE("a quashed conviction is answered to nobody, from load to rebuild, and comes back if that was an error",
          "[screen]") {
  const DatabaseFolder folder;
  const auto answers_now = [&](const Engine& engine) {
    const Answer whole = answered(engine, aminah(), {});
    const Answer brief = answered(engine, aminah(), {}, {}, Detail::brief);
    CHECK(whole.outcome == brief.outcome);
    CHECK(whole.hits.size() == brief.hits.size());
    CHECK(whole.reason == IncompleteReason::none);
    const auto report = verify(engine, {.recall_subjects = 5}, {});
    REQUIRE(report);
    CHECK(report->findings == std::vector<std::string>{});
    return whole.outcome;
  };
  {
    const auto engine = folder.open();
    folder.load(*engine, convictions("none", "yes"));
    CHECK(answers_now(*engine) == Outcome::no_record);
    folder.load(*engine, convictions("none", "no"));
    CHECK(answers_now(*engine) == Outcome::refer);
    folder.load(*engine, convictions("none", "2025-02-03"));
    CHECK(answers_now(*engine) == Outcome::no_record);
    folder.load(*engine, convictions("dismissed", ""));
    CHECK(answers_now(*engine) == Outcome::refer);
    folder.load(*engine, convictions("allowed", ""));
    CHECK(answers_now(*engine) == Outcome::no_record);
    CHECK(engine->store().history(RegisterId{1}, "X2")->size() == 5);
    CHECK(engine->world()->registers.at("offenders").info.active == 2);
  }
  std::filesystem::remove_all(folder.db() / "index");
  {
    const auto engine = folder.open(OpenMode::read_write);
    CHECK_FALSE(engine->notices().empty());
    CHECK(answers_now(*engine) == Outcome::no_record);
    IngestRequest replace = folder.request("id,name,id_number\nX1,Devi a/p Raman,700101-10-5566\n");
    replace.replace = true;
    CHECK(folder.load(*engine, replace).withdrawn == 1);
    CHECK(answers_now(*engine) == Outcome::no_record);
    folder.load(*engine, convictions("pending", ""));
    CHECK(answers_now(*engine) == Outcome::refer);
  }
}

TEST_CASE("a register whose convictions are all set aside answers nobody", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const std::string heading = "id,name,id_number,quashed\n";
  folder.load(*engine, heading + "X2,Aminah binti Yusof,800214-03-5678,yes\n");
  CHECK(answered(*engine, aminah(), {}).outcome == Outcome::no_record);
  folder.load(*engine, heading + "X3,Aminah binti Yusof,800214-03-5678,no\n");
  const Answer answer = answered(*engine, aminah(), {});
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits.front().record_id == "X3");
  CHECK(verify(*engine, {}, {})->clean());
}

TEST_CASE("quashed convictions take no place among the hits", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  std::string csv = "id,name,id_number,quashed\n";
  for (int i = 0; i < 20; ++i) csv += "Q" + std::to_string(i) + ",Aminah binti Yusof,800214-03-5678,yes\n";
  folder.load(*engine, csv + "Z1,Aminah bt. Yusoff,800214-03-5678,no\n");
  const Answer answer = answered(*engine, aminah(), {});
  REQUIRE(answer.hits.size() == 1);
  CHECK(answer.hits.front().record_id == "Z1");
}

TEST_CASE("the same words in another kind of register quash nothing", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "list", RegisterKind::reference, convictions("allowed", "yes"));
  CHECK(answered(*engine, aminah(), {}).hits.size() == 1);
}

TEST_CASE("a conviction under appeal is referred and marked, in brief answers too", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  for (const auto& [appeal, under_appeal] : {std::pair{"pending", true}, {"dismissed", false}, {"", false}}) {
    folder.load(*engine, convictions(appeal, ""));
    for (const Detail detail : {Detail::evidence, Detail::brief}) {
      const Answer answer = answered(*engine, aminah(), {}, {}, detail);
      CHECK(answer.outcome == Outcome::refer);
      REQUIRE(answer.hits.size() == 1);
      CHECK(answer.hits.front().under_appeal == under_appeal);
    }
  }
}

TEST_CASE("a hit names the content of its record, over re-loads and changed ids", "[screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, convictions("pending", ""));
  const std::string before = answered(*engine, aminah(), {}).hits.front().content;
  CHECK(before.size() == 32);
  CHECK(answered(*engine, aminah(), {}, {}, Detail::brief).hits.front().content.empty());
  IngestRequest replace = folder.request("id,name,id_number,sentence\nN-77,AMINAH BINTI YUSOF,800214035678,5 tahun\n");
  replace.replace = true;
  folder.load(*engine, replace);
  const Answer after = answered(*engine, aminah(), {});
  CHECK(after.hits.front().record_id == "N-77");
  CHECK(after.hits.front().content == before);
}

}  // namespace
}  // namespace semak
