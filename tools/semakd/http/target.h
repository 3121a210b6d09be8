// What a request line and a Host header say, strictly read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semak {

struct Target {
  std::vector<std::string> segments;                       // decoded
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  std::string authority;                                   // of a target in absolute form; else empty
};

// nullopt: not a target in origin or absolute form, or its decoded text is not UTF-8, has control characters or dot
// segments. A "+" in a query is a plus sign.
std::optional<Target> parse_target(std::string_view text);

// host or host:port, without user information. The host in lower case; nullopt if it is none.
std::optional<std::string> host_of(std::string_view authority);

bool is_utf8_without_controls(std::string_view text);

}  // namespace semak
