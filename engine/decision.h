// What Semak answers, and all that it takes to answer again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bits.h"
#include "engine/ids.h"
#include "engine/record.h"

namespace semak {

// The aspect that a line of evidence compares.
enum class Aspect : std::uint8_t {
  name_part,     // one aligned pair of name tokens
  name_extra,    // a part of the subject's name that the record lacks
  name_missing,  // a part of the record's name that the subject lacks
  name_order,
  father,  // father's name contradicted or omitted
  alias,   // an alias reading was used on either side
  number,
  birth_date,
  sex,
  place,
};

// How the two sides relate.
enum class Agreement : std::uint8_t {
  equal,    // the same after normalisation
  variant,  // a known spelling family (Mohd / Muhammad)
  near,     // a likely typing or scanning error
  initial,
  other_script,  // same sound in another script
  partial,       // agrees as far as both are known
  missing,       // one side says nothing
  different,
};

// One compared aspect. The score of a pair is the sum of its lines.
struct Evidence {
  Aspect aspect;
  Agreement agreement;
  std::string subject_value;  // what the subject said; empty if nothing
  std::string record_value;   // what the record says; empty if nothing
  Bits weight;
};

struct Hit {
  RegisterId register_id;
  std::string register_name;
  RevisionId revision;
  std::string record_id;
  Bits score;
  double probability = 0;  // calibrated posterior for the policy's base rate
  std::vector<Evidence> evidence;
};

enum class Outcome : std::uint8_t {
  no_record,   // every asked register was searched whole at a current generation; nothing reached the floor
  refer,       // a person must look
  record,      // only a caseworker's recorded decision makes one
  incomplete,  // not screened; never to be read as clear
};

enum class IncompleteReason : std::uint8_t {
  none,
  too_little_data,
  too_vague,
  cut_short,
  stale_index,
  missing_register
};

const char* to_string(Aspect aspect);
const char* to_string(Agreement agreement);
const char* to_string(Outcome outcome);          // "no_record", "refer", "record", "incomplete"
const char* to_string(IncompleteReason reason);  // "too_little_data", ...; "" for none

struct Answer {
  Outcome outcome = Outcome::incomplete;
  IncompleteReason reason = IncompleteReason::none;
  std::vector<Hit> hits;  // best first
  Generation generation;
};

}  // namespace semak
