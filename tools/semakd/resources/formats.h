// Which of the offered formats does a caller want? `format=` wins over Accept.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tools/semakd/resources/query.h"

namespace semak {

struct OfferedFormat {
  std::string_view name;        // of format=
  std::string_view media_type;  // of Accept
};

struct ChosenFormat {
  bool found = false;
  std::size_t index = 0;
};

// The first offered one where neither says anything.
ChosenFormat choose_format(QueryReader& query, const Request& request, std::span<const OfferedFormat> offered);
Response not_acceptable(const Caller& caller, std::span<const OfferedFormat> offered);

// The same for a bare Accept header.
ChosenFormat match_accept(std::string_view accept, std::span<const OfferedFormat> offered);

}  // namespace semak
