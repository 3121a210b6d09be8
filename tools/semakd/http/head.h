// The text before a body: what the header fields of a request must be, and how a response's are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/semakd/http/message.h"
#include "tools/semakd/http/server.h"

namespace semak {

// What of a request is wrong that only its head shows; nullopt: nothing. Fills in target, segments, query, request id
// and trace from the headers. `minor`: of HTTP/1.minor. `fresh_id`: if the sender has none.
std::optional<HttpFault> read_head(Request& request, int minor, const ServerOptions& options, std::string fresh_id);

enum class BodyFraming : std::uint8_t { none, length, chunked, until_close };

// Status line and header fields, with the empty line.
void append_head(std::string& out, const Response& response, BodyFraming framing, std::size_t length, bool keep_alive,
                 std::string_view date, std::string_view request_id);

bool is_trace_parent(std::string_view text);
bool is_uuid(std::string_view text);

}  // namespace semak
