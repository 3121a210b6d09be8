#include "tools/semak/verbs.h"

#include <array>

namespace semak {

std::span<const Verb* const> all_verbs() {
  static constexpr std::array kVerbs = {&kGenerate,      &kLoad,  &kLookup,  &kScreen, &kCheck,   &kCase,
                                        &kSubjectReport, &kErase, &kVerify,  &kInfo,   &kHistory, &kPolicy,
                                        &kMonitor,       &kAudit, &kReceipt, &kBackup, &kRestore, &kBench};
  return kVerbs;
}

}  // namespace semak
