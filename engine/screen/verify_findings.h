// Collects what a verification finds; shared by its parts and their threads.
#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "engine/screen/verify.h"

namespace semak {

class Findings {
 public:
  explicit Findings(VerifyReport& report) : report_(report) {}
  void add(std::string text) {
    std::lock_guard lock(mutex_);
    ++report_.findings_total;
    if (report_.findings.size() < kKept) report_.findings.push_back(std::move(text));
  }

 private:
  static constexpr std::size_t kKept = 100;
  std::mutex mutex_;
  VerifyReport& report_;
};

// The parts of verify().
Status verify_store(const Engine& engine, VerifyReport& report, Findings& findings, const Progress& progress);
Status verify_index(const Engine& engine, VerifyReport& report, Findings& findings, const Progress& progress);
Status verify_recall(const Engine& engine, const VerifyOptions& options, VerifyReport& report, Findings& findings,
                     const Progress& progress);

}  // namespace semak
