// Dates in a stated order, for mapping files: where the column's owner says what 03/04/85 means.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/partial_date.h"

namespace semak {

// Made of YYYY, YY, MM, M, DD, D, MMM (a month's name) and separators, e.g. "DD/MM/YY". D and M read one digit or two.
class DateFormat {
 public:
  // nullopt: not a format, or one without a year, or with a day but no month.
  static std::optional<DateFormat> parse(std::string_view pattern);

  // nullopt: `text` does not have this form or the calendar has no such date. Two-digit years lie in the hundred
  // years that end with `reference_year`.
  std::optional<PartialDate> read(std::string_view text, int reference_year) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
};

}  // namespace semak
