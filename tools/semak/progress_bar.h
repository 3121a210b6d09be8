// A line on standard error for work over a second, when a person watches.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/progress.h"

namespace semak {

class ProgressBar {
 public:
  ProgressBar();   // draws only on a terminal
  ~ProgressBar();  // clears its line
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::string_view stage, std::uint64_t done, std::uint64_t total);
  Progress progress();  // valid as long as the bar
  void finish();        // clears the line, before other output

 private:
  using Clock = std::chrono::steady_clock;
  const bool visible_;
  const bool colour_;
  std::mutex mutex_;
  const Clock::time_point begun_;
  Clock::time_point stage_begun_, drawn_;
  std::string stage_;
  bool on_screen_ = false;
};

// "3 min 20 s", "12 s"
std::string spell_duration(double seconds);
// 1234567 -> "1,234,567"
std::string group_digits(std::uint64_t value);
// 1536 -> "1.5 KB"
std::string spell_bytes(std::uint64_t bytes);

}  // namespace semak
