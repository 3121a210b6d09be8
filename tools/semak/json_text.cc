#include "tools/semak/json_text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

namespace semak {

void append_json_string(std::string& out, std::string_view utf8) {
  out += boost::json::serialize(boost::json::string_view(utf8.data(), utf8.size()));
}

}  // namespace semak
