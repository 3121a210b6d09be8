// How long all alerts of a register update take: many people under watch, a register, some changed records. Once in a
// process that has the watch list open, once in one that opens it first. Invented people, fixed seeds.
//   semak-alerts --folder DIR [--people N] [--register N] [--changes N] [--sample N]
// --sample: so many of the watched are compared with the whole register afterwards; their alerts must be those.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "engine/match/person_evidence.h"
#include "engine/monitor/monitor.h"
#include "engine/screen/ingest.h"
#include "engine/screen/screener.h"
#include "tools/gen/population.h"

namespace semak {
namespace {

struct Size {
  std::filesystem::path folder;
  std::uint64_t people = 500'000, records = 100'000, changes = 1'000, sample = 2'000;
};

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(3);
}

Policy policy() {
  Policy policy;
  policy.id = "bench@0000000000000000";
  policy.consent = true;
  return policy;
}
Result<Policy> policy_of(std::string_view) { return policy(); }

std::string sex_of(const GeneratedPerson& person) { return to_string(person.sex); }

std::string row_of(const std::string& id, const GeneratedPerson& person) {
  return fmt::format("{},\"{}\",{},{},{}\n", id, render(person.name), person.number, to_string(person.dob),
                     sex_of(person));
}

Enrolment enrolment_of(const GeneratedPerson& person) {
  Enrolment enrolment;
  enrolment.actor = {"bench", "school", Role::submitter};
  enrolment.policy_id = policy().id;
  enrolment.until_ms = 4'000'000'000'000;
  enrolment.subject.names.push_back({NameType::registered, render(person.name)});
  enrolment.subject.numbers.push_back({NumberKind::unknown, person.number, "", "", ""});
  enrolment.subject.dob = person.dob;
  enrolment.subject.sex = person.sex;
  enrolment.subject.consent = true;
  return enrolment;
}

class Bench {
 public:
  explicit Bench(const Size& size) : size_(size), population_(20'261'120) {
    std::filesystem::create_directories(size_.folder);
    const std::filesystem::path key = size_.folder / "semak.key";
    keys_ = must(std::filesystem::exists(key) ? KeyRing::open(key, {}) : KeyRing::create(key, {}));
    engine_ = must(Engine::open(size_.folder / "db", OpenMode::create, {}));
  }

  // People [0, records) are in the register; the watched are the ones behind them.
  void prepare() {
    if (engine_->world()->registers.empty()) {
      GeneratedPerson person;
      std::ofstream file(size_.folder / "register.csv");
      file << "id,name,id_number,dob,sex\n";
      for (std::uint64_t i = 0; i < size_.records; ++i) {
        population_.person(i, person);
        file << row_of("R" + std::to_string(i), person);
      }
      file.close();
      const double start = now_s();
      load("register.csv");
      fmt::print("register of {}: {:.1f} s\n", size_.records, now_s() - start);
    }
    open_monitor();
    if (!must(monitor_->enrolments({}, {}, 1)).empty()) return;
    const double start = now_s();
    std::uint64_t enrolled = 0, alerts = 0;
    constexpr std::uint64_t kAtOnce = 50'000;
    for (std::uint64_t at = 0; at < size_.people; at += kAtOnce) {
      std::vector<Enrolment> people;
      GeneratedPerson person;
      for (std::uint64_t i = at; i < std::min(size_.people, at + kAtOnce); ++i) {
        population_.person(size_.records + i, person);
        people.push_back(enrolment_of(person));
      }
      const Monitor::EnrolReport report = must(monitor_->enrol(people, {}));
      enrolled += report.enrolled;
      alerts += report.alerts;
      fmt::print(stderr, "\renrolled {} in {:.0f} s", enrolled, now_s() - start);
    }
    fmt::print("\nenrolled {} of {} ({} alerts): {:.1f} s\n", enrolled, size_.people, alerts, now_s() - start);
  }

  // A tenth of the changes are watched people who come into the register, half are strangers, the rest are records of
  // the register that change.
  void update(const std::string& name, std::uint64_t seed) {
    GeneratedPerson person;
    std::ofstream file(size_.folder / (name + ".csv"));
    file << "id,name,id_number,dob,sex\n";
    for (std::uint64_t i = 0; i < size_.changes; ++i) {
      const std::uint64_t pick = (seed * size_.changes + i) * 7919;
      if (i % 10 == 0) {
        population_.person(size_.records + pick % size_.people, person);
        file << row_of(fmt::format("W{}-{}", seed, i), person);
      } else if (i % 2 == 0) {
        population_.outsider(pick % Population::kOutsidersMax, person);
        file << row_of(fmt::format("S{}-{}", seed, i), person);
      } else {
        const std::uint64_t at = pick % size_.records;
        population_.person(at, person);
        person.dob.year = static_cast<std::int16_t>(person.dob.year - 1);
        file << row_of("R" + std::to_string(at), person);
      }
    }
    file.close();
    const double start = now_s();
    load(name + ".csv");
    fmt::print("{}: loaded in {:.2f} s; ", name, now_s() - start);
  }

  void catch_up(const char* how, bool cold) {
    const double start = now_s();
    const std::clock_t processor = std::clock();
    if (cold) open_monitor();
    const MonitorReport report = must(monitor_->catch_up({}));
    const double spent = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
    fmt::print("{} changes against {} watched, {}: {:.2f} s ({:.2f} s of processors); {} new, {} changed, {} cleared\n",
               report.changes, report.enrolled, how, now_s() - start, spent, report.new_hits, report.changed,
               report.cleared);
  }

  // Every `people / sample`th of the watched against the whole register.
  int check() {
    std::map<std::string, std::set<std::string>> told;
    AlertFilter filter;
    filter.alerts_max = 10'000;
    for (;;) {
      const std::vector<Alert> some = must(monitor_->alerts(filter));
      if (some.empty()) break;
      for (const Alert& alert : some) {
        if (alert.kind == AlertKind::cleared) {
          told[alert.enrolment_id].erase(alert.record_id);
        } else {
          told[alert.enrolment_id].insert(alert.record_id);
        }
      }
      filter.after = some.back().id;
    }
    Policy all = policy();
    all.top = 10'000;
    Screener screener(*engine_);
    const auto world = engine_->world();
    std::uint64_t people = 0, hits = 0, wrong = 0;
    const auto compare = [&](const Enrolment& enrolment) {
      std::set<std::string> found;
      const Answer answer = must(screener.screen(*world, enrolment.subject, all, Detail::brief));
      for (const Hit& hit : answer.hits) {
        if (hit.refers) found.insert(hit.record_id);
      }
      ++people;
      hits += found.size();
      wrong += found != told[enrolment.id];
    };
    // All who were told of anything, and some who were not.
    std::vector<std::string> ids;
    for (const auto& [id, records] : told) ids.push_back(id);
    for (std::size_t i = 0; i < std::min<std::size_t>(ids.size(), size_.sample); ++i) {
      compare(*must(monitor_->enrolment(ids[i])));
    }
    std::string after;
    for (std::uint64_t i = 0; i < size_.sample; i += 500) {
      for (const Enrolment& enrolment : must(monitor_->enrolments({}, after, 500))) {
        compare(enrolment);
        after = enrolment.id;
      }
    }
    fmt::print("compared with the whole register: {} watched, {} hits, {} whose alerts are others\n", people, hits,
               wrong);
    return wrong == 0 ? 0 : 1;
  }

 private:
  void load(const std::string& file) {
    IngestRequest request;
    request.register_name = "offenders";
    request.kind = RegisterKind::offender;
    request.files = {size_.folder / file};
    must(ingest(*engine_, request, {}));
  }
  void open_monitor() {
    monitor_.reset();
    desk_.reset();
    desk_ = must(Desk::open(size_.folder / "counter", true, *keys_));
    monitor_ = std::make_unique<Monitor>(*engine_, *desk_, policy_of);
  }

  Size size_;
  Population population_;
  std::unique_ptr<KeyRing> keys_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Monitor> monitor_;
};

int run(int argc, char** argv) {
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (option == "--folder") size.folder = argv[i + 1];
    if (option == "--people") size.people = value;
    if (option == "--register") size.records = value;
    if (option == "--changes") size.changes = value;
    if (option == "--sample") size.sample = value;
  }
  if (size.folder.empty()) {
    fmt::print(stderr, "semak-alerts --folder DIR [--people N] [--register N] [--changes N] [--sample N]\n");
    return 2;
  }
  Bench bench(size);
  bench.prepare();
  const auto seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count() % 1000);
  bench.update("first update", seed);
  bench.catch_up("list opened first", true);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    bench.update("next update", seed + round);
    bench.catch_up("list open", false);
  }
  return bench.check();
}

}  // namespace
}  // namespace semak

int main(int argc, char** argv) { return semak::run(argc, argv); }
