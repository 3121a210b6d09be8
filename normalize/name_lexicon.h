// All that the tables say about one word of a name, behind one look-up.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/person.h"

namespace semak {

// What a word can be; a word may be several ("tan" starts a title and is a surname). Bits of Lexeme::flags.
namespace word {
constexpr std::uint32_t kConferred = 1u << 0;   // title, stripped anywhere; licenses a suffix (Dato' Seri)
constexpr std::uint32_t kAnywhere = 1u << 1;    // title, stripped anywhere (Haji, Dr)
constexpr std::uint32_t kFront = 1u << 2;       // title only where a part of the name starts (Ustaz, Kapten)
constexpr std::uint32_t kSuffix = 1u << 3;      // title only right after a conferred one (Seri, Amar, Wira)
constexpr std::uint32_t kNear = 1u << 4;        // title only beside another title (Jen, Kol)
constexpr std::uint32_t kEnd = 1u << 5;         // post-nominal, only at the end (JP, PhD)
constexpr std::uint32_t kAlsoName = 1u << 6;    // of titles: also a given name, kept if nothing else is left
constexpr std::uint32_t kKin = 1u << 7;         // Pak, Kak: makes a nickname of what follows
constexpr std::uint32_t kHereditary = 1u << 8;  // Wan, Nik, Syed
constexpr std::uint32_t kPrefix = 1u << 9;      // Mohd, Nur, Siti, Abdul
constexpr std::uint32_t kAbdul = 1u << 10;      // a spelling of Abdul
constexpr std::uint32_t kAbdulRest = 1u << 11;  // a name that Abdul takes: Rahman, Aziz
constexpr std::uint32_t kSurname = 1u << 12;    // Chinese surname
constexpr std::uint32_t kEnglish = 1u << 13;    // English given name
constexpr std::uint32_t kMuslim = 1u << 14;     // known Malay or Muslim name
constexpr std::uint32_t kIndian = 1u << 15;     // known Indian name
constexpr std::uint32_t kParticle = 1u << 16;   // see Lexeme::particle
constexpr std::uint32_t kAliasMark = 1u << 17;  // "alias", "aka"
constexpr std::uint32_t kPhrase = 1u << 18;     // first word of a phrase
constexpr std::uint32_t kJoin = 1u << 19;       // first half of a compound that is written as one word
constexpr std::uint32_t kUnmarked = 1u << 20;   // no identity: Singh, Kaur
constexpr std::uint32_t kArticle = 1u << 21;    // al-, el-
constexpr std::uint32_t kWhole = 1u << 22;      // never split, though it starts like a glued prefix
constexpr std::uint32_t kTitle = kConferred | kAnywhere | kFront | kSuffix | kNear | kEnd;
}  // namespace word

// Where a particle counts as one.
enum class ParticlePlace : std::uint8_t {
  none,
  anywhere,       // a/l, s/o: cannot be a name
  between,        // bin: a name comes before and after
  between_words,  // b: as between, and both neighbours have two letters or more
  muslim,         // ben: both neighbours are known Malay or Muslim names
  not_muslim,     // al: neither neighbour is one (else it is the Arabic article)
};

struct Lexeme {
  std::string text;
  std::uint32_t flags = 0;
  std::uint32_t family = 0;
  Sex sex = Sex::unknown;  // of a title or particle
  ParticlePlace particle = ParticlePlace::none;
  std::uint16_t phrases_begin = 0;  // phrases that start with it, see Lexicon::phrase
  std::uint16_t phrases_count = 0;
};

// Several words that act as one: "tan sri", "anak lelaki", "dikenali sebagai".
struct Phrase {
  std::array<const Lexeme*, 4> words{};  // of which `length` are set
  std::uint8_t length = 0;
  std::uint32_t flags = 0;  // title, particle or alias mark, as for a word
  Sex sex = Sex::unknown;
};

// Two words that are one: "nor din" is "nordin".
struct Compound {
  const Lexeme* first = nullptr;
  const Lexeme* second = nullptr;
};

class Lexicon {
 public:
  Lexicon();  // from the compiled-in tables
  Lexicon(const Lexicon&) = delete;
  Lexicon& operator=(const Lexicon&) = delete;

  // nullptr: no table has the word. `folded` as name_words.h makes words.
  const Lexeme* find(std::string_view folded) const;
  // Longest phrase that starts with `first` and that `next(k)` continues (the Lexeme of the k-th further word,
  // nullptr at the end); nullptr if none.
  template <class Next>
  const Phrase* phrase(const Lexeme* first, Next next) const;
  bool joins(const Lexeme* first, const Lexeme* second) const;

  // Spelling family of a word: by table, by a table word of the same key, or by rule (name_family.h).
  std::uint32_t family(std::string_view folded, const Lexeme* lexeme) const;
  const std::deque<Lexeme>& lexemes() const { return lexemes_; }
  std::uint32_t abdul_family() const { return abdul_family_; }
  std::uint32_t muhammad_family() const { return muhammad_family_; }

 private:
  friend struct LexiconBuilder;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t index = 0;  // 1-based into lexemes_, 0: empty
  };
  struct KeySlot {
    std::uint32_t key_hash = 0;
    std::uint32_t family = 0;
  };
  std::deque<Lexeme> lexemes_;   // addresses are stable
  std::vector<Slot> slots_;      // open addressing, power of two, at most half full
  std::vector<KeySlot> keys_;    // sorted by key_hash
  std::vector<Phrase> phrases_;  // by first word, longest first
  std::vector<Compound> compounds_;
  std::uint32_t abdul_family_ = 0;
  std::uint32_t muhammad_family_ = 0;
};

template <class Next>
const Phrase* Lexicon::phrase(const Lexeme* first, Next next) const {
  for (std::size_t i = 0; i < first->phrases_count; ++i) {
    const Phrase& phrase = phrases_[first->phrases_begin + i];
    std::uint8_t matched = 1;
    while (matched < phrase.length && next(matched) == phrase.words[matched]) ++matched;
    if (matched == phrase.length) return &phrase;
  }
  return nullptr;
}

}  // namespace semak
