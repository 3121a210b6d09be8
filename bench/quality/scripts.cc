// Measures how names are found across scripts: who is known by a Rumi name is asked for in Han, Jawi or Tamil, and the
// other way round, by the name alone.
//
//   semak-quality-scripts [--names FILE] [--others N] [--json FILE] [--misses FILE]
//
// Rumi registers hold the Rumi names of the file and N invented people (600); registers of a script hold its names of
// the file and N of their halves crossed. A name counts as found at rank r if fewer than r other people score at least
// as much; hit@FA5: found among the first five and above the score that only one stranger in twenty reaches. Figures of
// the half of the names on which nothing was ever improved are called unseen. Exit status: 0 every target reached, 1
// not, 2 wrong use, 3 could not.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tbb/parallel_for.h>
#include <vector>

#include "bench/quality/script_names.h"
#include "bench/quality/temporary_register.h"
#include "index/lookup.h"
#include "tools/gen/population.h"

namespace semak {
namespace {

constexpr std::uint64_t kSeed = 20;
constexpr int kTop = 30;

struct Options {
  std::string names = SEMAK_SOURCE "/bench/quality/data/scripts.csv";
  std::size_t others = 600;
  std::string json;
  std::string misses;
};

// Recall among the first five that a group should reach, in either direction.
const std::map<std::string, double> kTargets = {
    {"han chinese", 0.85}, {"han sound", 0.50}, {"han", 0.65}, {"jawi", 0.92}, {"tamil", 0.80}};

Profile profile_of(const Normalizer& normalizer, const std::string& name) {
  Subject subject;
  subject.names = {{NameType::registered, name}};
  return make_profile(normalizer, subject);
}

// One direction: a register of `records` (the name shown and whose it is) and the queries of the names.
struct Direction {
  std::string title;
  std::vector<std::string> records, owners;  // owner: the Rumi name, empty for a stranger
  std::vector<std::string> queries;          // of each name
  std::vector<const ScriptName*> names;
  std::vector<std::string> strangers;  // queries for nobody in the register
};

struct Found {
  int rank = 0;  // 0: not among the best
  Bits score;    // of the record meant, if ranked
  std::string best;
};

LookupLimits limits() {
  LookupLimits limits;
  limits.top = kTop;
  limits.score_min = Bits::whole(-100);
  return limits;
}

// The score that only one stranger in twenty reaches.
Bits alarm_score(const Normalizer& normalizer, const Direction& direction, const Snapshot& snapshot) {
  std::vector<Bits> best(direction.strangers.size(), Bits::whole(-100));
  tbb::parallel_for(std::size_t{0}, best.size(), [&](std::size_t i) {
    LookupScratch scratch;
    const LookupResult result = look_up(snapshot, profile_of(normalizer, direction.strangers[i]), limits(), scratch);
    if (!result.hits.empty()) best[i] = result.hits[0].score;
  });
  std::sort(best.begin(), best.end(), std::greater<>());
  return best.empty() ? Bits{} : best[best.size() / 20];
}

std::vector<Found> search(const Normalizer& normalizer, const Direction& direction, const Snapshot& snapshot) {
  std::vector<Found> found(direction.queries.size());
  tbb::parallel_for(std::size_t{0}, found.size(), [&](std::size_t i) {
    LookupScratch scratch;
    const LookupResult result = look_up(snapshot, profile_of(normalizer, direction.queries[i]), limits(), scratch);
    const auto owner = [&](const LookupHit& hit) -> const std::string& {
      return direction.owners[hit.revision.value - 1];
    };
    for (const LookupHit& hit : result.hits) {
      if (owner(hit) != direction.names[i]->rumi) continue;
      std::set<std::string> ahead;
      for (const LookupHit& other : result.hits) {
        if (other.score < hit.score || owner(other) == owner(hit)) continue;
        ahead.insert(owner(other).empty() ? direction.records[other.revision.value - 1] : owner(other));
      }
      found[i].rank = 1 + static_cast<int>(ahead.size());
      found[i].score = hit.score;
      break;
    }
    if (!result.hits.empty()) {
      const LookupHit& best = result.hits[0];
      found[i].best = fmt::format("{} {:.1f}", direction.records[best.revision.value - 1], best.score.value());
    }
  });
  return found;
}

struct Figures {
  int names = 0, first = 0, fifth = 0, above = 0;
  void add(const Found& found, Bits alarm) {
    const bool among = found.rank >= 1 && found.rank <= 5;
    ++names;
    first += found.rank == 1;
    fifth += among;
    above += among && found.score > alarm;
  }
  double recall_1() const { return names == 0 ? 0 : static_cast<double>(first) / names; }
  double hit_fa5() const { return names == 0 ? 0 : static_cast<double>(above) / names; }
  double recall_5() const { return names == 0 ? 0 : static_cast<double>(fifth) / names; }
};

using FiguresOf = std::map<std::string, Figures>;  // by "direction | group | half"

void add(FiguresOf& figures, const std::string& direction, const ScriptName& name, const Found& found, Bits alarm) {
  const char* half = name.unseen ? "unseen" : "worked on";
  std::vector<std::string> groups = {name.group()};
  if (name.script == "han") groups.emplace_back("han");
  for (const std::string& group : groups) {
    figures[direction + " | " + group + " | all"].add(found, alarm);
    figures[direction + " | " + group + " | " + half].add(found, alarm);
  }
}

std::vector<std::string> invented_names(std::size_t count, bool in_register) {
  const Population population(kSeed);
  GeneratedPerson person;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    in_register ? population.person(i, person) : population.outsider(i, person);
    names.push_back(render(person.name));
  }
  return names;
}

std::vector<Direction> directions(const std::vector<ScriptName>& names, std::size_t others) {
  Direction to_rumi{"script to Rumi", {}, {}, {}, {}, {}};
  std::set<std::string> known;
  for (const ScriptName& name : names) {
    if (known.insert(name.rumi).second) to_rumi.records.push_back(name.rumi);
    to_rumi.queries.push_back(name.other);
    to_rumi.names.push_back(&name);
  }
  to_rumi.owners = to_rumi.records;
  for (std::string& name : invented_names(others, true)) to_rumi.records.push_back(std::move(name));
  to_rumi.owners.resize(to_rumi.records.size());
  for (const char* script : {"han", "jawi", "tamil"}) {
    for (std::string& name : crossed_names(names, script, others / 3, kSeed)) {
      to_rumi.strangers.push_back(std::move(name));
    }
  }
  std::vector<Direction> result{std::move(to_rumi)};
  for (const char* script : {"han", "jawi", "tamil"}) {
    Direction from_rumi{"Rumi to script", {}, {}, {}, {}, {}};
    for (const ScriptName& name : names) {
      if (name.script != script) continue;
      from_rumi.records.push_back(name.other);
      from_rumi.owners.push_back(name.rumi);
      from_rumi.queries.push_back(name.rumi);
      from_rumi.names.push_back(&name);
    }
    for (std::string& name : crossed_names(names, script, others, kSeed)) from_rumi.records.push_back(std::move(name));
    from_rumi.owners.resize(from_rumi.records.size());
    from_rumi.strangers = invented_names(others, false);
    result.push_back(std::move(from_rumi));
  }
  return result;
}

// Only of the half that is worked on: whoever reads misses of the other half has seen it.
void list_misses(const Direction& direction, const std::vector<Found>& found, std::ofstream& out) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const ScriptName& name = *direction.names[i];
    if (name.unseen || found[i].rank == 1) continue;
    out << fmt::format("{}\t{}\t{}\t{}\t{}\trank {}\tbest {}\n", direction.title, name.group(), name.rumi, name.other,
                       direction.queries[i], found[i].rank, found[i].best);
  }
}

int report(const FiguresOf& figures, const Options& options) {
  bool missed = false;
  std::string json;
  fmt::print("{:<46} {:>6} {:>9} {:>9} {:>9}\n", "", "names", "recall@1", "recall@5", "hit@FA5");
  for (const auto& [key, of] : figures) {
    std::string verdict;
    const std::string group = key.substr(key.find(" | ") + 3, key.rfind(" | ") - key.find(" | ") - 3);
    const auto target = kTargets.find(group);
    if (key.ends_with("| all") && target != kTargets.end()) {
      const bool reached = of.recall_5() >= target->second;
      missed = missed || !reached;
      verdict = fmt::format("   {} {:.2f}", reached ? "reaches" : "MISSES", target->second);
    }
    fmt::print("{:<46} {:>6} {:>9.3f} {:>9.3f} {:>9.3f}{}\n", key, of.names, of.recall_1(), of.recall_5(), of.hit_fa5(),
               verdict);
    json +=
        fmt::format("{}  \"{}\": {{\"names\": {}, \"recall_1\": {:.4f}, \"recall_5\": {:.4f}, \"hit_fa5\": {:.4f}}}",
                    json.empty() ? "" : ",\n", key, of.names, of.recall_1(), of.recall_5(), of.hit_fa5());
  }
  if (!options.json.empty()) std::ofstream(options.json) << "{\n" << json << "\n}\n";
  return missed ? 1 : 0;
}

int run(const Options& options) {
  const Result<std::vector<ScriptName>> names = read_script_names(options.names);
  if (!names) return fmt::print(stderr, "{}\n", names.error().message), 3;
  const Normalizer normalizer;
  FiguresOf figures;
  std::ofstream misses;
  if (!options.misses.empty()) misses.open(options.misses);
  for (const Direction& direction : directions(*names, options.others)) {
    const auto of = [&](std::uint64_t i) { return profile_of(normalizer, direction.records[i]); };
    const auto made = TemporaryRegister::build(normalizer, direction.records.size(), of);
    if (!made) return fmt::print(stderr, "{}\n", made.error().message), 3;
    const std::vector<Found> found = search(normalizer, direction, made.value()->snapshot());
    const Bits alarm = alarm_score(normalizer, direction, made.value()->snapshot());
    for (std::size_t i = 0; i < found.size(); ++i) add(figures, direction.title, *direction.names[i], found[i], alarm);
    if (misses) list_misses(direction, found, misses);
  }
  return report(figures, options);
}

}  // namespace
}  // namespace semak

int main(int argc, char** argv) {
  semak::Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    std::string* text = name == "--names"    ? &options.names
                        : name == "--json"   ? &options.json
                        : name == "--misses" ? &options.misses
                                             : nullptr;
    if (i + 1 < argc && text != nullptr) {
      *text = argv[i + 1];
    } else if (i + 1 < argc && name == "--others") {
      options.others = std::strtoul(argv[i + 1], nullptr, 10);
    } else {
      std::fprintf(stderr, "usage: semak-quality-scripts [--names FILE] [--others N] [--json FILE] [--misses FILE]\n");
      return 2;
    }
  }
  return semak::run(options);
}
