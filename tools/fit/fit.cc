// Fits the weights of the evidence model to a labelled corpus, cross-validated by person.
//
//   semak-fit CORPUS_DIR [--out model.toml] [--rounds N] [--ridge R]
//
// For each query the best candidates under the present model become rows of features (pair_features.h); a logistic
// model of "this record is the one meant" is fitted to them with penalties held non-negative; then the candidates are
// chosen anew. The national table contains the corpus's people: each query sees it without its own (leave one out).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <tbb/parallel_for.h>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "tools/fit/calibration_fit.h"
#include "tools/fit/corpus_scorer.h"
#include "tools/fit/model_file.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/pair_features.h"
#include "tools/fit/quality_figures.h"

namespace semak {
namespace {

struct Options {
  std::string corpus;
  std::string out;
  std::string start;
  int rounds = 3;
  bool cross_validate = true;
  int candidates = 10;
  double ridge = 3;      // pull of each weight to its starting value, in rows per squared bit
  double softmax = 0.5;  // share of the loss that compares candidates of one query with each other
};

struct CandidateRow {
  std::vector<std::pair<int, double>> features;  // weight and value, where not nought
  double fixed = 0;                              // bits that are not fitted: person evidence
  bool meant = false;
};
struct QueryRows {
  int fold = 0;
  std::vector<CandidateRow> candidates;
};

std::vector<QueryRows> rows_of(const NameCorpus& corpus, const CorpusIndex& index, const Model& model,
                               const Options& options) {
  const CorpusScorer scorer(corpus, index, model, true);
  std::vector<QueryRows> rows(corpus.queries.size());
  tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) {
    const CorpusQuery& query = corpus.queries[i];
    rows[i].fold = query.fold;
    for (const ScoredRecord& scored : scorer.score(query, Facts::names_only, options.candidates)) {
      const FormKind query_kind = query.names_only.forms[static_cast<std::size_t>(scored.query_form)].kind;
      const FormKind record_kind = corpus.records[static_cast<std::size_t>(scored.record)]
                                       .profile.forms[static_cast<std::size_t>(scored.record_form)]
                                       .kind;
      CandidateRow& row = rows[i].candidates.emplace_back();
      const FormPair pair = scorer.detail(query, scored);
      const std::vector<double> features = features_of(pair, query_kind, record_kind);
      SEMAK_CHECK(pair.alignment.score == scored.name);
      for (std::size_t k = 0; k < features.size(); ++k) {
        if (features[k] != 0) row.features.emplace_back(static_cast<int>(k), features[k]);
      }
      row.fixed = scored.person.value();
      row.meant = scored.record == query.record;
    }
  });
  return rows;
}

std::vector<double> beginning(const std::vector<Weight>& start) {
  std::vector<double> weight;
  for (const Weight& known : start) weight.push_back(known.value);
  weight.push_back(-6);
  return weight;
}

// Adam on the mean loss, projected on the signs; the last weight is the intercept. `weight`: where to begin.
std::vector<double> fit_rows(const std::vector<const QueryRows*>& rows, const std::vector<Weight>& start,
                             std::vector<double> weight, int steps, const Options& options) {
  constexpr double kLn2 = 0.6931471805599453;
  const std::size_t n = start.size() + 1;
  std::vector<double> first(n), second(n);
  const std::vector<double> prior = beginning(start);
  for (int step = 1; step <= steps; ++step) {
    std::vector<double> gradient(n);
    std::vector<double> score;
    for (const QueryRows* row : rows) {
      score.clear();
      double most = 0;
      for (const CandidateRow& candidate : row->candidates) {
        double sum = weight[n - 1] + candidate.fixed;
        for (const auto& [k, value] : candidate.features) sum += weight[static_cast<std::size_t>(k)] * value;
        score.push_back(sum * kLn2);
        most = std::max(most, score.back());
      }
      // "None of them" has the score 0.
      double total = std::exp(-most);
      for (const double s : score) total += std::exp(s - most);
      for (std::size_t c = 0; c < score.size(); ++c) {
        const CandidateRow& candidate = row->candidates[c];
        const double meant = candidate.meant ? 1 : 0;
        const double among = std::exp(score[c] - most) / total - meant;
        const double alone = 1 / (1 + std::exp(-score[c])) - meant;
        const double slope = (options.softmax * among + (1 - options.softmax) * alone) * kLn2;
        if (std::abs(slope) < 1e-7) continue;
        for (const auto& [k, value] : candidate.features) gradient[static_cast<std::size_t>(k)] += slope * value;
        gradient[n - 1] += slope;
      }
    }
    const double rate = 0.05 * (step < steps / 2 ? 1.0 : 2.0 * (steps - step) / steps + 0.02);
    for (std::size_t k = 0; k < n; ++k) {
      if (k + 1 < n) gradient[k] += options.ridge * (weight[k] - prior[k]);
      gradient[k] /= static_cast<double>(rows.size());
      first[k] = 0.9 * first[k] + 0.1 * gradient[k];
      second[k] = 0.999 * second[k] + 0.001 * gradient[k] * gradient[k];
      const double m = first[k] / (1 - std::pow(0.9, step));
      const double v = second[k] / (1 - std::pow(0.999, step));
      weight[k] -= rate * m / (std::sqrt(v) + 1e-9);
      if (k + 1 < n && start[k].bounded) weight[k] = std::max(weight[k], start[k].least);
    }
  }
  return weight;
}

struct Fitted {
  Model model;
  double intercept = 0;
};

// `first`: the rows of all queries under `start`, which every fold begins with.
Fitted fit(const NameCorpus& corpus, const CorpusIndex& index, const Model& start, const std::vector<QueryRows>& first,
           int held_out, const Options& options) {
  const std::vector<Weight> prior = weights_of(start);
  Model model = start;
  std::vector<double> fitted = beginning(prior);
  for (int round = 0; round < options.rounds; ++round) {
    std::vector<QueryRows> chosen_anew;
    if (round > 0) chosen_anew = rows_of(corpus, index, model, options);
    std::vector<const QueryRows*> used;
    for (const QueryRows& row : round > 0 ? chosen_anew : first) {
      if (row.fold != held_out && !row.candidates.empty()) used.push_back(&row);
    }
    // Later rounds see nearly the same candidates.
    fitted = fit_rows(used, prior, std::move(fitted), round == 0 ? 250 : 100, options);
    std::vector<Weight> weights = prior;
    for (std::size_t k = 0; k < weights.size(); ++k) weights[k].value = fitted[k];
    model = with_weights(model, weights);
  }
  return {model, fitted.back()};
}

// What a query's answer surprises by, in bits, where one of the candidates or none of them is meant.
double bits_lost(const CorpusQuery& query, const std::vector<ScoredRecord>& ranking, double intercept) {
  double total = 1;
  double meant = 1;
  for (const ScoredRecord& scored : ranking) {
    const double odds = std::exp2(scored.score.value() + intercept);
    total += odds;
    if (scored.record == query.record) meant = odds;
  }
  return std::log2(total / meant);
}

void report(const char* what, const NameCorpus& corpus, const Rankings& names, const Rankings& person) {
  std::printf("%-16s names only  %s\n", what, to_string(figures(corpus, names)).c_str());
  std::printf("%-16s with person %s\n", what, to_string(figures(corpus, person)).c_str());
  std::fflush(stdout);
}

int run(const Options& options) {
  const Normalizer normalizer;
  Result<NameCorpus> corpus = read_name_corpus(options.corpus, normalizer);
  if (!corpus) return std::fprintf(stderr, "%s\n", corpus.error().message.c_str()), 3;
  Model start = default_model();
  if (!options.start.empty()) {
    std::ifstream file(options.start);
    Result<Model> parsed = parse_model(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!parsed) return std::fprintf(stderr, "%s\n", parsed.error().message.c_str()), 3;
    start = *parsed;
  }
  const CorpusIndex index(*corpus);
  const auto rank = [&](const Model& model, Facts facts) {
    return rank_all(*corpus, CorpusScorer(*corpus, index, model, true), facts, 20);
  };
  report("start", *corpus, rank(start, Facts::names_only), rank(start, Facts::with_person));
  Rankings names(corpus->queries.size()), person(corpus->queries.size());
  std::vector<double> lost(corpus->queries.size());
  const std::vector<QueryRows> first = rows_of(*corpus, index, start, options);
  Model fitted_on_all = start;
  tbb::parallel_for(options.cross_validate ? 0 : kFolds, kFolds + 1, [&](int fold) {
    if (fold == kFolds) {
      if (options.out.empty() || options.rounds == 0) return;
      fitted_on_all = fit(*corpus, index, start, first, -1, options).model;
      return;
    }
    const Fitted fitted = fit(*corpus, index, start, first, fold, options);
    const CorpusScorer scorer(*corpus, index, fitted.model, true);
    tbb::parallel_for(std::size_t{0}, names.size(), [&](std::size_t i) {
      const CorpusQuery& query = corpus->queries[i];
      if (query.fold != fold) return;
      names[i] = scorer.score(query, Facts::names_only, 20);
      person[i] = scorer.score(query, Facts::with_person, 20);
      lost[i] = bits_lost(query, names[i], fitted.intercept);
    });
  });
  if (options.cross_validate) {
    report("cross-validated", *corpus, names, person);
    const double sum = std::accumulate(lost.begin(), lost.end(), 0.0);
    std::printf("%-16s names only  bits lost a query %.4f\n", "cross-validated",
                sum / static_cast<double>(lost.size()));
  }
  if (options.out.empty()) return 0;
  Model model = fitted_on_all;
  if (!options.cross_validate) {
    names = rank(model, Facts::names_only);
    person = rank(model, Facts::with_person);
  }
  // Of held-out scores where there are any: those of the people fitted to are a little too good.
  std::vector<JudgedHit> hits = judge_best_hits(*corpus, names);
  const std::vector<JudgedHit> more = judge_best_hits(*corpus, person);
  hits.insert(hits.end(), more.begin(), more.end());
  model.calibration = fit_calibration(hits, base_rate_of(*corpus), corpus->records.size(), model.calibration);
  report("fitted on all", *corpus, rank(model, Facts::names_only), rank(model, Facts::with_person));
  const std::string provenance = fmt::format(
      "date = \"2026-11-20\"\n"
      "source = \"name corpus of {} records and {} queries (Malaysian Election Corpus, CC0)\"\n"
      "method = \"additive logistic, signs constrained, {} folds by person, leave-one-out frequencies\"\n"
      "cross_validated_names_only = \"{}\"\n"
      "cross_validated_with_birth_year_and_sex = \"{}\"\n",
      corpus->records.size(), corpus->queries.size(), kFolds, to_string(figures(*corpus, names)),
      to_string(figures(*corpus, person)));
  std::ofstream(options.out) << to_toml(model, provenance);
  return 0;
}

}  // namespace
}  // namespace semak

int main(int argc, char** argv) {
  semak::Options options;
  for (int i = 1; i < argc; ++i) {
    const auto value = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (!std::strcmp(argv[i], "--out"))
      options.out = value();
    else if (!std::strcmp(argv[i], "--start"))
      options.start = value();
    else if (!std::strcmp(argv[i], "--rounds"))
      options.rounds = std::atoi(value());
    else if (!std::strcmp(argv[i], "--candidates"))
      options.candidates = std::atoi(value());
    else if (!std::strcmp(argv[i], "--ridge"))
      options.ridge = std::atof(value());
    else if (!std::strcmp(argv[i], "--softmax"))
      options.softmax = std::atof(value());
    else if (!std::strcmp(argv[i], "--no-cross-validation"))
      options.cross_validate = false;
    else
      options.corpus = argv[i];
  }
  if (options.corpus.empty()) return std::fprintf(stderr, "usage: semak-fit CORPUS_DIR [--out model.toml]\n"), 2;
  return semak::run(options);
}
