// semak-updates DB REGISTER MORE.csv QUERIES.csv: how long after a change of a register people are found by it, and
// what the small segments of many changes cost a look-up. Changes DB. MORE.csv: at least 12,000 people who are not in
// it; QUERIES.csv: query_id,name. Prints one JSON object. See updates.py, which prepares the database.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

#include "engine/screen/database_info.h"
#include "engine/screen/ingest.h"
#include "engine/screen/screener.h"

namespace semak {
namespace {

constexpr std::size_t kOneByOne = 100;    // loads of one record
constexpr std::size_t kThousands = 10;    // loads of 1,000 records
constexpr std::size_t kCorrections = 50;  // loads of one changed record
constexpr std::size_t kLookups = 4000;    // queries of one measurement of the look-up

double wall_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double processor_now(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "semak-updates: {}\n", why);
  std::exit(3);
}

template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().message);
  return std::move(*result);
}

std::vector<std::string> lines_of(const std::string& path, std::size_t most) {
  std::ifstream file(path);
  if (!file) stop("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; lines.size() < most && std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::string cell(const std::string& line, std::size_t column) {  // generated files quote nothing
  std::size_t begin = 0;
  for (; column > 0; --column) begin = line.find(',', begin) + 1;
  return line.substr(begin, line.find(',', begin) - begin);
}

struct Times {
  std::vector<double> all;
  std::string json() {
    std::sort(all.begin(), all.end());
    auto at = [&](double share) { return 1000 * all[static_cast<std::size_t>(share * (double(all.size()) - 1))]; };
    return fmt::format(R"({{"loads": {}, "p50_ms": {:.3f}, "p90_ms": {:.3f}, "worst_ms": {:.3f}}})", all.size(),
                       at(0.5), at(0.9), at(1));
  }
};

class Updates {
 public:
  Updates(const std::filesystem::path& db, std::string register_name)
      : engine_(must(Engine::open(db, OpenMode::read_write, {}))),
        screener_(*engine_),
        register_(std::move(register_name)),
        file_(db.parent_path() / "change.csv") {
    policy_.registers = {register_};
    policy_.top = 50;
  }

  // Loads the rows and asks for the person of the last one; seconds from the call of ingest() to the answer.
  void change(const std::string& head, const std::vector<std::string>& rows, Times& wall, Times& processor) {
    {
      std::ofstream file(file_);
      file << head << '\n';
      for (const std::string& row : rows) file << row << '\n';
    }
    Subject subject;
    subject.names.push_back({NameType::registered, cell(rows.back(), 1)});
    const double begun = wall_now(), processor_begun = processor_now(CLOCK_PROCESS_CPUTIME_ID);
    IngestRequest request;
    request.register_name = register_;
    request.files = {file_};
    const IngestReport report = must(ingest(*engine_, request, {}));
    const Answer answer = must(screener_.screen(*engine_->world(), subject, policy_, Detail::brief));
    wall.all.push_back(wall_now() - begun);
    processor.all.push_back(processor_now(CLOCK_PROCESS_CPUTIME_ID) - processor_begun);
    if (report.added + report.changed != rows.size()) stop("a change was not taken");
    const std::string id = cell(rows.back(), 0);
    const bool found =
        std::any_of(answer.hits.begin(), answer.hits.end(), [&](const auto& hit) { return hit.record_id == id; });
    if (!found && answer.hits.size() < 50 && answer.outcome != Outcome::incomplete)
      stop("not found after its load: " + rows.back());
  }

  std::string lookups(const std::vector<std::string>& queries) {
    std::vector<double> times(queries.size());
    Policy policy;
    policy.registers = {register_};
    const auto world = engine_->world();
    for (int pass = 0; pass < 4; ++pass)  // the first warms; then the least of three, query by query
      for (std::size_t i = 0; i < queries.size(); ++i) {
        Subject subject;
        subject.names.push_back({NameType::registered, queries[i]});
        const double begun = processor_now(CLOCK_THREAD_CPUTIME_ID);
        must(screener_.screen(*world, subject, policy, Detail::brief));
        const double took = processor_now(CLOCK_THREAD_CPUTIME_ID) - begun;
        times[i] = pass <= 1 ? took : std::min(times[i], took);
      }
    const DatabaseInfo info = must(database_info(*engine_));
    std::uint64_t segments = 0, tombstones = 0, people = 0;
    for (const auto& part : info.registers) {
      if (part.info.name != register_) continue;
      segments = part.index_segments;
      tombstones = part.index_tombstones;
      people = part.indexed_people;
    }
    double sum = 0;
    for (const double time : times) sum += time;
    std::sort(times.begin(), times.end());
    mean_ = 1e6 * sum / double(times.size());
    return fmt::format(
        R"({{"people": {}, "segments": {}, "tombstones": {}, "cpu_mean_us": {:.2f}, "cpu_p50_us": {:.2f}, "cpu_p99_us": {:.2f}}})",
        people, segments, tombstones, mean_, 1e6 * times[times.size() / 2], 1e6 * times[times.size() * 99 / 100]);
  }
  double mean() const { return mean_; }
  void clean() { std::filesystem::remove(file_); }

 private:
  std::unique_ptr<Engine> engine_;
  Screener screener_;
  Policy policy_;
  std::string register_;
  std::filesystem::path file_;
  double mean_ = 0;
};

int run(const char* db, const char* register_name, const char* more, const char* query_file) {
  const std::vector<std::string> people = lines_of(more, 1 + kOneByOne + 1000 * kThousands);
  if (people.size() < 1 + kOneByOne + 1000 * kThousands) stop("too few people to add");
  std::vector<std::string> queries;
  for (const std::string& line : lines_of(query_file, 1 + kLookups)) queries.push_back(cell(line, 1));
  queries.erase(queries.begin());

  Updates updates(db, register_name);
  const std::string fresh = updates.lookups(queries);
  const double fresh_mean = updates.mean();
  std::size_t next = 1;
  Times one, one_cpu, thousand, thousand_cpu, corrected, corrected_cpu;
  for (std::size_t i = 0; i < kOneByOne; ++i, ++next) updates.change(people[0], {people[next]}, one, one_cpu);
  const std::string after_one = updates.lookups(queries);
  const double one_mean = updates.mean();
  for (std::size_t i = 0; i < kThousands; ++i, next += 1000) {
    const auto begin = people.begin() + static_cast<std::ptrdiff_t>(next);
    updates.change(people[0], {begin, begin + 1000}, thousand, thousand_cpu);
  }
  const std::string after_thousands = updates.lookups(queries);
  const double thousands_mean = updates.mean();
  for (std::size_t i = 0; i < kCorrections; ++i) {  // the same ids, another name
    std::string row = people[1 + i];
    row.insert(row.find(',') + 1, "Siti ");
    updates.change(people[0], {row}, corrected, corrected_cpu);
  }
  const std::string at_end = updates.lookups(queries);
  const double end_mean = updates.mean();
  updates.clean();
  fmt::print(R"({{
 "one_record": {{"wall": {}, "processor": {}}},
 "thousand_records": {{"wall": {}, "processor": {}}},
 "one_correction": {{"wall": {}, "processor": {}}},
 "look_up": {{"fresh": {}, "after_single_loads": {}, "after_thousands": {}, "after_corrections": {}}},
 "cost_of_segments": {{"after_single_loads": {:.3f}, "after_thousands": {:.3f}, "after_corrections": {:.3f}}}
}}
)",
             one.json(), one_cpu.json(), thousand.json(), thousand_cpu.json(), corrected.json(), corrected_cpu.json(),
             fresh, after_one, after_thousands, at_end, one_mean / fresh_mean, thousands_mean / fresh_mean,
             end_mean / fresh_mean);
  return 0;
}

}  // namespace
}  // namespace semak

int main(int count, char** words) {
  if (count != 5) {
    fmt::print(stderr, "semak-updates DB REGISTER MORE.csv QUERIES.csv\n");
    return 2;
  }
  return semak::run(words[1], words[2], words[3], words[4]);
}
