// The same thing asked for twice is done once. A request with an Idempotency-Key leaves its key, the hash of what it
// asked and an id for what it will make on the desk before it is done, and its answer afterwards; a repetition gets
// that answer, or, if the process died in between, is done with the same id, which the engine makes only once; what has
// no id of ours is looked for first.
// A key is a tenant's; it is kept for a day.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/desk/desk.h"
#include "tools/semakd/http/message.h"
#include "tools/semakd/session.h"

namespace semak {

class Idempotency {
 public:
  using FindMade = std::function<std::optional<Response>()>;

  explicit Idempotency(Desk& desk) : desk_(desk) {}

  // `make`: does it, with the id that the new thing shall have (of the form of new_id()). `asked`: what was asked,
  // apart from the target; empty: the body. Without an Idempotency-Key, `make` with a new id. Successful answers are
  // kept and given again with the header Idempotency-Replayed; others are forgotten, so that a mended request can use
  // its key again. A repetition while the first is still at work is a conflict. `find_made`: asked before `make` where
  // an earlier process began and did not answer; says what that one made, or nothing.
  Response run(const Caller& caller, const Request& request, const std::function<Response(const std::string& id)>& make,
               std::string_view asked = {}, const FindMade& find_made = {});
  // Forgets keys older than a day.
  Status sweep(std::int64_t now_ms);

 private:
  Response run_once(const Caller& caller, const Request& request, const std::string& row, std::string_view asked,
                    const std::function<Response(const std::string& id)>& make, const FindMade& find_made);

  Desk& desk_;
  std::mutex mutex_;
  std::set<std::string, std::less<>> at_work_;
};

}  // namespace semak
