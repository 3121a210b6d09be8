#include "tools/semakd/limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace semak {
namespace {

using Time = std::chrono::system_clock::time_point;

constexpr std::size_t kGroupsMax = 50'000;  // near-number groups remembered for a key; 100 bytes each at most
constexpr int kWrongKeysMax = 20;           // from one address in a minute
constexpr std::size_t kPeersMax = 10'000;

std::int32_t day_of(Time time) {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

std::chrono::seconds rest_of_day(Time time) {
  const Time tomorrow = std::chrono::floor<std::chrono::days>(time) + std::chrono::days(1);
  return std::chrono::ceil<std::chrono::seconds>(tomorrow - time);
}

std::string digits_of(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

// The parts of a MyKad that someone who guesses would hold fast while counting through the rest.
constexpr std::size_t kShapes = 3;
constexpr std::array<const char*, kShapes> kShapeNames = {"serial_varied", "birth_date_varied", "place_varied"};
std::string held_fast(std::size_t shape, const std::string& digits) {
  switch (shape) {
    case 0: return digits.substr(0, 8);
    case 1: return digits.substr(6);
    default: return digits.substr(0, 6) + digits.substr(8);
  }
}

struct KeyState {
  CallerKey key;
  double tokens = 0;
  Time refilled{};
  std::int32_t day = 0;
  std::uint64_t lookups = 0;
  bool quota_told = false, rate_told = false;
  // Marks of what was held fast -> marks of the numbers that share it (of the day).
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> near;
  std::array<bool, kShapes> alarmed{};

  void begin_day(std::int32_t today) {
    if (day == today) return;
    day = today;
    lookups = 0;
    quota_told = false;
    near.clear();
    alarmed = {};
  }
};

struct Peer {
  std::int64_t minute = 0;
  int wrong = 0;
};

}  // namespace

const char* to_string(LimitHit hit) {
  switch (hit) {
    case LimitHit::rate: return "rate";
    case LimitHit::quota: return "quota";
    case LimitHit::enumeration: return "enumeration";
    case LimitHit::failed_keys: return "failed_keys";
  }
  return "rate";
}

struct CallerLimits::Impl {
  const KeyRing& keys;
  LimitOptions options;
  Told told;
  Clock clock;
  mutable std::mutex mutex;
  std::unordered_map<std::string, KeyState> states;
  std::unordered_map<std::string, Peer> peers;

  void tell(LimitHit hit, const CallerKey& key, std::string_view what) const {
    if (told) told(hit, key, what);
  }
  std::uint64_t quota_of(const CallerKey& key) const {
    return key.allowance.lookups_a_day != 0 ? key.allowance.lookups_a_day : options.lookups_a_day;
  }
  std::uint64_t mark(std::string_view kind, std::string_view value) const {
    const std::string bytes = from_hex(keys.mark(kind, value).substr(0, 16)).value_or(std::string(8, '\0'));
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }
  std::int64_t minute() const { return std::chrono::floor<std::chrono::minutes>(clock()).time_since_epoch().count(); }
};

CallerLimits::CallerLimits(const KeyRing& keys, LimitOptions options, Told told, Clock clock)
    : impl_(new Impl{
          keys, options, std::move(told), clock ? std::move(clock) : &std::chrono::system_clock::now, {}, {}, {}}) {}
CallerLimits::~CallerLimits() = default;

std::optional<Problem> CallerLimits::take_request(const CallerKey& key) {
  const Time now = impl_->clock();
  const double rate = key.allowance.per_second != 0 ? key.allowance.per_second : impl_->options.per_second;
  const double burst =
      std::max(rate, static_cast<double>(key.allowance.burst != 0 ? key.allowance.burst : impl_->options.burst));
  bool tell = false;
  Problem problem{ProblemKind::too_many_requests, {}, {}, {}};
  {
    const std::lock_guard lock(impl_->mutex);
    KeyState& state = impl_->states[key.id];
    if (state.key.id.empty()) {
      state.tokens = burst;
      state.refilled = now;
    }
    if (state.key.id.empty() || state.key.made_ms != key.made_ms) state.key = key;
    const double passed = std::chrono::duration<double>(now - state.refilled).count();
    if (passed > 0) {
      state.tokens = std::min(burst, state.tokens + passed * rate);
      state.refilled = now;
    }
    if (state.tokens >= 1) {
      state.tokens -= 1;
      state.rate_told = false;
      return std::nullopt;
    }
    problem.retry_after = std::chrono::seconds(static_cast<std::int64_t>(std::ceil((1 - state.tokens) / rate)));
    tell = !std::exchange(state.rate_told, true);
  }
  // Each spell of too many is told once, not each request of it.
  if (tell) impl_->tell(LimitHit::rate, key, "");
  return problem;
}

std::optional<Problem> CallerLimits::take_lookups(const CallerKey& key, std::uint64_t people) {
  const Time now = impl_->clock();
  bool tell = false;
  {
    const std::lock_guard lock(impl_->mutex);
    KeyState& state = impl_->states[key.id];
    if (state.key.id.empty()) state.key = key;
    state.begin_day(day_of(now));
    const bool blocked = impl_->options.near_numbers_block &&
                         std::find(state.alarmed.begin(), state.alarmed.end(), true) != state.alarmed.end();
    const std::uint64_t quota = impl_->quota_of(key);
    if (!blocked && people <= quota && state.lookups <= quota - people) {
      state.lookups += people;
      return std::nullopt;
    }
    tell = !std::exchange(state.quota_told, true);
  }
  if (tell) impl_->tell(LimitHit::quota, key, "");
  return Problem{ProblemKind::quota_exhausted, {}, {}, rest_of_day(now)};
}

std::optional<Problem> CallerLimits::take_lookups(std::string_view key_id, std::uint64_t people) {
  CallerKey key;
  {
    const std::lock_guard lock(impl_->mutex);
    const auto found = impl_->states.find(std::string(key_id));
    if (found == impl_->states.end()) return std::nullopt;
    key = found->second.key;
  }
  return take_lookups(key, people);
}

void CallerLimits::asked_about(std::string_view key_id, std::string_view number) {
  const std::string digits = digits_of(number);
  if (digits.size() != 12) return;  // of other numbers nobody can guess the next
  const auto whole = static_cast<std::uint32_t>(impl_->mark("asked_number", digits));
  std::array<std::uint64_t, kShapes> groups;
  for (std::size_t shape = 0; shape < kShapes; ++shape) {
    groups[shape] = impl_->mark(kShapeNames[shape], held_fast(shape, digits));
  }
  std::array<bool, kShapes> alarm{};
  CallerKey key;
  {
    const std::lock_guard lock(impl_->mutex);
    const auto found = impl_->states.find(std::string(key_id));
    if (found == impl_->states.end()) return;
    KeyState& state = found->second;
    state.begin_day(day_of(impl_->clock()));
    key = state.key;
    if (state.near.size() > kGroupsMax) {
      // Groups of one are what honest lists leave behind.
      std::erase_if(state.near, [](const auto& group) { return group.second.size() < 3; });
    }
    for (std::size_t shape = 0; shape < kShapes; ++shape) {
      std::vector<std::uint32_t>& numbers = state.near[groups[shape]];
      if (numbers.size() >= impl_->options.near_numbers ||
          std::find(numbers.begin(), numbers.end(), whole) != numbers.end()) {
        continue;
      }
      numbers.push_back(whole);
      alarm[shape] = numbers.size() == impl_->options.near_numbers && !std::exchange(state.alarmed[shape], true);
    }
  }
  for (std::size_t shape = 0; shape < kShapes; ++shape) {
    if (alarm[shape]) impl_->tell(LimitHit::enumeration, key, kShapeNames[shape]);
  }
}

CallerLimits::Standing CallerLimits::standing(std::string_view key_id) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->states.find(std::string(key_id));
  if (found == impl_->states.end()) return {0, impl_->options.lookups_a_day};
  const KeyState& state = found->second;
  const bool today = state.day == day_of(impl_->clock());
  return {today ? state.lookups : 0, impl_->quota_of(state.key)};
}

bool CallerLimits::peer_blocked(std::string_view peer) const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->peers.empty()) return false;
  const auto found = impl_->peers.find(std::string(peer));
  return found != impl_->peers.end() && found->second.minute == impl_->minute() && found->second.wrong >= kWrongKeysMax;
}

void CallerLimits::wrong_key(std::string_view peer) {
  const std::int64_t minute = impl_->minute();
  bool tell = false;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->peers.size() > kPeersMax) {
      std::erase_if(impl_->peers, [&](const auto& each) { return each.second.minute != minute; });
      if (impl_->peers.size() > kPeersMax) return;
    }
    Peer& state = impl_->peers[std::string(peer)];
    if (state.minute != minute) state = {minute, 0};
    tell = ++state.wrong == kWrongKeysMax;
  }
  if (tell) impl_->tell(LimitHit::failed_keys, {}, peer);
}

std::vector<CallerUsage> CallerLimits::usage() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<CallerUsage> usage;
  for (const auto& [id, state] : impl_->states) {
    if (state.lookups > 0) usage.push_back({id, state.day, state.lookups});
  }
  return usage;
}

void CallerLimits::restore(const std::vector<CallerUsage>& usage) {
  const std::lock_guard lock(impl_->mutex);
  for (const CallerUsage& each : usage) {
    KeyState& state = impl_->states[each.id];
    state.day = each.day;
    state.lookups = each.lookups;
  }
}

}  // namespace semak
