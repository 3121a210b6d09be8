#include "bench/quality/reliability.h"

#include <algorithm>
#include <cmath>

#include "engine/match/calibration.h"

namespace semak {

std::vector<WeighedHit> weigh_best_hits(const NameCorpus& corpus, const Rankings& rankings,
                                        const Model::Calibration& calibration) {
  const double base_rate = base_rate_of(corpus);
  std::vector<WeighedHit> hits;
  for (const JudgedHit& hit : judge_best_hits(corpus, rankings)) {
    hits.push_back({hit, probability(calibration, hit.score, base_rate, corpus.records.size())});
  }
  return hits;
}

std::array<ReliabilityBin, kReliabilityBins> reliability(const std::vector<WeighedHit>& hits) {
  std::array<ReliabilityBin, kReliabilityBins> bins{};
  for (const WeighedHit& hit : hits) {
    const int at = std::min(kReliabilityBins - 1, static_cast<int>(hit.probability * kReliabilityBins));
    ReliabilityBin& bin = bins[static_cast<std::size_t>(at)];
    ++bin.hits;
    bin.probability += hit.probability;
    bin.right += hit.hit.right;
  }
  for (ReliabilityBin& bin : bins) {
    if (bin.hits == 0) continue;
    bin.probability /= bin.hits;
    bin.right /= bin.hits;
  }
  return bins;
}

double expected_calibration_error(const std::vector<WeighedHit>& hits) {
  double sum = 0;
  for (const ReliabilityBin& bin : reliability(hits)) sum += bin.hits * std::abs(bin.probability - bin.right);
  return hits.empty() ? 0 : sum / static_cast<double>(hits.size());
}

std::vector<PrecisionRecallPoint> precision_recall(std::vector<WeighedHit> hits, int members) {
  std::sort(hits.begin(), hits.end(),
            [](const WeighedHit& a, const WeighedHit& b) { return a.hit.score > b.hit.score; });
  std::vector<PrecisionRecallPoint> points;
  double right = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    right += hits[i].hit.right;
    if (i + 1 < hits.size() && hits[i + 1].hit.score == hits[i].hit.score) continue;
    points.push_back({right / std::max(1, members), right / static_cast<double>(i + 1)});
  }
  return points;
}

}  // namespace semak
