#include "tools/fit/calibration_fit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/match/calibration.h"

namespace semak {
namespace {

// Some labels are wrong (one person under two ids in the source), and a few people share even a rare name. Taken as
// noise of the labels: without it the slope of high scores, which larger registers live by, would be judged by them.
constexpr double kLabelNoise = 0.01;

double log_loss(const std::vector<JudgedHit>& hits, double base_rate, std::uint64_t people,
                const Model::Calibration& calibration) {
  double loss = 0;
  for (const JudgedHit& hit : hits) {
    const double p = probability(calibration, hit.score, base_rate, people);
    const double seen = kLabelNoise + (1 - 2 * kLabelNoise) * p;
    loss -= std::log(hit.right ? seen : 1 - seen);
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
  // Pattern search with shrinking steps: four numbers, and the loss is smooth in them but narrow along diagonals.
  constexpr std::array<std::array<double, 4>, 8> kDirections = {{{1, 0, 0, 0},
                                                                 {0, 1, 0, 0},
                                                                 {0, 0, 1, 0},
                                                                 {0, 0, 0, 1},
                                                                 {1, -1, 0, 0},
                                                                 {0, 1, 1, 0},
                                                                 {0, 0, 1, -1},
                                                                 {1, 0, -1, 0}}};
  constexpr std::array<double, 4> kStep = {0.2, 1.6, 0.2, 1.6};
  Model::Calibration best = start;
  double least = log_loss(hits, base_rate, people, best);
  for (double size = 1; size > 1e-3;) {
    bool moved = false;
    for (const std::array<double, 4>& direction : kDirections) {
      for (const double sign : {size, -size}) {
        Model::Calibration tried = best;
        tried.slope += sign * direction[0] * kStep[0];
        tried.shift += sign * direction[1] * kStep[1];
        tried.saturation_share += sign * direction[2] * kStep[2];
        tried.saturation_at += sign * direction[3] * kStep[3];
        // A bit of evidence is worth at most a bit.
        if (tried.slope < 0.2 || tried.slope > 1 || tried.saturation_share < 0) continue;
        const double loss = log_loss(hits, base_rate, people, tried);
        if (loss >= least) continue;
        least = loss;
        best = tried;
        moved = true;
      }
    }
    if (!moved) size /= 2;
  }
  return best;
}

}  // namespace semak
