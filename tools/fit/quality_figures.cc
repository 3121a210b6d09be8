#include "tools/fit/quality_figures.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <tbb/parallel_for.h>

namespace semak {
namespace {

constexpr std::int32_t kNothing = std::numeric_limits<std::int32_t>::min();
constexpr int kPlaces = 5;

std::int32_t score_of_meant(const CorpusQuery& query, const std::vector<ScoredRecord>& ranking) {
  for (const ScoredRecord& scored : ranking) {
    if (scored.record == query.record) return scored.score.raw;
  }
  return kNothing;
}

}  // namespace

Rankings rank_all(const NameCorpus& corpus, const CorpusScorer& scorer, Facts facts, int top) {
  Rankings rankings(corpus.queries.size());
  tbb::parallel_for(std::size_t{0}, rankings.size(),
                    [&](std::size_t i) { rankings[i] = scorer.score(corpus.queries[i], facts, top); });
  return rankings;
}

int place_of_meant(const CorpusQuery& query, const std::vector<ScoredRecord>& ranking) {
  const std::int32_t own = score_of_meant(query, ranking);
  if (own == kNothing) return 0;
  int place = 1;
  for (const ScoredRecord& scored : ranking) place += scored.record != query.record && scored.score.raw >= own;
  return place;
}

QualityFigures figures(const NameCorpus& corpus, const Rankings& rankings, const std::vector<bool>& chosen) {
  std::vector<std::int32_t> alarms;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    if (corpus.queries[i].record < 0) alarms.push_back(rankings[i].empty() ? kNothing : rankings[i][0].score.raw);
  }
  std::sort(alarms.begin(), alarms.end(), std::greater<>());
  QualityFigures result;
  int first = 0;
  int five = 0;
  std::vector<std::int32_t> found;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    if (!chosen[i]) continue;
    const CorpusQuery& query = corpus.queries[i];
    if (query.record < 0) {
      ++result.non_members;
      continue;
    }
    ++result.members;
    const int place = place_of_meant(query, rankings[i]);
    first += place == 1;
    if (place == 0 || place > kPlaces) continue;
    ++five;
    found.push_back(score_of_meant(query, rankings[i]));
  }
  const double members = std::max(1, result.members);
  const auto hits = [&](std::size_t percent) {
    if (alarms.empty()) return static_cast<double>(found.size()) / members;
    const std::int32_t limit = alarms[alarms.size() * percent / 100];
    return static_cast<double>(std::count_if(found.begin(), found.end(), [=](std::int32_t s) { return s > limit; })) /
           members;
  };
  result.recall_1 = first / members;
  result.recall_5 = five / members;
  result.hit_fa1 = hits(1);
  result.hit_fa5 = hits(5);
  result.hit_fa10 = hits(10);
  return result;
}

QualityFigures figures(const NameCorpus& corpus, const Rankings& rankings) {
  return figures(corpus, rankings, std::vector<bool>(rankings.size(), true));
}

std::map<std::string, QualityFigures> figures_by_community(const NameCorpus& corpus, const Rankings& rankings) {
  std::map<std::string, std::vector<bool>> chosen;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    std::vector<bool>& of = chosen[corpus.queries[i].community];
    of.resize(rankings.size());
    of[i] = true;
  }
  std::map<std::string, QualityFigures> result;
  for (const auto& [community, of] : chosen) result[community] = figures(corpus, rankings, of);
  return result;
}

std::string to_string(const QualityFigures& f) {
  char text[200];
  std::snprintf(text, sizeof text,
                "members %5d non-members %5d  recall@1 %.4f  recall@5 %.4f  hit@FA1 %.4f  hit@FA5 %.4f  hit@FA10 %.4f",
                f.members, f.non_members, f.recall_1, f.recall_5, f.hit_fa1, f.hit_fa5, f.hit_fa10);
  return text;
}

}  // namespace semak
