// Watches that cannot be decided for a while, and people who are matched again with the registers as they stand.
#include <set>

#include "tests/engine/monitor/watch_world.h"

namespace semak {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kFaizal = "A1,Faizal bin Zainuddin,850112-14-5001,1985-01-12,M\n";
constexpr std::string_view kHeading = "id,name,id_number,dob,sex\n";

Subject faizal() {
  Subject subject;
  subject.names.push_back({NameType::registered, "Faizal bin Zainuddin"});
  subject.numbers.push_back({NumberKind::unknown, "850112-14-5001", "", "", ""});
  subject.consent = true;
  return subject;
}

std::string aminah(int record) {
  return "B" + std::to_string(record) + ",Aminah binti Othman,850110-14-5002,1985-01-10,F\n";
}

Subject aminah() {
  Subject subject;
  subject.names.push_back({NameType::registered, "Aminah binti Othman"});
  subject.numbers.push_back({NumberKind::unknown, "850110-14-5002", "", "", ""});
  subject.consent = true;
  return subject;
}

// Policies of which some may be gone.
struct Policies {
  std::map<std::string, Policy, std::less<>> known;
  Policies() {
    for (const char* name : {"plain", "strict"}) known[watch_policy(name).id] = watch_policy(name);
  }
  Result<Policy> operator()(std::string_view id) const {
    const auto found = known.find(id);
    if (found != known.end()) return found->second;
    return Error{ErrorCode::not_found, "there is no policy " + std::string(id)};
  }
};

struct Room {
  DatabaseFolder folder;
  std::unique_ptr<Engine> engine = folder.open();
  WatchRoom desk{folder};
  Policies policies;
  std::int64_t now_ms = 0;  // 0: by the clock
  std::uint64_t matcher = 0;
  std::unique_ptr<Monitor> monitor;

  Room() { REQUIRE(desk.open()); }
  // As another process would.
  void open() {
    monitor.reset();
    REQUIRE(desk.open());
    std::function<std::int64_t()> clock;
    if (now_ms != 0) clock = [this] { return now_ms; };
    monitor = std::make_unique<Monitor>(
        *engine, desk.desk(), [this](std::string_view id) { return policies(id); }, clock, matcher);
  }
  void load(const std::string& rows, const std::string& name = "offenders") {
    IngestRequest request = folder.request(std::string(kHeading) + rows);
    request.register_name = name;
    folder.load(*engine, request);
  }
  std::string enrol(const Subject& subject, const std::string& policy, const std::string& tenant = "school") {
    std::vector<Enrolment> people = {enrolment_of(subject, policy, tenant)};
    const auto report = monitor->enrol(people, {});
    REQUIRE(report);
    INFO((report->errors.empty() ? "" : report->errors.front().second));
    REQUIRE(report->enrolled == 1);
    return people.front().id;
  }
  // As a process that opens the desk and catches up, and whose `fail_at`-th write fails. Whether it came so far.
  bool catch_up_failing_at(int fail_at) {
    monitor.reset();
    if (desk.open_failing_at(fail_at)) {
      Monitor dying(*engine, desk.desk(), [this](std::string_view id) { return policies(id); });
      static_cast<void>(dying.catch_up({}).ok());
    }
    return desk.failed();
  }
  MonitorReport catch_up() {
    const auto report = monitor->catch_up({});
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
  }
  std::vector<Alert> alerts(const std::string& tenant = "school") const {
    AlertFilter filter;
    filter.tenant = tenant;
    const auto found = monitor->alerts(filter);
    REQUIRE(found);
    return *found;
  }
  std::string why(const std::string& id) const {
    const auto one = monitor->enrolment(id);
    REQUIRE(one);
    REQUIRE(*one);
    return (*one)->undecidable;
  }
  std::uint64_t undecided() const {
    const auto health = monitor->health();
    REQUIRE(health);
    return health->total();
  }
};

constexpr std::string_view kSomebody = "Z1,Somebody Else,700101-14-5009,1970-01-01,M\n";

// Somebody is watched under a policy that goes and comes.
struct LosingPolicy : Room {
  const Policy strict = policies.known.at(watch_policy("strict").id);
  std::string lost;
  LosingPolicy() {
    load(std::string(kSomebody));
    open();
    lost = enrol(faizal(), "strict");
  }
  void lose() { policies.known.erase(strict.id); }
  void find_again() { policies.known[strict.id] = strict; }
};

TEST_CASE(
    "A policy that is gone keeps nobody else unwatched, is told once, and what it missed is told when it is back") {
  LosingPolicy room;
  const std::string other = room.enrol(faizal(), "plain", "nursery");
  room.lose();
  room.open();
  room.load(std::string(kFaizal));

  const MonitorReport report = room.catch_up();
  CHECK(report.undecidable == 1);
  REQUIRE(room.alerts("nursery").size() == 1);
  CHECK(room.alerts("nursery")[0].kind == AlertKind::new_hit);
  REQUIRE(room.alerts().size() == 1);
  const Alert notice = room.alerts()[0];
  CHECK(notice.kind == AlertKind::undecidable);
  CHECK(notice.reason == "missing_policy");
  CHECK(notice.policy_id == room.strict.id);
  CHECK(notice.people == 1);
  CHECK(notice.enrolment_id.empty());
  CHECK(room.why(room.lost) == "missing_policy");
  CHECK(room.why(other).empty());
  CHECK(room.undecided() == 1);

  room.catch_up();
  room.open();
  room.catch_up();
  CHECK(room.alerts().size() == 1);

  room.find_again();
  SECTION("in the same process") {}
  SECTION("in another process") { room.open(); }
  room.catch_up();
  const std::vector<Alert> told = room.alerts();
  REQUIRE(told.size() == 3);
  CHECK(told[1].kind == AlertKind::decidable);
  CHECK(told[1].reason == "missing_policy");
  CHECK(told[2].kind == AlertKind::new_hit);
  CHECK(told[2].record_id == "A1");
  CHECK(told[2].reason.empty());
  CHECK(room.why(room.lost).empty());
  CHECK(room.undecided() == 0);
  room.open();
  CHECK(room.catch_up().rematched == 0);
  CHECK(room.alerts().size() == 3);
  CHECK(room.alerts("nursery").size() == 1);
}

TEST_CASE("A policy that can no longer be read is as one that is gone; a desk that cannot be read is an error") {
  Room room;
  room.load(std::string(kFaizal));
  room.open();
  room.enrol(faizal(), "plain");
  ErrorCode code = ErrorCode::invalid_input;
  const auto failing = [&](std::string_view) -> Result<Policy> { return Error{code, "planted"}; };
  Monitor monitor(*room.engine, room.desk.desk(), failing);
  code = ErrorCode::io;
  CHECK_FALSE(monitor.catch_up({}));
  code = ErrorCode::invalid_input;
  const auto report = monitor.catch_up({});
  REQUIRE(report);
  CHECK(report->undecidable == 1);
}

TEST_CASE("A failure at any write leaves a missing policy told once and what it missed told once") {
  for (int fail_at = 1;; ++fail_at) {
    INFO("fails at operation " << fail_at);
    LosingPolicy room;
    bool failed = false;
    const auto step = [&] {
      failed = room.catch_up_failing_at(fail_at) || failed;
      room.open();
      room.catch_up();
    };
    room.lose();
    room.load(std::string(kFaizal));
    step();
    CHECK(room.alerts().size() == 1);
    room.find_again();
    step();
    REQUIRE(room.alerts().size() == 3);
    CHECK(room.alerts()[1].kind == AlertKind::decidable);
    CHECK(room.alerts()[2].kind == AlertKind::new_hit);
    if (!failed) {
      CHECK(fail_at > 3);
      break;
    }
    REQUIRE(fail_at < 60);
  }
}

TEST_CASE("A policy that is back after a process died over its being gone: what came meanwhile is told all the same") {
  for (int fail_at = 1;; ++fail_at) {
    INFO("fails at operation " << fail_at);
    LosingPolicy room;
    room.lose();
    room.load(std::string(kFaizal));
    const bool failed = room.catch_up_failing_at(fail_at);
    room.find_again();
    room.open();
    room.catch_up();
    const std::vector<Alert> told = room.alerts();
    std::map<AlertKind, int> kinds;
    for (const Alert& alert : told) ++kinds[alert.kind];
    CHECK(kinds[AlertKind::new_hit] == 1);
    CHECK(kinds[AlertKind::undecidable] == kinds[AlertKind::decidable]);
    CHECK(kinds[AlertKind::undecidable] <= 1);
    if (!failed) {
      CHECK(fail_at > 3);
      break;
    }
    REQUIRE(fail_at < 60);
  }
}

TEST_CASE(
    "A register that gets too old without any change is told once for all whom it concerns, and again when it is "
    "fresh") {
  Room room;
  room.policies.known.at(watch_policy("plain").id).register_days_max = 30;
  room.load(std::string(kFaizal));
  const std::int64_t loaded = room.engine->world()->registers.at("offenders").loaded * 1000;
  room.now_ms = loaded + kDayMs;
  room.open();
  const std::string first = room.enrol(faizal(), "plain");
  room.enrol(aminah(), "plain");
  const std::string unasked = room.enrol(faizal(), "strict", "nursery");
  room.catch_up();
  CHECK(room.alerts().size() == 1);  // the hit

  room.now_ms = loaded + 31 * kDayMs;
  room.open();
  CHECK(room.catch_up().undecidable == 1);
  CHECK(room.catch_up().undecidable == 0);
  REQUIRE(room.alerts().size() == 2);
  CHECK(room.alerts()[1].kind == AlertKind::undecidable);
  CHECK(room.alerts()[1].reason == "stale_register");
  CHECK(room.alerts()[1].people == 2);
  CHECK(room.why(first) == "stale_register");
  CHECK(room.why(unasked).empty());
  CHECK(room.undecided() == 2);
  CHECK(room.alerts("nursery").size() == 1);

  room.now_ms = loaded + 3 * kDayMs;  // as if a load had come meanwhile
  CHECK(room.catch_up().decidable == 1);
  REQUIRE(room.alerts().size() == 3);
  CHECK(room.alerts()[2].kind == AlertKind::decidable);
  CHECK(room.alerts()[2].reason == "stale_register");
  CHECK(room.undecided() == 0);
  SECTION("and nobody is told of a policy under which nobody is watched any more") {
    const Actor school{"key-1", "school", Role::submitter};
    const auto people = room.monitor->enrolments("school", "", 10);
    REQUIRE(people);
    for (const Enrolment& one : *people) REQUIRE(room.monitor->end(school, one.id));
    room.now_ms = loaded + 40 * kDayMs;
    CHECK(room.catch_up().undecidable == 0);
    CHECK(room.alerts().size() == 3);
  }
}

TEST_CASE("A register that a policy names and that is not there makes its watches undecidable until it is") {
  Room room;
  room.load(std::string(kFaizal), "first");
  room.load(std::string(kSomebody), "second");
  Policy& plain = room.policies.known.at(watch_policy("plain").id);
  plain.kinds.clear();
  plain.registers = {"first", "second"};
  room.open();
  const std::string id = room.enrol(faizal(), "plain");
  plain.registers = {"first", "third"};  // the same to this watch as if the second one had gone
  CHECK(room.catch_up().undecidable == 1);
  CHECK(room.why(id) == "missing_register");
  room.load(std::string(kFaizal), "third");
  CHECK(room.catch_up().decidable == 1);
  CHECK(room.why(id).empty());
  const std::vector<Alert> told = room.alerts();
  int in_third = 0;
  for (const Alert& alert : told) {
    if (alert.kind == AlertKind::new_hit && alert.register_name == "third") ++in_third;
  }
  CHECK(in_third == 1);
}

TEST_CASE("New weights match everybody again with records that did not change, and tell nothing twice") {
  Room room;
  std::string rows(kFaizal);
  for (int i = 0; i < 3; ++i) rows += aminah(i);
  room.load(rows);
  // As if the weights had kept Faizal below what refers, and Aminah above it.
  Policy& plain = room.policies.known.at(watch_policy("plain").id);
  plain.score_min_with_number = Bits::whole(500);
  room.matcher = 7;
  room.open();
  const std::string one = room.enrol(faizal(), "plain");
  const std::string two = room.enrol(aminah(), "strict");
  CHECK(room.alerts().size() == 3);
  CHECK(room.catch_up().rematched == 0);

  plain.score_min_with_number = Bits::whole(0);
  room.policies.known.at(watch_policy("strict").id).score_min_with_number = Bits::whole(500);
  room.open();
  CHECK(room.catch_up().rematched == 0);
  CHECK(room.alerts().size() == 3);

  room.matcher = 8;
  room.open();
  const MonitorReport report = room.catch_up();
  CHECK(report.rematched == 2);
  CHECK(report.new_hits == 1);
  CHECK(report.cleared == 3);
  const std::vector<Alert> told = room.alerts();
  REQUIRE(told.size() == 7);
  for (std::size_t i = 3; i < 7; ++i) {
    const Alert& alert = told[i];
    CHECK(alert.reason == "reweighed");
    CHECK((alert.enrolment_id == one) == (alert.kind == AlertKind::new_hit));
    CHECK((alert.enrolment_id == two) == (alert.kind == AlertKind::cleared));
  }

  room.matcher = 9;  // the weights moved, and what refers stays
  room.open();
  CHECK(room.catch_up().rematched == 2);
  CHECK(room.alerts().size() == 7);
  room.open();
  CHECK(room.catch_up().rematched == 0);
}

TEST_CASE("Matching everybody again goes on where a dying process stopped, and changes of the register come first") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  RandomRegister records(5, 40);
  const auto load = [&] {
    IngestRequest request = folder.request(records.csv());
    request.replace = true;
    folder.load(*engine, request);
  };
  load();
  WatchRoom room(folder);
  REQUIRE(room.open());
  WatchTwin twin(*engine);
  std::vector<Enrolment> people;
  for (int i = 0; i < 20; ++i) people.push_back(enrolment_of(records.subject(), "plain"));
  {
    Monitor monitor(*engine, room.desk(), watch_policy_of, {}, 1);
    REQUIRE(monitor.enrol(people, {}));
  }
  for (const Enrolment& person : people) {
    if (!person.id.empty()) twin.enrol(person);
  }
  // The same weights under other names: only the register's new size and rarities may be told anew.
  for (std::uint64_t matcher = 2; matcher < 4; ++matcher) {
    records.change(6);
    load();
    for (int fail_at = 1; fail_at < 100; ++fail_at) {
      if (room.open_failing_at(fail_at)) {
        Monitor monitor(*engine, room.desk(), watch_policy_of, {}, matcher);
        const bool caught_up = monitor.catch_up({}).ok();
        CHECK(caught_up == !room.failed());
      }
      if (!room.failed()) break;
    }
    REQUIRE(room.open());
    Monitor monitor(*engine, room.desk(), watch_policy_of, {}, matcher);
    REQUIRE(monitor.catch_up({}));
    std::set<std::pair<std::string, std::string>> hits;  // nobody is told of a hit that is one already
    for (const ToldAlert& alert : all_alerts(monitor)) {
      const std::pair pair(std::get<0>(alert), std::get<1>(alert));
      if (std::get<2>(alert) == "new_hit") CHECK(hits.insert(pair).second);
      if (std::get<2>(alert) == "cleared") CHECK(hits.erase(pair) == 1);
      if (std::get<2>(alert) == "changed") CHECK(hits.contains(pair));
    }
    CHECK(hits == twin.referred());
  }
}

TEST_CASE("The desk shows no record id of a register that uses identity numbers as ids") {
  Room room;
  room.load("770303-10-5557,Faizal bin Zainuddin,850112-14-5001,1985-01-12,M\n");
  room.open();
  room.enrol(faizal(), "plain");
  room.load("770303-10-5557,Faizal bin Zainudin,850112-14-5001,1985-01-12,M\n");
  room.catch_up();
  REQUIRE(room.alerts().size() == 2);
  CHECK(room.alerts()[1].record_id == "770303-10-5557");
  const Database& desk = room.desk.desk().database();
  std::size_t entries = 0;
  for (std::size_t at = 0; at < static_cast<std::size_t>(DeskFamily::count_); ++at) {
    Cursor cursor = desk.cursor(at, Database::Access::scan);
    for (cursor.seek({}); cursor.valid(); cursor.next()) {
      ++entries;
      // Ten signs or more: a few digits stand in a key's random hexadecimal digits now and then.
      for (const std::string_view secret : {"770303-10-", "303-10-5557", "7703031055", "0303105557"}) {
        CHECK(cursor.key().find(secret) == std::string_view::npos);
        CHECK(cursor.value().find(secret) == std::string_view::npos);
      }
    }
  }
  CHECK(entries > 8);
}

}  // namespace
}  // namespace semak
