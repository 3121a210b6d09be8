// What Semak answers, and all that it takes to answer again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bits.h"
#include "engine/ids.h"
#include "engine/record.h"
#include "engine/standing.h"

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
  // Blind fingerprint of what the record says of the person (names, numbers, birth date, sex; not its id, not its
  // register): equal content, equal fingerprint, over re-loads and changed record ids. Filled where there is evidence.
  std::string content;
  bool under_appeal = false;  // the record may be answered to nobody as a record yet
  bool refers = false;        // enough for a referral by itself: a candidate of the case
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
  missing_register,
  stale_register,  // a register's newest load is older than the policy allows
  no_consent,      // the policy asks for the subject's consent
};

const char* to_string(Aspect aspect);
const char* to_string(Agreement agreement);
const char* to_string(Outcome outcome);          // "no_record", "refer", "record", "incomplete"
const char* to_string(IncompleteReason reason);  // "too_little_data", ...; "" for none

struct Answer {
  Outcome outcome = Outcome::incomplete;
  // Of incomplete. Of a referral: what would have made the search incomplete without it, so that rejecting its hits
  // does not make it "no record".
  IncompleteReason reason = IncompleteReason::none;
  std::vector<Hit> hits;  // best first
  Generation generation;
  std::optional<Standing> standing;  // where the policy asks for it
};

}  // namespace semak
