// JSON as programs and people like to read it.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace semak {

// Numbers as 548.2 (Boost writes 5.482E2); objects keep the order of their members.
std::string json_text(const boost::json::value& value);

void append_json_string(std::string& out, std::string_view utf8);  // with its quotes

}  // namespace semak
