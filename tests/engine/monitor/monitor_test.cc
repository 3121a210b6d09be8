#include "engine/monitor/monitor.h"

#include <set>

#include "tests/engine/monitor/watch_world.h"

namespace semak {
namespace {

IngestRequest replacing(const DatabaseFolder& folder, const RandomRegister& records) {
  IngestRequest request = folder.request(records.csv());
  request.replace = true;
  return request;
}

RevisionId newest(const Engine& engine) { return engine.store().published()->revision; }

TEST_CASE("Over random worlds the monitor tells just what comparing everybody with everything tells") {
  std::map<std::string, int> kinds;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    const DatabaseFolder folder;
    const auto engine = folder.open();
    RandomRegister records(seed, 60);
    folder.load(*engine, replacing(folder, records));
    WatchRoom room(folder);
    REQUIRE(room.open());
    auto monitor = std::make_unique<Monitor>(*engine, room.desk(), watch_policy_of);
    WatchTwin twin(*engine);
    std::vector<std::string> watched;
    const auto enrol = [&](int count) {
      std::vector<Enrolment> people;
      for (int i = 0; i < count; ++i) {
        people.push_back(enrolment_of(records.subject(), records.below(2) == 0 ? "plain" : "strict"));
      }
      const auto report = monitor->enrol(people, {});
      REQUIRE(report);
      for (const Enrolment& person : people) {
        if (person.id.empty()) continue;
        twin.enrol(person);
        watched.push_back(person.id);
      }
    };
    enrol(25);
    for (int round = 0; round < 10; ++round) {
      const RevisionId before = newest(*engine);
      const int loads = 1 + records.below(2);  // several loads may have to be caught up with at once
      for (int i = 0; i < loads; ++i) {
        records.change(1 + records.below(12));
        folder.load(*engine, replacing(folder, records));
      }
      if (records.below(3) == 0) enrol(2);  // before the change log is caught up with
      if (records.below(4) == 0 && !watched.empty()) {
        const auto at = static_cast<std::size_t>(records.below(static_cast<int>(watched.size())));
        REQUIRE(monitor->end({"key-1", "school", Role::submitter}, watched[at]));
        twin.end(watched[at]);
        watched.erase(watched.begin() + static_cast<std::ptrdiff_t>(at));
      }
      if (records.below(3) == 0) {  // another process takes over
        monitor.reset();
        REQUIRE(room.open());
        monitor = std::make_unique<Monitor>(*engine, room.desk(), watch_policy_of);
      }
      REQUIRE(monitor->catch_up({}));
      twin.catch_up(before);
      REQUIRE(to_text(all_alerts(*monitor)) == to_text(twin.expected));
      const auto again = monitor->catch_up({});
      REQUIRE(again);
      CHECK(again->new_hits + again->changed + again->cleared == 0);
    }
    for (const ToldAlert& alert : twin.expected) ++kinds[std::get<2>(alert) + " " + std::get<6>(alert)];
  }
  for (const char* kind : {"new_hit ", "changed ", "cleared withdrawn", "cleared quashed", "cleared corrected"}) {
    INFO(kind);
    CHECK(kinds[kind] > 2);
  }
}

TEST_CASE("A failure at any write leaves nothing missed and nothing told twice") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  RandomRegister records(77, 50);
  folder.load(*engine, replacing(folder, records));
  WatchRoom room(folder);
  REQUIRE(room.open());
  WatchTwin twin(*engine);
  std::vector<Enrolment> people;
  for (int i = 0; i < 20; ++i) people.push_back(enrolment_of(records.subject(), "plain"));
  {
    Monitor monitor(*engine, room.desk(), watch_policy_of);
    REQUIRE(monitor.enrol(people, {}));
  }
  for (const Enrolment& person : people) {
    if (!person.id.empty()) twin.enrol(person);
  }
  int failures = 0;
  for (int round = 0; round < 4; ++round) {
    const RevisionId before = newest(*engine);
    records.change(10);
    folder.load(*engine, replacing(folder, records));
    twin.catch_up(before);
    // Fails at the first operation, then at the second...: each time the process is as good as dead.
    for (int fail_at = 1;; ++fail_at) {
      if (room.open_failing_at(fail_at)) {
        Monitor monitor(*engine, room.desk(), watch_policy_of);
        const auto report = monitor.catch_up({});
        CHECK(report.ok() == !room.failed());
      }
      if (!room.failed()) break;
      ++failures;
      REQUIRE(fail_at < 100);
    }
    REQUIRE(room.open());
    Monitor monitor(*engine, room.desk(), watch_policy_of);
    REQUIRE(monitor.catch_up({}));
    REQUIRE(to_text(all_alerts(monitor)) == to_text(twin.expected));
  }
  CHECK(failures > 8);
}

TEST_CASE("Who cannot be watched is told why and nobody else is kept out") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name,id_number,dob,sex\nA1,Faizal bin Zainuddin,850112-14-5001,1985-01-12,M\n");
  WatchRoom room(folder);
  REQUIRE(room.open());
  Monitor monitor(*engine, room.desk(), watch_policy_of);
  Subject good;
  good.names.push_back({NameType::registered, "Faizal bin Zainuddin"});
  good.numbers.push_back({NumberKind::unknown, "850112-14-5001", "", "", ""});
  good.consent = true;
  std::vector<Enrolment> people(6, enrolment_of(good, "plain"));
  people[1].subject.consent = false;
  people[2].until_ms = 1000;
  people[3].policy_id = "none@1";
  people[4].subject = {};
  people[4].subject.names.push_back({NameType::registered, "A. B."});
  people[4].subject.consent = true;
  const auto report = monitor.enrol(people, {});
  REQUIRE(report);
  CHECK(report->enrolled == 2);
  CHECK(report->alerts == 2);
  REQUIRE(report->errors.size() == 4);
  const char* const kReasons[] = {"no_consent", "until", "policy", "too_little_data"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(report->errors[i].first == i + 1);
    CHECK(report->errors[i].second.starts_with(kReasons[i]));
    CHECK(report->errors[i].second.find("Faizal") == std::string::npos);
    CHECK(people[i + 1].id.empty());
  }
  SECTION("and an id that is there already stays as it is") {
    std::vector<Enrolment> again = {people[0]};
    again[0].policy_id = watch_policy("strict").id;
    const auto repeated = monitor.enrol(again, {});
    REQUIRE(repeated);
    CHECK(repeated->enrolled == 0);
    CHECK(repeated->errors.empty());
    const auto kept = monitor.enrolment(people[0].id);
    REQUIRE(kept);
    REQUIRE(*kept);
    CHECK((*kept)->policy_id == people[0].policy_id);
    CHECK((*kept)->subject.names == good.names);
  }
}

TEST_CASE("After the end of a watch nothing is told, and erasure leaves nothing of the person") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name,id_number,dob,sex\nA1,Faizal bin Zainuddin,850112-14-5001,1985-01-12,M\n");
  WatchRoom room(folder);
  REQUIRE(room.open());
  std::int64_t now = 1'000'000;
  Monitor monitor(*engine, room.desk(), watch_policy_of, [&] { return now; });
  Subject subject;
  subject.names.push_back({NameType::registered, "Faizal bin Zainuddin"});
  subject.numbers.push_back({NumberKind::unknown, "850112-14-5001", "", "", ""});
  subject.consent = true;
  std::vector<Enrolment> people(2, enrolment_of(subject, "plain"));
  people[0].until_ms = 2'000'000;
  people[1].until_ms = 9'000'000;
  REQUIRE(monitor.enrol(people, {}));
  CHECK(all_alerts(monitor).size() == 2);
  now = 2'000'000;
  folder.load(*engine, "id,name,id_number,dob,sex\nA2,Faizal bin Zainuddin,850112-14-5001,1985-01-12,M\n");
  REQUIRE(monitor.catch_up({}));
  const std::vector<ToldAlert> alerts = all_alerts(monitor);
  REQUIRE(alerts.size() == 3);
  CHECK(std::get<0>(alerts[2]) == people[1].id);

  const Actor admin{"admin", "agency", Role::admin};
  auto of = monitor.enrolments_of(subject);
  REQUIRE(of);
  CHECK(of->size() == 2);
  const auto erased = monitor.erase_ended(admin, now);
  REQUIRE(erased);
  CHECK(*erased == 1);
  of = monitor.enrolments_of(subject);
  REQUIRE(of);
  REQUIRE(of->size() == 1);
  CHECK((*of)[0].id == people[1].id);
  const auto shell = monitor.enrolment(people[0].id);
  REQUIRE(shell);
  REQUIRE(*shell);
  CHECK((*shell)->ended);
  CHECK((*shell)->subject.names.empty());
  CHECK((*shell)->subject.numbers.empty());
  SECTION("another tenant can end nobody's watch and acknowledge nobody's alert") {
    const Actor stranger{"key-9", "other", Role::submitter};
    CHECK_FALSE(monitor.end(stranger, people[1].id));
    AlertFilter filter;
    filter.tenant = "school";
    filter.unacknowledged = true;
    const auto open = monitor.alerts(filter);
    REQUIRE(open);
    REQUIRE(open->size() == 3);
    CHECK_FALSE(monitor.acknowledge(stranger, open->front().id));
    REQUIRE(monitor.acknowledge(people[1].actor, open->front().id));
    const auto rest = monitor.alerts(filter);
    REQUIRE(rest);
    CHECK(rest->size() == 2);
  }
}

TEST_CASE("The desk holds no name and no number of the watched in the clear") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name,id_number,dob,sex\nA1,Xylophagus bin Quizzaciously,850112-14-5001,1985-01-12,M\n");
  WatchRoom room(folder);
  REQUIRE(room.open());
  Monitor monitor(*engine, room.desk(), watch_policy_of);
  Subject subject;
  subject.names.push_back({NameType::registered, "Xylophagus bin Quizzaciously"});
  subject.numbers.push_back({NumberKind::unknown, "850112-14-5001", "", "", ""});
  subject.consent = true;
  std::vector<Enrolment> people = {enrolment_of(subject, "plain")};
  REQUIRE(monitor.enrol(people, {}));
  std::size_t entries = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(DeskFamily::count_); ++at) {
    Cursor cursor = room.desk().database().cursor(at, Database::Access::scan);
    for (cursor.seek({}); cursor.valid(); cursor.next()) {
      ++entries;
      // Ten signs or more of numbers: a few digits stand in a key's random hexadecimal digits now and then.
      for (const std::string_view secret :
           {"ylophagus", "YLOPHAGUS", "uizzac", "850112-14-", "112-14-5001", "8501121450", "0112145001"}) {
        CHECK(cursor.key().find(secret) == std::string_view::npos);
        CHECK(cursor.value().find(secret) == std::string_view::npos);
      }
    }
  }
  CHECK(entries > 8);
}

}  // namespace
}  // namespace semak
