// Fits the way from score to probability to best hits that are known to be right or wrong.
#pragma once

#include <vector>

#include "engine/match/model.h"
#include "tools/fit/name_corpus.h"
#include "tools/fit/quality_figures.h"

namespace semak {

// A best hit, judged.
struct JudgedHit {
  Bits score;
  bool right = false;
};

// The best hit of every query that has one.
std::vector<JudgedHit> judge_best_hits(const NameCorpus& corpus, const Rankings& rankings);

// Share of a corpus's queries that mean a record: its base rate.
double base_rate_of(const NameCorpus& corpus);

// Least log loss over `hits`, at the given base rate and register size.
Model::Calibration fit_calibration(const std::vector<JudgedHit>& hits, double base_rate, std::uint64_t people,
                                   const Model::Calibration& start);

}  // namespace semak
