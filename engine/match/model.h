// The weights of the evidence model, in bits. Fitted by tools/fit from labelled pairs, kept with provenance in
// engine/match/model.toml, compiled in. Signs are part of the contract: they make the score boundable.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/bits.h"
#include "engine/match/token_relation.h"
#include "engine/result.h"
#include "normalize/normalized_name.h"

namespace semak {

// Score of a subject against a record =
//     best over (reading of subject, reading of record) of the name score (name_alignment.h)
//   + person bits (person_evidence.h): number, birth date, sex, place, judged jointly
struct Model {
  // Gain of an aligned pair of tokens: exact_rarity * rarity + exact_offset for equal tokens; for the other
  // kinds their own share and offset, less relation_cost_share * Relation::cost. Never more than equality gains.
  struct PairGain {
    double rarity_share = 0;
    double offset = 0;
  };
  std::array<PairGain, kRelationKinds> pair_gain;  // by RelationKind
  double relation_cost_share = 1;
  // Further gain of any pair by the role of the record's part, of either sign: who is a Wan says so, initials differ
  // from form to form.
  std::array<Bits, kTokenRoles> role_gain;
  Bits initial_of_father;  // further gain of an initial for the record's father: Indian names write him so
  Bits rarity_max;
  // The national table counts as so many people beside the register's own (rarity.h). > 0
  double national_people = 1;

  // Penalties: all >= 0 and subtracted.
  struct Leftover {
    double per_rarity_bit = 0;
    double each = 0;
  };
  std::array<Leftover, kTokenRoles> record_leftover;  // an unmatched record token, by role
  Bits query_leftover_first;                          // charged once if an identifying query token is unmatched
  std::array<Bits, kTokenRoles> query_leftover;       // for each unmatched query token, by role
  Bits father_contradicted;                           // both sides name a father and no part of them agrees
  Bits father_omitted;                                // only the record names one
  Bits no_given_matched;
  Bits record_left;   // some identifying part of the record's name is unmatched
  Bits lone_part;     // a single identifying part agrees: names are shared one by one, not in pairs
  Bits first_left;    // the first given name is unmatched though another agrees: people keep the first
  Bits initial_pair;  // for each pair of equal initials: many share them
  Bits inversion;     // for each pair of aligned tokens in opposite order
  Bits crossed;       // a father aligned with another part, where both sides name a father
  std::array<Bits, kFormKinds> query_form;  // by FormKind
  std::array<Bits, kFormKinds> record_form;

  // From score to posterior log-odds (calibration.h): slope * score - saturation_share * log2(1 + 2^(saturation_at -
  // score)) + shift + log2 of the prior odds of one record. Slope and share >= 0, so that it is monotone.
  struct Calibration {
    double slope = 1;
    double shift = 0;
    double saturation_share = 0;
    double saturation_at = 0;
  };
  Calibration calibration;

  std::uint64_t version = 0;  // hash of model.toml and name_frequencies.csv: part of an index segment's identity
};

const Model& default_model();  // the compiled-in one

// Reads a model file; used by the fit and the quality bench. Missing or wrongly signed values: invalid_input.
Result<Model> parse_model(std::string_view toml);

}  // namespace semak
