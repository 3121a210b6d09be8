#include "engine/casework/casework.h"

#include <chrono>
#include <set>
#include <thread>

#include "engine/store/bytes.h"
#include "tests/engine/casework/desk_room.h"

namespace semak {
namespace {

std::vector<AuditEntry> audited(const DeskRoom& room) {
  std::vector<AuditEntry> entries;
  const Status read = room.desk->audit().scan([&](const AuditEntry& entry) {
    entries.push_back(entry);
    return Status();
  });
  REQUIRE(read);
  return entries;
}

TEST_CASE("a check is read back as it was made, also by the next process") {
  DeskRoom room;
  Check made = test_check(test_subject("Kassim bin Selamat", "800101-14-5555"), {});
  made.request.child = ChildQuery{"ANAK-9", {2015, 4, 0}};
  made.request.as_of = {2026, 11, 1};
  made.answer.standing = Standing{StandingState::fit, {2026, 11, 1}, "oyls",       "O1",        {4}, "ORD-1",
                                  "30(1)(b)",         "ANAK-9",      {2026, 1, 1}, {2099, 1, 1}};
  made = room.add(made, test_policy());
  CHECK(made.id.size() == 26);
  CHECK(made.commitment.size() == 64);
  CHECK(made.valid_until_ms == made.time_ms + 30LL * 86'400'000);
  CHECK(made.audit_sequence > 0);
  room.open();
  const Check read = room.read(made.id);
  CHECK(read.request.subject.names == made.request.subject.names);
  CHECK(read.request.subject.reference == made.request.subject.reference);
  CHECK(read.request.child->reference == "ANAK-9");
  CHECK(read.request.as_of == made.request.as_of);
  CHECK(read.answer.standing->order == "ORD-1");
  CHECK(read.answer.standing->valid_to == PartialDate{2099, 1, 1});
  CHECK(read.outcome == Outcome::no_record);
  CHECK(read.salt == made.salt);
  CHECK(read.commitment == made.commitment);
  CHECK(read.audit_sequence == made.audit_sequence);
}

TEST_CASE("a referral opens a case; two people make a record, one alone does not") {
  DeskRoom room;
  const Check check =
      room.add(test_check(test_subject("Kassim bin Selamat", ""), {test_hit("R1", "c1")}), test_policy());
  REQUIRE_FALSE(check.case_id.empty());
  Case the_case = room.read_case(check.case_id);
  CHECK(the_case.candidates.front().hit.evidence.size() == 1);
  CHECK(the_case.reference == check.request.subject.reference);
  the_case = room.decide(kCaseworkerA, check.case_id, 0, Verdict::same_person);
  CHECK(the_case.state == CaseState::awaiting_second);
  CHECK(room.read(check.id).outcome == Outcome::refer);
  const auto again = room.casework->decide(kCaseworkerA, check.case_id, the_case.version, 0, Verdict::same_person, "x");
  CHECK(again.error().code == ErrorCode::permission);
  the_case = room.decide(kCaseworkerB, check.case_id, 0, Verdict::same_person);
  CHECK(the_case.state == CaseState::closed_record);
  room.open();
  CHECK(room.read(check.id).outcome == Outcome::record);
  CHECK(room.read(check.id).answer.outcome == Outcome::refer);
}

TEST_CASE("who changes a case that changed meanwhile must read it again") {
  DeskRoom room;
  const Check check = room.add(test_check(test_subject("A", "800101145555"), {test_hit("R1", "c1")}), test_policy());
  const std::uint64_t version = room.read_case(check.case_id).version;
  REQUIRE(room.casework->assign(kCaseworkerA, check.case_id, version, "aminah"));
  const auto late = room.casework->note(kCaseworkerB, check.case_id, version, "x");
  CHECK(late.error().code == ErrorCode::busy);
  CHECK(room.casework->note(kCaseworkerB, "nocase", 1, "x").error().code == ErrorCode::not_found);
}

TEST_CASE("a decided pair stays decided for that subject and that content, in any spelling and under any record id") {
  DeskRoom room;
  const Check first =
      room.add(test_check(test_subject("Kassim bin Selamat", "800101-14-5555"), {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, first.case_id, 0, Verdict::not_same);
  CHECK(room.read(first.id).outcome == Outcome::no_record);

  const Subject same = test_subject("KASSIM  BIN SELAMAT", "800101145555");
  const Check again = room.add(test_check(same, {test_hit("R1-renamed", "c1")}), test_policy());
  CHECK(again.outcome == Outcome::no_record);
  CHECK(again.case_id.empty());
  CHECK(again.answer.outcome == Outcome::refer);

  const Check changed_record = room.add(test_check(same, {test_hit("R1", "c2")}), test_policy());
  CHECK(changed_record.outcome == Outcome::refer);
  const Check another =
      room.add(test_check(test_subject("Kassim bin Selamat", "810101145555"), {test_hit("R1", "c1")}), test_policy());
  CHECK(another.outcome == Outcome::refer);
  const Check both = room.add(test_check(same, {test_hit("R1", "c1"), test_hit("R2", "c3")}), test_policy());
  const Case the_case = room.read_case(both.case_id);
  CHECK(the_case.candidates[0].decided);
  CHECK(the_case.candidates[0].earlier_case == first.case_id);
  CHECK_FALSE(the_case.candidates[1].decided);

  auto reopened =
      room.casework->reopen(kCaseworkerB, first.case_id, room.read_case(first.case_id).version, "new photo");
  REQUIRE(reopened);
  CHECK(room.read(first.id).outcome == Outcome::refer);
  CHECK(room.add(test_check(same, {test_hit("R1", "c1")}), test_policy()).outcome == Outcome::refer);
}

TEST_CASE("earlier verdicts on a search that was not whole, or whose list was full, leave it incomplete") {
  DeskRoom room;
  const Subject subject = test_subject("Kassim bin Selamat", "800101145555");
  const Check first = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, first.case_id, 0, Verdict::not_same);

  Check cut = test_check(subject, {test_hit("R1", "c1")});
  cut.answer.reason = IncompleteReason::cut_short;
  cut = room.add(cut, test_policy());
  CHECK(cut.outcome == Outcome::incomplete);
  CHECK(cut.valid_until_ms == 0);

  Policy narrow = test_policy();
  narrow.top = 1;
  const Check full = room.add(test_check(subject, {test_hit("R1", "c1")}), narrow);
  CHECK(full.outcome == Outcome::incomplete);
  CHECK(full.answer.reason == IncompleteReason::cut_short);
}

TEST_CASE("who is asked about without a number is judged anew each time: it may be somebody else of that name") {
  DeskRoom room;
  for (const char* number : {"", "tiada", "0000-00-0000", "12"}) {
    CAPTURE(number);
    Subject subject = test_subject("Kassim bin Selamat", number);
    subject.dob = {1980, 1, 1};
    const Check first = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
    room.decide(kCaseworkerA, first.case_id, 0, Verdict::not_same);
    CHECK(room.read(first.id).outcome == Outcome::no_record);
    const Check second = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
    CHECK(second.outcome == Outcome::refer);
    CHECK_FALSE(room.read_case(second.case_id).candidates[0].decided);
  }
}

TEST_CASE("who reopens a case reopens every answer that took a verdict over from it, also over a dying process") {
  const Subject subject = test_subject("Kassim bin Selamat", "800101145555");
  int between = 0;  // how often it died between the reopening itself and the last that follows from it
  for (int failing = 1;; ++failing) {  // the write from which on none succeeds
    REQUIRE(failing < 40);
    CAPTURE(failing);
    DeskRoom room;
    const Check first = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
    room.decide(kCaseworkerA, first.case_id, 0, Verdict::not_same);
    const Check bare = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
    const Check mixed = room.add(test_check(subject, {test_hit("R1", "c1"), test_hit("R2", "c2")}), test_policy());
    room.decide(kCaseworkerA, mixed.case_id, 1, Verdict::not_same);
    const Check other =
        room.add(test_check(test_subject("Devi", "900101145555"), {test_hit("R1", "c1")}), test_policy());
    room.decide(kCaseworkerA, other.case_id, 0, Verdict::not_same);
    for (const Check* one : {&bare, &mixed, &other}) REQUIRE(room.read(one->id).outcome == Outcome::no_record);

    int writes = 0;
    room.fault = [&](std::string_view operation) -> Status {
      if (operation != "write" || ++writes < failing) return {};
      return Error{ErrorCode::io, "made to fail"};
    };
    const std::uint64_t version = room.read_case(first.case_id).version;
    const auto reopened = room.casework->reopen(kCaseworkerB, first.case_id, version, "new photo");
    room.fault = {};
    room.open();
    REQUIRE(room.casework->take_up(kKeeper));
    if (room.read_case(first.case_id).state == CaseState::closed_no_record) {
      CHECK_FALSE(reopened.ok());
      for (const Check* one : {&first, &bare, &mixed}) CHECK(room.read(one->id).outcome == Outcome::no_record);
      continue;
    }
    for (const Check* one : {&first, &bare, &mixed}) CHECK(room.read(one->id).outcome == Outcome::refer);
    CHECK(room.read(other.id).outcome == Outcome::no_record);
    const Case the_case = room.read_case(mixed.case_id);
    CHECK_FALSE(the_case.candidates[0].decided);
    CHECK(the_case.candidates[1].decided);  // its own
    const std::uint64_t entries = room.desk->audit().head().sequence;
    REQUIRE(room.casework->take_up(kKeeper));
    CHECK(room.desk->audit().head().sequence == entries);
    if (reopened.ok()) break;
    ++between;
  }
  CHECK(between >= 2);
}

TEST_CASE("a record that the register lists under another id keeps its answers, and they follow it there") {
  DeskRoom room;
  const Subject subject = test_subject("Kassim bin Selamat", "800101145555");
  const Check check = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::same_person);
  room.decide(kCaseworkerB, check.case_id, 0, Verdict::same_person);
  const Check by_pair = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
  const Check waiting =
      room.add(test_check(test_subject("Devi", "900101145555"), {test_hit("R1", "c1")}), test_policy());
  const auto moved = [](const std::string& content) {
    return [=](const Check&) -> Result<std::optional<Hit>> {
      Hit hit = test_hit("R9", content);
      hit.revision = {12};
      return std::optional<Hit>(hit);
    };
  };
  SECTION("with the same content nothing is decided anew") {
    REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", gone("withdrawn"), moved("c1")));
    CHECK(room.read(check.id).outcome == Outcome::record);
    CHECK(room.read(by_pair.id).outcome == Outcome::record);
    CHECK(room.read(waiting.id).outcome == Outcome::refer);
    CHECK(room.read_case(check.case_id).candidates[0].hit.record_id == "R9");
    CHECK(room.read(check.id).answer.hits[0].record_id == "R1");  // as answered then
    const std::uint64_t entries = room.desk->audit().head().sequence;
    REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", gone("withdrawn"), moved("c1")));
    CHECK(room.desk->audit().head().sequence == entries);
    REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R9", gone("quashed")));
    for (const Check* one : {&check, &by_pair, &waiting}) CHECK(room.read(one->id).outcome == Outcome::no_record);
  }
  SECTION("with other content it is judged anew") {
    REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", gone("withdrawn"), moved("c2")));
    for (const Check* one : {&check, &by_pair, &waiting}) CHECK(room.read(one->id).outcome == Outcome::refer);
  }
  SECTION("a quashed one is quashed, whatever else there is") {
    REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", gone("quashed"), moved("c1")));
    for (const Check* one : {&check, &by_pair, &waiting}) CHECK(room.read(one->id).outcome == Outcome::no_record);
  }
}

TEST_CASE("once the chain could not be written, what it does not know is not told") {
  DeskRoom room;
  const Check before = room.add(test_check(test_subject("Before", ""), {test_hit("R1", "c1")}), test_policy());
  int writes = 0;
  room.fault = [&](std::string_view operation) -> Status {
    // The first is the desk's own, which succeeds; the second is the chain's.
    if (operation == "write" && ++writes == 2) return Error{ErrorCode::io, "made to fail"};
    return {};
  };
  Check check = test_check(test_subject("Kassim", ""), {});
  check.id = "row-1";
  const Policy policy = test_policy();
  REQUIRE_FALSE(room.casework->add({&check, 1}, {&policy, 1}));
  REQUIRE(room.desk->database().get(family(DeskFamily::checks), "row-1").value().has_value());
  const auto refused = [](const auto& result) { return !result && result.error().code == ErrorCode::unavailable; };
  CHECK(refused(room.casework->check("row-1")));
  CHECK(refused(room.casework->check(before.id)));
  CHECK(refused(room.casework->checks({})));
  CHECK(refused(room.casework->checks_of(check.request.subject)));
  CHECK(refused(room.casework->find_case(before.case_id)));
  CHECK(refused(room.casework->queue({})));
  const Status again = room.casework->add({&check, 1}, {&policy, 1});
  CHECK(refused(again));
  room.fault = {};
  room.open();
  CHECK(room.read("row-1").audit_sequence > 0);
}

TEST_CASE("a quashed record turns the answers that rested on it, once") {
  DeskRoom room;
  const Subject subject = test_subject("Kassim bin Selamat", "800101145555");
  const Check check = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::same_person);
  room.decide(kCaseworkerB, check.case_id, 0, Verdict::same_person);
  const Check by_pair = room.add(test_check(subject, {test_hit("R1", "c1")}), test_policy());
  CHECK(by_pair.outcome == Outcome::record);
  CHECK(by_pair.case_id.empty());
  const Check clear = room.add(test_check(test_subject("Other", "900101145555"), {}), test_policy());

  CHECK(room.casework->any_check_names("pesalah"));
  CHECK_FALSE(room.casework->any_check_names("oyls"));
  auto turned = room.casework->record_changed(kKeeper, "pesalah", "R1", gone("quashed"));
  REQUIRE(turned);
  CHECK(std::set<std::string>(turned->begin(), turned->end()) == std::set<std::string>{check.id, by_pair.id});
  CHECK(room.read(check.id).outcome == Outcome::no_record);
  CHECK(room.read(by_pair.id).outcome == Outcome::no_record);
  CHECK(room.read(clear.id).outcome == Outcome::no_record);
  const std::uint64_t entries = room.desk->audit().head().sequence;
  turned = room.casework->record_changed(kKeeper, "pesalah", "R1", gone("quashed"));
  REQUIRE(turned);
  CHECK(turned->empty());
  CHECK(room.desk->audit().head().sequence == entries);

  SECTION("a record that comes back is judged anew") {
    turned = room.casework->record_changed(kKeeper, "pesalah", "R1", record_now("c1", 10));
    REQUIRE(turned);
    CHECK(turned->size() == 2);
    CHECK(room.read(check.id).outcome == Outcome::refer);
    CHECK(room.read_case(check.case_id).candidates[0].hit.revision == RevisionId{10});
  }
}

TEST_CASE("a corrected record reopens what was decided on its old content, with its new comparison") {
  DeskRoom room;
  const Check check = room.add(test_check(test_subject("Kassim", ""), {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::not_same);
  Hit anew = test_hit("R1", "c2");
  anew.score = Bits::whole(33);
  int asked = 0;
  const auto rejudge = [&](const Check& about) -> Result<std::optional<Hit>> {
    ++asked;
    CHECK(about.request.subject.names.front().text == "Kassim");
    return std::optional<Hit>(anew);
  };
  auto turned = room.casework->record_changed(kKeeper, "pesalah", "R1", record_now("c2"), rejudge);
  REQUIRE(turned);
  CHECK(*turned == std::vector<std::string>{check.id});
  CHECK(asked == 1);
  const Case the_case = room.read_case(check.case_id);
  CHECK(the_case.state == CaseState::open);
  CHECK(the_case.candidates[0].hit.score == Bits::whole(33));
  CHECK_FALSE(the_case.candidates[0].decided);
}

TEST_CASE("an appeal that begins takes a record back, and its end gives it again") {
  DeskRoom room;
  const Check check = room.add(test_check(test_subject("Kassim", ""), {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::same_person);
  room.decide(kCaseworkerB, check.case_id, 0, Verdict::same_person);
  RecordNow appealed = record_now("c1");
  appealed.under_appeal = true;
  REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", appealed));
  CHECK(room.read(check.id).outcome == Outcome::refer);
  REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", record_now("c1")));
  CHECK(room.read(check.id).outcome == Outcome::record);
}

TEST_CASE("a given id is checked once: in one call, in the next, and in the next process") {
  DeskRoom room;
  std::vector<Check> rows(3, test_check(test_subject("Kassim", ""), {test_hit("R1", "c1")}));
  rows[0].id = rows[2].id = "row-1";
  rows[1].id = "row-2";
  const Policy policy = test_policy();
  REQUIRE(room.casework->add(rows, {&policy, 1}));
  CHECK(rows[0].commitment == rows[2].commitment);
  const std::uint64_t entries = room.desk->audit().head().sequence;
  room.open();
  std::vector<Check> again(2, test_check(test_subject("Somebody else", ""), {}));
  again[0].id = "row-1";
  again[1].id = "row-2";
  REQUIRE(room.casework->add(again, {&policy, 1}));
  CHECK(again[0].commitment == rows[0].commitment);
  CHECK(again[0].outcome == Outcome::refer);
  CHECK(room.desk->audit().head().sequence == entries);
}

TEST_CASE("the queue goes by priority, then age, and pages through everything once") {
  DeskRoom room;
  std::vector<std::string> expected;
  for (const double probability : {0.02, 0.9, 0.9, 0.3}) {
    Check check =
        test_check(test_subject("N" + std::to_string(expected.size()), ""), {test_hit("R", "c", probability)});
    check.time_ms = 1'000'000 + static_cast<std::int64_t>(expected.size());
    expected.push_back(room.add(check, test_policy()).case_id);
  }
  expected = {expected[1], expected[2], expected[3], expected[0]};
  CaseFilter filter;
  filter.cases_max = 1;
  std::vector<std::string> seen;
  for (auto page = room.casework->queue(filter); page && !page->empty(); page = room.casework->queue(filter)) {
    filter.after = page->front().id;
    seen.push_back(filter.after);
  }
  CHECK(seen == expected);
  auto counts = room.casework->counts();
  REQUIRE(counts);
  CHECK(counts->open == 4);
  CHECK(counts->overdue == 4);  // of 1970
  CHECK(counts->oldest_ms == 1'000'000);
  room.decide(kCaseworkerA, expected[0], 0, Verdict::not_same);
  room.decide(kCaseworkerA, expected[1], 0, Verdict::need_more);
  room.decide(kCaseworkerA, expected[2], 0, Verdict::same_person);
  counts = room.casework->counts();
  CHECK(counts->open == 1);
  CHECK(counts->needs_more == 1);
  CHECK(counts->awaiting_second == 1);
  filter = {};
  CHECK(room.casework->queue(filter)->size() == 3);
  filter.closed = true;
  CHECK(room.casework->queue(filter)->front().id == expected[0]);
  filter.closed = false;
  filter.text = "HR of N1";
  CHECK(room.casework->queue(filter)->empty());  // that one is closed
  filter.text = "HR of N3";
  CHECK(room.casework->queue(filter)->size() == 1);
}

TEST_CASE("checks are listed newest first, by tenant, in pages, and by what they are about") {
  DeskRoom room;
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    Check check = test_check(test_subject(i < 3 ? "Kassim" : "Devi", ""), {});
    check.time_ms = 1000 + i;
    if (i % 2 == 1) check.actor.tenant = "school-2";
    ids.push_back(room.add(check, test_policy()).id);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // ids order what was made in different milliseconds
  }
  CheckFilter filter;
  filter.checks_max = 2;
  std::vector<std::string> seen;
  for (auto page = room.casework->checks(filter); page && !page->empty(); page = room.casework->checks(filter)) {
    for (const Check& check : *page) seen.push_back(check.id);
    filter.before = seen.back();
  }
  CHECK(seen == std::vector<std::string>(ids.rbegin(), ids.rend()));
  filter = {};
  filter.tenant = "school-2";
  CHECK(room.casework->checks(filter)->size() == 3);
  filter.from_ms = 1003;
  filter.to_ms = 1004;
  CHECK(room.casework->checks(filter)->front().id == ids[3]);
  CHECK(room.casework->checks(filter)->size() == 1);
  CHECK(room.casework->checks_of(test_subject("KASSIM", ""))->size() == 3);
  filter = {};
  filter.outcome = Outcome::refer;
  CHECK(room.casework->checks(filter)->empty());
}

TEST_CASE("a check is found again by any of its numbers, whatever the name") {
  DeskRoom room;
  const Check check = room.add(test_check(test_subject("Kassim", "800101-14-5555"), {}), test_policy());
  room.add(test_check(test_subject("Kassim", "tiada"), {}), test_policy());
  CHECK(room.casework->checks_of(test_subject("K. Selamat", "800101145555"))->empty());
  const auto about = room.casework->checks_about(test_subject("K. Selamat", "800101145555"));
  REQUIRE(about);
  REQUIRE(about->size() == 1);
  CHECK(about->front().id == check.id);
  CHECK(room.casework->checks_about(test_subject("Anybody", "tiada"))->empty());
}

TEST_CASE("every check and every step of a case stands in the chain, without a name or a number") {
  DeskRoom room;
  const Check check =
      room.add(test_check(test_subject("Zulkarnain", "770707075577"), {test_hit("R1", "c1")}), test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::same_person);
  room.decide(kCaseworkerB, check.case_id, 0, Verdict::same_person);
  const auto entries = audited(room);
  REQUIRE(entries.size() == 4);
  CHECK(entries[0].event.kind == AuditKind::check);
  CHECK(entries[0].event.object == check.id);
  CHECK(entries[0].event.details.find(check.commitment) != std::string::npos);
  CHECK(entries[3].event.actor.id == kCaseworkerB.id);
  CHECK(entries[3].event.details.find("\"outcome\":\"record\"") != std::string::npos);
  for (const AuditEntry& entry : entries) CHECK(entry.event.details.find("Zulkarnain") == std::string::npos);
}

TEST_CASE("whatever operation fails, an error is told and a reopened desk and chain agree") {
  for (int failing = 1;; ++failing) {
    DeskRoom room;
    const Check before = room.add(test_check(test_subject("Before", ""), {test_hit("R1", "c1")}), test_policy());
    int operations = 0;
    room.fault = [&](std::string_view) -> Status {
      if (++operations == failing) return Error{ErrorCode::io, "made to fail"};
      return {};
    };
    Check check = test_check(test_subject("Kassim", ""), {test_hit("R1", "c1")});
    const Policy policy = test_policy();
    const Status added = room.casework->add({&check, 1}, {&policy, 1});
    const auto decided = room.casework->decide(kCaseworkerA, before.case_id, 1, 0, Verdict::not_same, "x");
    const bool reached = operations >= failing;
    room.fault = {};
    room.open();
    CAPTURE(failing, operations);
    if (added) CHECK(room.read(check.id).outcome == Outcome::refer);
    if (decided) CHECK(room.read(before.id).outcome == Outcome::no_record);
    // What the desk has, the chain has: once each.
    std::multiset<std::string> logged;
    for (const AuditEntry& entry : audited(room)) {
      if (entry.event.kind == AuditKind::check) logged.insert(entry.event.object);
    }
    const auto kept = room.casework->checks({});
    REQUIRE(kept);
    CHECK(kept->size() == logged.size());
    for (const Check& one : *kept) CHECK(logged.count(one.id) == 1);
    if (!reached) {
      CHECK(added);
      CHECK(decided);
      break;
    }
    CHECK_FALSE((added && decided && operations > 40));
  }
}

TEST_CASE("people who decide at the same time lose nothing and never both confirm one proposal") {
  DeskRoom room;
  for (int round = 0; round < 5; ++round) {
    const Check check = room.add(
        test_check(test_subject("N" + std::to_string(round), ""), {test_hit("R1", "c" + std::to_string(round))}),
        test_policy());
    std::atomic<int> done = 0, busy = 0, refused = 0;
    const auto propose = [&](const Actor& actor) {
      auto result = room.casework->decide(actor, check.case_id, 1, 0, Verdict::same_person, "x");
      if (result) ++done;
      if (!result && result.error().code == ErrorCode::busy) ++busy;
      if (!result && result.error().code != ErrorCode::busy) ++refused;
    };
    {
      std::jthread a([&] { propose(kCaseworkerA); });
      std::jthread b([&] { propose(kCaseworkerB); });
    }
    CHECK(done == 1);
    CHECK(busy == 1);
    CHECK(refused == 0);
    CHECK(room.read_case(check.case_id).state == CaseState::awaiting_second);
  }
}

TEST_CASE("a damaged check or case is an error, not an answer") {
  DeskRoom room;
  const Check check = room.add(test_check(test_subject("Kassim", ""), {test_hit("R1", "c1")}), test_policy());
  for (const auto& [which, id] :
       {std::pair{DeskFamily::checks, check.id}, std::pair{DeskFamily::cases, check.case_id}}) {
    const auto bytes = room.desk->database().get(family(which), id);
    REQUIRE(bytes);
    for (std::size_t at = 0; at < (*bytes)->size(); at += 7) {
      std::string damaged = **bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
      WriteSet changes;
      changes.put(family(which), id, damaged);
      REQUIRE(room.desk->commit(changes, {}));
      if (which == DeskFamily::checks) CHECK_FALSE(room.casework->check(id));
      if (which == DeskFamily::cases) CHECK_FALSE(room.casework->find_case(id));
    }
    WriteSet changes;
    changes.put(family(which), id, **bytes);
    REQUIRE(room.desk->commit(changes, {}));
  }
  CHECK(room.casework->check(check.id));
}

}  // namespace
}  // namespace semak
