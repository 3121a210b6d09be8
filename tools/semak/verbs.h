// The verbs of semak, in the order of the help.
#pragma once

#include <span>

#include "tools/semak/arguments.h"

namespace semak {

extern const Verb kGenerate, kLoad, kLookup, kScreen, kCheck, kCase, kSubjectReport, kErase, kVerify, kInfo, kHistory,
    kPolicy, kMonitor, kAudit, kReceipt, kCaller, kBackup, kRestore, kBench;

std::span<const Verb* const> all_verbs();

}  // namespace semak
