// Scores one reading of the subject's name against one reading of a record's: the pure heart of name matching.
//
// score = sum of gains of aligned pairs
//       - leftovers of unmatched record tokens
//       - leftovers of unmatched query tokens                    <- additive so far: what an index can bound
//       - corrections >= 0 (first leftover, father, given names, order, form penalties)
// The alignment is one-to-one and maximises the additive part. An edge that saves nothing is left unused; equal
// optima are told apart by the greatest sum of (24 - query) * (24 - record): early tokens, in the same order.
// Corrections only subtract, so the additive part is an upper bound of the score.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/bits.h"
#include "engine/match/model.h"
#include "engine/match/token_relation.h"
#include "normalize/normalized_name.h"

namespace semak {

// Whether a record's part of this role says that the person's own name agrees.
constexpr bool is_given(TokenRole role) {
  return role == TokenRole::given || role == TokenRole::surname || role == TokenRole::english_given ||
         role == TokenRole::nickname;
}

// A token of one side, as far as alignment needs it.
struct AlignToken {
  TokenRole role = TokenRole::given;
  Bits leftover;  // what it costs unmatched, >= 0: query_leftover() or record_leftover()
};

struct AlignSide {
  FormKind kind = FormKind::whole;
  std::span<const AlignToken> tokens;  // at most NormalizedName::kTokensMax
};

// A possible pair. At most one edge for each (query, record).
struct AlignEdge {
  std::uint8_t query = 0;
  std::uint8_t record = 0;
  RelationKind relation = RelationKind::none;
  Bits gain;  // pair gain, without the leftovers it saves
};

// Whether a name part of this role tells people apart; Mohd, Wan and initials hardly do.
constexpr bool identifies(TokenRole role) {
  return role != TokenRole::prefix && role != TokenRole::hereditary && role != TokenRole::initial;
}

// What the corrections of an alignment count. Initials and English given names move about freely, so they count as
// no inversion.
struct AlignmentCounts {
  bool query_left = false;           // some query token that identifies (no Mohd, Wan or initial) is unmatched
  bool father_contradicted = false;  // both sides name a father and no part of the record's agrees
  bool father_omitted = false;       // only the record names one
  bool no_given = false;             // no given name or surname of the record agrees
  bool record_left = false;          // some record token that identifies is unmatched
  bool lone_part = false;            // at most one pair of tokens that identify agrees
  bool first_left = false;           // the record's first given name is unmatched, another agrees
  int initial_pairs = 0;             // pairs of equal initials
  int inversions = 0;                // pairs of aligned tokens in opposite order
  int crossed = 0;                   // a father's name aligned with another part, both sides naming a father
};

struct Alignment {
  Bits score;
  Bits additive;  // upper bound that index look-up works with; score <= additive
  // Index of the edge used by each query token, -1: unmatched.
  std::array<std::int16_t, NormalizedName::kTokensMax> edge_of_query;
  // Corrections, as subtracted (all >= 0), for the explanation.
  Bits leftover_first, father, no_given, completeness, initials, order, form;
};

AlignmentCounts count_alignment(const AlignSide& query, const AlignSide& record, std::span<const AlignEdge> edges,
                                std::span<const std::int16_t> edge_of_query);

Alignment align(const Model& model, const AlignSide& query, const AlignSide& record, std::span<const AlignEdge> edges);

// What an unmatched query token of this role costs, >= 0.
Bits query_leftover(const Model& model, TokenRole role);
// What an unmatched record token of this role and rarity costs, >= 0.
Bits record_leftover(const Model& model, TokenRole role, Bits rarity);
// Gain of an aligned pair. `role`: of the record's token. `rarity_record`: of the record's token; `rarity_query`: of
// the query token's whole neighbourhood (all tokens at least as close to it as this one), so that a mistype is never a
// rare name.
Bits pair_gain(const Model& model, const Relation& relation, TokenRole role, Bits rarity_record, Bits rarity_query);
// The most it can be in any role.
Bits pair_gain_max(const Model& model, const Relation& relation, Bits rarity_record, Bits rarity_query);

}  // namespace semak
