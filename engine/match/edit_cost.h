// How unlikely one Latin spelling of a name part is, given another: a weighted edit distance whose weights come
// from differences seen between forms of one person's name. Beside it the plain distance that gates it.
#pragma once

#include <string_view>

#include "engine/bits.h"

namespace semak {

// Optimal string alignment distance (insert, delete, substitute, swap neighbours; no substring edited twice), or
// `limit` + 1 if it is greater than `limit`. limit 0..2.
int edit_distance_within(std::string_view a, std::string_view b, int limit);

// Cost of the likeliest way from one spelling to the other, in bits; symmetric; 0 for equal texts. Meant for texts
// of a-z within a few edits of each other: cubic in nothing, but it fills the whole table.
Bits edit_cost(std::string_view a, std::string_view b);

}  // namespace semak
