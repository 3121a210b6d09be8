// JSON by hand where rows stream out; objects that are read back whole are made with Boost.JSON.
#pragma once

#include <string>
#include <string_view>

namespace semak {

void append_json_string(std::string& out, std::string_view utf8);  // with its quotes

}  // namespace semak
