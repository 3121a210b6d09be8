// A request as a handler sees it, whole and within its limits, and the response that it returns. Knows nothing of
// sockets, of Beast, or of what Semak is about.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/semakd/http/status.h"

namespace semak {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options, other };
const char* to_string(Method method);  // "GET", ...
Method method_from(std::string_view text);

// Names without regard to case, in the order they came.
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);  // in place of all of that name
  // The first of that name, or null.
  const std::string* find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  Method method = Method::get;
  std::string target;                 // as sent, path and query
  std::vector<std::string> segments;  // of the path, decoded, valid UTF-8 without control characters
  std::vector<std::pair<std::string, std::string>> query;       // decoded
  std::vector<std::pair<std::string, std::string>> parameters;  // {name} of the route's pattern and its value
  Headers headers;
  std::string body;
  std::string request_id;    // ours, or the sender's X-Request-Id if that is one
  std::string trace_parent;  // W3C traceparent if a good one was sent
  std::string peer;          // IP address
  bool secure = false;       // came through TLS
  std::chrono::steady_clock::time_point received;

  // The value of {name}; empty if the pattern has none.
  std::string_view parameter(std::string_view name) const;
  // The first value of that name in the query, or null.
  const std::string* query_value(std::string_view name) const;
  const std::string* header(std::string_view name) const { return headers.find(name); }
};

// A body made piece by piece: server-sent events, large downloads. The server calls next() on a worker thread, never
// twice at once, and never holds a thread in between. It must not block: whoever has to wait for something returns
// nothing and asks to be called again.
class BodyStream {
 public:
  struct Piece {
    std::string bytes;
    bool last = false;
    std::chrono::milliseconds again_in{0};  // how long to rest before the next call, if bytes is empty
  };
  virtual ~BodyStream() = default;
  // On an Error-like failure end with last = true and aborted() = true: the connection is then closed in the middle, so
  // that the reader sees that the body is not whole.
  virtual Piece next() = 0;
  virtual bool aborted() const { return false; }
};

struct Response {
  HttpStatus status = HttpStatus::ok;
  Headers headers;  // without those the server sets: Date, Content-Length, Connection, X-Request-Id, security headers
  std::string_view more_headers;  // as they are sent, each with CRLF before it; outlives the response
  std::string content_type;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of body: bytes that many responses share
  std::shared_ptr<BodyStream> stream;              // instead of body: sent chunked
  bool close = false;                              // end the connection after this
};

// One server-sent event; `data` may have several lines.
std::string server_sent_event(std::string_view event, std::string_view id, std::string_view data);

}  // namespace semak
