// Measures name matching on a labelled corpus.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "tools/fit/corpus_scorer.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/quality_figures.h"

namespace semak {
namespace {

std::string whole(const Profile& profile) {
  std::string text;
  for (const NameForm& form : profile.forms) {
    text += '[';
    text += std::to_string(static_cast<int>(form.kind));
    for (const NameToken& token : form.tokens)
      text += ' ', text += token.text, text += '/', text += std::to_string(static_cast<int>(token.role));
    text += ']';
  }
  return text;
}

int run(int argc, char** argv) {
  const Normalizer normalizer;
  Result<NameCorpus> corpus = read_name_corpus(argv[1], normalizer);
  if (!corpus) {
    std::fprintf(stderr, "%s\n", corpus.error().message.c_str());
    return 3;
  }
  Model model = default_model();
  std::string misses;
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--model")) {
      std::ifstream file(argv[i + 1]);
      Result<Model> parsed = parse_model(std::string{std::istreambuf_iterator<char>(file), {}});
      if (!parsed) return std::fprintf(stderr, "%s\n", parsed.error().message.c_str()), 3;
      model = *parsed;
    }
    if (!std::strcmp(argv[i], "--misses")) misses = argv[i + 1];
  }
  const CorpusIndex index(*corpus);
  const CorpusScorer scorer(*corpus, index, model, true);
  for (const Facts facts : {Facts::names_only, Facts::with_person}) {
    const Rankings rankings = rank_all(*corpus, scorer, facts, 20);
    std::printf("%-12s %s\n", facts == Facts::names_only ? "names only" : "with person",
                to_string(figures(*corpus, rankings)).c_str());
    for (const auto& [community, of] : figures_by_community(*corpus, rankings))
      std::printf("  %-14s %s\n", community.c_str(), to_string(of).c_str());
    if (misses.empty()) continue;
    std::ofstream out(misses + (facts == Facts::names_only ? ".names" : ".person"));
    std::vector<double> alarms;
    for (std::size_t i = 0; i < rankings.size(); ++i)
      if (corpus->queries[i].record < 0) alarms.push_back(rankings[i].empty() ? -100 : rankings[i][0].score.value());
    std::sort(alarms.rbegin(), alarms.rend());
    const double limit = alarms[alarms.size() / 20];
    out << "limit FA5 " << limit << "\n";
    for (std::size_t i = 0; i < rankings.size(); ++i) {
      const CorpusQuery& query = corpus->queries[i];
      const int place = place_of_meant(query, rankings[i]);
      bool low = false;
      if (query.record >= 0 && place == 1) {
        low = rankings[i][0].score.value() <= limit;
        if (!low) continue;
      }
      if (query.record < 0 && (rankings[i].empty() || rankings[i][0].score.value() <= limit)) continue;
      out << (low ? "LOW " : query.record >= 0 ? "MISS " : "ALARM ") << query.community << " place " << place << " | " << query.name
          << "  " << whole(query.names_only) << "\n";
      int shown = 0;
      for (const ScoredRecord& scored : rankings[i]) {
        const CorpusRecord& record = corpus->records[static_cast<std::size_t>(scored.record)];
        if (scored.record != query.record && ++shown > 2) continue;
        out << "    " << (scored.record == query.record ? "*" : " ") << scored.score.value() << " ("
            << scored.person.value() << ") " << record.name << "  " << whole(record.profile) << "\n";
      }
      if (query.record >= 0 && place == 0)
        out << "    *none " << corpus->records[static_cast<std::size_t>(query.record)].name << " "
            << whole(corpus->records[static_cast<std::size_t>(query.record)].profile) << "\n";
    }
  }
  return 0;
}

}  // namespace
}  // namespace semak

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: semak-quality CORPUS_DIR\n"), 2;
  return semak::run(argc, argv);
}
