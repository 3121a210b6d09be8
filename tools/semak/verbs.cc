#include "tools/semak/verbs.h"

#include <array>

namespace semak {

std::span<const Verb* const> all_verbs() {
  static constexpr std::array kVerbs = {&kGenerate, &kLoad,    &kLookup, &kScreen, &kVerify,
                                        &kInfo,     &kHistory, &kPolicy, &kBench};
  return kVerbs;
}

}  // namespace semak
