// Parameters of a request's query, read strictly: what is not asked for, or stands there twice, is refused, because a
// mistyped filter that is ignored would show everything.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/semakd/problem.h"

namespace semak {

class QueryReader {
 public:
  QueryReader(const Request& request, Language language) : request_(request), language_(language) {}

  // Absent: nothing. Wrong: a fault and nothing.
  std::optional<std::string> text(std::string_view name, std::size_t bytes_max);
  std::optional<std::string> id(std::string_view name);  // letters, digits and _.:-, at most 64
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> choices);
  std::optional<std::int64_t> time_ms(std::string_view name);
  std::size_t limit();  // items a page: 1..200, 50 if absent
  std::string cursor() { return text("cursor", 512).value_or(""); }

  // What is wrong: malformed_request. nullopt: nothing.
  std::optional<Problem> finish();

 private:
  const std::string* value(std::string_view name);
  void fault(std::string_view name, std::string code, std::string detail);

  const Request& request_;
  Language language_;
  std::vector<std::string_view> read_;
  std::vector<FieldFault> faults_;
};

bool is_id(std::string_view text);

// "ms" or "en" if `lang` asks for one; else the caller's.
Language asked_language(QueryReader& query, const Caller& caller);

}  // namespace semak
