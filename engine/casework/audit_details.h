// The details of an audit event: a canonical JSON object of integers and strings, members in the order of their names.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace semak {

class AuditDetails {
 public:
  AuditDetails& text(std::string_view name, std::string_view value);  // an empty one is left out
  AuditDetails& number(std::string_view name, std::int64_t value);
  std::string json() const;

 private:
  std::map<std::string, std::string, std::less<>> members_;  // name -> JSON
};

}  // namespace semak
