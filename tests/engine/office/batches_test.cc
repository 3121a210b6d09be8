#include "engine/office/batches.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "engine/store/bytes.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

const Actor kAlice{"key-a", "alpha", Role::submitter};
const Actor kBob{"key-b", "beta", Role::submitter};

std::vector<BatchRow> rows_named(std::string_view prefix, std::size_t count) {
  std::vector<BatchRow> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].query_id = std::string(prefix) + std::to_string(i);
    rows[i].request.subject.names = {{NameType::registered, "Orang " + rows[i].query_id}};
    rows[i].request.subject.numbers = {{NumberKind::mykad, "850311-03-5228", "JPN", "2001", "2030"}};
    rows[i].request.subject.dob = {1985, 3, 0};
    rows[i].request.child = ChildQuery{"KANAK-1", {2015, 0, 0}};
    rows[i].request.as_of = {2026, 11, 20};
  }
  return rows;
}

// A desk and a check_many that keeps checks on it as the casework does: a check whose id is there already is not made
// again. A subject called "Orang refer..." is referred; "Orang bad..." cannot be checked.
struct Counter {
  explicit Counter(std::function<Status(std::string_view)> fault_ = {}) : fault(std::move(fault_)) { open(); }

  void open() {
    if (!keys) keys = std::move(KeyRing::create(folder / "semak.key", {})).value();
    auto opened = Desk::open(folder.path(), true, *keys, fault);
    desk = opened ? std::move(opened).value() : nullptr;
  }

  Result<std::vector<Check>> check_many(const Actor& actor, std::span<const CheckRequest> requests,
                                        std::span<const std::string> ids, std::string_view batch) {
    if (before) before(ids);
    REQUIRE(requests.size() == ids.size());
    std::vector<Check> checks;
    WriteSet changes;
    std::vector<AuditEvent> events;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::string& name = requests[i].subject.names.front().text;
      if (name.starts_with("Orang bad")) return Error{ErrorCode::invalid_input, "too little is said of the person"};
      Check& check = checks.emplace_back();
      check.id = ids[i];
      check.batch_id = batch;
      check.request = requests[i];
      check.outcome = name.starts_with("Orang refer") ? Outcome::refer : Outcome::no_record;
      SEMAK_TRY(const auto there, desk->database().get(family(DeskFamily::checks), ids[i]));
      if (there) continue;
      changes.put(family(DeskFamily::checks), ids[i], name);
      AuditEvent event;
      event.actor = actor;
      event.object = ids[i];
      events.push_back(event);
    }
    SEMAK_TRY_STATUS(desk->commit(changes, std::move(events)));
    const std::lock_guard lock(mutex);
    for (const std::string& id : ids) order.push_back(id);
    tenants.push_back(actor.tenant);
    return checks;
  }

  Batches::CheckMany door() {
    return [this](const Actor& actor, std::span<const CheckRequest> requests, std::span<const std::string> ids,
                  std::string_view batch) { return check_many(actor, requests, ids, batch); };
  }

  // Audit entries about checks, by id of the check.
  std::map<std::string, int> audited() const {
    std::map<std::string, int> found;
    REQUIRE(desk->audit()
                .scan([&](const AuditEntry& entry) {
                  if (entry.event.kind == AuditKind::check) ++found[entry.event.object];
                  return Status();
                })
                .ok());
    return found;
  }

  std::string all_values() const {
    std::string all;
    for (const DeskFamily which : {DeskFamily::batches, DeskFamily::batch_rows}) {
      Cursor cursor = desk->database().cursor(family(which), Database::Access::scan);
      for (cursor.seek(""); cursor.valid(); cursor.next()) all.append(cursor.key()).append(cursor.value());
    }
    return all;
  }

  TemporaryFolder folder;
  std::function<Status(std::string_view)> fault;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<Desk> desk;
  std::function<void(std::span<const std::string>)> before;
  std::mutex mutex;
  std::vector<std::string> order, tenants;
};

BatchLimits small_chunks(std::size_t rows = 7) {
  BatchLimits limits;
  limits.chunk_rows_min = limits.chunk_rows_max = rows;
  limits.progress_ms = 0;
  limits.retry_ms = 1;
  return limits;
}

BatchInfo wait_for_end(const Batches& batches, const std::string& id) {
  BatchInfo seen;
  for (int i = 0; i < 10'000; ++i) {
    auto now = batches.wait_for_change(id, seen, 1000);
    REQUIRE(now.ok());
    REQUIRE(now->has_value());
    seen = **now;
    if (seen.finished_ms != 0) break;
  }
  return seen;
}

BatchInfo about(std::string_view purpose) {
  BatchInfo info;
  info.purpose = purpose;
  info.reference = "Ruj. Puan Zainab";
  info.file_name = "zainab.csv";
  return info;
}

}  // namespace

TEST_CASE("What is handed in again under the id of an accepted batch is that batch", "[office]") {
  Counter counter;
  BatchInfo wanted = about("school_staff");
  wanted.id = new_id();
  {
    Batches batches(*counter.desk, counter.door());
    REQUIRE(batches.start().ok());
    const auto first = batches.submit(kAlice, wanted, rows_named("a", 5));
    REQUIRE(first.ok());
    CHECK(first->id == wanted.id);
    wait_for_end(batches, wanted.id);
  }
  Batches batches(*counter.desk, counter.door());
  REQUIRE(batches.start().ok());
  const auto again = batches.submit(kAlice, wanted, rows_named("a", 5));
  REQUIRE(again.ok());
  CHECK(again->id == wanted.id);
  CHECK(again->state == BatchState::done);
  CHECK(batches.list("", "", 10)->size() == 1);
  CHECK(batches.queue_depth() == 0);
  CHECK(counter.audited().size() == 5);
}

TEST_CASE("A batch is checked row by row, in order, with ids that anyone can derive again") {
  Counter counter;
  Batches batches(*counter.desk, counter.door(), {}, small_chunks());
  REQUIRE(batches.start().ok());
  auto rows = rows_named("q", 40);
  rows[3].request.subject.names.front().text = "Orang refer";
  rows[11].reject_reason = "column dob: no date";
  const auto made = batches.submit(kAlice, about("school_staff"), rows);
  REQUIRE(made.ok());
  CHECK(made->state == BatchState::waiting);
  const BatchInfo end = wait_for_end(batches, made->id);
  CHECK(end.state == BatchState::done);
  CHECK(end.rows == 40);
  CHECK(end.done == 39);
  CHECK(end.rejected == 1);
  CHECK(end.no_record == 38);
  CHECK(end.refer == 1);
  CHECK(end.purpose == "school_staff");
  CHECK(batches.queue_depth() == 0);
  CHECK(std::is_sorted(counter.order.begin(), counter.order.end()));
  CHECK(counter.order.size() == 39);
  const auto seen = batches.rows(made->id, 10, 5).value();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].query_id == "q10");
  CHECK(seen[0].check_id == batch_check_id(made->id, 10));
  CHECK(seen[0].request.subject.names.empty());
  CHECK(seen[1].reject_reason == "column dob: no date");
  CHECK(seen[1].check_id.empty());
}

TEST_CASE("What a row asks reaches the check as it was handed in") {
  Counter counter;
  CheckRequest seen;
  Batches batches(*counter.desk,
                  [&](const Actor&, std::span<const CheckRequest> requests, std::span<const std::string> ids,
                      std::string_view) -> Result<std::vector<Check>> {
                    seen = requests.front();
                    return std::vector<Check>(ids.size());
                  });
  auto rows = rows_named("q", 1);
  rows[0].request.subject.consent = true;
  rows[0].request.subject.sex = Sex::female;
  rows[0].request.subject.state = "Kelantan";
  rows[0].request.subject.reference = "R-1";
  const auto made = batches.submit(kAlice, about("oyls_carer"), rows);
  REQUIRE(batches.start().ok());
  wait_for_end(batches, made->id);
  const Subject& subject = seen.subject;
  CHECK(subject.names == rows[0].request.subject.names);
  CHECK(subject.numbers == rows[0].request.subject.numbers);
  CHECK(subject.dob == PartialDate{1985, 3, 0});
  CHECK(subject.sex == Sex::female);
  CHECK(subject.state == "Kelantan");
  CHECK(subject.purpose == "oyls_carer");
  CHECK(subject.reference == "R-1");
  CHECK(subject.consent);
  REQUIRE(seen.child.has_value());
  CHECK(seen.child->reference == "KANAK-1");
  CHECK(seen.child->dob == PartialDate{2015, 0, 0});
  CHECK(seen.as_of == PartialDate{2026, 11, 20});
}

TEST_CASE("Ids of a batch's checks are ids: 26 characters, apart, ascending by row") {
  const std::string batch = new_id(), other = new_id();
  std::set<std::string> ids;
  std::string last;
  for (std::uint64_t row = 0; row < 5000; ++row) {
    const std::string id = batch_check_id(batch, row);
    CHECK(id.size() == 26);
    CHECK(id > last);
    CHECK(id == batch_check_id(batch, row));
    ids.insert(id);
    ids.insert(batch_check_id(other, row));
    last = id;
  }
  CHECK(ids.size() == 10'000);
  CHECK(batch_check_id(batch, Batches::kRowsMax - 1).size() == 26);
}

TEST_CASE("A row that cannot be checked is rejected with its reason, and its neighbours are checked") {
  Counter counter;
  Batches batches(*counter.desk, counter.door(), {}, small_chunks());
  REQUIRE(batches.start().ok());
  auto rows = rows_named("q", 20);
  rows[9].request.subject.names.front().text = "Orang bad";
  const auto made = batches.submit(kAlice, about("school_staff"), rows);
  const BatchInfo end = wait_for_end(batches, made->id);
  CHECK(end.state == BatchState::done);
  CHECK(end.done == 19);
  CHECK(end.rejected == 1);
  const auto seen = batches.rows(made->id, 0, 100).value();
  REQUIRE(seen.size() == 20);
  CHECK(seen[9].reject_reason == "too little is said of the person");
  CHECK(seen[9].query_id == "q9");
  CHECK(seen[9].check_id.empty());
  CHECK(counter.audited().size() == 19);
}

TEST_CASE("A batch of rejected rows alone is done") {
  Counter counter;
  Batches batches(*counter.desk, counter.door());
  REQUIRE(batches.start().ok());
  auto rows = rows_named("q", 3);
  for (BatchRow& row : rows) row.reject_reason = "no name";
  const auto made = batches.submit(kAlice, about("school_staff"), rows);
  const BatchInfo end = wait_for_end(batches, made->id);
  CHECK(end.state == BatchState::done);
  CHECK(end.rejected == 3);
  CHECK(end.done == 0);
}

TEST_CASE("Batches without rows, or with too many, are refused; a full queue is busy") {
  Counter counter;
  BatchLimits limits = small_chunks();
  limits.rows_waiting_max = 10;
  Batches batches(*counter.desk, counter.door(), {}, limits);
  CHECK(batches.submit(kAlice, about("p"), {}).error().code == ErrorCode::invalid_input);
  CHECK(batches.submit(kAlice, about("p"), rows_named("q", 11)).error().code == ErrorCode::invalid_input);
  const auto made = batches.submit(kAlice, about("p"), rows_named("q", 8));
  REQUIRE(made.ok());
  CHECK(batches.queue_depth() == 8);
  CHECK(batches.submit(kBob, about("p"), rows_named("q", 3)).error().code == ErrorCode::busy);
  CHECK(batches.submit(kBob, about("p"), rows_named("q", 2)).ok());
  REQUIRE(batches.start().ok());
  wait_for_end(batches, made->id);
  CHECK(batches.submit(kBob, about("p"), rows_named("q", 8)).ok());
}

TEST_CASE("Tenants take turns by chunk; batches of one tenant go one after the other") {
  Counter counter;
  Batches batches(*counter.desk, counter.door(), {}, small_chunks(5));
  const auto first = batches.submit(kAlice, about("p"), rows_named("a", 30)).value();
  const auto second = batches.submit(kAlice, about("p"), rows_named("b", 30)).value();
  const auto third = batches.submit(kBob, about("p"), rows_named("c", 10)).value();
  REQUIRE(batches.start().ok());
  for (const auto& one : {first, second, third}) CHECK(wait_for_end(batches, one.id).state == BatchState::done);
  CHECK(std::vector<std::string>(counter.tenants.begin(), counter.tenants.begin() + 5) ==
        std::vector<std::string>{"alpha", "beta", "alpha", "beta", "alpha"});
  std::vector<std::string> alphas;
  for (const std::string& id : counter.order)
    for (const auto& one : {first, second})
      for (std::uint64_t row = 0; row < 30; ++row)
        if (id == batch_check_id(one.id, row)) alphas.push_back(one.id);
  REQUIRE(alphas.size() == 60);
  CHECK(std::is_sorted(alphas.begin(), alphas.end(),
                       [&](const auto& a, const auto& b) { return a == first.id && b == second.id; }));
}

TEST_CASE("A cancelled batch keeps what was checked and forgets the rest") {
  Counter counter;
  std::atomic<int> chunks = 0;
  std::atomic<bool> go_on = false;
  const auto yield = [&] {
    if (++chunks == 3) go_on.wait(false);
    if (chunks > 3) std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the canceller gets its turn
  };
  Batches batches(*counter.desk, counter.door(), yield, small_chunks(5));
  const auto made = batches.submit(kAlice, about("p"), rows_named("q", 5000)).value();
  REQUIRE(batches.start().ok());
  while (chunks < 3) std::this_thread::yield();
  std::thread canceller([&] { CHECK(batches.cancel(kAlice, made.id).ok()); });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  go_on = true;
  go_on.notify_all();
  canceller.join();
  const BatchInfo end = batches.find(made.id).value().value();
  CHECK(end.state == BatchState::cancelled);
  CHECK(end.done == counter.audited().size());
  CHECK(end.done >= 15);
  CHECK(end.done < 5000);
  CHECK(end.finished_ms != 0);
  CHECK(batches.queue_depth() == 0);
  CHECK(batches.cancel(kAlice, made.id).error().code == ErrorCode::invalid_input);
  CHECK(batches.cancel(kAlice, new_id()).error().code == ErrorCode::not_found);
  const auto rows = batches.rows(made.id, 0, 10'000).value();
  REQUIRE(rows.size() == 5000);
  for (const BatchRow& row : rows) {
    if (!row.request.subject.names.empty()) FAIL("a subject was kept");
    if (row.check_id.empty() != (row.row >= end.done)) FAIL("row " << row.row);
  }
}

TEST_CASE("A batch that waits can be cancelled; the others go on") {
  Counter counter;
  Batches batches(*counter.desk, counter.door(), {}, small_chunks());
  const auto first = batches.submit(kAlice, about("p"), rows_named("a", 30)).value();
  const auto second = batches.submit(kAlice, about("p"), rows_named("b", 30)).value();
  REQUIRE(batches.cancel(kAlice, first.id).ok());
  REQUIRE(batches.start().ok());
  CHECK(wait_for_end(batches, second.id).done == 30);
  CHECK(batches.find(first.id).value()->done == 0);
  CHECK(counter.audited().size() == 30);
}

TEST_CASE("What is left at the end goes on at the next start, and nothing is checked twice") {
  Counter counter;
  std::string id;
  for (int life = 0; life < 6; ++life) {
    std::atomic<int> chunks = 0;
    BatchLimits limits = small_chunks();
    limits.progress_ms = life % 2 == 0 ? 0 : 1'000'000;
    const auto yield = [&] {  // slow from the fourth on: the end comes before the batch is done, mostly
      if (++chunks > 4) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    };
    Batches batches(*counter.desk, counter.door(), yield, limits);
    if (life == 0) id = batches.submit(kAlice, about("p"), rows_named("q", 300)).value().id;
    REQUIRE(batches.start().ok());
    while (chunks < 4 && batches.find(id).value()->done < 300) std::this_thread::yield();
  }
  Batches batches(*counter.desk, counter.door(), {}, small_chunks());
  REQUIRE(batches.start().ok());
  const BatchInfo end = wait_for_end(batches, id);
  CHECK(end.done == 300);
  CHECK(end.no_record == 300);
  const auto audited = counter.audited();
  CHECK(audited.size() == 300);
  CHECK(std::all_of(audited.begin(), audited.end(), [](const auto& one) { return one.second == 1; }));
}

TEST_CASE("Whichever write fails or is the last of a process, no row is lost or checked twice") {
  constexpr std::size_t kRows = 10;
  std::atomic<int> left = 0;
  std::atomic<bool> armed = false;
  const auto dead = [&] { return armed && left <= 0; };
  Counter counter([&](std::string_view operation) -> Status {
    if (armed && operation == "write") --left;
    return dead() ? Status(Error{ErrorCode::io, "the machine is off"}) : Status();
  });
  std::set<std::string> known;
  for (int failing = 1;; ++failing) {
    REQUIRE(failing < 200);
    left = failing;
    bool survived = false;
    {
      Batches batches(*counter.desk, counter.door(), {}, small_chunks(4));
      REQUIRE(batches.start().ok());
      armed = true;
      const auto made = batches.submit(kAlice, about("p"), rows_named("q", kRows));
      while (made && !dead() && !survived) {
        const auto now = batches.wait_for_change(made->id, *made, 1);
        survived = now && now->has_value() && (*now)->finished_ms != 0;
      }
      if (dead()) survived = false;
      if (made) known.insert(made->id);
    }
    armed = false;
    counter.desk.reset();
    counter.open();
    REQUIRE(counter.desk);
    Batches batches(*counter.desk, counter.door(), {}, small_chunks(4));
    REQUIRE(batches.start().ok());
    const auto newest = batches.list("", "", 1).value();
    if (!newest.empty()) known.insert(newest.front().id);
    INFO("write " << failing);
    for (const BatchInfo& one : newest) {
      const BatchInfo end = wait_for_end(batches, one.id);
      CHECK(end.state == BatchState::done);
      CHECK(end.done == kRows);
      CHECK(end.no_record == kRows);
    }
    const auto audited = counter.audited();
    CHECK(audited.size() == known.size() * kRows);
    for (const auto& [check, times] : audited) CHECK(times == 1);
    if (survived) break;
  }
}

TEST_CASE("Rows of a batch that was never accepted are removed at the next start") {
  Counter counter;
  {
    Batches batches(*counter.desk, counter.door());
    REQUIRE(batches.submit(kAlice, about("p"), rows_named("kept", 5)).ok());
  }
  WriteSet orphan;
  std::string key = "m" + new_id();
  append_key64(key, 0);
  orphan.put(family(DeskFamily::batch_rows), key, "x");
  key.front() = 's';
  orphan.put(family(DeskFamily::batch_rows), key, "y");
  REQUIRE(counter.desk->commit(orphan, {}).ok());
  Batches batches(*counter.desk, counter.door());
  REQUIRE(batches.start().ok());
  CHECK_FALSE(counter.desk->database().get(family(DeskFamily::batch_rows), key).value().has_value());
  CHECK(wait_for_end(batches, batches.list("", "", 1).value().front().id).done == 5);
}

TEST_CASE("Nobody's name, number, reference or file name stands unsealed on the desk") {
  Counter counter;
  Batches batches(*counter.desk, counter.door());
  const auto made = batches.submit(kAlice, about("p"), rows_named("zainab-", 20)).value();
  for (const char* personal : {"Orang z", "850311-03-", "311-03-5228", "8503110352", "zainab", "Zainab", "KANAK-1"})
    CHECK(counter.all_values().find(personal) == std::string::npos);
  REQUIRE(batches.start().ok());
  wait_for_end(batches, made.id);
  CHECK(batches.rows(made.id, 0, 1).value().front().query_id == "zainab-0");
}

TEST_CASE("Batches are listed newest first, by tenant, page by page") {
  Counter counter;
  Batches batches(*counter.desk, counter.door());
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) {
    ids.insert(ids.begin(), batches.submit(i % 3 == 0 ? kBob : kAlice, about("p"), rows_named("q", 1)).value().id);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::vector<std::string> seen;
  for (std::string before;;) {
    const auto page = batches.list("", before, 3).value();
    for (const BatchInfo& one : page) seen.push_back(one.id);
    if (page.size() < 3) break;
    before = page.back().id;
  }
  CHECK(seen == ids);
  const auto bobs = batches.list("beta", "", 100).value();
  CHECK(bobs.size() == 3);
  CHECK(bobs.front().id == ids[0]);
  CHECK(batches.list("bet", "", 100).value().empty());
  CHECK(batches.list("beta", bobs[0].id, 1).value().front().id == bobs[1].id);
}

TEST_CASE("Retention forgets what the requester wrote and keeps counts and check ids") {
  Counter counter;
  Batches batches(*counter.desk, counter.door());
  REQUIRE(batches.start().ok());
  const auto made = batches.submit(kAlice, about("p"), rows_named("q", 10)).value();
  const BatchInfo end = wait_for_end(batches, made.id);
  const Actor admin{"cli:root", "agency", Role::admin};
  const auto days = [](std::string_view purpose) { return purpose == "p" ? 30 : 10'000; };
  constexpr std::int64_t kDay = 86'400'000;
  CHECK(batches.erase_due(admin, end.finished_ms + 30 * kDay - 1, days).value() == 0);
  CHECK(batches.rows(made.id, 0, 1).value().front().query_id == "q0");
  CHECK(batches.erase_due(admin, end.finished_ms + 30 * kDay, days).value() == 1);
  CHECK(batches.erase_due(admin, end.finished_ms + 30 * kDay, days).value() == 0);
  const BatchInfo left = batches.find(made.id).value().value();
  CHECK(left.reference.empty());
  CHECK(left.file_name.empty());
  CHECK(left.done == 10);
  const auto rows = batches.rows(made.id, 8, 10).value();
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].query_id.empty());
  CHECK(rows[1].check_id == batch_check_id(made.id, 9));
}

TEST_CASE("An error that may pass is tried again; one that may not fails the batch and says why") {
  Counter counter;
  std::atomic<int> left = 3;
  ErrorCode code = ErrorCode::unavailable;
  Batches batches(
      *counter.desk,
      [&](const Actor& actor, std::span<const CheckRequest> requests, std::span<const std::string> ids,
          std::string_view batch) -> Result<std::vector<Check>> {
        if (left-- > 0) return Error{code, "the index is being rebuilt"};
        return counter.check_many(actor, requests, ids, batch);
      },
      {}, small_chunks());
  REQUIRE(batches.start().ok());
  const auto made = batches.submit(kAlice, about("p"), rows_named("q", 10)).value();
  const BatchInfo end = wait_for_end(batches, made.id);
  CHECK(end.done == 10);
  CHECK(end.error.empty());
  left = 1;
  code = ErrorCode::permission;
  const auto refused = batches.submit(kAlice, about("p"), rows_named("q", 10)).value();
  const BatchInfo failed = wait_for_end(batches, refused.id);
  CHECK(failed.state == BatchState::failed);
  CHECK(failed.error == "the index is being rebuilt");
  CHECK(failed.done == 0);
  CHECK(batches.queue_depth() == 0);
}

TEST_CASE("Batches are handed in and cancelled from many threads while others are worked on") {
  Counter counter;
  Batches batches(*counter.desk, counter.door(), {}, small_chunks(3));
  REQUIRE(batches.start().ok());
  std::atomic<int> accepted = 0;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<std::string> ids;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 6; ++i) {
        const Actor actor{"key", "tenant-" + std::to_string(t), Role::submitter};
        const auto made = batches.submit(actor, about("p"), rows_named("q", 20));
        if (!made) continue;
        if (i % 3 == 2) static_cast<void>(batches.cancel(actor, made->id).ok());
        const std::lock_guard lock(mutex);
        ids.push_back(made->id);
      }
    });
  for (std::thread& thread : threads) thread.join();
  std::uint64_t done = 0;
  for (const std::string& id : ids) {
    const BatchInfo end = wait_for_end(batches, id);
    if (end.state == BatchState::done) CHECK(end.done == 20);
    done += end.done;
  }
  CHECK(ids.size() == 24);
  const auto audited = counter.audited();
  CHECK(audited.size() == done);
  for (const auto& [check, times] : audited) CHECK(times == 1);
  CHECK(batches.queue_depth() == 0);
}

}  // namespace semak
