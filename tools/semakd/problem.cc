#include "tools/semakd/problem.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/check.h"
#include "tools/semakd/log.h"

namespace semak {
namespace {

struct Kind {
  ProblemKind kind;
  HttpStatus status;
  const char* name;
  Phrase title;
};

constexpr Kind kKinds[] = {
#define KIND(name, status) {ProblemKind::name, HttpStatus::status, #name, Phrase::title_##name}
    KIND(malformed_request, bad_request),
    KIND(unauthenticated, unauthorized),
    KIND(forbidden, forbidden),
    KIND(not_found, not_found),
    KIND(method_not_allowed, method_not_allowed),
    KIND(not_acceptable, not_acceptable),
    KIND(request_timeout, request_timeout),
    KIND(conflict, conflict),
    KIND(precondition_failed, precondition_failed),
    KIND(content_too_large, content_too_large),
    KIND(target_too_long, uri_too_long),
    KIND(unsupported_media_type, unsupported_media_type),
    KIND(expectation_failed, expectation_failed),
    KIND(misdirected, misdirected_request),
    KIND(invalid_content, unprocessable_content),
    KIND(precondition_required, precondition_required),
    KIND(too_many_requests, too_many_requests),
    KIND(quota_exhausted, too_many_requests),
    KIND(header_too_large, header_fields_too_large),
    KIND(internal_error, internal_error),
    KIND(overloaded, unavailable),
    KIND(unavailable, unavailable),
    KIND(version_not_supported, version_not_supported),
#undef KIND
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
  }
  return true;
}
static_assert(in_order());

const Kind& about(ProblemKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input: return "invalid_input";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::already_exists: return "already_exists";
    case ErrorCode::permission: return "permission";
    case ErrorCode::busy: return "busy";
    case ErrorCode::no_space: return "no_space";
    case ErrorCode::version_mismatch: return "version_mismatch";
    case ErrorCode::corruption: return "corruption";
    case ErrorCode::io: return "io";
    case ErrorCode::unavailable: return "unavailable";
  }
  return "io";
}

bool of_the_caller(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input:
    case ErrorCode::not_found:
    case ErrorCode::already_exists:
    case ErrorCode::permission:
    case ErrorCode::busy: return true;
    case ErrorCode::no_space:
    case ErrorCode::version_mismatch:
    case ErrorCode::corruption:
    case ErrorCode::io:
    case ErrorCode::unavailable: return false;
  }
  return false;
}

}  // namespace

HttpStatus status_of(ProblemKind kind) { return about(kind).status; }
const char* to_string(ProblemKind kind) { return about(kind).name; }

Problem problem_of(const Error& error) {
  Problem problem;
  if (of_the_caller(error.code)) problem.detail = error.message;
  switch (error.code) {
    case ErrorCode::invalid_input: problem.kind = ProblemKind::invalid_content; break;
    case ErrorCode::not_found: problem.kind = ProblemKind::not_found; break;
    case ErrorCode::already_exists: problem.kind = ProblemKind::conflict; break;
    case ErrorCode::permission: problem.kind = ProblemKind::forbidden; break;
    case ErrorCode::busy: problem.kind = ProblemKind::conflict; break;
    case ErrorCode::no_space:
    case ErrorCode::unavailable:
      problem.kind = ProblemKind::unavailable;
      problem.retry_after = std::chrono::seconds(5);
      break;
    case ErrorCode::version_mismatch:
    case ErrorCode::corruption:
    case ErrorCode::io: problem.kind = ProblemKind::internal_error; break;
  }
  return problem;
}

Response problem_response(const Problem& problem, Language language, std::string_view request_id) {
  namespace json = boost::json;
  const Kind& kind = about(problem.kind);
  json::object body;
  body["type"] = std::string("urn:semak:problem:") + kind.name;
  body["title"] = text_of(kind.title, language);
  body["status"] = number_of(kind.status);
  body["code"] = kind.name;
  if (!problem.detail.empty()) body["detail"] = problem.detail;
  if (!request_id.empty()) body["request_id"] = json::string_view(request_id.data(), request_id.size());
  if (!problem.faults.empty()) {
    json::array faults;
    for (const FieldFault& fault : problem.faults) {
      json::object each;
      each["pointer"] = fault.pointer;
      each["code"] = fault.code;
      each["detail"] = fault.detail;
      faults.emplace_back(std::move(each));
    }
    body["errors"] = std::move(faults);
  }
  Response response;
  response.status = kind.status;
  response.content_type = "application/problem+json";
  response.body = json::serialize(body);
  response.headers.add("Content-Language", language == Language::ms ? "ms" : "en");
  if (problem.kind == ProblemKind::unauthenticated) {
    response.headers.add("WWW-Authenticate", "Bearer realm=\"semak\"");
  }
  if (problem.retry_after) response.headers.add("Retry-After", std::to_string(problem.retry_after->count()));
  return response;
}

Response problem_response(const Error& error, const Caller& caller) {
  if (ServiceLog* log = service_log(); log != nullptr && !of_the_caller(error.code)) {
    log->error("failed",
               {{"code", name_of(error.code)}, {"message", error.message}, {"request_id", caller.request_id}});
  }
  return problem_response(problem_of(error), caller);
}

Response json_response(HttpStatus status, std::string json) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(json);
  return response;
}

Response created(std::string location, std::string json) {
  Response response = json_response(HttpStatus::created, std::move(json));
  response.headers.add("Location", std::move(location));
  return response;
}

Response accepted(std::string location, std::string json) {
  Response response = json_response(HttpStatus::accepted, std::move(json));
  response.headers.add("Location", std::move(location));
  return response;
}

Response no_content() {
  Response response;
  response.status = HttpStatus::no_content;
  return response;
}

}  // namespace semak
