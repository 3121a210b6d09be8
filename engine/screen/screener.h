// The read path: a subject becomes an answer.
#pragma once

#include "engine/decision.h"
#include "engine/policy.h"
#include "engine/screen/engine.h"
#include "engine/subject.h"
#include "index/lookup.h"

namespace semak {

// One per thread (it owns scratch memory); the Engine is shared.
class Screener {
 public:
  explicit Screener(const Engine& engine);

  // `world`: one for a whole request, or for one chunk of a batch.
  Result<Answer> screen(const World& world, const Subject& subject, const Policy& policy);

 private:
  const Engine& engine_;
  LookupScratch scratch_;
};

}  // namespace semak
