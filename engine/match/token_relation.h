// How two name tokens relate, whatever the register: the unit of name evidence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/bits.h"
#include "normalize/normalized_name.h"

namespace semak {

struct TokenView {
  std::string_view text;
  std::string_view skeleton;
  std::uint32_t family = 0;
  Script script = Script::latin;
};

enum class RelationKind : std::uint8_t { none, equal, family, edit, initial, prefix, suffix, script };
inline constexpr std::size_t kRelationKinds = 8;
inline constexpr std::size_t kPrefixMin = 3;  // letters
inline constexpr std::size_t kSuffixMin = 3;

struct Relation {
  RelationKind kind = RelationKind::none;
  Bits cost;  // >= 0: how unlikely this difference is between two spellings of one name part; 0 for equal
  bool operator==(const Relation&) const = default;
};

// Edits (insert, delete, substitute, adjacent transposition; optimal string alignment) up to which two Latin
// tokens can be related. Depends on the shorter length only.
constexpr int edits_max(std::size_t length_a, std::size_t length_b) {
  const std::size_t shorter = length_a < length_b ? length_a : length_b;
  return shorter >= 5 ? 2 : shorter >= 2 ? 1 : 0;
}

// Total. Symmetric, but for the cost where one is a part of the other: a subject that has more of a name than the
// record is the less likely. Any kind but `none` implies at least one of (this is what makes index look-up exact):
//   equal   same text and script
//   family  same non-zero family
//   edit    both Latin, edit distance within edits_max
//   initial both Latin, one is a single letter and the first letter of the other
//   prefix  both Latin, the shorter (>= kPrefixMin letters) starts the longer: a name cut by a form's field length
//   suffix  both Latin, the shorter (>= kSuffixMin letters) ends the longer: what somebody is called by (Hakim for
//           Noralhakim, Gopal for Jayagopal), or a compound written as one word
//   script  different scripts, non-empty skeletons within skeleton_edits_max, or a single Han character and a
//           Latin token among its spellings (normalize/scripts.h); two Han tokens of one simplified form
// When several hold, the one of least cost.
Relation relate(const TokenView& subject, const TokenView& record);

}  // namespace semak
