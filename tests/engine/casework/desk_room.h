// A desk with keys in a folder of its own, that can be closed and opened again; and subjects and answers to work with.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/casework/casework.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

inline const Actor kCaseworkerA{"aminah", "agency", Role::caseworker};
inline const Actor kCaseworkerB{"bala", "agency", Role::caseworker};
inline const Actor kEmployer{"employer", "school-1", Role::submitter};
inline const Actor kKeeper{"keeper", "agency", Role::registrar};

struct DeskRoom {
  TemporaryFolder folder;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Casework> casework;
  std::function<Status(std::string_view)> fault;

  DeskRoom() {
    auto made = KeyRing::create(folder / "semak.key", std::nullopt);
    REQUIRE(made);
    keys = std::move(made).value();
    open();
  }
  void open() {
    close();
    auto opened = Desk::open(folder.path(), true, *keys,
                             [this](std::string_view operation) { return fault ? fault(operation) : Status(); });
    if (!opened) FAIL(opened.error().message);
    desk = std::move(opened).value();
    casework = std::make_unique<Casework>(*desk);
  }
  void close() {
    casework.reset();
    desk.reset();
  }

  Check add(Check check, const Policy& policy) {
    const Status added = casework->add({&check, 1}, {&policy, 1});
    if (!added) FAIL(added.error().message);
    return check;
  }
  Check read(const std::string& id) {
    auto found = casework->check(id);
    if (!found) FAIL(found.error().message);
    REQUIRE(found->has_value());
    return **found;
  }
  Case read_case(const std::string& id) {
    auto found = casework->find_case(id);
    if (!found) FAIL(found.error().message);
    REQUIRE(found->has_value());
    return **found;
  }
  Case decide(const Actor& actor, const std::string& id, int candidate, Verdict verdict) {
    auto decided = casework->decide(actor, id, read_case(id).version, candidate, verdict, "compared the documents");
    if (!decided) FAIL(decided.error().message);
    return *decided;
  }
};

inline Policy test_policy() {
  Policy policy;
  policy.name = "school_staff";
  policy.id = "school_staff@0123456789abcdef";
  return policy;
}

inline Subject test_subject(const std::string& name, const std::string& number) {
  Subject subject;
  subject.names.push_back({NameType::registered, name});
  if (!number.empty()) subject.numbers.push_back({NumberKind::unknown, number, "", "", ""});
  subject.purpose = "school_staff";
  subject.reference = "HR of " + name;
  subject.consent = true;
  return subject;
}

inline Hit test_hit(const std::string& record, const std::string& content, double probability = 0.5) {
  Hit hit;
  hit.register_name = "pesalah";
  hit.revision = {7};
  hit.record_id = record;
  hit.score = Bits::whole(20);
  hit.probability = probability;
  hit.content = content;
  hit.refers = true;
  hit.evidence.push_back({Aspect::name_part, Agreement::equal, "kassim", "kassim", Bits::whole(9)});
  return hit;
}

inline Check test_check(const Subject& subject, std::vector<Hit> hits) {
  Check check;
  check.actor = kEmployer;
  check.policy_id = test_policy().id;
  check.request.subject = subject;
  check.answer.outcome = hits.empty() ? Outcome::no_record : Outcome::refer;
  check.answer.generation = {3};
  check.answer.hits = std::move(hits);
  return check;
}

inline RecordNow record_now(const std::string& content, std::uint64_t revision = 9) {
  RecordNow now;
  now.content = content;
  now.revision = {revision};
  return now;
}

inline RecordNow gone(const std::string& reason) {
  RecordNow now;
  now.answerable = false;
  now.reason = reason;
  now.revision = {9};
  return now;
}

}  // namespace semak
