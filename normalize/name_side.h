// One side of a name (between alias markers): titles off, particles turned into roles.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "normalize/name_lexicon.h"
#include "normalize/name_words.h"

namespace semak {

// A word of the text with what the tables say of it.
struct KnownWord {
  std::string_view text;
  const Lexeme* lexeme = nullptr;
  Script script = Script::latin;
  bool touches = false;  // see NameWord

  std::uint32_t flags() const { return lexeme == nullptr ? 0 : lexeme->flags; }
  bool is(std::uint32_t flag) const { return (flags() & flag) != 0; }
  bool is_letter() const { return script == Script::latin && text.size() == 1; }
};

struct SideToken {
  KnownWord word;
  TokenRole role = TokenRole::given;
  std::uint32_t family = 0;
};

// Letters of words that are not in the text as written (joined compounds).
class LetterArena {
 public:
  // `a` and `b` as one word; empty if there is no room.
  std::string_view join(std::string_view a, std::string_view b);

 private:
  std::array<char, 512> letters_;
  std::size_t used_ = 0;
};

struct NameSide {
  static constexpr std::size_t kTokensMax = NormalizedName::kTokensMax;

  std::array<SideToken, kTokensMax> tokens;
  std::size_t count = 0;
  std::size_t father_at = 0;  // first father token; `count` if there is none
  Sex particle_sex = Sex::unknown;
  Sex title_sex = Sex::unknown;
  bool cut_short = false;
  bool inside = false;  // a bracket in the middle of another side

  std::span<const SideToken> given() const { return {tokens.data(), father_at}; }
  std::span<const SideToken> father() const { return {tokens.data() + father_at, count - father_at}; }
  bool has_father() const { return father_at < count; }
};

// `keep_titles`: a side that is stripped to nothing keeps its words ("Datuk"); otherwise it stays empty.
void read_side(const Lexicon& lexicon, std::span<const KnownWord> words, bool keep_titles, LetterArena& arena,
               NameSide& side);

}  // namespace semak
