#include "engine/office/office.h"

#include <ctime>
#include <set>
#include <thread>

#include "engine/office/check_view.h"
#include "tests/engine/desk/all_entries.h"
#include "tests/engine/office/office_room.h"

namespace semak {
namespace {

const Actor kRegistrar{"registrar", "agency", Role::registrar};
const Actor kCaseworker{"aminah", "agency", Role::caseworker};
const Actor kSecond{"bala", "agency", Role::caseworker};
const Actor kEmployer{"employer", "school-1", Role::submitter};

constexpr std::string_view kList =
    "id,name,id_number,dob,sex\n"
    "P1,Kassim bin Selamat,800101-14-5555,1980-01-01,M\n"
    "P2,Ravindran a/l Muthusamy,750505-10-5123,1975-05-05,M\n";

Subject kassim() { return person("Kassim bin Selamat", "800101145555", {1980, 1, 1}, "school_staff"); }
Subject stranger() { return person("Nor Hidayah binti Zainudin", "910203025678", {1991, 2, 3}, "school_staff"); }

Record record_of(const std::string& id, const std::string& name, const std::string& number) {
  Record record;
  record.id = id;
  record.names.push_back({NameType::registered, name});
  record.numbers.push_back({NumberKind::unknown, number, "", "", ""});
  return record;
}

struct LoadedRoom : OfficeRoom {
  LoadedRoom() { load(kRegistrar, "pesalah", RegisterKind::offender, std::string(kList)); }
};

TEST_CASE("a purpose names its policy; one that there is not is wrong use and nothing is answered") {
  LoadedRoom room;
  CHECK(done(room.office->check(kEmployer, {stranger(), {}, {}})).outcome == Outcome::no_record);
  Subject subject = stranger();
  subject.purpose = "curiosity";
  const auto refused = room.office->check(kEmployer, {subject, {}, {}});
  CHECK(refused.error().code == ErrorCode::invalid_input);
  CHECK(refused.error().message.find("school_staff") != std::string::npos);
  CHECK(room.chained(AuditKind::check) == 1);
}

TEST_CASE("what makes a check incomplete is kept, audited and holds for no time") {
  LoadedRoom room;
  Subject subject = stranger();
  subject.consent = false;
  const Check check = done(room.office->check(kEmployer, {subject, {}, {}}));
  CHECK(check.outcome == Outcome::incomplete);
  CHECK(check.answer.reason == IncompleteReason::no_consent);
  CHECK(check.valid_until_ms == 0);
  subject.consent = true;
  subject.numbers.clear();
  subject.dob = {};
  CHECK(done(room.office->check(kEmployer, {subject, {}, {}})).answer.reason == IncompleteReason::too_little_data);
  subject.purpose = "oyls_carer";
  subject.numbers = stranger().numbers;
  CHECK(done(room.office->check(kEmployer, {subject, {}, {}})).answer.reason == IncompleteReason::missing_register);
  CHECK(room.chained(AuditKind::check) == 3);
}

TEST_CASE("many checks give what single ones give, and a row that was checked is not checked again") {
  LoadedRoom room;
  std::vector<CheckRequest> requests;
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) {
    requests.push_back({i % 3 == 0 ? kassim() : stranger(), {}, {}});
    ids.push_back("row-" + std::to_string(i));
  }
  const auto checks = done(room.office->check_many(kEmployer, requests, ids, "batch"));
  REQUIRE(checks.size() == 60);
  for (std::size_t i = 0; i < checks.size(); ++i) {
    CHECK(checks[i].id == ids[i]);
    CHECK(checks[i].outcome == (i % 3 == 0 ? Outcome::refer : Outcome::no_record));
  }
  const std::uint64_t entries = room.office->desk().audit().head().sequence;
  const auto again = done(room.office->check_many(kEmployer, requests, ids, "batch"));
  CHECK(again[7].commitment == checks[7].commitment);
  CHECK(room.office->desk().audit().head().sequence == entries);
  CHECK_FALSE(room.office->check_many(kEmployer, requests, {ids.data(), 1}, "batch"));
}

TEST_CASE("each role sees its view and no more") {
  LoadedRoom room;
  const Check check = done(room.office->check(kEmployer, {kassim(), {}, {}}));
  const auto by = [&](View view) { return check_json(check, view); };
  CHECK(by(View::nothing).size() == 1);
  CHECK(by(View::outcome).at("outcome") == "under_verification");
  for (const char* hidden : {"hits", "case_id", "reason"}) CHECK_FALSE(by(View::outcome).contains(hidden));
  CHECK(by(View::comparison).at("hits").as_array().size() == 1);
  CHECK(by(View::comparison).at("case_id").as_string() == std::string_view(check.case_id));
  const Check shown = shaped(check, View::outcome);
  CHECK(shown.answer.hits.empty());
  CHECK(shown.subject_mark.empty());
  CHECK(shown.answer.reason == IncompleteReason::none);
}

TEST_CASE("a look-up is audited by a mark of its subject and leaves no check") {
  LoadedRoom room;
  LookupRequest request;
  request.subject = kassim();
  request.registers = {"pesalah"};
  const Answer answer = done(room.office->lookup(kCaseworker, request));
  CHECK(answer.outcome == Outcome::refer);
  CHECK(done(room.office->casework().checks({})).empty());
  const AuditEntry entry = room.chain().back();
  CHECK(entry.event.kind == AuditKind::lookup);
  CHECK(entry.event.actor.id == kCaseworker.id);
  const std::string report = done(room.office->subject_report(kRegistrar, request.subject));
  CHECK(report.find("\"by\":\"aminah\"") != std::string::npos);
  CHECK(report.find("\"record_id\":\"P1\"") != std::string::npos);
  CHECK(report.find("Ravindran") == std::string::npos);
}

TEST_CASE("a register is as old as its newest load: a single change makes it no newer, confirming it complete does") {
  LoadedRoom room;
  const auto loaded = [&] { return room.office->engine().world()->registers.at("pesalah").loaded; };
  const std::int64_t before = loaded();
  while (std::time(nullptr) == before) {
  }
  const std::vector<RecordChange> change{
      {RecordChange::Kind::create, record_of("P3", "Nor Hidayah binti Zainudin", "910203025678"), {}, ""}};
  const Generation generation = done(room.office->change(kRegistrar, "pesalah", change)).generation;
  CHECK(loaded() == before);
  room.open();
  CHECK(loaded() == before);
  REQUIRE(room.office->confirm_complete(kRegistrar, "pesalah"));
  CHECK(loaded() > before);
  CHECK(room.office->engine().world()->generation == generation);
  CHECK(room.chain().back().event.kind == AuditKind::load);
  CHECK(room.chain().back().event.details.find("confirmed complete") != std::string::npos);
  CHECK(room.office->confirm_complete(kRegistrar, "nowhere").error().code == ErrorCode::not_found);
}

TEST_CASE("records changed by hand are found at once, need the revision that was seen, and are all or nothing") {
  LoadedRoom room;
  using Kind = RecordChange::Kind;
  const auto look = [&](const Subject& subject) {
    LookupRequest request;
    request.subject = subject;
    return done(room.office->lookup(kCaseworker, request));
  };
  const RevisionId seen = look(kassim()).hits.front().revision;
  std::vector<RecordChange> changes{
      {Kind::create, record_of("P3", "Nor Hidayah binti Zainudin", "910203025678"), {}, ""},
      {Kind::withdraw, record_of("P1", "", ""), {seen.value + 90}, "mistake"}};
  CHECK(room.office->change(kRegistrar, "pesalah", changes).error().code == ErrorCode::busy);
  CHECK(look(stranger()).outcome == Outcome::no_record);
  changes[1].expected = seen;
  const IngestReport report = done(room.office->change(kRegistrar, "pesalah", changes));
  CHECK(report.added == 1);
  CHECK(report.withdrawn == 1);
  CHECK(look(stranger()).outcome == Outcome::refer);
  CHECK(look(kassim()).hits.empty());
  CHECK(room.office->change(kRegistrar, "nowhere", changes).error().code == ErrorCode::not_found);
  changes = {{Kind::correct, record_of("P9", "X", "1"), {}, ""}};
  CHECK(room.office->change(kRegistrar, "pesalah", changes).error().code == ErrorCode::not_found);
  changes = {{Kind::create, record_of("", "X", "1"), {}, ""}};
  CHECK(room.office->change(kRegistrar, "pesalah", changes).error().code == ErrorCode::invalid_input);
  room.open();
  CHECK(look(stranger()).outcome == Outcome::refer);
  CHECK(done(verify(room.office->engine(), {}, room.silent)).clean());
  CHECK(room.chained(AuditKind::load) == 6);  // refused ones too
}

TEST_CASE("what follows from a change of a register is taken up by the next process if this one dies before it") {
  LoadedRoom room;
  const Check check = done(room.office->check(kEmployer, {kassim(), {}, {}}));
  room.office.reset();
  {
    auto engine = done(Engine::open(room.folder / "db", OpenMode::read_write, room.silent));
    IngestRequest request;
    request.register_name = "pesalah";
    request.files = {
        room.write("less.csv", "id,name,id_number,dob,sex\nP2,Ravindran a/l Muthusamy,750505-10-5123,,M\n")};
    request.replace = true;
    done(ingest(*engine, request, room.silent));  // as a process does that dies before it logs and follows
  }
  room.open();
  CHECK(done(room.office->casework().check(check.id)).value().outcome == Outcome::no_record);
  CHECK(room.chained(AuditKind::load) == 2);
  room.open();
  CHECK(room.chained(AuditKind::load) == 2);
}

TEST_CASE("a corrected record is judged anew with the policy of the check") {
  LoadedRoom room;
  const Check check = done(room.office->check(kEmployer, {kassim(), {}, {}}));
  Case the_case = done(room.office->casework().find_case(check.case_id)).value();
  done(room.office->casework().decide(kCaseworker, the_case.id, the_case.version, 0, Verdict::not_same, "another man"));
  room.load(kRegistrar, "pesalah", RegisterKind::offender,
            "id,name,id_number,dob,sex\nP1,Kassim bin Selamat @ Ali,800101-14-5555,1980-01-01,M\n");
  CHECK(done(room.office->casework().check(check.id)).value().outcome == Outcome::refer);
  the_case = done(room.office->casework().find_case(check.case_id)).value();
  CHECK(the_case.candidates[0].hit.revision > check.answer.hits[0].revision);
  CHECK_FALSE(the_case.candidates[0].hit.evidence.empty());
  room.load(kRegistrar, "pesalah", RegisterKind::offender,
            "id,name,id_number,dob,sex\nP1,Wong Mei Ling,690909-07-5344,1969-09-09,F\n");
  CHECK(done(room.office->casework().check(check.id)).value().outcome == Outcome::no_record);
  CHECK(done(room.office->casework().find_case(check.case_id)).value().candidates[0].gone);
}

TEST_CASE("a register loaded again with other ids keeps its answers, and they follow the records there") {
  LoadedRoom room;
  const Check check = done(room.office->check(kEmployer, {kassim(), {}, {}}));
  for (const Actor& actor : {kCaseworker, kSecond}) {
    const Case the_case = done(room.office->casework().find_case(check.case_id)).value();
    done(room.office->casework().decide(actor, the_case.id, the_case.version, 0, Verdict::same_person, "same man"));
  }
  const auto outcome = [&] { return done(room.office->casework().check(check.id)).value().outcome; };
  CHECK(outcome() == Outcome::record);
  const std::string list = "id,name,id_number,dob,sex,quashed\nQ-";
  const std::string kassim_row = ",Kassim bin Selamat,800101-14-5555,1980-01-01,M,";
  room.load(kRegistrar, "pesalah", RegisterKind::offender, list + "100" + kassim_row + "\n", /*replace=*/true);
  CHECK(outcome() == Outcome::record);
  room.load(kRegistrar, "pesalah", RegisterKind::offender,
            list + "200,Kassim b. Selamat,800101-14-5555,1980-01-01,M,\n",
            /*replace=*/true);
  CHECK(outcome() == Outcome::refer);  // it says something else now
  room.load(kRegistrar, "pesalah", RegisterKind::offender,
            list + "200,Kassim b. Selamat,800101-14-5555,1980-01-01,M,yes\n", /*replace=*/true);
  CHECK(outcome() == Outcome::no_record);
}

std::string all_bytes(const std::filesystem::path& folder) {
  std::string out;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    out.append(std::istreambuf_iterator<char>(in), {});
  }
  return out;
}

TEST_CASE("whatever is done about a person, no byte of desk and chain names them; erased, no mark leads back to them") {
  OfficeRoom room;
  room.load(kRegistrar, "pesalah", RegisterKind::offender,
            "id,name,id_number,dob,sex\nP1,Xylophagus bin Quizzaciously,770707-07-5577,1977-07-07,M\n");
  Subject subject = person("Xylophagus bin Quizzaciously", "770707-07-5577", {1977, 7, 7}, "school_staff");
  subject.reference = "HR of Quizzaciously";
  CheckRequest request{subject, ChildQuery{"Zephyrine-9", {2015, 4, 0}}, {}};
  const Check check = done(room.office->check(kEmployer, request));
  Casework& casework = room.office->casework();
  done(casework.note(kCaseworker, check.case_id, 1, "telephoned Xylophagus"));
  done(casework.decide(kCaseworker, check.case_id, 2, 0, Verdict::not_same, "Xylophagus has a twin"));
  LookupRequest lookup;
  lookup.subject = subject;
  done(room.office->lookup(kCaseworker, lookup));
  done(room.office->subject_report(kRegistrar, subject));
  Enrolment watched;
  watched.actor = kEmployer;
  watched.subject = subject;
  watched.policy_id = check.policy_id;
  watched.until_ms = check.time_ms + 86'400'000;
  REQUIRE(done(room.office->monitor().enrol({&watched, 1}, room.silent)).enrolled == 1);
  BatchInfo about;
  about.purpose = "school_staff";
  about.reference = "staff of Quizzaciously";
  about.file_name = "Xylophagus.csv";
  std::vector<BatchRow> rows(2);
  rows[0].query_id = "Xylophagus";
  rows[0].request = request;
  rows[1].query_id = "Quizzaciously";
  rows[1].reject_reason = "Xylophagus is nobody";
  REQUIRE(room.office->batches().start());
  BatchInfo batch = done(room.office->batches().submit(kEmployer, about, rows));
  while (batch.state == BatchState::waiting || batch.state == BatchState::running) {
    batch = done(room.office->batches().wait_for_change(batch.id, batch, 1000)).value();
  }
  CHECK(batch.done == 1);

  std::vector<std::string> marks;
  for (const char* kind : {"number", "watched_number"}) {
    marks.push_back(room.office->keys().mark(kind, "770707075577"));
  }
  marks.push_back(check.subject_mark);
  const auto names_nobody = [&] {
    const std::string bytes = all_bytes(room.folder / "db" / "desk") + all_bytes(room.folder / "db" / "audit");
    CHECK(bytes.find(check.id) != std::string::npos);
    // Ten signs or more of numbers: a few digits stand in random hexadecimal digits now and then.
    for (const char* secret : {"ylophagus", "YLOPHAGUS", "uizzac", "UIZZAC", "770707-07-", "707-07-5577", "7707070755",
                               "0707075577", "ephyrine", "HR of Quiz"}) {
      CAPTURE(secret);
      CHECK(bytes.find(secret) == std::string::npos);
    }
  };
  names_nobody();
  const std::string before = all_entries(room.office->desk());
  for (const std::string& mark : marks) CHECK(before.find(mark) != std::string::npos);

  CHECK(done(room.office->erase_due(kRegistrar, check.time_ms + 3000LL * 86'400'000)) == 4);
  const auto leads_nowhere = [&] {
    const std::string after = all_bytes(room.folder / "db" / "desk");
    for (const std::string& mark : marks) CHECK(after.find(mark) == std::string::npos);
    CHECK(after.find(check.salt) == std::string::npos);
  };
  room.open();  // RocksDB's manifest names the bounds of files that were until then
  leads_nowhere();
  CHECK(done(room.office->verify_audit(room.silent)).clean());
  room.office.reset();
  names_nobody();
  leads_nowhere();
}

TEST_CASE("a policy put in force replaces the one of its name; every policy that was stays to be shown") {
  LoadedRoom room;
  const Check before = done(room.office->check(kEmployer, {stranger(), {}, {}}));
  const std::string toml = "name = \"school_staff\"\ntitle = { ms = \"Sekolah\", en = \"Schools\" }\n";
  const Policy put = done(room.office->put_policy({"admin", "agency", Role::admin}, toml, "own.toml"));
  const Check after = done(room.office->check(kEmployer, {stranger(), {}, {}}));
  CHECK(before.policy_id != after.policy_id);
  CHECK(after.policy_id == put.id);
  CHECK_FALSE(room.office->put_policy({"admin", "agency", Role::admin}, "name = 3", "bad.toml"));
  room.open();
  CHECK(done(room.office->check(kEmployer, {stranger(), {}, {}})).policy_id == put.id);
  CHECK(done(room.office->policy_of(before.policy_id)).consent);
  CHECK(room.office->policy_of("school_staff@0000000000000000").error().code == ErrorCode::not_found);
}

TEST_CASE("a desk whose key file is missing is not given new keys") {
  LoadedRoom room;
  room.office.reset();
  std::filesystem::rename(room.folder / "db" / "keys" / "semak.key", room.folder / "kept.key");
  CHECK(room.try_open().error().code == ErrorCode::not_found);
  std::filesystem::rename(room.folder / "kept.key", room.folder / "db" / "keys" / "semak.key");
  room.open();
}

TEST_CASE("a second process is told that the desk is held") {
  LoadedRoom room;
  OfficeOptions options;
  options.registers = OpenMode::read_only;
  const auto second = Office::open(room.folder / "db", options, room.silent);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::busy);
}

TEST_CASE("whatever operation fails, nothing is answered that the chain does not know") {
  for (int failing = 1;; ++failing) {
    LoadedRoom room;
    int operations = 0;
    room.fault = [&](std::string_view) -> Status {
      if (++operations == failing) return Error{ErrorCode::io, "made to fail"};
      return {};
    };
    const auto check = room.office->check(kEmployer, {kassim(), {}, {}});
    LookupRequest request;
    request.subject = stranger();
    const auto lookup = room.office->lookup(kCaseworker, request);
    const auto load = room.try_load(kRegistrar, "pesalah", RegisterKind::offender, "id,name\nP7,Tan Boon Heng\n");
    const bool reached = operations >= failing;
    room.fault = {};
    room.open();
    CAPTURE(failing, operations);
    const std::size_t checks = room.chained(AuditKind::check);
    CHECK(checks == done(room.office->casework().checks({})).size());
    if (check) CHECK(checks == 1);
    if (lookup) CHECK(room.chained(AuditKind::lookup) == 1);
    // Whether or not the load was told to have succeeded, what is in the register is in the chain.
    std::size_t loads = 0;
    for (const AuditEntry& entry : room.chain()) {
      loads += entry.event.kind == AuditKind::load && entry.event.details.find("\"generation\"") != std::string::npos;
    }
    CHECK(loads == room.office->engine().store().published()->batch);
    if (load) CHECK(loads == 2);
    CHECK(done(room.office->verify_audit(room.silent)).clean());
    if (!reached) {
      CHECK(check);
      CHECK(lookup);
      CHECK(load);
      break;
    }
  }
}

TEST_CASE("checks, look-ups and changes of the register at the same time leave one consistent desk") {
  LoadedRoom room;
  std::atomic<int> answered = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 3; ++i) {
      people.emplace_back([&] {
        for (int n = 0; n < 15; ++n) answered += room.office->check(kEmployer, {kassim(), {}, {}}).ok();
      });
    }
    for (int n = 0; n < 6; ++n) {
      const bool there = n % 2 == 1;
      room.load(
          kRegistrar, "pesalah", RegisterKind::offender,
          there ? std::string(kList) : "id,name,id_number,dob,sex\nP2,Ravindran a/l Muthusamy,750505-10-5123,,M\n",
          /*replace=*/true);
    }
  }
  CHECK(answered == 45);
  room.load(kRegistrar, "pesalah", RegisterKind::offender, "id,name\nP2,Ravindran a/l Muthusamy\n", true);
  CheckFilter all;
  all.checks_max = 1000;
  for (const Check& check : done(room.office->casework().checks(all))) CHECK(check.outcome == Outcome::no_record);
  CHECK(room.chained(AuditKind::check) == 45);
  CHECK(done(room.office->verify_audit(room.silent)).clean());
}

}  // namespace
}  // namespace semak
