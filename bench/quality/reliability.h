// Whether probabilities are what they say: of hits given 20 %, one in five should be right.
#pragma once

#include <array>
#include <vector>

#include "tools/fit/calibration_fit.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/quality_figures.h"

namespace semak {

// A judged hit with its probability for the corpus's own base rate and size.
struct WeighedHit {
  JudgedHit hit;
  double probability = 0;
};
std::vector<WeighedHit> weigh_best_hits(const NameCorpus& corpus, const Rankings& rankings,
                                        const Model::Calibration& calibration);

struct ReliabilityBin {
  int hits = 0;
  double probability = 0;  // mean
  double right = 0;        // share
};
inline constexpr int kReliabilityBins = 10;

// Bins of equal width.
std::array<ReliabilityBin, kReliabilityBins> reliability(const std::vector<WeighedHit>& hits);
// Mean over hits of |mean probability - share right| of the hit's bin.
double expected_calibration_error(const std::vector<WeighedHit>& hits);

struct PrecisionRecallPoint {
  double recall = 0;
  double precision = 0;
};
// By falling score, one point for each distinct score; recall of the corpus's member queries.
std::vector<PrecisionRecallPoint> precision_recall(std::vector<WeighedHit> hits, int members);

}  // namespace semak
