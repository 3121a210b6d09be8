// How much agreement on a value says: -log2 of its share of the people. From the register and a national table,
// smoothed so that small registers give stable figures.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bits.h"
#include "engine/match/model.h"
#include "normalize/normalized_name.h"

namespace semak {

// Prior frequency of a name token in the population, as people per million; a small floor for unseen tokens.
// Source: engine/match/name_frequencies.csv, compiled in.
double national_per_million(std::string_view text, Script script);

// `count`: people in the register with the token, of `people`. 0 .. model.rarity_max.
Bits rarity(const Model& model, std::uint64_t count, std::uint64_t people, double national_per_million);

}  // namespace semak
