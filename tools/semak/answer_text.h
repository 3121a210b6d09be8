// Answers and their evidence for people, for result files, and as JSON.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "engine/decision.h"

namespace semak {

std::string outcome_in_words(const Answer& answer);
std::string reason_in_words(IncompleteReason reason);
std::string agreement_in_words(Agreement agreement);
std::string aspect_in_words(Aspect aspect);

// "name_part variant +8.41 [mohd~muhammad]; number equal +25.00 [..]": one cell, English, for programs and people.
std::string evidence_cell(const std::vector<Evidence>& evidence);
// The same lines as a JSON array; weights in bits.
std::string evidence_json(const std::vector<Evidence>& evidence);
// A table of the lines with their bits, and the sum.
std::string evidence_table(const Hit& hit, int indent, bool bold);

std::string spell_score(Bits score);          // "23.41"
std::string spell_probability(double value);  // six significant digits, never exponent: "0.999871"
std::string spell_percent(double value);      // for people: "99.99 %", "0.3 %", "< 0.01 %"

boost::json::object hit_json(const Hit& hit, int rank);

}  // namespace semak
