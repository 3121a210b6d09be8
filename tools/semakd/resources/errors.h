// What the engine's refusals mean to a caller of one particular resource, where problem_of() is too general.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "tools/semakd/problem.h"

namespace semak {

// There is no such thing, or it is another tenant's: one answer for both.
Response not_found(const Caller& caller);
Response conflict(const Caller& caller, Phrase why);
Response invalid(const Caller& caller, std::string pointer, std::string code, std::string detail);

// The cursor is none that was given out.
Response bad_cursor(const Caller& caller);

// `busy` means that the caller's version is not the newest: 412.
Response changed_meanwhile(const Caller& caller);
Response change_problem(const Error& error, const Caller& caller);

// The number in If-Match ("\"12\""). Without it 428, malformed 400: then `refusal` is set.
struct Precondition {
  std::uint64_t version = 0;
  std::optional<Response> refusal;
};
Precondition if_match(const Request& request, const Caller& caller);
void set_etag(Response& response, std::uint64_t version);

}  // namespace semak
