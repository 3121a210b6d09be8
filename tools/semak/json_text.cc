#include "tools/semak/json_text.h"

#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>

namespace semak {
namespace {

void append(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::array: {
      char before = '[';
      for (const auto& element : value.get_array()) {
        out += before;
        append(out, element);
        before = ',';
      }
      out += before == '[' ? "[]" : "]";
      return;
    }
    case boost::json::kind::object: {
      char before = '{';
      for (const auto& member : value.get_object()) {
        out += before;
        append_json_string(out, std::string_view(member.key().data(), member.key().size()));
        out += ':';
        append(out, member.value());
        before = ',';
      }
      out += before == '{' ? "{}" : "}";
      return;
    }
    case boost::json::kind::double_:
      if (std::isfinite(value.get_double()))
        out += fmt::format("{}", value.get_double());
      else
        out += "null";
      return;
    default: out += boost::json::serialize(value);
  }
}

}  // namespace

std::string json_text(const boost::json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

void append_json_string(std::string& out, std::string_view utf8) {
  out += boost::json::serialize(boost::json::string_view(utf8.data(), utf8.size()));
}

}  // namespace semak
