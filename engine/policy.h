// How strict one use is: which registers it asks, what it needs to know of a subject, when a hit must be looked at by
// a person, what each role may see, and how long an answer holds. Parsed from TOML by engine/policies.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "engine/bits.h"
#include "engine/record.h"

namespace semak {

// What of a subject can be asked for.
enum class SubjectField : std::uint8_t { name, id_number, birth_date, birth_year, sex, child };
const char* to_string(SubjectField field);  // "name", "id_number", ...

// What a role gets to see of an answer; each includes the ones before it.
enum class View : std::uint8_t {
  nothing,
  outcome,     // no record, under verification, record; standing
  comparison,  // hits with evidence
  record,      // and what the register says of them
};
const char* to_string(View view);  // "nothing", ...

struct Policy {
  std::string name = "default";  // also the purpose that asks for it
  // name + "@" + first 16 hex digits of BLAKE2b-256 of its content; empty only for a Policy that was never a file.
  std::string id;
  std::string title_ms, title_en;

  // Asked registers: those named here and all of the kinds named here. A name without its register, or a kind without
  // one, makes the answer incomplete (missing_register). Both empty: all but `reference` ones, unless only those exist.
  std::vector<std::string> registers;
  std::vector<RegisterKind> kinds;
  bool standing = false;  // answer what the OYLS registers say of the subject's standing

  // A subject must have all the fields of at least one line, else too_little_data. Empty: anything that can be
  // searched.
  std::vector<std::vector<SubjectField>> needs;
  bool consent = false;  // whether the subject must have consented

  int top = 5;  // hits returned for each register
  // Look-up floor. On a labelled corpus (bench/quality) recall@5 without a floor is less than .001 better, with a
  // floor of 0 it is .009 worse.
  Bits score_min = Bits::whole(-8);
  // The same for a subject with an identity number: below 0 the evidence, numbers included, is against a record. On a
  // million invented people this finds .002 fewer members among five, refers as many, and takes a fifth of the time.
  Bits score_min_with_number = Bits::whole(0);
  // A look-up that would examine more postings than this is answered `too_vague`; some 10 ms of one core.
  std::uint64_t work_max = 8'000'000;
  double refer_probability = 0.01;  // a hit at least this likely makes a referral
  double base_rate = 1.0 / 5000;    // share of subjects expected to be in a register

  // A register whose newest load is older than this makes the answer incomplete (stale_register). 0: any age.
  int register_days_max = 0;
  int valid_days = 30;    // how long an answer holds
  int retain_days = 365;  // how long the subject's data are kept after the check
  int case_days = 5;      // by when a referral should be decided; orders the queue
  std::array<View, 6> sees = {View::nothing, View::outcome, View::comparison,  // indexed by Role
                              View::record,  View::nothing, View::nothing};
};

}  // namespace semak
