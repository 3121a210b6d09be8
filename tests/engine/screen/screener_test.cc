#include "engine/screen/screener.h"

#include <string>

#include "tests/catch.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {
namespace {

Answer answered(const Engine& engine, const Subject& subject, const Policy& policy = {},
                Detail detail = Detail::evidence) {
  Screener screener(engine);
  auto answer = screener.screen(*engine.world(), subject, policy, detail);
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer);
  return std::move(answer).value();
}

void load_as(const DatabaseFolder& folder, Engine& engine, const std::string& name, RegisterKind kind,
             const std::string& csv) {
  IngestRequest request = folder.request(csv);
  request.register_name = name;
  request.kind = kind;
  folder.load(engine, request);
}

Subject a_subject() {
  Subject subject = named("Zulkarnain bin Qasim");
  subject.numbers = {{NumberKind::unknown, "840302-14-5671", "", "", ""}};
  subject.dob = PartialDate{1984, 3, 2};
  return subject;
}

const std::string kCsv = "id,name,id_number,dob\nA1,Zulkarnain bin Qasim,840302-14-5671,1984-03-02\n";

TEST_CASE("a person of the register is referred, with evidence that sums to the score", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv + invented_people(200).substr(17));
  for (const char* name :
       {"Zulkarnain bin Qasim", "Zulkarnian Qassim", "Puan Devi a/p Raman", "Faizal abun bin Hassan"}) {
    Subject subject = a_subject();
    subject.names.front().text = name;
    Policy policy;
    policy.score_min = policy.score_min_with_number = Bits::whole(-1000);
    const Answer answer = answered(*engine, subject, policy);
    REQUIRE_FALSE(answer.hits.empty());
    for (const Hit& hit : answer.hits) {
      Bits sum;
      for (const Evidence& line : hit.evidence) sum += line.weight;
      CAPTURE(name, hit.record_id);
      CHECK(sum == hit.score);
    }
  }
  const Answer answer = answered(*engine, a_subject());
  CHECK(answer.outcome == Outcome::refer);
  CHECK(answer.generation.value == 1);
  CHECK(answer.hits.front().record_id == "A1");
  CHECK(answer.hits.front().register_name == "offenders");
  CHECK(answer.hits.front().probability > 0.9);
}

TEST_CASE("the same identity number is referred whatever the name and the policy say", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv + "A2,Puan Sri Devi,000000-00-0000,\n" + invented_people(200).substr(17));
  Policy policy;
  policy.refer_probability = 1.1;
  Subject subject = named("Devi a/p Raman");
  subject.numbers = {{NumberKind::unknown, "840302-14-5671", "", "", ""}};
  Answer answer = answered(*engine, subject, policy, Detail::brief);
  REQUIRE_FALSE(answer.hits.empty());
  CHECK(answer.hits.front().record_id == "A1");
  CHECK(answer.outcome == Outcome::refer);
  subject.numbers.front().text = "840302-14-5673";
  CHECK(answered(*engine, subject, policy).outcome == Outcome::no_record);
  subject.numbers.front().text = "000000-00-0000";
  CHECK(answered(*engine, subject, policy).outcome == Outcome::no_record);
}

TEST_CASE("evidence of a record in a later segment sums to its score too", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, invented_people(200));
  folder.load(*engine, kCsv);
  const Answer answer = answered(*engine, a_subject());
  REQUIRE(answer.hits.front().record_id == "A1");
  Bits sum;
  for (const Evidence& line : answer.hits.front().evidence) sum += line.weight;
  CHECK(sum == answer.hits.front().score);
}

TEST_CASE("the look-up floor is the policy's for names, or for names with a number that identifies",
          "[engine][screen]") {
  const Normalizer normalizer;
  Policy policy;
  policy.score_min = Bits::whole(-3);
  policy.score_min_with_number = Bits::whole(7);
  Subject subject = a_subject();
  CHECK(lookup_limits(policy, make_profile(normalizer, subject)).score_min == Bits::whole(7));
  subject.numbers.front().text = "000000-00-0000";
  CHECK(lookup_limits(policy, make_profile(normalizer, subject)).score_min == Bits::whole(-3));
  subject.numbers.clear();
  CHECK(lookup_limits(policy, make_profile(normalizer, subject)).score_min == Bits::whole(-3));
}

TEST_CASE("a name with a part that nobody in the register has is nobody's whole name, and so not too vague",
          "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  std::string csv = "id,name,dob\n";
  for (int i = 0; i < 300; ++i) csv += "R" + std::to_string(i) + ",Tan Teng Huey,1947-08-06\n";
  for (int i = 0; i < 300; ++i) csv += "S" + std::to_string(i) + ",Tan Chai Siew,1947-08-25\n";
  folder.load(*engine, csv);
  Subject subject;
  subject.names = {{NameType::registered, "Tan Qoe Chai"}};
  subject.dob = PartialDate{1947, 6, 8};
  CHECK(answered(*engine, subject).outcome == Outcome::no_record);
}

TEST_CASE("a common name that the register has, with nothing else said, is too vague and never no record",
          "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  std::string csv = "id,name,dob\n";
  for (int i = 0; i < 300; ++i) csv += "R" + std::to_string(i) + ",Ahmad bin Abdullah,1970-01-02\n";
  for (int i = 0; i < 300; ++i) csv += "S" + std::to_string(i) + ",S. a/l Raju,1970-01-02\n";
  folder.load(*engine, csv);
  Subject subject;
  subject.names = {{NameType::registered, "Ahmad b. Abdullah"}};
  CHECK(answered(*engine, subject).outcome == Outcome::incomplete);
  CHECK(answered(*engine, subject).reason == IncompleteReason::too_vague);
  subject.names.front().text = "Ahmad b. Abdulah";
  CHECK(answered(*engine, subject).reason == IncompleteReason::too_vague);
  subject.names.front().text = "Ahmad";  // all of it is in their names
  CHECK(answered(*engine, subject).reason == IncompleteReason::too_vague);
  subject.names.front().text = "S. a/l Raju";
  CHECK(answered(*engine, subject).reason == IncompleteReason::too_vague);
  subject.names.front().text = "Ahmad b. Zzyzx";  // nobody's, however it is spelt
  CHECK(answered(*engine, subject).outcome == Outcome::no_record);
  subject.names.front().text = "Ahmad b. Abdullah";
  subject.dob = PartialDate{1991, 5, 6};
  CHECK(answered(*engine, subject).outcome == Outcome::no_record);
  subject.dob = {};
  subject.names.front().text = "A. B.";
  CHECK(answered(*engine, subject).reason == IncompleteReason::too_little_data);
}

TEST_CASE("a brief answer is the same without evidence", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv + invented_people(50).substr(17));
  const Answer whole = answered(*engine, a_subject());
  const Answer brief = answered(*engine, a_subject(), {}, Detail::brief);
  REQUIRE(whole.hits.size() == brief.hits.size());
  CHECK(whole.outcome == brief.outcome);
  for (std::size_t i = 0; i < whole.hits.size(); ++i) {
    CHECK(whole.hits[i].record_id == brief.hits[i].record_id);
    CHECK(whole.hits[i].score == brief.hits[i].score);
    CHECK(brief.hits[i].evidence.empty());
  }
}

TEST_CASE("an answer for somebody who sees no hits explains the candidates alone", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv + "A2,Zulkarnain bin Qasim,910711-08-5213,1991-07-11\nA3,Zulkarnain bin Kassim,,1984\n");
  Policy policy;
  policy.score_min_with_number = Bits::whole(-1000);
  policy.refer_probability = 1;  // only the very number refers
  const Answer whole = answered(*engine, a_subject(), policy);
  const Answer candidates = answered(*engine, a_subject(), policy, Detail::candidates);
  CHECK(candidates.outcome == Outcome::refer);
  REQUIRE(whole.hits.size() == candidates.hits.size());
  std::size_t explained = 0;
  for (std::size_t i = 0; i < whole.hits.size(); ++i) {
    const Hit &hit = candidates.hits[i], &same = whole.hits[i];
    CHECK(hit.record_id == same.record_id);
    CHECK(hit.refers == same.refers);
    CHECK(hit.evidence.size() == (same.refers ? same.evidence.size() : 0));
    CHECK(hit.content == (same.refers ? same.content : ""));
    explained += hit.evidence.empty() ? 0 : 1;
  }
  CHECK(explained > 0);
  CHECK(explained < whole.hits.size());
}

TEST_CASE("a common name is too vague also if its last letter is missing or its parts have changed places",
          "[engine][screen]") {
  const auto reason = [](const std::string& record, const std::string& asked) {
    const DatabaseFolder folder;
    const auto engine = folder.open();
    std::string csv = "id,name,dob\n";
    for (int i = 0; i < 300; ++i) csv += "R" + std::to_string(i) + "," + record + ",1970-01-02\n";
    folder.load(*engine, csv);
    return answered(*engine, named(asked)).reason;
  };
  for (const auto& [record, asked] : std::vector<std::pair<std::string, std::string>>{
           {"Ahmad bin Kamarudin", "Ahmad bin Kamarudi"},
           {"Ahmad bin Sulaiman", "Ahmad bin Sulaima"},
           {"Iskandar bin Ibrahim", "Iskanda bin Ibrahi"},
           {"Kumar a/l Raja", "Raja Kumar"},
           {"Kumar Raja", "Raja Kumar"},
           {"Devi a/p Raja", "Raja Devi"},
           {"Ali bin Syed", "Syed Ali"},
       }) {
    CAPTURE(record, asked);
    CHECK(reason(record, asked) == IncompleteReason::too_vague);
  }
}

TEST_CASE("a stranger has no record", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv);
  const Answer answer = answered(*engine, named("Wong Siew Lan"));
  CHECK(answer.outcome == Outcome::no_record);
  CHECK(answer.reason == IncompleteReason::none);
}

TEST_CASE("a search that would take more work than the policy allows is too vague, never no record",
          "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, invented_people(2000));
  Policy policy;
  const Subject stranger = named("Wong Siew Lan binti Hassan");
  REQUIRE(answered(*engine, stranger, policy).outcome == Outcome::no_record);
  policy.work_max = 1;
  const Answer answer = answered(*engine, stranger, policy);
  CHECK(answer.outcome == Outcome::incomplete);
  CHECK(answer.reason == IncompleteReason::too_vague);
}

TEST_CASE("what was not screened is incomplete, with its reason", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const auto reason = [&](const Subject& subject, const Policy& policy = {}) {
    const Answer answer = answered(*engine, subject, policy);
    REQUIRE(answer.outcome == Outcome::incomplete);
    return answer.reason;
  };
  CHECK(reason(a_subject()) == IncompleteReason::missing_register);  // there is none at all
  folder.load(*engine, kCsv);
  Policy policy;
  policy.registers = {"offenders", "elsewhere"};
  CHECK(reason(a_subject(), policy) == IncompleteReason::missing_register);
  CHECK_FALSE(answered(*engine, a_subject(), policy).hits.empty());  // listed all the same
  CHECK(reason(Subject{}) == IncompleteReason::too_little_data);
  CHECK(reason(named("")) == IncompleteReason::too_little_data);
  Subject placeholder;
  placeholder.numbers = {{NumberKind::mykad, "000000-00-0000", "", "", ""}};
  CHECK(reason(placeholder) == IncompleteReason::too_little_data);
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += "abu" + std::string(1, static_cast<char>('a' + i % 26)) + "k ";
  CHECK(reason(named(endless)) == IncompleteReason::cut_short);
}

TEST_CASE("reference registers are asked only if named or alone", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "corpus", RegisterKind::reference, kCsv);
  CHECK(answered(*engine, a_subject()).hits.size() == 1);
  load_as(folder, *engine, "offenders", RegisterKind::offender, "id,name\nB1,Devi a/p Raman\n");
  CHECK(answered(*engine, a_subject()).hits.empty());
  Policy policy;
  policy.registers = {"corpus"};
  CHECK(answered(*engine, a_subject(), policy).hits.size() == 1);
}

TEST_CASE("being listed as fit and proper refers nobody unless that register was asked for", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  load_as(folder, *engine, "oyls", RegisterKind::oyls, kCsv);
  load_as(folder, *engine, "offenders", RegisterKind::offender, "id,name\nB1,Devi a/p Raman\n");
  const Answer answer = answered(*engine, a_subject());
  CHECK(answer.outcome == Outcome::no_record);
  CHECK(answer.hits.size() == 1);
  Policy policy;
  policy.registers = {"oyls"};
  CHECK(answered(*engine, a_subject(), policy).outcome == Outcome::refer);
}

TEST_CASE("a request that holds an old world gets its hits from it, and no clearance", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, kCsv);
  const auto old = engine->world();
  IngestRequest replace = folder.request("id,name\nB1,Devi a/p Raman\n");
  replace.replace = true;
  folder.load(*engine, replace);
  Screener screener(*engine);
  const auto before = screener.screen(*old, a_subject(), {});
  REQUIRE(before);
  CHECK(before->outcome == Outcome::incomplete);
  CHECK(before->reason == IncompleteReason::stale_index);
  CHECK(before->generation.value == 1);
  REQUIRE(before->hits.size() == 1);
  CHECK(before->hits.front().record_id == "A1");
  CHECK(screener.screen(*old, named("Wong Siew Lan"), {})->reason == IncompleteReason::stale_index);
  CHECK(screener.screen(*engine->world(), a_subject(), {})->outcome == Outcome::no_record);
}

}  // namespace
}  // namespace semak
