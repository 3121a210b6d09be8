// Dates as people and spreadsheets write them.
#pragma once

#include <optional>
#include <string_view>

#include "engine/partial_date.h"
#include "engine/person.h"

namespace semak {

// YYYY, YYYY-MM, YYYY-MM-DD, DD/MM/YYYY, D.M.YYYY, DD-MM-YYYY, "11 Mac 1985", "11 March 1985", "March 1985",
// ISO with a time part, and Excel serial days (5 digits, 1900 system). Two-digit years are refused.
// Unknown markers ("", "-", "N/A", "tiada", "0000-00-00") give an unknown PartialDate.
// nullopt: not a date or one that does not exist.
std::optional<PartialDate> parse_date(std::string_view text);

// L/P, M/F, Lelaki/Perempuan, male/female, 1/2 ...; nullopt if the text says something else. Empty is unknown.
std::optional<Sex> parse_sex(std::string_view text);

}  // namespace semak
