// The figures by which name matching is judged.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/fit/corpus_scorer.h"
#include "tools/fit/name_corpus.h"

namespace semak {

// Of one set of queries. Shares of member queries; ties count against the run.
struct QualityFigures {
  int members = 0;
  int non_members = 0;
  double recall_1 = 0;
  double recall_5 = 0;
  // Among the first five and above the score that only 1, 5 or 10 % of non-member queries reach.
  double hit_fa1 = 0;
  double hit_fa5 = 0;
  double hit_fa10 = 0;
};

// Best candidates of each query of a corpus, in its order.
using Rankings = std::vector<std::vector<ScoredRecord>>;

Rankings rank_all(const NameCorpus& corpus, const CorpusScorer& scorer, Facts facts, int top);

// Place of the record meant, ties counted against it; 0: not ranked.
int place_of_meant(const CorpusQuery& query, const std::vector<ScoredRecord>& ranking);

// Of the queries that `chosen` tells; thresholds of false alarms are those of all queries of the corpus.
QualityFigures figures(const NameCorpus& corpus, const Rankings& rankings, const std::vector<bool>& chosen);
QualityFigures figures(const NameCorpus& corpus, const Rankings& rankings);
std::map<std::string, QualityFigures> figures_by_community(const NameCorpus& corpus, const Rankings& rankings);

std::string to_string(const QualityFigures& figures);

}  // namespace semak
