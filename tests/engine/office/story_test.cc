// The life of one answer, from the court's list to the letter that takes it back. Everybody here is invented.
#include "engine/office/check_view.h"
#include "tests/engine/office/office_room.h"

namespace semak {
namespace {

constexpr std::string_view kCourtList =
    "id,name,id_number,dob,sex,court,case_no,act_section,conviction_date,quashed\n"
    "P-17,Kassim bin Selamat,800101-14-5555,1980-01-01,M,Kuala Lumpur,62-17-2019,Akta 792 s.14,2019-05-02,\n"
    "P-18,Ravindran a/l Muthusamy,750505-10-5123,1975-05-05,M,Shah Alam,62-18-2020,Akta 792 s.14,2020-02-11,\n"
    "P-19,Lim Ah Kow,690912-08-5311,1969-09-12,M,Ipoh,62-19-2021,Akta 792 s.14,2021-08-30,\n";

std::string quashed(std::string list, const std::string& conviction_date) {
  const std::string row_end = conviction_date + ",\n";
  return list.replace(list.find(row_end), row_end.size(), conviction_date + ",2026-11-01\n");
}

TEST_CASE("from the court's list to a decision, a receipt, a quashed conviction and an answer that is taken back") {
  OfficeRoom room;
  const Actor registrar{"registrar", "agency", Role::registrar};
  const Actor aminah{"aminah", "agency", Role::caseworker}, bala{"bala", "agency", Role::caseworker};
  const Actor employer{"tadika-melur", "tadika-melur", Role::submitter};

  // The registrar loads the courts' list.
  const IngestReport loaded = room.load(registrar, "pesalah", RegisterKind::offender, std::string(kCourtList));
  CHECK(loaded.added == 3);

  // A nursery asks about a man it wants to employ. One record has his very number, so a person must look. The nursery
  // reads no more than that: no record, no register, no offence.
  CheckRequest request;
  request.subject = person("Kasim b. Selamat", "800101145555", {1980, 1, 1}, "employment_with_children");
  request.subject.reference = "HR-17";
  const Check check = done(room.office->check(employer, request));
  CHECK(check.outcome == Outcome::refer);
  const Policy policy = done(room.office->policy_of(check.policy_id));
  const auto read_by_nursery = [&](const std::string& id) {
    const Check whole = done(room.office->casework().check(id)).value();
    return check_json(whole, Office::view(policy, Role::submitter));
  };
  CHECK(read_by_nursery(check.id).at("outcome") == "under_verification");
  CHECK_FALSE(read_by_nursery(check.id).contains("hits"));
  // The nursery will employ him for a year, with his consent, and wants to hear if anything changes.
  Enrolment watched;
  watched.actor = employer;
  watched.subject = request.subject;
  watched.check_id = check.id;
  watched.policy_id = check.policy_id;
  watched.since_ms = check.time_ms;
  watched.until_ms = check.time_ms + 365LL * 86'400'000;
  CHECK(done(room.office->monitor().enrol({&watched, 1}, room.silent)).enrolled == 1);

  // A receipt says what was asked and answered, and can be checked by anybody who has the public key.
  const Receipt receipt = room.office->receipt(check);
  CHECK(receipt.outcome == "under_verification");
  CHECK(verify_receipt(receipt, room.office->keys().public_key(), check.time_ms, request.subject, check.salt) ==
        ReceiptState::good);

  // Two caseworkers compare the documents. One alone cannot make a record, not even by saying it twice.
  Case the_case = done(room.office->casework().queue({})).front();
  CHECK(the_case.check_id == check.id);
  the_case = done(room.office->casework().decide(aminah, the_case.id, the_case.version, 0, Verdict::same_person,
                                                 "same number, same face"));
  CHECK_FALSE(room.office->casework().decide(aminah, the_case.id, the_case.version, 0, Verdict::same_person, "sure"));
  CHECK(read_by_nursery(check.id).at("outcome") == "under_verification");
  the_case = done(room.office->casework().decide(bala, the_case.id, the_case.version, 0, Verdict::same_person,
                                                 "fingerprints agree"));
  CHECK(the_case.state == CaseState::closed_record);
  CHECK(read_by_nursery(check.id).at("outcome") == "record");

  // Asked again, about the same man and the same record, nobody has to decide again.
  const Check again = done(room.office->check(employer, request));
  CHECK(again.outcome == Outcome::record);
  CHECK(again.case_id.empty());

  // The Court of Appeal sets the conviction aside, and the next list says so.
  room.load(registrar, "pesalah", RegisterKind::offender, quashed(std::string(kCourtList), "2019-05-02"));

  // Both answers are taken back, the nursery is told, and whoever asks now is answered no record.
  CHECK(read_by_nursery(check.id).at("outcome") == "no_record");
  CHECK(read_by_nursery(again.id).at("outcome") == "no_record");
  AlertFilter its_own;
  its_own.tenant = employer.tenant;
  std::vector<Alert> cleared;
  for (const Alert& alert : done(room.office->monitor().alerts(its_own))) {
    if (alert.kind == AlertKind::cleared) cleared.push_back(alert);
  }
  REQUIRE(cleared.size() == 1);
  CHECK(cleared.front().record_id == "P-17");
  CHECK(cleared.front().reason == "quashed");
  const Check now = done(room.office->check(employer, request));
  CHECK(now.outcome == Outcome::no_record);
  CHECK(room.office->receipt(now).outcome == "no_record");

  // Who was asked about can see what is held; the auditor finds every step in a chain that nobody has touched, and
  // nobody's name in it. All of it is there for the next process too.
  const std::string report = done(room.office->subject_report(registrar, request.subject));
  CHECK(report.find(check.id) != std::string::npos);
  room.open();
  CHECK(read_by_nursery(check.id).at("outcome") == "no_record");
  CHECK(done(room.office->verify_audit(room.silent)).clean());
  CHECK(room.chained(AuditKind::check) == 3);
  CHECK(room.chained(AuditKind::load) == 2);
  CHECK(room.chained(AuditKind::access) == 1);
  CHECK(room.chained(AuditKind::decision) >= 4);  // opened, proposed, confirmed, and what the quashing did
  for (const AuditEntry& entry : room.chain()) {
    CHECK(entry.event.details.find("elamat") == std::string::npos);
    CHECK(entry.event.details.find("800101-14-5555") == std::string::npos);
    CHECK(entry.event.details.find("800101145555") == std::string::npos);
  }
}

}  // namespace
}  // namespace semak
