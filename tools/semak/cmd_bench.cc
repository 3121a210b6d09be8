// semak bench: how long look-ups (from the query's text to revisions and scores) or whole answers take inside the
// process, and, against the exhaustive twin, what is lost (nothing).
#include <algorithm>
#include <atomic>
#include <boost/json/object.hpp>
#include <cmath>
#include <ctime>
#include <thread>

#include "engine/screen/asked_registers.h"
#include "engine/screen/screener.h"
#include "index/exhaustive.h"
#include "normalize/profile.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/policy_option.h"
#include "tools/semak/query_file.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"in", "FILE", Say::bench_in, true},
    {"register", "NAME", Say::lookup_register},
    {"threads", "N", Say::bench_threads},
    {"top", "K", Say::option_top},
    {"min-bits", "B", Say::option_min_bits},
    {"policy", "NAME", Say::option_policy},
    {"answers", "", Say::bench_answers},
    {"evidence", "", Say::bench_evidence},
    {"exhaustive", "", Say::bench_exhaustive},
    {"sample", "N", Say::bench_sample},
    {"format", "text|json", Say::option_format},
};

using Clock = std::chrono::steady_clock;
using Subjects = std::vector<Subject>;

constexpr std::size_t kSubjectsMax = 2'000'000;  // they are kept in memory

Result<Subjects> read_subjects(const std::string& path) {
  SEMAK_TRY(QueryFile file, QueryFile::open(path));
  Subjects subjects;
  std::vector<Query> queries;
  std::vector<RejectedRow> rejected;
  for (bool more = true; more && subjects.size() < kSubjectsMax;) {
    SEMAK_TRY(more, file.next(queries, rejected, 4096));
    for (Query& query : queries)
      if (query.problem.empty()) subjects.push_back(std::move(query.subject));
  }
  if (subjects.empty()) return Error{ErrorCode::invalid_input, say(Say::bench_no_queries, path)};
  return subjects;
}

struct Figures {
  std::size_t queries = 0;
  double p50 = 0, p90 = 0, p99 = 0, p999 = 0, mean = 0;  // microseconds
  double per_second = 0;
};

// `times` in microseconds; sorts them.
Figures figures_of(std::vector<double> times, double seconds) {
  std::sort(times.begin(), times.end());
  auto at = [&](double share) {  // nearest rank
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size())));
    return times[std::clamp<std::size_t>(rank, 1, times.size()) - 1];
  };
  double sum = 0;
  for (const double time : times) sum += time;
  return {times.size(),
          at(0.5),
          at(0.9),
          at(0.99),
          at(0.999),
          sum / static_cast<double>(times.size()),
          static_cast<double>(times.size()) / seconds};
}

struct Measured {
  Figures wall;
  Figures processor;  // of the answering thread alone: what other work on the machine does not disturb
};

double thread_microseconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// Every subject once; each thread its own share. `answer(subject)` is called on `threads` threads at once.
template <class MakeAnswer>
Result<Measured> measure(const Subjects& subjects, unsigned threads, MakeAnswer make_answer) {
  std::vector<double> times(subjects.size()), processor(subjects.size());
  std::vector<Status> outcomes(threads);
  std::atomic<std::size_t> next = 0;
  auto work = [&](unsigned thread) {
    auto answer = make_answer();
    for (std::size_t i; (i = next.fetch_add(1)) < subjects.size();) {
      const double processor_begun = thread_microseconds();
      const auto begun = Clock::now();
      if (Status status = answer(subjects[i]); !status) {
        outcomes[thread] = status;
        return;
      }
      times[i] = std::chrono::duration<double, std::micro>(Clock::now() - begun).count();
      processor[i] = thread_microseconds() - processor_begun;
    }
  };
  const auto begun = Clock::now();
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work, i);
    work(0);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  for (const Status& status : outcomes) SEMAK_TRY_STATUS(status);
  double processor_seconds = 0;
  for (const double time : processor) processor_seconds += time / 1e6;
  return Measured{figures_of(std::move(times), seconds),
                  figures_of(std::move(processor), std::max(processor_seconds, 1e-9))};
}

struct Twin {
  Figures figures;
  std::uint64_t found = 0;     // records the scan returns
  std::uint64_t missed = 0;    // of those, not returned by the look-up in the same place with the same score
  std::uint64_t declined = 0;  // subjects the look-up calls too vague
};

Twin compare_with_twin(const Engine& engine, const std::vector<std::shared_ptr<const Snapshot>>& snapshots,
                       const Subjects& subjects, const Policy& policy, ProgressBar& bar) {
  Twin twin;
  std::vector<double> times;
  LookupScratch scratch;
  for (const Subject& subject : subjects) {
    const Profile profile = make_profile(engine.normalizer(), subject);
    const LookupLimits limits = lookup_limits(policy, profile);
    double time = 0;
    for (const auto& snapshot : snapshots) {
      const auto scan_begun = Clock::now();
      const LookupResult scan = look_up_exhaustively(*snapshot, profile, limits);
      time += std::chrono::duration<double, std::micro>(Clock::now() - scan_begun).count();
      const LookupResult fast = look_up(*snapshot, profile, limits, scratch);
      twin.found += scan.hits.size();
      if (fast.too_vague) {
        ++twin.declined;
        continue;
      }
      for (std::size_t i = 0; i < scan.hits.size(); ++i)
        if (i >= fast.hits.size() || fast.hits[i].revision != scan.hits[i].revision ||
            fast.hits[i].score != scan.hits[i].score)
          ++twin.missed;
    }
    times.push_back(time);
    bar.show("comparing", times.size(), subjects.size());
  }
  double seconds = 0;
  for (const double time : times) seconds += time / 1e6;
  twin.figures = figures_of(std::move(times), std::max(seconds, 1e-9));
  return twin;
}

boost::json::object figures_json(const Figures& figures) {
  auto tenths = [](double value) { return std::round(value * 10) / 10; };
  return {{"queries", figures.queries},
          {"p50_us", tenths(figures.p50)},
          {"p90_us", tenths(figures.p90)},
          {"p99_us", tenths(figures.p99)},
          {"p999_us", tenths(figures.p999)},
          {"mean_us", tenths(figures.mean)},
          {"queries_per_second", tenths(figures.per_second)}};
}

void add_figures(TextTable& table, const std::string& name, const Figures& figures) {
  auto micros = [](double value) {
    return value < 10000 ? fmt::format("{:.0f} us", value) : fmt::format("{:.1f} ms", value / 1000);
  };
  table.add({name, micros(figures.p50), micros(figures.p90), micros(figures.p99), micros(figures.p999),
             group_digits(static_cast<std::uint64_t>(figures.per_second))});
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(Policy policy, policy_option(arguments));
  policy.consent = false;  // nobody is told anything
  SEMAK_ASK(const std::uint64_t threads, arguments.number("threads", 1, 1, 256));
  SEMAK_ASK(const std::uint64_t sample, arguments.number("sample", 200, 1, kSubjectsMax));

  ProgressBar bar;
  SEMAK_DO(const Subjects subjects, read_subjects(arguments.text("in")));
  SEMAK_DO(const auto engine, open_database(arguments.text("db"), OpenMode::read_only, bar));
  const auto world = engine->world();
  SEMAK_DO_STATUS(check_register(*world, arguments.text("register")));
  ask_only(policy, *world, arguments.text("register"));

  std::uint64_t people = 0, bytes = 0;
  std::vector<std::shared_ptr<const Snapshot>> snapshots;
  for (const World::Part* part : asked_registers(*world, policy).parts) {
    if (!part->index) continue;
    snapshots.push_back(part->index);
    people += part->index->people();
    bytes += part->index->bytes_in_memory();
  }

  const bool evidence = arguments.has("evidence");
  const bool answers = evidence || arguments.has("answers");
  // Returns what times one subject; each thread its own.
  const auto make_answer = [&] {
    return [&, screener = Screener(*engine), scratch = LookupScratch()](const Subject& subject) mutable -> Status {
      if (answers) {
        const Detail detail = evidence ? Detail::evidence : Detail::brief;
        SEMAK_TRY([[maybe_unused]] const Answer answer, screener.screen(*world, subject, policy, detail));
        return {};
      }
      const Profile profile = make_profile(engine->normalizer(), subject);
      const LookupLimits limits = lookup_limits(policy, profile);
      for (const auto& snapshot : snapshots) look_up(*snapshot, profile, limits, scratch);
      return {};
    };
  };
  bar.show("warming", 0, 0);
  SEMAK_DO([[maybe_unused]] const Measured warm, measure(subjects, static_cast<unsigned>(threads), make_answer));
  bar.show("measuring", 0, 0);
  SEMAK_DO(const Measured measured, measure(subjects, static_cast<unsigned>(threads), make_answer));

  const Figures& figures = measured.wall;
  Twin twin;
  const bool exhaustive = arguments.has("exhaustive");
  if (exhaustive) {  // spread over the whole file
    Subjects some;
    const std::size_t count = std::min<std::size_t>(sample, subjects.size());
    for (std::size_t i = 0; i < count; ++i) some.push_back(subjects[i * subjects.size() / count]);
    twin = compare_with_twin(*engine, snapshots, some, policy, bar);
  }
  bar.finish();

  const double bytes_per_person =
      people == 0 ? 0 : std::round(static_cast<double>(bytes) * 10 / static_cast<double>(people)) / 10;
  if (format == "json") {
    boost::json::object object{{"people", people}, {"threads", threads}};
    for (const auto& member : figures_json(figures)) object.insert(member);
    object["bytes_per_person"] = bytes_per_person;
    object["generation"] = world->generation.value;
    object["top"] = policy.top;
    object["timed"] = evidence ? "answers with evidence" : answers ? "answers" : "look-ups";
    boost::json::object processor = figures_json(measured.processor);
    processor.erase("queries");
    processor.erase("queries_per_second");
    object["processor"] = std::move(processor);
    if (exhaustive) {
      boost::json::object scan = figures_json(twin.figures);
      scan["records_found"] = twin.found;
      scan["too_vague"] = twin.declined;
      object["exhaustive"] = std::move(scan);
      object["missed_by_lookup"] = twin.missed;
    }
    print(json_text(object) + "\n");
  } else {
    TextTable table({"", "p50", "p90", "p99", "p99.9", say(Say::bench_per_second)},
                    {false, true, true, true, true, true});
    add_figures(table, say(Say::bench_lookup), figures);
    add_figures(table, say(Say::bench_processor), measured.processor);
    if (exhaustive) add_figures(table, say(Say::bench_scan), twin.figures);
    print(say(Say::bench_heading, group_digits(people), group_digits(figures.queries), threads, bytes_per_person) +
          "\n" + table.text(0, colours_on_output()));
    if (exhaustive)
      print(say(Say::bench_missed, group_digits(twin.missed), group_digits(twin.found), group_digits(twin.declined)) +
            "\n");
  }
  return exhaustive && twin.missed > 0 ? kDoneWithFindings : kDone;
}

}  // namespace

const Verb kBench = {"bench",
                     Say::bench_summary,
                     kOptions,
                     "",
                     "semak bench --db register.db --in queries.csv --threads 2 --exhaustive --format json",
                     run};

}  // namespace semak
