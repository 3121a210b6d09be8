// What the disk holds of a subject, before and after erasure.
#include <fstream>

#include "tests/engine/casework/desk_room.h"
#include "tests/engine/desk/all_entries.h"

namespace semak {
namespace {

std::string all_bytes(const std::filesystem::path& folder) {
  std::string out;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    out.append(std::istreambuf_iterator<char>(in), {});
  }
  return out;
}

TEST_CASE("nothing on the disk says who was asked about, why, or what was decided of them") {
  DeskRoom room;
  const Check check =
      room.add(test_check(test_subject("Zulkarnain Mustapha", "770707075577"), {test_hit("660606-06-5664", "c1")}),
               test_policy());
  auto noted = room.casework->note(kCaseworkerA, check.case_id, 1, "telephoned Zulkarnain at home");
  REQUIRE(noted);
  // Registers may use identity numbers as ids of their records.
  const Check moved = room.add(test_check(test_subject("Devi", "770708075578"), {test_hit("R1", "c2")}), test_policy());
  const Casework::Rejudge renumbered = [](const Check&) { return std::optional(test_hit("550505-05-5553", "c2")); };
  REQUIRE(room.casework->record_changed(kKeeper, "pesalah", "R1", gone("withdrawn"), renumbered));
  CHECK(room.read_case(moved.case_id).candidates[0].hit.record_id == "550505-05-5553");
  CHECK(room.casework->checks_naming("pesalah", "660606-06-5664")->size() == 1);
  room.close();
  const std::string bytes = all_bytes(room.folder / "desk") + all_bytes(room.folder / "audit");
  CHECK(bytes.find(check.id) != std::string::npos);
  // Ten signs or more of numbers: a few digits stand in random hexadecimal digits now and then.
  for (const char* secret :
       {"Zulkarnain", "ZULKARNAIN", "7707070755", "0707075577", "HR of Zulk", "telephoned", "kassim", "660606-06-",
        "606-06-5664", "6606060656", "0606065664", "550505-05-", "505-05-5553", "5505050555", "0505055553"}) {
    CAPTURE(secret);
    CHECK(bytes.find(secret) == std::string::npos);
  }
}

TEST_CASE("retention erases subjects and leaves ids, outcomes and a chain that verifies") {
  DeskRoom room;
  Check old_check = test_check(test_subject("Kassim", "800101145555"), {test_hit("R1", "c1")});
  old_check.time_ms = 1'000'000;
  old_check = room.add(old_check, test_policy());
  Check open_check = test_check(test_subject("Devi", ""), {test_hit("R1", "c1")});
  open_check.time_ms = 1'000'000;
  open_check = room.add(open_check, test_policy());
  const Check young = room.add(test_check(test_subject("Kassim", "800101145555"), {}), test_policy());
  room.decide(kCaseworkerA, old_check.case_id, 0, Verdict::not_same);

  const auto erased = room.casework->erase_expired(kKeeper, 1'000'000 + 366LL * 86'400'000);
  REQUIRE(erased);
  CHECK(*erased == 1);
  CHECK(*room.casework->erase_expired(kKeeper, 1'000'000 + 366LL * 86'400'000) == 0);
  room.open();
  const Check left = room.read(old_check.id);
  CHECK(left.erased);
  CHECK(left.outcome == Outcome::no_record);
  CHECK(left.commitment == old_check.commitment);
  CHECK(left.request.subject.names.empty());
  CHECK(left.request.subject.reference.empty());
  CHECK(left.request.subject.purpose == "school_staff");
  CHECK(left.salt.empty());
  CHECK(left.answer.hits.front().evidence.empty());
  CHECK(left.answer.hits.front().record_id == "R1");
  CHECK(room.read_case(old_check.case_id).events.back().text.empty());
  CHECK(room.read_case(old_check.case_id).candidates[0].verdict == Verdict::not_same);
  CHECK_FALSE(room.read(open_check.id).erased);
  CHECK(room.casework->checks_of(young.request.subject)->size() == 1);
  CHECK(room.casework->checks_about(young.request.subject)->size() == 1);
  const auto verified = room.desk->audit().verify({}, room.keys->public_key(), {});
  REQUIRE(verified);
  CHECK(verified->clean());

  SECTION("a quashed record still turns an erased answer, a corrected one cannot") {
    CHECK(room.casework->record_changed(kKeeper, "pesalah", "R1", record_now("c2"))->size() <= 1);
    CHECK(room.read(old_check.id).outcome == Outcome::no_record);
  }
  SECTION("on request one check is erased, unless its case is open") {
    CHECK(room.casework->erase(kKeeper, open_check.id, "asked for it").error().code == ErrorCode::invalid_input);
    CHECK(room.casework->erase(kEmployer, young.id, "x").error().code == ErrorCode::permission);
    CHECK(room.casework->erase(kKeeper, young.id, "asked for it"));
    CHECK(room.read(young.id).erased);
    const Check anew = room.add(test_check(young.request.subject, {test_hit("R1", "c1")}), test_policy());
    CHECK(anew.outcome == Outcome::refer);  // the pair went with the last check of the subject
  }
}

TEST_CASE("when the last check of a subject is erased its marks and salts are not on the disk any more") {
  DeskRoom room;
  const Subject subject = test_subject("Kassim bin Selamat", "800101145555");
  Check check = test_check(subject, {test_hit("R1", "c1")});
  check.time_ms = 1'000'000;
  check = room.add(check, test_policy());
  room.decide(kCaseworkerA, check.case_id, 0, Verdict::not_same);
  const std::string number_mark = room.keys->mark("number", "800101145555");
  room.open();
  const std::string old = all_entries(*room.desk);
  for (const std::string& mark : {check.subject_mark, number_mark}) CHECK(old.find(mark) != std::string::npos);
  const bool on_request = GENERATE(false, true);
  if (on_request) CHECK(room.casework->erase(kKeeper, check.id, "asked for it"));
  if (!on_request) CHECK(room.casework->erase_expired(kKeeper, 1'000'000 + 366LL * 86'400'000).value() == 1);
  const auto left_on_disk = [&] {
    const std::string bytes = all_bytes(room.folder / "desk") + all_bytes(room.folder / "audit");
    CHECK(bytes.find(check.id) != std::string::npos);
    for (const std::string& mark : {check.subject_mark, number_mark, check.salt, hex(check.salt)}) {
      CHECK(bytes.find(mark) == std::string::npos);
    }
  };
  room.open();  // RocksDB's manifest names the bounds of files that were until then
  left_on_disk();
  room.close();
  left_on_disk();
}

}  // namespace
}  // namespace semak
