// The HTTP status codes that Semak sends: the one file that holds their numbers.
#pragma once

#include <cstdint>

namespace semak {

enum class HttpStatus : std::uint16_t {
  ok = 200,
  created = 201,
  accepted = 202,
  no_content = 204,
  see_other = 303,
  not_modified = 304,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  not_acceptable = 406,
  request_timeout = 408,
  conflict = 409,
  gone = 410,
  length_required = 411,
  precondition_failed = 412,
  content_too_large = 413,
  uri_too_long = 414,
  unsupported_media_type = 415,
  expectation_failed = 417,
  misdirected_request = 421,
  unprocessable_content = 422,
  precondition_required = 428,
  too_many_requests = 429,
  header_fields_too_large = 431,
  internal_error = 500,
  unavailable = 503,
  version_not_supported = 505,
};

inline int number_of(HttpStatus status) { return static_cast<int>(status); }

}  // namespace semak
