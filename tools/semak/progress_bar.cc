#include "tools/semak/progress_bar.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include "tools/semak/messages.h"
#include "tools/semak/translation.h"

namespace semak {
namespace {

using namespace std::chrono_literals;

// Stages name themselves in English; these are the ones the engine has.
std::string stage_in_words(std::string_view stage) {
  static constexpr std::pair<std::string_view, Say> kStages[] = {
      {"generating", Say::stage_generating}, {"reading", Say::stage_reading},       {"writing", Say::stage_writing},
      {"indexing", Say::stage_indexing},     {"building", Say::stage_indexing},     {"screening", Say::stage_screening},
      {"verifying", Say::stage_verifying},   {"rebuilding", Say::stage_rebuilding}, {"warming", Say::stage_warming},
      {"measuring", Say::stage_measuring},   {"comparing", Say::stage_comparing},   {"enrolling", Say::stage_enrolling},
  };
  for (const auto& [name, words] : kStages)
    if (stage == name) return say(words);
  return in_words(stage);
}

}  // namespace

ProgressBar::ProgressBar()
    : visible_(::isatty(STDERR_FILENO) == 1 && std::getenv("TERM") && std::string_view(std::getenv("TERM")) != "dumb"),
      colour_(!std::getenv("NO_COLOR")),
      begun_(Clock::now()),
      stage_begun_(begun_),
      drawn_(begun_) {}

ProgressBar::~ProgressBar() { finish(); }

void ProgressBar::finish() {
  const std::lock_guard lock(mutex_);
  if (on_screen_) std::fputs("\r\033[K", stderr);
  on_screen_ = false;
}

Progress ProgressBar::progress() {
  if (!visible_) return {};
  return [this](std::string_view stage, std::uint64_t done, std::uint64_t total) { show(stage, done, total); };
}

void ProgressBar::show(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  if (!visible_) return;
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    stage_begun_ = now;
  }
  if (now - begun_ < 1s || now - drawn_ < 100ms) return;
  drawn_ = now;
  std::string line = stage_in_words(stage_);
  if (total > 0) {
    constexpr std::uint64_t kWidth = 28;
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto full = static_cast<std::size_t>(share * kWidth);
    std::string bar(full, '#');
    bar.append(kWidth - full, '.');
    line += colour_ ? fmt::format(" \033[36m{}\033[0m {:3.0f} %", bar, share * 100)
                    : fmt::format(" {} {:3.0f} %", bar, share * 100);
    const double seconds = std::chrono::duration<double>(now - stage_begun_).count();
    if (share > 0.02 && share < 1)
      line += fmt::format("  {} {}", say(Say::about_left), spell_duration(seconds / share - seconds));
  } else {
    line += fmt::format(" {}", group_digits(done));
  }
  std::fputs("\r\033[K", stderr);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  on_screen_ = true;
}

std::string spell_duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  return whole < 3600 ? fmt::format("{} min {} s", whole / 60, whole % 60)
                      : fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string group_digits(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(digits.begin() + static_cast<std::ptrdiff_t>(at - 3), ',');
  return digits;
}

std::string spell_bytes(std::uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  int unit = 0;
  while (value >= 1000 && unit < 4) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace semak
