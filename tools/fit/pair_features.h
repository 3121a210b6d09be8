// What a pair of readings contributes to each weight of the model: the score is the sum of weight * feature.
#pragma once

#include <vector>

#include "tools/fit/corpus_scorer.h"

namespace semak {

// In the order of weights_of() (model_file.h); penalties count negatively. Their sum with the weights is the score, but
// for rounding and for gains held below that of equality.
std::vector<double> features_of(const FormPair& pair, FormKind query_kind, FormKind record_kind);

}  // namespace semak
