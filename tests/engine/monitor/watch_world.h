// Registers that change, people under watch, and the slow, obvious twin of the monitor: after each load it compares
// every watched person with every record anew. All people are invented.
#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/match/calibration.h"
#include "engine/match/person_evidence.h"
#include "engine/monitor/monitor.h"
#include "engine/monitor/record_substance.h"
#include "engine/screen/record_status.h"
#include "index/exhaustive.h"
#include "tests/catch.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {

inline Policy watch_policy(const std::string& name) {
  Policy policy;
  policy.name = name;
  policy.id = name + "@0000000000000000";
  policy.kinds = {RegisterKind::offender};
  policy.consent = true;
  if (name == "strict") policy.refer_probability = 0.3;
  return policy;
}

inline Result<Policy> watch_policy_of(std::string_view id) {
  for (const char* name : {"plain", "strict"}) {
    if (id == watch_policy(name).id) return watch_policy(name);
  }
  return Error{ErrorCode::not_found, "there is no policy " + std::string(id)};
}

// An alert without what differs from run to run.
using ToldAlert = std::tuple<std::string, std::string, std::string, std::uint64_t, std::int32_t, std::int32_t,
                             std::string>;  // enrolment, record, kind, revision, score, before, reason
inline ToldAlert told(const Alert& alert) {
  return {alert.enrolment_id, alert.record_id,        to_string(alert.kind), alert.revision.value,
          alert.score.raw,    alert.score_before.raw, alert.reason};
}

inline std::string to_text(std::vector<ToldAlert> alerts) {
  std::sort(alerts.begin(), alerts.end());
  std::string text;
  for (const auto& [enrolment, record, kind, revision, score, before, reason] : alerts) {
    text += enrolment + " " + record + " " + kind + " r" + std::to_string(revision) + " " + std::to_string(score) +
            "/" + std::to_string(before) + " " + reason + "\n";
  }
  return text;
}

// A register as a file, which changes at random.
class RandomRegister {
 public:
  RandomRegister(std::uint64_t seed, int records) : random_(seed) {
    for (int i = 0; i < records; ++i) rows_.push_back(row());
  }

  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }

  struct Person {
    std::string name, number, dob, sex;
  };
  // Few names, numbers and dates, so that many are near each other.
  Person person() {
    static constexpr const char* kGiven[] = {"Faizal", "Faisal", "Aminah", "Kumaran", "Rosli", "Roslee", "Zulkifli"};
    static constexpr const char* kFather[] = {"Zainuddin", "Zainudin", "Othman", "Subramaniam", "Hassan"};
    const bool male = below(2) == 0;
    Person person;
    person.name = std::string(kGiven[below(7)]) + (male ? " bin " : " binti ") + kFather[below(5)];
    const std::string month = std::to_string(1 + below(2));
    const std::string day = std::to_string(10 + below(3));
    person.dob = "1985-0" + month + "-" + day;
    person.number = "850" + month + day + "-14-50" + std::to_string(below(4)) + std::to_string(below(10));
    if (below(4) == 0) person.number.clear();
    if (below(5) == 0) person.dob = "1985";
    person.sex = male ? "M" : "F";
    return person;
  }

  void change(int rows) {
    for (int i = 0; i < rows; ++i) {
      if (below(4) == 0 || rows_.empty()) {
        rows_.push_back(row());
        continue;
      }
      Row& at = rows_[static_cast<std::size_t>(below(static_cast<int>(rows_.size())))];
      switch (below(9)) {
        case 0: at.gone = !at.gone; break;  // withdrawn, restored
        case 1: at.quashed = !at.quashed; break;
        case 2: at.person = person(); break;  // merged with, or corrected to, somebody else
        case 3: at.person.name = person().name; break;
        case 4: at.person.number = person().number; break;
        case 5: at.court = "Mahkamah " + std::to_string(below(3)); break;
        case 6: at.note = "catatan " + std::to_string(below(1000)); break;  // matters to nobody
        case 7: at.id = "B" + std::to_string(next_++); break;               // the same person under another id
        default: at.person.dob = person().dob; break;
      }
    }
  }
  std::string csv() const {
    std::string text = "id,name,id_number,dob,sex,court,quashed,note\n";
    for (const Row& row : rows_) {
      if (row.gone) continue;
      text += row.id + "," + row.person.name + "," + row.person.number + "," + row.person.dob + "," + row.person.sex +
              "," + row.court + "," + (row.quashed ? "yes" : "no") + "," + row.note + "\n";
    }
    return text;
  }
  // Somebody like one of the register, to be watched.
  Subject subject() {
    Person one =
        below(3) == 0 ? person() : rows_[static_cast<std::size_t>(below(static_cast<int>(rows_.size())))].person;
    Subject subject;
    subject.names.push_back({NameType::registered, one.name});
    if (!one.number.empty() && below(4) > 0) subject.numbers.push_back({NumberKind::unknown, one.number, "", "", ""});
    subject.dob = {1985, static_cast<std::uint8_t>(1 + below(2)), static_cast<std::uint8_t>(10 + below(3))};
    if (one.dob.size() == 10) {
      subject.dob.month = static_cast<std::uint8_t>(one.dob[6] - '0');
      subject.dob.day = static_cast<std::uint8_t>((one.dob[8] - '0') * 10 + one.dob[9] - '0');
    }
    subject.sex = one.sex == "M" ? Sex::male : Sex::female;
    subject.purpose = "plain";
    subject.consent = true;
    return subject;
  }

 private:
  struct Row {
    std::string id;
    Person person;
    std::string court = "Mahkamah 0", note;
    bool quashed = false, gone = false;
  };
  Row row() { return {"A" + std::to_string(next_++), person(), "Mahkamah 0", "", below(12) == 0, false}; }

  std::mt19937_64 random_;
  std::vector<Row> rows_;
  int next_ = 0;
};

// What must be told, by comparing everybody with everything.
class WatchTwin {
 public:
  explicit WatchTwin(const Engine& engine) : engine_(engine) {}

  // As of now.
  void enrol(const Enrolment& enrolment) {
    people_.push_back({enrolment, {}, engine_.world()->generation});
    Person& person = people_.back();
    for (const auto& [record, hit] : hits_of(person)) {
      expected.push_back({enrolment.id, record, "new_hit", hit.revision.value, hit.score.raw, 0, ""});
      person.hits[record] = hit;
    }
  }
  void end(const std::string& id) {
    std::erase_if(people_, [&](const Person& person) { return person.enrolment.id == id; });
  }

  // Judges the records that changed since `after`.
  void catch_up(RevisionId after) {
    const auto published = engine_.store().published();
    auto changes = engine_.store().changes(after, 1'000'000);
    REQUIRE(changes);
    std::map<std::string, RevisionHeader> changed;  // the newest
    for (const Change& change : *changes) changed[change.record_id] = change.header;
    for (Person& person : people_) {
      const std::map<std::string, Told> now = hits_of(person);
      for (const auto& [record, header] : changed) {
        if (header.generation <= person.matched) continue;
        const auto hit = now.find(record);
        const auto before = person.hits.find(record);
        const std::string& id = person.enrolment.id;
        if (hit != now.end() && before == person.hits.end()) {
          expected.push_back({id, record, "new_hit", header.revision.value, hit->second.score.raw, 0, ""});
          person.hits[record] = hit->second;
        } else if (hit != now.end()) {
          const Told& was = before->second;
          const bool matters = was.substance != hit->second.substance || was.certain != hit->second.certain ||
                               std::abs(was.score.raw - hit->second.score.raw) >= 256;
          if (!matters) continue;
          expected.push_back({id, record, "changed", header.revision.value, hit->second.score.raw, was.score.raw, ""});
          person.hits[record] = hit->second;
        } else if (before != person.hits.end()) {
          expected.push_back(
              {id, record, "cleared", header.revision.value, 0, before->second.score.raw, why_gone(header.revision)});
          person.hits.erase(before);
        }
      }
    }
  }

  // Who is referred to which record by now, whatever was told: enrolment and record.
  std::set<std::pair<std::string, std::string>> referred() const {
    std::set<std::pair<std::string, std::string>> pairs;
    for (const Person& person : people_) {
      for (const auto& [record, hit] : hits_of(person)) pairs.emplace(person.enrolment.id, record);
    }
    return pairs;
  }

  std::vector<ToldAlert> expected;

 private:
  struct Told {
    RevisionId revision;
    Bits score;
    bool certain = false;
    std::string substance;
  };
  struct Person {
    Enrolment enrolment;
    std::map<std::string, Told> hits;  // by record id
    Generation matched;
  };

  std::string why_gone(RevisionId revision) const {
    const auto record = engine_.store().revision(revision);
    REQUIRE(record);
    if (record->state == RecordState::withdrawn) return "withdrawn";
    return is_quashed(record->record) ? "quashed" : "corrected";
  }

  std::map<std::string, Told> hits_of(const Person& person) const {
    std::map<std::string, Told> hits;
    const auto policy = watch_policy_of(person.enrolment.policy_id);
    REQUIRE(policy);
    const Profile profile = make_profile(engine_.normalizer(), person.enrolment.subject);
    const std::shared_ptr<const World> world = engine_.world();
    for (const auto& [name, part] : world->registers) {
      if (part.info.kind != RegisterKind::offender) continue;
      LookupLimits limits = lookup_limits(*policy, profile);
      limits.top = 1'000'000;
      for (const LookupHit& hit : look_up_exhaustively(*part.index, profile, limits).hits) {
        const bool certain = identity_is_certain(hit.person);
        const double likely = hit_probability(hit.score, hit.person, policy->base_rate, part.index->people());
        if (!certain && likely < policy->refer_probability) continue;
        const auto record = engine_.store().revision(hit.revision);
        REQUIRE(record);
        if (is_quashed(record->record)) continue;
        hits[record->record.id] = {hit.revision, hit.score, certain, record_substance(part.info.kind, record->record)};
      }
    }
    return hits;
  }

  const Engine& engine_;
  std::vector<Person> people_;
};

// Keys and desk beside the database of a test.
class WatchRoom {
 public:
  explicit WatchRoom(const DatabaseFolder& folder) : folder_(folder / "counter") {
    const std::filesystem::path file = folder / "semak.key";
    auto made = std::filesystem::exists(file) ? KeyRing::open(file, {}) : KeyRing::create(file, {});
    REQUIRE(made);
    keys_ = std::move(made).value();
  }
  // Closes what is open first.
  Status open(std::function<Status(std::string_view)> fault = {}) {
    desk_.reset();
    auto desk = Desk::open(folder_, true, *keys_, std::move(fault));
    if (!desk) return desk.error();
    desk_ = std::move(desk).value();
    return {};
  }
  void close() { desk_.reset(); }
  // As a process that dies: the desk's `fail_at`-th write fails, and whatever comes after it, closing too.
  Status open_failing_at(int fail_at) {
    close();
    operations_ = 0;
    failed_ = false;
    return open([this, fail_at](std::string_view name) -> Status {
      if (name == "get" || ++operations_ < fail_at) return {};
      failed_ = true;
      return Error{ErrorCode::io, "planted"};
    });
  }
  bool failed() const { return failed_; }  // whether it came so far
  Desk& desk() { return *desk_; }
  const KeyRing& keys() const { return *keys_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<KeyRing> keys_;
  std::atomic<int> operations_ = 0;  // outlive the desk, which still writes when it closes
  std::atomic<bool> failed_ = false;
  std::unique_ptr<Desk> desk_;
};

inline Enrolment enrolment_of(Subject subject, const std::string& policy, const std::string& tenant = "school") {
  Enrolment enrolment;
  enrolment.actor = {"key-1", tenant, Role::submitter};
  enrolment.subject = std::move(subject);
  enrolment.policy_id = watch_policy(policy).id;
  enrolment.until_ms = std::int64_t{4'000'000'000'000};
  return enrolment;
}

inline std::vector<ToldAlert> all_alerts(const Monitor& monitor) {
  std::vector<ToldAlert> found;
  AlertFilter filter;
  filter.alerts_max = 7;  // pulled in pieces, as callers do
  for (;;) {
    const auto some = monitor.alerts(filter);
    REQUIRE(some);
    if (some->empty()) return found;
    for (const Alert& alert : *some) {
      CHECK(alert.id > filter.after);
      filter.after = alert.id;
      found.push_back(told(alert));
    }
  }
}

}  // namespace semak
