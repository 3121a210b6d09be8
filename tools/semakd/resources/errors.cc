#include "tools/semakd/resources/errors.h"

#include <charconv>
#include <fmt/format.h>

namespace semak {

Response not_found(const Caller& caller) {
  return problem_response(Problem{ProblemKind::not_found, {}, {}, {}}, caller);
}

Response conflict(const Caller& caller, Phrase why) {
  return problem_response(Problem{ProblemKind::conflict, phrase(why, caller.language), {}, {}}, caller);
}

Response invalid(const Caller& caller, std::string pointer, std::string code, std::string detail) {
  Problem problem{ProblemKind::invalid_content, {}, {}, {}};
  problem.faults.push_back({std::move(pointer), std::move(code), std::move(detail)});
  return problem_response(problem, caller);
}

Response bad_cursor(const Caller& caller) {
  Problem problem{ProblemKind::malformed_request, {}, {}, {}};
  problem.faults.push_back({"?cursor", "not_a_cursor", phrase(Phrase::query_not_a_cursor, caller.language)});
  return problem_response(problem, caller);
}

Response changed_meanwhile(const Caller& caller) {
  return problem_response(
      Problem{ProblemKind::precondition_failed, phrase(Phrase::changed_meanwhile, caller.language), {}, {}}, caller);
}

Response change_problem(const Error& error, const Caller& caller) {
  if (error.code == ErrorCode::busy) return changed_meanwhile(caller);
  if (error.code == ErrorCode::not_found) return not_found(caller);
  if (error.code == ErrorCode::permission)
    return problem_response(Problem{ProblemKind::forbidden, error.message, {}, {}}, caller);
  return problem_response(error, caller);
}

Precondition if_match(const Request& request, const Caller& caller) {
  Precondition read;
  const std::string* header = request.header("If-Match");
  if (header == nullptr) {
    read.refusal = problem_response(
        Problem{ProblemKind::precondition_required, phrase(Phrase::if_match_missing, caller.language), {}, {}}, caller);
    return read;
  }
  const char* begin = header->data();
  const char* end = begin + header->size();
  if (header->size() > 2 && *begin == '"' && end[-1] == '"') {
    const auto [at, failed] = std::from_chars(begin + 1, end - 1, read.version);
    if (failed == std::errc() && at == end - 1) return read;
  }
  Problem problem{ProblemKind::malformed_request, {}, {}, {}};
  problem.faults.push_back({"If-Match", "not_an_etag", phrase(Phrase::if_match_malformed, caller.language)});
  read.refusal = problem_response(problem, caller);
  return read;
}

void set_etag(Response& response, std::uint64_t version) {
  response.headers.set("ETag", fmt::format("\"{}\"", version));
}

}  // namespace semak
