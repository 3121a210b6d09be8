#include "tools/fit/calibration_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/match/calibration.h"

namespace semak {
namespace {

double log_loss(const std::vector<JudgedHit>& hits, double base_rate, std::uint64_t people,
                const Model::Calibration& calibration) {
  double loss = 0;
  for (const JudgedHit& hit : hits) {
    const double p = std::clamp(probability(calibration, hit.score, base_rate, people), 1e-9, 1 - 1e-9);
    loss -= std::log(hit.right ? p : 1 - p);
  }
  return loss;
}

}  // namespace

std::vector<JudgedHit> judge_best_hits(const NameCorpus& corpus, const Rankings& rankings) {
  std::vector<JudgedHit> hits;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    if (rankings[i].empty()) continue;
    hits.push_back({rankings[i].front().score, rankings[i].front().record == corpus.queries[i].record});
  }
  return hits;
}

double base_rate_of(const NameCorpus& corpus) {
  double members = 0;
  for (const CorpusQuery& query : corpus.queries) members += query.record >= 0;
  return members / static_cast<double>(std::max<std::size_t>(1, corpus.queries.size()));
}

Model::Calibration fit_calibration(const std::vector<JudgedHit>& hits, double base_rate, std::uint64_t people,
                                   const Model::Calibration& start) {
  // Coordinate search with shrinking steps: four numbers, and the loss is smooth in them.
  Model::Calibration best = start;
  double least = log_loss(hits, base_rate, people, best);
  std::array<double, 4> step = {0.2, 2, 0.2, 2};
  for (int round = 0; round < 60; ++round) {
    bool moved = false;
    for (std::size_t k = 0; k < step.size(); ++k) {
      for (const double sign : {1.0, -1.0}) {
        Model::Calibration tried = best;
        const std::array<double*, 4> value = {&tried.slope, &tried.shift, &tried.saturation_share,
                                              &tried.saturation_at};
        *value[k] += sign * step[k];
        if (tried.slope < 0.2 || tried.saturation_share < 0) continue;
        const double loss = log_loss(hits, base_rate, people, tried);
        if (loss >= least) continue;
        least = loss;
        best = tried;
        moved = true;
      }
    }
    if (moved) continue;
    for (double& size : step) size /= 2;
  }
  return best;
}

}  // namespace semak
