#include "engine/casework/audit_details.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace semak {
namespace {

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

}  // namespace

AuditDetails& AuditDetails::text(std::string_view name, std::string_view value) {
  if (!value.empty()) members_[std::string(name)] = quoted(value);
  return *this;
}

AuditDetails& AuditDetails::number(std::string_view name, std::int64_t value) {
  members_[std::string(name)] = std::to_string(value);
  return *this;
}

std::string AuditDetails::json() const {
  std::string out = "{";
  for (const auto& [name, value] : members_) {
    if (out.size() > 1) out += ',';
    out += quoted(name) + ":" + value;
  }
  return out + "}";
}

}  // namespace semak
