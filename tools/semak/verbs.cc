#include "tools/semak/verbs.h"

#include <array>

namespace semak {

std::span<const Verb* const> all_verbs() {
  static constexpr std::array kVerbs = {&kLoad,          &kLookup, &kScreen,  &kCheck,    &kCase,  &kMonitor, &kReceipt,
                                        &kSubjectReport, &kErase,  &kPolicy,  &kCaller,   &kAudit, &kInfo,    &kHistory,
                                        &kVerify,        &kBackup, &kRestore, &kGenerate, &kBench};
  return kVerbs;
}

}  // namespace semak
