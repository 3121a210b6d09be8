#include "engine/audit/audit_log.h"

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "engine/audit/audit_entry.h"
#include "tests/catch.h"
#include "tests/engine/audit/sample_log.h"

namespace semak {
namespace {

std::vector<AuditEntry> all(const AuditLog& log) {
  std::vector<AuditEntry> entries;
  REQUIRE(log.scan([&](const AuditEntry& entry) {
               entries.push_back(entry);
               return Status();
             })
              .ok());
  return entries;
}

TEST_CASE("a new log is empty and clean", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  CHECK(log.head().sequence == 0);
  CHECK_FALSE(log.newest_checkpoint().has_value());
  CHECK(sample.verified().clean());
  CHECK(log.entries({})->empty());
  CHECK(*log.append({}) == 0);
}

TEST_CASE("entries are numbered, chained and dated in order, and come back as they were logged", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  sample.fill(25, 4);
  const auto entries = all(log);
  REQUIRE(entries.size() == 25);
  Hash256 previous{};
  std::int64_t time_ms = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const AuditEvent logged = sample_event(static_cast<int>(i), "token-" + std::to_string(i));
    CHECK(entries[i].sequence == i + 1);
    CHECK(entries[i].previous == previous);
    CHECK(entries[i].hash == hash_of(entries[i]));
    CHECK(entries[i].time_ms >= time_ms);
    CHECK(encode_event(entries[i].event) == encode_event(logged));
    previous = entries[i].hash;
    time_ms = entries[i].time_ms;
  }
  CHECK(log.head().hash == previous);
  CHECK(sample.verified({log.head()}).clean());
}

TEST_CASE("the head is signed with each append", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(log.append(std::vector{sample_event(i)}).ok());
    const auto checkpoint = log.newest_checkpoint();
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->head.sequence == static_cast<std::uint64_t>(i + 1));
    CHECK(checkpoint->head.hash == log.head().hash);
    CHECK(signature_is_good(signed_text(*checkpoint), checkpoint->signature, sample.keys->public_key()));
  }
}

TEST_CASE("a log opened again goes on where it ended", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(10);
  const AuditHead before = sample.log->head();
  AuditLog& log = sample.open();
  CHECK(log.head().sequence == before.sequence);
  CHECK(log.head().hash == before.hash);
  CHECK(*log.append(std::vector{sample_event(11)}) == 11);
  CHECK(sample.verified({before}).clean());
}

TEST_CASE("an event whose token the log has is not logged twice", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  CHECK(*log.append(std::vector{sample_event(1, "a"), sample_event(2, "b")}) == 2);
  const auto again = log.append_each(std::vector{sample_event(2, "b"), sample_event(3, "c"), sample_event(3, "c")});
  REQUIRE(again.ok());
  CHECK(*again == std::vector<std::uint64_t>{2, 3, 3});
  CHECK(*log.append(std::vector{sample_event(1, "a")}) == 1);
  CHECK(log.head().sequence == 3);
  AuditLog& reopened = sample.open();
  CHECK(*reopened.append(std::vector{sample_event(3, "c")}) == 3);
  CHECK(reopened.head().sequence == 3);
  CHECK(*reopened.append(std::vector{sample_event(1), sample_event(1)}) == 5);  // without tokens: two events
  CHECK(sample.verified().clean());
}

TEST_CASE("entries are found newest first, by kind, object and actor, page by page", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  sample.fill(600, 50);
  const auto twin = all(log);
  const auto expected = [&](const AuditFilter& filter) {
    std::vector<std::uint64_t> sequences;
    for (auto entry = twin.rbegin(); entry != twin.rend(); ++entry) {
      const bool wanted = (filter.before == 0 || entry->sequence < filter.before) &&
                          (!filter.kind || *filter.kind == entry->event.kind) &&
                          (filter.object.empty() || filter.object == entry->event.object) &&
                          (filter.actor.empty() || filter.actor == entry->event.actor.id);
      if (wanted && sequences.size() < filter.entries_max) sequences.push_back(entry->sequence);
    }
    return sequences;
  };
  for (const std::uint64_t before : {0, 1, 2, 256, 257, 400, 601, 10'000}) {
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{37}, std::size_t{10'000}}) {
      for (int which = 0; which < 4; ++which) {
        AuditFilter filter;
        filter.before = before;
        filter.entries_max = most;
        if (which == 1) filter.kind = AuditKind::erasure;
        if (which == 2) filter.object = "object-3";
        if (which == 3) filter.actor = "key-2", filter.kind = AuditKind::check;
        const auto found = log.entries(filter);
        REQUIRE(found.ok());
        std::vector<std::uint64_t> sequences;
        for (const AuditEntry& entry : *found) sequences.push_back(entry.sequence);
        CHECK(sequences == expected(filter));
      }
    }
  }
}

TEST_CASE("events that an auditor could not read are refused and do not close the log", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  std::vector<AuditEvent> bad;
  for (const char* details : {"", "[]", "{", "{}x", "{\"a\":1.5}", "{\"a\":\"\xff\"}", "null", "{\"a\":1e3}"}) {
    bad.push_back(sample_event(1));
    bad.back().details = details;
  }
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"}) {
    bad.push_back(sample_event(1));
    bad.back().object = text;
  }
  bad.push_back(sample_event(1));
  bad.back().kind = static_cast<AuditKind>(0);
  bad.push_back(sample_event(1));
  bad.back().details = "{\"a\":\"" + std::string(kAuditEventBytesMax, 'x') + "\"}";
  for (const AuditEvent& event : bad) {
    INFO(event.details.substr(0, 40) << " " << event.object);
    const auto refused = log.append(std::vector{sample_event(1), event});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::invalid_input);
  }
  CHECK(log.head().sequence == 0);
  CHECK_FALSE(log.failed());
  AuditEvent good = sample_event(1);
  good.object = "Jawi \xd8\xb3\xd9\x8a\xd8\xaa\xd9\x8a, \xf0\x9f\x99\x82";
  CHECK(log.append(std::vector{good}).ok());
}

TEST_CASE("concurrent appends share writes, and each event has one place", "[audit]") {
  SampleLog sample;
  std::atomic<int> writes = 0;
  AuditLog& log = sample.open([&](std::string_view operation) {
    if (operation == "write") ++writes;
    return Status();
  });
  constexpr int kThreads = 8, kAppends = 40;
  std::vector<std::vector<std::uint64_t>> places(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kAppends; ++i) {
        AuditEvent first = sample_event(i, "t" + std::to_string(t) + "-" + std::to_string(i));
        first.object = "thread-" + std::to_string(t);
        AuditEvent second = first;
        second.token += "b";
        const auto sequence = log.append(std::vector{first, second});
        if (sequence.ok()) places[t].push_back(*sequence);
      }
    });
  }
  for (int i = 0; i < 20; ++i) CHECK(sample.verified({log.head()}).clean());  // while it grows
  for (std::thread& thread : threads) thread.join();
  const auto entries = all(log);
  REQUIRE(entries.size() == 2 * kThreads * kAppends);
  for (int t = 0; t < kThreads; ++t) {
    REQUIRE(places[t].size() == kAppends);
    for (int i = 0; i < kAppends; ++i) {
      const std::uint64_t place = places[t][i];
      const std::string token = "t" + std::to_string(t) + "-" + std::to_string(i);
      CHECK(entries[place - 2].event.token == token);  // both events side by side
      CHECK(entries[place - 1].event.token == token + "b");
      if (i > 0) CHECK(places[t][i - 1] < place);
    }
  }
  CHECK(writes <= kThreads * kAppends);
  CHECK(sample.verified({log.head()}).clean());
}

TEST_CASE("after a failed write nothing more is logged until the log is opened again", "[audit]") {
  SampleLog sample;
  int fail_at = -1, count = 0;
  const auto fault = [&](std::string_view operation) {
    if (operation == "open") return Status();
    return ++count == fail_at ? Status(Error{ErrorCode::io, "injected"}) : Status();
  };
  // an append reads tokens and writes: each of the operations of a few appends fails once
  for (int at = 1; at <= 6; ++at) {
    count = 0;
    fail_at = -1;
    AuditLog& log = sample.open(fault);
    const std::uint64_t before = log.head().sequence;
    count = 0;
    fail_at = at;
    bool failed = false;
    std::uint64_t good = 0;
    for (int i = 0; i < 5; ++i) {
      const auto done = log.append(std::vector{sample_event(i, std::to_string(at) + "-" + std::to_string(i))});
      if (failed) CHECK_FALSE(done.ok());
      failed = failed || !done.ok();
      good += done.ok() ? 1 : 0;
      CHECK(log.failed() == failed);
    }
    CHECK(failed);
    CHECK(log.head().sequence == before + good);
    fail_at = -1;
    AuditLog& reopened = sample.open();
    CHECK(reopened.head().sequence == before + good);
    CHECK_FALSE(reopened.failed());
    CHECK(sample.verified().clean());
  }
}

TEST_CASE("a failed write fails all who share it", "[audit]") {
  SampleLog sample;
  std::atomic<bool> fail = false;
  AuditLog& log = sample.open([&](std::string_view operation) {
    return fail && operation == "write" ? Status(Error{ErrorCode::no_space, "injected"}) : Status();
  });
  sample.fill(3);
  fail = true;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) refused += log.append(std::vector{sample_event(t)}).ok() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refused == 30);
  fail = false;
  CHECK_FALSE(log.append(std::vector{sample_event(1)}).ok());
  CHECK(log.head().sequence == 3);
}

TEST_CASE("about one checkpoint for each thousand entries is kept, and the newest", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  sample.fill(2'500, 100);
  const AuditReport report = sample.verified({log.head()});
  CHECK(report.entries == 2'500);
  CHECK(report.checkpoints == 3);
  CHECK(report.clean());
  sample.open();
  CHECK(sample.verified().clean());
}

TEST_CASE("a log of other keys is not opened", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(3);
  sample.log.reset();
  auto others = KeyRing::create(sample.folder / "other", std::nullopt);
  REQUIRE(others.ok());
  const auto opened = AuditLog::open(sample.path(), false, **others);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == ErrorCode::corruption);
}

TEST_CASE("a reader sees the log beside its writer and cannot write", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(20);
  auto reader = AuditLog::open_read_only(sample.path());
  REQUIRE(reader.ok());
  CHECK((*reader)->head().sequence == 20);
  const auto report = (*reader)->verify(std::vector{sample.log->head()}, sample.keys->public_key(), {});
  REQUIRE(report.ok());
  CHECK(report->clean());
  CHECK_FALSE((*reader)->append(std::vector{sample_event(1)}).ok());
}

TEST_CASE("a copy of the database is the log as it was", "[audit]") {
  SampleLog sample;
  AuditLog& log = sample.open();
  sample.fill(20);
  REQUIRE(log.checkpoint_database(sample.folder / "copy").ok());
  sample.fill(0);
  REQUIRE(log.append(std::vector{sample_event(99)}).ok());
  auto copy = AuditLog::open(sample.folder / "copy", false, *sample.keys);
  REQUIRE(copy.ok());
  CHECK((*copy)->head().sequence == 20);
}

}  // namespace
}  // namespace semak
