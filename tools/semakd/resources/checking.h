// What the handlers that check people have in common: reading the request, the policy that its purpose names, and the
// quota.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "tools/semakd/json.h"
#include "tools/semakd/resources/room.h"

namespace semak {

// The policy of a purpose that shows this caller something; else a fault at `member` of `object`.
std::optional<Policy> read_purpose(Room& room, const Caller& caller, JsonObject& object, const char* member);
// The same for a purpose that came otherwise: nullopt, and `why` says it.
std::optional<Policy> find_purpose(Room& room, const Caller& caller, const std::string& purpose, std::string& why);

// Checks them with one commit; ids: one for each, or empty.
Response checked(Room& room, const Caller& caller, std::span<const CheckRequest> requests,
                 std::span<const std::string> ids, bool household);

// Takes `people` look-ups from the caller's day, and has their numbers watched: some refusal if there are not as many.
std::optional<Response> charge(Room& room, const Caller& caller, std::span<const CheckRequest> people);
void watch_numbers(Room& room, const Caller& caller, const Subject& subject);

}  // namespace semak
