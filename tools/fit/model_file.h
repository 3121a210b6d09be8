// A model as the text of model.toml, and as a vector of weights for fitting.
#pragma once

#include <string>
#include <vector>

#include "engine/match/model.h"

namespace semak {

// One weight that can be fitted.
struct Weight {
  std::string path;      // in model.toml
  bool bounded = false;  // a penalty or a share: at least `least`
  double value = 0;
  double least = 0;
};

// All fitted weights in a fixed order; the rest of a model (rarity, ...) is not fitted.
std::vector<Weight> weights_of(const Model& model);
Model with_weights(const Model& model, const std::vector<Weight>& weights);

// Text that parse_model() reads back to the same weights. `provenance`: lines of the [provenance] table.
std::string to_toml(const Model& model, const std::string& provenance);

}  // namespace semak
