// A name as the engine compares it: forms (readings) of tokens with roles. Only a Normalizer can make one,
// so the index and the query cannot drift apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/person.h"

namespace semak {

enum class Script : std::uint8_t { latin = 0, jawi = 1, han = 2, tamil = 3, other = 4 };

// What a token is within its form.
enum class TokenRole : std::uint8_t {
  given = 0,
  father = 1,      // after bin, binti, a/l, a/p, anak ...
  surname = 2,     // Chinese surname
  prefix = 3,      // a name that hardly identifies: Mohd, Abdul, Nur, Siti
  hereditary = 4,  // Wan, Nik, Syed, Tengku, Raja ...
  initial = 5,     // a single letter
  nickname = 6,    // part of a known-as phrase ("Kak Taz")
  english_given = 7,
};
inline constexpr int kTokenRoles = 8;

struct NameToken {
  // Folded: lower-case a-z for Latin; the character itself for Han; folded letters for Jawi and Tamil. Never empty.
  std::string text;
  // Consonant skeleton for comparing across scripts and for nothing else; may be empty.
  std::string skeleton;
  std::uint32_t family = 0;  // spelling family (Mohd/Muhammad ...), 0: none; stable for one Normalizer::version()
  Script script = Script::latin;
  TokenRole role = TokenRole::given;
  bool operator==(const NameToken&) const = default;
};

enum class FormKind : std::uint8_t {
  whole = 0,     // the name as written (without aliases)
  alias = 1,     // one side of an alias marker, or an alias of the record
  combined = 2,  // put together from parts of an alias ("Samat @ Ab Samad bin X" -> "Ab Samad bin X")
  variant = 3,   // tokens joined or split, or another reading of the same text
  sound = 4,     // another script read by sound
  partial = 5,   // the name as written without the aliases beside it
};
inline constexpr std::size_t kFormKinds = 6;

struct NameForm {
  FormKind kind = FormKind::whole;
  Script script = Script::latin;
  std::vector<NameToken> tokens;  // in the order written; 1..kTokensMax
  std::uint16_t source = 0;       // index of the TypedName it came from
  bool operator==(const NameForm&) const = default;
};

class NormalizedName {
 public:
  static constexpr int kTokensMax = 24;  // further tokens are dropped and cut_short() is true
  static constexpr int kFormsMax = 12;

  const std::vector<NameForm>& forms() const { return forms_; }  // may be empty: nothing in the text was a name
  Sex sex_hint() const { return sex_hint_; }                     // from particle (bin/binti) or title (Puan, Encik)
  bool cut_short() const { return cut_short_; }
  bool operator==(const NormalizedName&) const = default;

 private:
  friend class Normalizer;
  friend struct NormalizedNameParts;  // the Normalizer's own construction, normalize/*.cc only
  std::vector<NameForm> forms_;
  Sex sex_hint_ = Sex::unknown;
  bool cut_short_ = false;
};

}  // namespace semak
