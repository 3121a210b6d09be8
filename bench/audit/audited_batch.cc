// What the audit costs a batch: the same subjects, in the same process, answered without it, as audited look-ups, and
// as checks that are kept, one commit a chunk. Rounds alternate, so that a busy machine meets all alike.
// semak-audited-batch [people] [subjects] [chunk] [threads] [rounds]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "engine/check.h"
#include "engine/desk/desk.h"
#include "engine/policies/policy_book.h"
#include "engine/screen/ingest.h"
#include "engine/screen/screener.h"
#include "normalize/date_parser.h"
#include "tools/gen/people_file.h"

namespace semak {
namespace {

const Actor kActor{"bench", "agency", Role::registrar};
constexpr char kPurpose[] = "batch_vetting";

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

struct Shape {
  std::uint64_t people = 100'000, subjects = 20'000, chunk = 500, threads = 2, rounds = 5;
};

std::vector<Subject> make_subjects(const Population& population, const Shape& shape) {
  QueryOptions options;
  options.queries = shape.subjects;
  options.people = shape.people;
  options.members = 0.05;  // most of those who are vetted are in no register
  GeneratedPerson scratch;
  std::vector<Subject> subjects;
  for (std::uint64_t i = 0; i < shape.subjects; ++i) {
    const GeneratedQuery query = make_query(population, options, i, scratch);
    Subject subject;
    subject.names.push_back({NameType::registered, query.name});
    if (!query.id_number.empty()) subject.numbers.push_back({NumberKind::unknown, query.id_number, "", "", ""});
    subject.dob = parse_date(query.dob).value_or(PartialDate{});
    subject.sex = query.sex == "F" ? Sex::female : Sex::male;
    subject.purpose = kPurpose;
    subject.reference = query.query_id;
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

// Each chunk once, by all threads; seconds.
double run(const Shape& shape, std::span<const Subject> subjects,
           const std::function<void(std::span<const Subject>)>& answer) {
  std::atomic<std::size_t> next = 0;
  const auto begun = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < shape.threads; ++t) {
    threads.emplace_back([&] {
      for (std::size_t at = next.fetch_add(shape.chunk); at < subjects.size(); at = next.fetch_add(shape.chunk)) {
        answer(subjects.subspan(at, std::min<std::size_t>(shape.chunk, subjects.size() - at)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::string text_of(const Subject& subject) {
  std::string text = subject.names.front().text;
  for (const TypedNumber& number : subject.numbers) text += "\n" + number.text;
  return text;
}

AuditEvent event_of(const Desk& desk, const Subject& subject, const Answer& answer) {
  AuditEvent event;
  event.kind = AuditKind::lookup;
  event.actor = kActor;
  event.object = desk.keys().mark("subject", text_of(subject));
  event.details = fmt::format(R"({{"generation":{},"hits":{},"outcome":"{}","policy":"{}"}})", answer.generation.value,
                              answer.hits.size(), to_string(answer.outcome), kPurpose);
  return event;
}

// About what a kept check takes: the subject sealed, and the rest.
std::string kept(const Desk& desk, const Subject& subject) {
  return desk.keys().seal(text_of(subject) + std::string(400, 'x'), "bench");
}

struct Measured {
  Engine& engine;
  Desk& desk;
  const Policy& policy;

  std::vector<Answer> answers(std::span<const Subject> chunk, Detail detail) const {
    Screener screener(engine);
    const auto world = engine.world();
    std::vector<Answer> found;
    for (const Subject& subject : chunk) found.push_back(must(screener.screen(*world, subject, policy, detail)));
    return found;
  }

  void audited(std::span<const Subject> chunk, Detail detail, bool keep) const {
    const auto found = answers(chunk, detail);
    WriteSet changes;
    std::vector<AuditEvent> events;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      events.push_back(event_of(desk, chunk[i], found[i]));
      if (keep) changes.put(family(DeskFamily::checks), new_id(), kept(desk, chunk[i]));
    }
    must(desk.commit(changes, std::move(events)));
  }
};

void measure(const Measured& on, const Shape& shape, std::span<const Subject> subjects) {
  using Chunk = std::span<const Subject>;
  const std::vector<std::pair<const char*, std::function<void(Chunk)>>> ways = {
      {"unaudited_brief", [&](Chunk chunk) { on.answers(chunk, Detail::brief); }},
      {"audited_brief", [&](Chunk chunk) { on.audited(chunk, Detail::brief, false); }},
      {"kept_brief", [&](Chunk chunk) { on.audited(chunk, Detail::brief, true); }},
      {"unaudited_evidence", [&](Chunk chunk) { on.answers(chunk, Detail::evidence); }},
      {"audited_evidence", [&](Chunk chunk) { on.audited(chunk, Detail::evidence, false); }},
      {"kept_evidence", [&](Chunk chunk) { on.audited(chunk, Detail::evidence, true); }},
  };
  run(shape, subjects, ways.front().second);  // warm
  std::vector<std::vector<double>> rates(ways.size()), ratios(ways.size());
  for (std::uint64_t round = 0; round < shape.rounds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      rates[i].push_back(static_cast<double>(subjects.size()) / run(shape, subjects, ways[i].second));
      ratios[i].push_back(rates[i].back() / rates[i / 3 * 3].back());
    }
  }
  fmt::print("{{\"people\":{},\"subjects\":{},\"chunk\":{},\"threads\":{},\"rounds\":{},\n", shape.people,
             shape.subjects, shape.chunk, shape.threads, shape.rounds);
  for (std::size_t i = 0; i < ways.size(); ++i) {
    fmt::print(" \"{0}_per_s\":{1:.0f},\"{0}_ratio\":{2:.3f},\n", ways[i].first, median(rates[i]), median(ratios[i]));
  }
  const AuditReport report = must(on.desk.audit().verify({}, on.desk.keys().public_key(), {}));
  fmt::print(" \"entries\":{},\"chain_clean\":{}}}\n", report.entries, report.clean());
}

int bench(const Shape& shape) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("semak-audited-batch-{}", ::getpid());
  std::filesystem::create_directories(folder);
  const Population population(1);
  {
    std::ofstream file(folder / "people.csv");
    PeopleOptions options;
    options.people = shape.people;
    options.kind = RegisterKind::offender;
    const Status written = write_people(population, options,
                                        [&](std::string_view text) {
                                          file << text;
                                          return Status();
                                        },
                                        {});
    SEMAK_CHECK(written.ok());
  }
  {
    const auto engine = must(Engine::open(folder / "db", OpenMode::create, {}));
    IngestRequest request;
    request.register_name = "pesalah";
    request.kind = RegisterKind::offender;
    request.files = {folder / "people.csv"};
    must(ingest(*engine, request, {}));
    const auto keys = must(KeyRing::create(folder / "key", std::nullopt));
    const auto desk = must(Desk::open(folder / "db", true, *keys));
    const Policy policy = must(PolicyBook::built_in().find(kPurpose));
    measure({*engine, *desk, policy}, shape, make_subjects(population, shape));
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace semak

int main(int count, char** words) {
  semak::Shape shape;
  std::uint64_t* const values[] = {&shape.people, &shape.subjects, &shape.chunk, &shape.threads, &shape.rounds};
  for (int i = 1; i < count && i <= 5; ++i) *values[i - 1] = std::strtoull(words[i], nullptr, 10);
  return semak::bench(shape);
}
