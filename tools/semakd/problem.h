// RFC 9457: how a request went wrong, for programs (type, code) and for people (title and detail in Malay or English).
// Details never repeat what was sent: neither names nor numbers nor values of fields.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "tools/semakd/http/message.h"
#include "tools/semakd/phrases.h"
#include "tools/semakd/session.h"

namespace semak {

enum class ProblemKind : std::uint8_t {
  malformed_request,       // 400: not HTTP, not JSON, a member twice, a bad query parameter
  unauthenticated,         // 401
  forbidden,               // 403
  not_found,               // 404: or not yours
  method_not_allowed,      // 405
  not_acceptable,          // 406
  request_timeout,         // 408
  conflict,                // 409: it is there already, or in a state that does not allow this
  precondition_failed,     // 412: If-Match names another revision
  content_too_large,       // 413
  target_too_long,         // 414
  unsupported_media_type,  // 415
  expectation_failed,      // 417
  misdirected,             // 421: a Host that is not served here
  invalid_content,         // 422: well-formed, but a field is not what it must be
  precondition_required,   // 428: If-Match is missing
  too_many_requests,       // 429: the key's rate
  quota_exhausted,         // 429: the key's day
  header_too_large,        // 431
  internal_error,          // 500
  overloaded,              // 503: the queue is full; try again
  unavailable,             // 503: not ready, stopping, or a needed part cannot serve now
  version_not_supported,   // 505
};
HttpStatus status_of(ProblemKind kind);
const char* to_string(ProblemKind kind);  // "malformed_request"

// What is wrong with one place of the request.
struct FieldFault {
  std::string pointer;  // RFC 6901 into the body ("/subject/name"), "?limit" of the query, "If-Match" of the headers
  std::string code;     // "required", "unknown_member", "too_long", "not_a_date"...
  std::string detail;   // for people, in their language
};

struct Problem {
  ProblemKind kind = ProblemKind::internal_error;
  std::string detail;  // for people, in their language; empty: the kind's own
  std::vector<FieldFault> faults;
  std::optional<std::chrono::seconds> retry_after;
};

// The reason why a call into the engine failed, as a problem. What is not the caller's doing (io, corruption...) keeps
// its message for the log.
Problem problem_of(const Error& error);

Response problem_response(const Problem& problem, Language language, std::string_view request_id);
inline Response problem_response(const Problem& problem, const Caller& caller) {
  return problem_response(problem, caller.language, caller.request_id);
}
// The same, and the error goes into the log when it is not the caller's doing.
Response problem_response(const Error& error, const Caller& caller);

// Answers that are not problems. `json`: a whole value.
Response json_response(HttpStatus status, std::string json);
inline Response ok(std::string json) { return json_response(HttpStatus::ok, std::move(json)); }
Response created(std::string location, std::string json);
Response accepted(std::string location, std::string json);
Response no_content();

}  // namespace semak
