#include "tools/semakd/sessions.h"

#include <algorithm>
#include <utility>

namespace semak {
namespace {

constexpr std::size_t kSessionsMax = 10'000;

}  // namespace

Sessions::Sessions(const KeyRing& keys, SessionOptions options, Clock clock)
    : keys_(keys), options_(options), clock_(clock ? std::move(clock) : &std::chrono::system_clock::now) {}

Sessions::Begun Sessions::begin(std::string key_id) {
  const auto now = clock_();
  Begun begun{hex(random_bytes(32)), {std::move(key_id), hex(random_bytes(32)), now + options_.whole}};
  const std::string mark = keys_.mark("session", begun.cookie);
  const std::lock_guard lock(mutex_);
  if (sessions_.size() >= kSessionsMax) drop_ended();
  if (sessions_.size() >= kSessionsMax) sessions_.erase(sessions_.begin());
  sessions_[mark] = {begun.session, now + options_.idle};
  return begun;
}

std::optional<Sessions::Session> Sessions::find(std::string_view cookie) {
  const auto now = clock_();
  const std::string mark = keys_.mark("session", cookie);
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(mark);
  if (found == sessions_.end()) return std::nullopt;
  if (now >= found->second.session.expires || now >= found->second.idle_end) {
    sessions_.erase(found);
    return std::nullopt;
  }
  found->second.idle_end = now + options_.idle;
  return found->second.session;
}

void Sessions::end(std::string_view cookie) {
  const std::string mark = keys_.mark("session", cookie);
  const std::lock_guard lock(mutex_);
  sessions_.erase(mark);
}

void Sessions::drop_ended() {
  const auto now = clock_();
  std::erase_if(sessions_,
                [&](const auto& each) { return now >= each.second.session.expires || now >= each.second.idle_end; });
}

std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return pair.substr(name.size() + 1);
  }
  return std::nullopt;
}

}  // namespace semak
