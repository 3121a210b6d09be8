// How names of each community of Malaysia are put together. No name here is a real person's: parts are drawn
// independently from lists of parts (tables/*.csv) and from composed syllables.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/person.h"
#include "tools/gen/random.h"

namespace semak {

enum class Community : std::uint8_t { malay, chinese, indian, native, foreign };
inline constexpr int kCommunities = 5;

enum class PartKind : std::uint8_t {
  title,   // Haji, Dato', Dr
  prefix,  // Mohd, Abdul, Nur, Wan
  given,
  particle,  // bin, binti, a/l, a/p, anak
  father,
  surname,
  english,
  alias_mark,  // @
  alias,
};

struct NamePart {
  PartKind kind;
  bool glued;             // written together with the part before
  std::string_view text;  // lives as long as the NameGrammar
};
using NameParts = std::vector<NamePart>;

std::string render(const NameParts& parts);
void render(const NameParts& parts, std::string& out);  // appends

class NameGrammar {
 public:
  NameGrammar();  // tens of milliseconds
  ~NameGrammar();

  struct Wish {
    Community community = Community::malay;
    Sex sex = Sex::male;
    int birth_year = 1980;
    bool sabah = false;   // of natives: Sabah rather than Sarawak
    int nationality = 0;  // of foreigners: index into kForeign
  };
  // `own` draws what is the person's own, `family` what siblings share. Clears `parts` and `alias` first; `alias`
  // is an additional name kept apart (the aliases column), mostly empty.
  void compose(const Wish& wish, Random& own, Random family, NameParts& parts, NameParts& alias) const;

  // Another spelling of the same name, or an empty view.
  std::string_view other_spelling(std::string_view part, Random& random) const;
  std::string_view draw_title(Sex sex, Random& random) const;

  struct Tables;

 private:
  std::unique_ptr<const Tables> tables_;
};

inline constexpr std::string_view kForeign[] = {"Indonesia", "Bangladesh", "Nepal", "Filipina", "Myanmar", "Vietnam"};

}  // namespace semak
