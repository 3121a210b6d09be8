// Measures name matching on a labelled corpus: every query against every record, with the engine's own scorer.
//
//   semak-quality CORPUS_DIR [--reference FILE] [--pictures DIR] [--write-reference FILE] [--model FILE] [--misses
//   FILE]
//
// CORPUS_DIR holds registry.csv, queries.csv and truth.csv. The national table was counted over people who may be in
// the corpus, so each query sees it without its own tokens (leave one out); --keep-own leaves them in.
// Exit status: 0 done, 1 some figure is worse than the reference, 2 wrong use, 3 could not.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bench/quality/difference_class.h"
#include "bench/quality/picture.h"
#include "bench/quality/reference.h"
#include "bench/quality/reliability.h"
#include "tools/fit/corpus_scorer.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/quality_figures.h"

namespace semak {
namespace {

constexpr int kTop = 20;
// A figure moves by so much when some 15 of the 3,400 member queries change.
constexpr double kTolerance = 0.005;

struct Options {
  std::string corpus, reference, pictures, write_reference, model, misses;
  bool leave_one_out = true;
};

struct Run {
  std::string name;
  Facts facts;
  Rankings rankings;
  std::vector<WeighedHit> hits;
};

void print(const std::string& indent, const std::string& label, const QualityFigures& of) {
  fmt::print("{}{:<{}} {}\n", indent, label, 22 - indent.size(), to_string(of));
}

void print_run(const NameCorpus& corpus, const CorpusScorer& scorer, const Run& run, FigureList& list) {
  const QualityFigures all = figures(corpus, run.rankings);
  print("", run.name, all);
  add_figures(list, run.name, all);
  for (const auto& [community, of] : figures_by_community(corpus, run.rankings)) {
    if (of.members > 0) print("  ", community, of);
  }
  std::map<std::string, std::vector<bool>> by_class;
  const std::vector<std::string> classes = difference_classes(corpus, scorer, run.rankings);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i].empty()) continue;
    std::vector<bool>& chosen = by_class[classes[i]];
    chosen.resize(classes.size());
    chosen[i] = true;
  }
  for (const auto& [name, chosen] : by_class) print("  ", name, figures(corpus, run.rankings, chosen));
  const double error = expected_calibration_error(run.hits);
  fmt::print("  {:<20} {:.4f}\n\n", "calibration error", error);
  list[run.name + " calibration error"] = error;
}

void draw(const std::vector<Run>& runs, int members, const std::filesystem::path& folder) {
  constexpr const char* kColours[] = {"#0a5fa8", "#c0392b"};
  std::vector<Curve> precision, reliable;
  reliable.push_back({"what it should be", "#999", {{0, 0}, {1, 1}}, false});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Curve curve{runs[i].name, kColours[i % 2], {}, false};
    for (const PrecisionRecallPoint& point : precision_recall(runs[i].hits, members)) {
      curve.points.emplace_back(point.recall, point.precision);
    }
    precision.push_back(std::move(curve));
    Curve dots{runs[i].name, kColours[i % 2], {}, true};
    for (const ReliabilityBin& bin : reliability(runs[i].hits)) {
      if (bin.hits > 0) dots.points.emplace_back(bin.probability, bin.right);
    }
    reliable.push_back(std::move(dots));
  }
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "precision_recall.svg")
      << unit_chart("Precision and recall of the best hit", "recall", "precision", precision);
  std::ofstream(folder / "reliability.svg")
      << unit_chart("Reliability of the best hit's probability", "probability given", "share right", reliable);
}

std::string text_of(const Profile& profile) {
  std::string text;
  for (const NameForm& form : profile.forms) {
    text += fmt::format(" [{}", static_cast<int>(form.kind));
    for (const NameToken& token : form.tokens) text += fmt::format(" {}/{}", token.text, static_cast<int>(token.role));
    text += ']';
  }
  return text;
}

// For reading, never for the repository: the listing names the corpus's people.
void list_misses(const NameCorpus& corpus, const Run& run, std::ofstream& out) {
  std::vector<Bits> alarms;
  for (std::size_t i = 0; i < run.rankings.size(); ++i) {
    if (corpus.queries[i].record < 0 && !run.rankings[i].empty()) alarms.push_back(run.rankings[i][0].score);
  }
  std::sort(alarms.begin(), alarms.end(), std::greater<>());
  const Bits limit = alarms.empty() ? Bits{} : alarms[alarms.size() / 20];
  for (std::size_t i = 0; i < run.rankings.size(); ++i) {
    const CorpusQuery& query = corpus.queries[i];
    const std::vector<ScoredRecord>& ranking = run.rankings[i];
    const int place = place_of_meant(query, ranking);
    const bool above = !ranking.empty() && ranking[0].score > limit;
    if (query.record >= 0 ? place == 1 && above : !above) continue;
    out << fmt::format("{} {} {} place {} | {} {}\n", run.name,
                       query.record < 0 ? "ALARM"
                       : place == 1     ? "LOW"
                                        : "MISS",
                       query.community, place, query.name, text_of(query.names_only));
    int shown = 0;
    for (const ScoredRecord& scored : ranking) {
      const bool meant = scored.record == query.record;
      if (!meant && ++shown > 2) continue;
      const CorpusRecord& record = corpus.records[static_cast<std::size_t>(scored.record)];
      out << fmt::format("   {} {:.2f} ({:.2f}) {} {}\n", meant ? '*' : ' ', scored.score.value(),
                         scored.person.value(), record.name, text_of(record.profile));
    }
    if (query.record >= 0 && place == 0) {
      out << fmt::format("   * not ranked: {}\n", corpus.records[static_cast<std::size_t>(query.record)].name);
    }
  }
}

int report_changes(const FigureList& list, const std::string& path) {
  Result<FigureList> reference = read_figures(path);
  if (!reference) return fmt::print(stderr, "{}\n", reference.error().message), 3;
  bool worse = false;
  for (const Change& change : compare(list, *reference, kTolerance)) {
    fmt::print("{} {:<34} {:.4f} -> {:.4f}\n", change.worse ? "WORSE " : "better", change.figure, change.before,
               change.now);
    worse = worse || change.worse;
  }
  if (!worse) fmt::print("no figure is worse than the reference by more than {}\n", kTolerance);
  return worse ? 1 : 0;
}

int run(const Options& options) {
  const Normalizer normalizer;
  Result<NameCorpus> corpus = read_name_corpus(options.corpus, normalizer);
  if (!corpus) return fmt::print(stderr, "{}\n", corpus.error().message), 3;
  Model model = default_model();
  if (!options.model.empty()) {
    std::ifstream file(options.model);
    Result<Model> parsed = parse_model(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!parsed) return fmt::print(stderr, "{}: {}\n", options.model, parsed.error().message), 3;
    model = *parsed;
  }
  const CorpusIndex index(*corpus);
  const CorpusScorer scorer(*corpus, index, model, options.leave_one_out);
  std::vector<Run> runs = {{"names only", Facts::names_only, {}, {}},
                           {"with birth year and sex", Facts::with_person, {}, {}}};
  FigureList list;
  std::ofstream misses;
  if (!options.misses.empty()) misses.open(options.misses);
  for (Run& one : runs) {
    one.rankings = rank_all(*corpus, scorer, one.facts, kTop);
    one.hits = weigh_best_hits(*corpus, one.rankings, model.calibration);
    print_run(*corpus, scorer, one, list);
    if (misses) list_misses(*corpus, one, misses);
  }
  if (!options.pictures.empty()) draw(runs, figures(*corpus, runs[0].rankings).members, options.pictures);
  if (!options.write_reference.empty()) std::ofstream(options.write_reference) << to_csv(list);
  return options.reference.empty() ? 0 : report_changes(list, options.reference);
}

}  // namespace
}  // namespace semak

int main(int argc, char** argv) {
  semak::Options options;
  const std::map<std::string, std::string*> values = {{"--reference", &options.reference},
                                                      {"--pictures", &options.pictures},
                                                      {"--write-reference", &options.write_reference},
                                                      {"--model", &options.model},
                                                      {"--misses", &options.misses}};
  bool wrong = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (const auto found = values.find(argument); found != values.end()) {
      if (i + 1 < argc)
        *found->second = argv[++i];
      else
        wrong = true;
    } else if (argument == "--keep-own") {
      options.leave_one_out = false;
    } else if (argument.starts_with("--") || !options.corpus.empty()) {
      wrong = true;
    } else {
      options.corpus = argument;
    }
  }
  if (wrong || options.corpus.empty()) {
    std::fprintf(stderr,
                 "usage: semak-quality CORPUS_DIR [--reference FILE] [--pictures DIR] [--write-reference FILE]\n"
                 "                     [--model FILE] [--misses FILE] [--keep-own]\n");
    return 2;
  }
  return semak::run(options);
}
