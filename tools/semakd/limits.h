// How much one key may ask: a token bucket for its rate, a quota of people a day, and a watch for enumeration: many
// near-equal identity numbers from one key. Holds keyed marks of numbers in memory, never numbers.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/keys/key_ring.h"
#include "engine/office/callers.h"
#include "tools/semakd/problem.h"

namespace semak {

struct LimitOptions {
  std::uint32_t per_second = 50;  // of a key that names none itself
  std::uint32_t burst = 200;
  std::uint64_t lookups_a_day = 20'000;
  // Distinct numbers of one key and day that differ only in one part (birth date, place or serial) before it is an
  // alarm. Some 90 people share the first eight digits of a MyKad; honest lists rarely hold more than three of them.
  std::uint32_t near_numbers = 20;
  bool near_numbers_block = false;  // after an alarm: no look-ups for this key until the day ends
};

enum class LimitHit : std::uint8_t { rate, quota, enumeration, failed_keys };
const char* to_string(LimitHit hit);

class CallerLimits {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;  // for tests
  // Told of every hit: for metrics, log and audit. Called without locks held.
  using Told = std::function<void(LimitHit hit, const CallerKey& key, std::string_view what)>;
  CallerLimits(const KeyRing& keys, LimitOptions options, Told told = {}, Clock clock = {});
  ~CallerLimits();

  // All are thread-safe and take a microsecond or so. nullopt: go on; else too_many_requests or quota_exhausted with
  // the time to wait.
  std::optional<Problem> take_request(const CallerKey& key);
  // `people` are about to be asked about: all of them or none.
  std::optional<Problem> take_lookups(const CallerKey& key, std::uint64_t people);
  // By the id of a caller's key, which has made a request before; a key that has not is let through.
  std::optional<Problem> take_lookups(std::string_view key_id, std::uint64_t people);
  // To be told of each identity number that is asked about, as given.
  void asked_about(std::string_view key_id, std::string_view number);

  struct Standing {
    std::uint64_t lookups_today = 0, lookups_a_day = 0;
  };
  Standing standing(std::string_view key_id) const;

  // Wrong keys from one address: true while it must wait.
  bool peer_blocked(std::string_view peer) const;
  void wrong_key(std::string_view peer);

  // What must survive a restart.
  std::vector<CallerUsage> usage() const;
  void restore(const std::vector<CallerUsage>& usage);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
