#include "tools/gen/people_file.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tools/gen/corruption.h"
#include "tools/gen/kind_columns.h"

namespace semak {
namespace {

constexpr std::uint64_t kChunk = 16384;  // people written at once, about 1.6 MB

enum Stream : std::uint64_t { kMistype = 20, kDetails, kKind, kQuery };

// Letter and 1-based number, at least `digits` wide.
std::string numbered(char letter, std::uint64_t index, std::size_t digits) {
  const std::string number = std::to_string(index + 1);
  std::string id(1, letter);
  id.append(number.size() < digits ? digits - number.size() : 0, '0');
  return id += number;
}

// No part of a generated person holds a comma, a quote or a line break, so no cell needs quoting.
void append_person(const Population& population, const PeopleOptions& options, std::uint64_t index,
                   GeneratedPerson& person, std::string& name, std::string& out) {
  population.person(index, person);
  Random details(population.seed(), kDetails, index);
  name.clear();
  render(person.name, name);
  if (options.mistypes > 0) {
    Random slips(population.seed(), kMistype, index);
    if (slips.chance(options.mistypes)) mistype(name, slips);
  }
  out += record_id(index);
  out += ',';
  out += name;
  out += ',';
  render(person.alias, out);
  out += ',';
  out += person.number;
  out += ',';
  out += person.old_number;
  out += ',';
  const double known = details.unit();
  if (known < 0.97)
    out += to_string(person.dob);
  else if (known < 0.99)
    out += to_string(PartialDate{person.dob.year, 0, 0});
  out += ',';
  out += to_string(person.sex);
  out += ',';
  out += person.nationality;
  out += ',';
  out += person.state;
  Random kind(population.seed(), kKind, index);
  append_kind_cells(options.kind, person, kind, out);
  out += '\n';
}

// Hands out chunks to workers and takes their texts back in order; at most `window` wait to be written.
class Pipeline {
 public:
  Pipeline(std::uint64_t chunks, std::uint64_t window) : chunks_(chunks), window_(window) {}

  // False: nothing more to make.
  bool take(std::uint64_t& chunk) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || next_ >= chunks_ || next_ < written_ + window_; });
    if (stopped_ || next_ >= chunks_) return false;
    chunk = next_++;
    return true;
  }
  void give(std::uint64_t chunk, std::string text) {
    const std::lock_guard lock(mutex_);
    done_.emplace(chunk, std::move(text));
    ready_.notify_one();
  }
  std::string await(std::uint64_t chunk) {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return done_.contains(chunk); });
    std::string text = std::move(done_.extract(chunk).mapped());
    written_ = chunk + 1;
    room_.notify_all();
    return text;
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    room_.notify_all();
  }

 private:
  const std::uint64_t chunks_, window_;
  std::mutex mutex_;
  std::condition_variable room_, ready_;
  std::map<std::uint64_t, std::string> done_;
  std::uint64_t next_ = 0, written_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::string record_id(std::uint64_t index) { return numbered('P', index, 8); }

Status write_people(const Population& population, const PeopleOptions& options, const TextSink& sink,
                    const Progress& progress) {
  SEMAK_TRY_STATUS(sink("id,name,aliases,id_number,id_numbers,dob,sex,nationality,state" +
                        std::string(kind_headings(options.kind)) + "\n"));
  const unsigned wanted =
      options.threads > 0 ? static_cast<unsigned>(options.threads) : std::thread::hardware_concurrency();
  const unsigned threads = std::clamp(wanted, 1u, 64u);
  const std::uint64_t chunks = (options.people + kChunk - 1) / kChunk;
  Pipeline pipeline(chunks, 2 * threads + 2);
  auto work = [&] {
    GeneratedPerson person;
    std::string name;
    for (std::uint64_t chunk = 0; pipeline.take(chunk);) {
      std::string text;
      text.reserve(kChunk * 112);
      const std::uint64_t end = std::min(options.people, (chunk + 1) * kChunk);
      for (std::uint64_t i = chunk * kChunk; i < end; ++i) append_person(population, options, i, person, name, text);
      pipeline.give(chunk, std::move(text));
    }
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back(work);
  for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) {
    if (Status status = sink(pipeline.await(chunk)); !status) {
      pipeline.stop();
      return status;
    }
    if (progress) progress("generating", std::min(options.people, (chunk + 1) * kChunk), options.people);
  }
  return {};
}

namespace {

// Birth date and sex as a form may give them.
void tell_details(const GeneratedPerson& person, Random& random, GeneratedQuery& query) {
  if (random.chance(0.5)) {
    PartialDate dob = person.dob;
    const double u = random.unit();
    if (u < 0.05 && dob.day <= 12)
      std::swap(dob.day, dob.month);
    else if (u < 0.08)
      dob.year = static_cast<std::int16_t>(dob.year + (random.chance(0.5) ? 1 : -1));
    else if (u < 0.12)
      dob.month = dob.day = 0;
    query.dob = exists(dob) ? to_string(dob) : to_string(person.dob);
  }
  if (random.chance(0.6)) query.sex = to_string(person.sex);
}

std::string join_kinds(std::vector<std::string> kinds, const std::vector<std::string>& more) {
  kinds.insert(kinds.end(), more.begin(), more.end());
  std::string joined;
  for (const std::string& kind : kinds) {
    if (!joined.empty()) joined += '+';
    joined += kind;
  }
  return joined.empty() ? "exact" : joined;
}

}  // namespace

GeneratedQuery make_query(const Population& population, const QueryOptions& options, std::uint64_t index,
                          GeneratedPerson& scratch) {
  Random random(population.seed(), kQuery, index);
  GeneratedQuery query;
  query.query_id = numbered('Q', index, 7);
  std::vector<std::string> kinds;
  const auto who = options.people == 0 ? 0 : (static_cast<std::uint64_t>(random.next32()) * options.people) >> 32;
  if (options.people > 0 && random.chance(options.members)) {
    population.person(who, scratch);
    query.registry_id = record_id(who);
  } else if (const double u = random.unit(); u < 0.03 && options.people > 0) {  // a namesake of somebody there
    GeneratedPerson member;
    population.person(who, member);
    population.outsider(index, scratch);
    scratch.name = member.name;
    scratch.alias = member.alias;
    scratch.sex = member.sex;
    kinds.emplace_back("namesake");
  } else if (u < 0.06 && options.people > 0) {
    population.sibling(index, who, scratch);
    kinds.emplace_back("sibling");
  } else {
    population.outsider(index, scratch);
  }
  Damaged name = damage_name(population.grammar(), scratch, random);
  query.name = std::move(name.text);
  Damaged number = damage_number(scratch.number, random);
  if (options.numbers) query.id_number = std::move(number.text);
  tell_details(scratch, random, query);
  kinds.insert(kinds.end(), name.kinds.begin(), name.kinds.end());
  query.corruption = join_kinds(std::move(kinds), options.numbers ? number.kinds : std::vector<std::string>{});
  return query;
}

}  // namespace semak
