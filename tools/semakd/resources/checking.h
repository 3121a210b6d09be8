// What the handlers that check people have in common: reading the request, the policy that its purpose names, and the
// quota.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tools/semakd/json.h"
#include "tools/semakd/resources/room.h"

namespace semak {

// A policy in force, or none, with the book that it stands in.
class FoundPolicy {
 public:
  FoundPolicy() = default;
  FoundPolicy(PolicyBook book, const Policy& policy) : book_(std::move(book)), policy_(&policy) {}

  explicit operator bool() const { return policy_ != nullptr; }
  const Policy& operator*() const { return *policy_; }
  const Policy* operator->() const { return policy_; }

 private:
  PolicyBook book_;
  const Policy* policy_ = nullptr;
};

// The policy of a purpose that shows this caller something; else a fault at `member` of `object`.
FoundPolicy read_purpose(Room& room, const Caller& caller, JsonObject& object, const char* member);
// The same for a purpose that came otherwise: none, and `why` says it.
FoundPolicy find_purpose(Room& room, const Caller& caller, std::string_view purpose, std::string& why);

// Checks them with one commit; ids: one for each, or empty.
Response checked(Room& room, const Caller& caller, std::span<const CheckRequest> requests,
                 std::span<const std::string> ids, bool household);

// The same for one that nobody asked for before, without waiting; the answer is written on a lane.
void check_later(Room& room, const Caller& caller, const CheckRequest& request, Reply reply);

// Takes `people` look-ups from the caller's day, and has their numbers watched: some refusal if there are not as many.
std::optional<Response> charge(Room& room, const Caller& caller, std::span<const CheckRequest> people);
void watch_numbers(Room& room, const Caller& caller, const Subject& subject);

}  // namespace semak
