// Browsers signed in to the console: a random cookie stands for an API key, a second token shows that a change came
// from the console's own pages. In memory only: a restart signs everybody out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/keys/key_ring.h"

namespace semak {

inline constexpr std::string_view kSessionCookie = "semak_session";

struct SessionOptions {
  std::chrono::minutes whole{12 * 60}, idle{30};
};

class Sessions {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;  // for tests
  Sessions(const KeyRing& keys, SessionOptions options, Clock clock = {});

  struct Session {
    std::string key_id, csrf_token;
    std::chrono::system_clock::time_point expires;
  };
  struct Begun {
    std::string cookie;  // its value
    Session session;
  };
  // All are thread-safe.
  Begun begin(std::string key_id);
  // Whose session this is; keeps it from ending by idleness.
  std::optional<Session> find(std::string_view cookie);
  void end(std::string_view cookie);

 private:
  struct Kept {
    Session session;
    std::chrono::system_clock::time_point idle_end;
  };
  void drop_ended();  // with the lock held

  const KeyRing& keys_;
  SessionOptions options_;
  Clock clock_;
  std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> sessions_;  // by mark of the cookie
};

// The value of one cookie of a Cookie header.
std::optional<std::string_view> cookie_value(std::string_view header, std::string_view name);

}  // namespace semak
