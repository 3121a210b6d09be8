#include "tools/semakd/http/head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tools/semakd/http/target.h"

namespace semak {
namespace {

bool all_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

// Fields that mean something else to whoever takes the first than to whoever takes the last.
constexpr std::array<std::string_view, 9> kOnce = {"Host",          "Content-Length", "Content-Type",
                                                   "Authorization", "If-Match",       "Idempotency-Key",
                                                   "Cookie",        "Expect",         "Transfer-Encoding"};

const char* reason(HttpStatus status) {
  switch (status) {
    case HttpStatus::ok: return "OK";
    case HttpStatus::created: return "Created";
    case HttpStatus::accepted: return "Accepted";
    case HttpStatus::no_content: return "No Content";
    case HttpStatus::see_other: return "See Other";
    case HttpStatus::not_modified: return "Not Modified";
    case HttpStatus::bad_request: return "Bad Request";
    case HttpStatus::unauthorized: return "Unauthorized";
    case HttpStatus::forbidden: return "Forbidden";
    case HttpStatus::not_found: return "Not Found";
    case HttpStatus::method_not_allowed: return "Method Not Allowed";
    case HttpStatus::not_acceptable: return "Not Acceptable";
    case HttpStatus::request_timeout: return "Request Timeout";
    case HttpStatus::conflict: return "Conflict";
    case HttpStatus::gone: return "Gone";
    case HttpStatus::length_required: return "Length Required";
    case HttpStatus::precondition_failed: return "Precondition Failed";
    case HttpStatus::content_too_large: return "Content Too Large";
    case HttpStatus::uri_too_long: return "URI Too Long";
    case HttpStatus::unsupported_media_type: return "Unsupported Media Type";
    case HttpStatus::expectation_failed: return "Expectation Failed";
    case HttpStatus::misdirected_request: return "Misdirected Request";
    case HttpStatus::unprocessable_content: return "Unprocessable Content";
    case HttpStatus::precondition_required: return "Precondition Required";
    case HttpStatus::too_many_requests: return "Too Many Requests";
    case HttpStatus::header_fields_too_large: return "Request Header Fields Too Large";
    case HttpStatus::internal_error: return "Internal Server Error";
    case HttpStatus::unavailable: return "Service Unavailable";
    case HttpStatus::version_not_supported: return "HTTP Version Not Supported";
  }
  return "";
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

// What a field value must not hold, or it would be more than one field.
void append_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
}

}  // namespace

bool is_uuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' &&
         all_hex(text.substr(0, 8)) && all_hex(text.substr(9, 4)) && all_hex(text.substr(14, 4)) &&
         all_hex(text.substr(19, 4)) && all_hex(text.substr(24));
}

bool is_trace_parent(std::string_view text) {
  return text.size() == 55 && text.starts_with("00-") && text[35] == '-' && text[52] == '-' &&
         all_hex(text.substr(3, 32)) && all_hex(text.substr(36, 16)) && all_hex(text.substr(53)) &&
         text.substr(3, 32).find_first_not_of('0') != std::string_view::npos &&
         text.substr(36, 16).find_first_not_of('0') != std::string_view::npos;
}

std::optional<HttpFault> read_head(Request& request, int minor, const ServerOptions& options, std::string fresh_id) {
  const std::string* id = request.headers.find("X-Request-Id");
  request.request_id = id != nullptr && is_uuid(*id) ? *id : std::move(fresh_id);
  const std::string* trace = request.headers.find("traceparent");
  if (trace != nullptr && is_trace_parent(*trace)) request.trace_parent = *trace;

  if (request.headers.size() > options.header_fields_max) return HttpFault::header_too_large;
  if (request.target.size() > options.target_bytes_max) return HttpFault::target_too_long;
  for (const std::string_view name : kOnce) {
    if (request.headers.count(name) > 1) return HttpFault::malformed;
  }
  const std::string* coding = request.headers.find("Transfer-Encoding");
  if (coding != nullptr && (*coding != "chunked" || minor == 0)) return HttpFault::malformed;

  const std::string* host = request.headers.find("Host");
  if (host == nullptr && minor > 0) return HttpFault::malformed;
  if (host != nullptr && !host->empty() && !host_of(*host)) return HttpFault::malformed;

  if (request.method == Method::options && request.target == "*") {
    request.segments = {"*"};
    return std::nullopt;
  }
  std::optional<Target> target = parse_target(request.target);
  if (!target) return HttpFault::malformed;
  if (!target->authority.empty()) request.headers.set("Host", std::move(target->authority));
  request.segments = std::move(target->segments);
  request.query = std::move(target->query);

  const std::string* expect = request.headers.find("Expect");
  if (expect != nullptr && *expect != "100-continue") return HttpFault::expectation;
  return std::nullopt;
}

void append_head(std::string& out, const Response& response, BodyFraming framing, std::size_t length, bool keep_alive,
                 std::string_view date, std::string_view request_id) {
  out += "HTTP/1.1 ";
  append_number(out, number_of(response.status));
  out.append(" ").append(reason(response.status)).append("\r\nDate: ").append(date);
  if (framing == BodyFraming::chunked) out += "\r\nTransfer-Encoding: chunked";
  if (framing == BodyFraming::length) {
    out += "\r\nContent-Length: ";
    append_number(out, length);
  }
  if (!response.content_type.empty()) {
    out += "\r\nContent-Type: ";
    append_value(out, response.content_type);
  }
  if (!keep_alive) out += "\r\nConnection: close";
  if (!request_id.empty()) out.append("\r\nX-Request-Id: ").append(request_id);
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    append_value(out, name);
    out += ": ";
    append_value(out, value);
  }
  out += response.more_headers;
  out += "\r\n\r\n";
}

}  // namespace semak
