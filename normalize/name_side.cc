#include "normalize/name_side.h"

#include <algorithm>
#include <string>

#include "normalize/script_words.h"
#include "normalize/scripts.h"

namespace semak {
namespace {

// Prefixes that are written together with the name after them. Longest first within a letter.
struct GluedPrefix {
  std::string_view text;
  std::uint32_t rest;  // flag that the remainder must have
  std::size_t rest_bytes_min;
};
constexpr GluedPrefix kGlued[] = {
    {"abdul", word::kAbdulRest, 3}, {"abdur", word::kAbdulRest, 4}, {"abdus", word::kAbdulRest, 4},
    {"abd", word::kAbdulRest, 4},   {"ab", word::kAbdulRest, 5},    {"mohammad", word::kMuslim, 3},
    {"mohammed", word::kMuslim, 3}, {"muhammad", word::kMuslim, 3}, {"mohamad", word::kMuslim, 3},
    {"mohamed", word::kMuslim, 3},  {"muhamad", word::kMuslim, 3},  {"mohd", word::kMuslim, 3},
    {"muhd", word::kMuslim, 3},     {"md", word::kMuslim, 4},       {"nurul", word::kMuslim, 3},
    {"noorul", word::kMuslim, 3},   {"norul", word::kMuslim, 3},    {"norol", word::kMuslim, 3},
    {"nurol", word::kMuslim, 3},    {"noor", word::kMuslim, 3},     {"nur", word::kMuslim, 3},
    {"nor", word::kMuslim, 3},      {"sharifah", word::kMuslim, 4}, {"syarifah", word::kMuslim, 4},
    {"siti", word::kMuslim, 3},     {"syed", word::kMuslim, 3},     {"abu", word::kMuslim, 5},
    {"tengku", word::kMuslim, 4},   {"wan", word::kMuslim, 5},      {"nik", word::kMuslim, 5},
    {"zainal", word::kMuslim, 4},
};

class SideReader {
 public:
  SideReader(const Lexicon& lexicon, std::span<const KnownWord> words, bool keep_titles, LetterArena& arena,
             NameSide& side)
      : lexicon_(lexicon), words_(words), keep_titles_(keep_titles), arena_(arena), side_(side) {}

  void read() {
    for (at_ = 0; at_ < words_.size();) at_ += take();
    close_part();
    if (side_.count == 0) {
      if (keep_titles_) keep_all();
    } else if (!keep_titles_ && is_title_alone()) {
      side_.count = side_.father_at = 0;
    }
    if (!in_father_) side_.father_at = side_.count;
    give_roles();
  }

 private:
  // Reads at `at_`; how many words were consumed.
  std::size_t take() {
    const KnownWord& here = words_[at_];
    if (here.is(word::kPhrase)) {
      const Phrase* phrase = lexicon_.phrase(
          here.lexeme, [this](std::size_t k) { return at_ + k < words_.size() ? words_[at_ + k].lexeme : nullptr; });
      if (phrase != nullptr && consume(phrase->flags, phrase->sex, ParticlePlace::between_words, phrase->length)) {
        return phrase->length;
      }
    }
    if (here.lexeme != nullptr && consume(here.flags(), here.lexeme->sex, here.lexeme->particle, 1)) return 1;
    if (take_glued_particle(here)) return 1;
    push(here, kin_here(here.flags(), 1));
    return 1;
  }

  bool consume(std::uint32_t flags, Sex sex, ParticlePlace place, std::size_t length) {
    if ((flags & word::kParticle) != 0 && take_particle(place, sex, length)) return true;
    if ((flags & word::kTitle) != 0 && is_title(flags, length)) {
      strip(flags, sex, length);
      return true;
    }
    if ((flags & word::kArticle) != 0 && at_ + length < words_.size()) return true;
    if (length > 1 && kin_here(flags, length)) {
      for (std::size_t i = 0; i < length; ++i) push(words_[at_ + i], true);
      return true;
    }
    return false;
  }

  bool part_is_empty() const { return side_.count == part_begin_; }
  std::size_t words_after(std::size_t length) const { return words_.size() - at_ - length; }
  std::uint32_t flags_after(std::size_t length) const {
    return at_ + length < words_.size() ? words_[at_ + length].flags() : 0;
  }

  bool is_title(std::uint32_t flags, std::size_t length) const {
    const bool also_name = (flags & word::kAlsoName) != 0;
    const bool before_title = (flags_after(length) & (word::kConferred | word::kAnywhere)) != 0;
    if ((flags & word::kConferred) != 0)
      return !also_name || part_is_empty() || (last_is_muslim() && words_after(length) > 0);
    if ((flags & word::kAnywhere) != 0) return true;
    if ((flags & word::kSuffix) != 0 && after_conferred_) return (flags_after(length) & word::kUnmarked) == 0;
    if ((flags & word::kFront) != 0 && words_after(length) > 0 && (part_is_empty() || before_title)) return true;
    if ((flags & word::kNear) != 0 && (after_title_ || before_title)) return true;
    if (words_[at_].text == "h") return is_haji();
    if ((flags & word::kEnd) != 0 && side_.count >= 2) {
      return words_after(length) == 0 || (flags_after(length) & word::kEnd) != 0;
    }
    return false;
  }

  bool last_is_muslim() const { return side_.count > 0 && side_.tokens[side_.count - 1].word.is(word::kMuslim); }

  // "bin H. Kassim", "Dato' H. Kassim": H. is Haji before a Muslim name, unless it can be an initial of the name's own.
  bool is_haji() const {
    if (!part_is_empty() || words_after(1) == 0) return false;
    const auto is_bin = [](const KnownWord& later) { return later.text == "bin" || later.text == "b"; };
    if (!in_father_ && !after_title_ && std::none_of(words_.begin(), words_.end(), is_bin)) return false;
    const KnownWord& next = words_[at_ + 1];
    return next.is(word::kMuslim) || (next.text == "a" && words_after(1) > 1);
  }

  void strip(std::uint32_t flags, Sex sex, std::size_t length) {
    after_conferred_ = (flags & word::kConferred) != 0 || ((flags & word::kSuffix) != 0 && after_conferred_);
    after_title_ = true;
    if (side_.title_sex == Sex::unknown && !in_father_) side_.title_sex = sex;
    if (length == 1) {
      const bool name_like = (flags & word::kAlsoName) != 0;
      if (name_like || !in_father_) restorable_ = static_cast<int>(at_);
    }
  }

  bool kin_here(std::uint32_t flags, std::size_t length) const {
    if ((flags & word::kKin) == 0 || !part_is_empty() || in_father_ || words_after(length) == 0) return false;
    return (flags & word::kSurname) == 0 || words_after(length) == 1;
  }

  bool take_particle(ParticlePlace place, Sex sex, std::size_t length) {
    if (!particle_here(place, length)) return false;
    begin_father(sex);
    return true;
  }

  void begin_father(Sex sex) {
    close_part();
    if (side_.particle_sex == Sex::unknown) side_.particle_sex = sex;
    if (side_.count > 0 && !in_father_) {
      in_father_ = true;
      side_.father_at = side_.count;
    }
    part_begin_ = side_.count;
    after_particle_ = true;
    after_title_ = after_conferred_ = false;
  }

  // "Ahmad binAli": the space after the particle was lost.
  bool take_glued_particle(const KnownWord& here) {
    if (here.lexeme != nullptr || side_.count == 0 || !here.text.starts_with("bin")) return false;
    const std::size_t particle = here.text.starts_with("binti") ? 5 : 3;
    const std::string_view rest = here.text.substr(particle);
    if (rest.size() < 3 || !is_name(rest, word::kMuslim)) return false;
    begin_father(particle == 5 ? Sex::female : Sex::male);
    push(KnownWord{rest, lexicon_.find(rest), Script::latin, false}, false);
    return true;
  }

  bool particle_here(ParticlePlace place, std::size_t length) const {
    if (place == ParticlePlace::anywhere) return true;
    const bool before = side_.count > 0 || restorable_ >= 0;
    if (!before) return false;
    if (words_after(length) == 0) return place == ParticlePlace::between && is_cut_off(length);
    const KnownWord& next = words_[at_ + length];
    const KnownWord* last = side_.count > 0 ? &side_.tokens[side_.count - 1].word : nullptr;
    const bool last_muslim = last_is_muslim();
    switch (place) {
      case ParticlePlace::between: return !is_name_bin(next);
      case ParticlePlace::between_words:
        // "Ahmad B. A. Rahman" against "Tan B. H.".
        return (last == nullptr || !last->is_letter()) &&
               (!next.is_letter() || (last_muslim && words_after(length) > 1));
      case ParticlePlace::muslim: return last_muslim && next.is(word::kMuslim);
      case ParticlePlace::not_muslim:
        return last != nullptr && !last->is_letter() && !next.is_letter() && !last_muslim && !next.is(word::kMuslim);
      default: return false;
    }
  }

  // A particle at the very end: the father's name was cut off by a field's length. "Bin" is a Chinese and a native
  // given name as well, so only after a Muslim one.
  bool is_cut_off(std::size_t length) const {
    if (length > 1 || words_[at_].text != "bin") return true;
    return last_is_muslim();
  }

  // "Ali Bin anak Jau", "Tan Bin Hock".
  bool is_name_bin(const KnownWord& next) const {
    const KnownWord& here = words_[at_];
    if (here.text != "bin" || in_father_) return false;
    if (next.is(word::kParticle) && next.text != here.text && next.lexeme->particle != ParticlePlace::between_words &&
        words_after(2) > 0) {
      return true;
    }
    const bool chinese = side_.count > 0 && side_.tokens[0].word.is(word::kSurname) &&
                         !side_.tokens[0].word.is(word::kMuslim | word::kHereditary);
    return chinese && !next.is(word::kMuslim | word::kTitle | word::kHereditary) && next.text.size() <= 5 &&
           words_after(1) <= 2;
  }

  // A part that titles have eaten whole keeps the last of them that can be a name ("Haji bin Ahmad").
  void close_part() {
    const bool all_eaten = at_ == words_.size() && side_.count == 0;
    if (part_is_empty() && restorable_ >= 0 && !all_eaten) push(words_[static_cast<std::size_t>(restorable_)], false);
    restorable_ = -1;
    kin_ = false;
  }

  // "(Ustaz)", "(Panglima)".
  bool is_title_alone() const {
    return words_.size() == 1 && words_[0].is(word::kConferred | word::kAnywhere | word::kFront);
  }

  void keep_all() {
    for (const KnownWord& kept : words_) {
      const bool marker = kept.lexeme != nullptr && kept.lexeme->particle == ParticlePlace::anywhere;
      if (!marker) add(SideToken{kept, TokenRole::given, 0});
    }
  }

  void add(const SideToken& token) {
    if (side_.count == NameSide::kTokensMax) {
      side_.cut_short = true;
      return;
    }
    side_.tokens[side_.count++] = token;
  }

  void push(const KnownWord& pushed, bool kin) {
    after_title_ = after_conferred_ = after_particle_ = false;
    if (join_with_last(pushed)) return;
    const std::size_t cut = kin ? 0 : glued_prefix(pushed);
    if (cut != 0) {
      const std::string_view head = pushed.text.substr(0, cut);
      const std::string_view rest = pushed.text.substr(cut);
      add(SideToken{KnownWord{head, lexicon_.find(head), Script::latin, false}, TokenRole::given, 0});
      push(KnownWord{rest, lexicon_.find(rest), Script::latin, false}, false);
      return;
    }
    const bool nickname = kin || kin_;
    if (kin) kin_ = words_after(1) <= 2;
    add(SideToken{pushed, nickname ? TokenRole::nickname : TokenRole::given, 0});
  }

  bool join_with_last(const KnownWord& second) {
    if (part_is_empty() || second.script != Script::latin) return false;
    SideToken& last = side_.tokens[side_.count - 1];
    if (last.word.script != Script::latin) return false;
    const bool compound =
        second.lexeme != nullptr && last.word.is(word::kJoin) && lexicon_.joins(last.word.lexeme, second.lexeme);
    if (!compound && !is_din_ending(last.word, second)) return false;
    const std::string_view joined = arena_.join(last.word.text, second.text);
    if (joined.empty() || glued_prefix({joined, lexicon_.find(joined)}) != 0) return false;
    last.word = KnownWord{joined, lexicon_.find(joined), Script::latin, false};
    return true;
  }

  // "Nasir Uddin", "Nasirud-din": the ending -uddin of one name.
  static bool is_din_ending(const KnownWord& first, const KnownWord& second) {
    if (first.script != Script::latin || first.text.size() < 3 || first.is(word::kPrefix)) return false;
    if (second.text == "din" || second.text == "deen") return first.text.size() >= 5 && first.text.ends_with("ud");
    return second.text == "uddin" || second.text == "uddeen";  // Udin is a name of its own
  }

  // Length of the prefix that `glued` is written together with; 0 if it is one name.
  std::size_t glued_prefix(const KnownWord& glued) const {
    if (glued.script != Script::latin || glued.text.size() < 5 || glued.lexeme != nullptr) return 0;
    const std::string_view text = glued.text;
    if (const char first = text[0];
        first == 'a' || first == 'm' || first == 'n' || first == 's' || first == 't' || first == 'w' || first == 'z') {
      for (const GluedPrefix& prefix : kGlued) {
        if (!text.starts_with(prefix.text) || text.size() < prefix.text.size() + prefix.rest_bytes_min) continue;
        const std::string_view rest = text.substr(prefix.text.size());
        if (is_name(rest, prefix.rest)) return prefix.text.size();
        // Siti Nor Aini, all in one word.
        if (prefix.rest == word::kMuslim && lexicon_.find(rest) == nullptr && glued_prefix({rest}) != 0) {
          return prefix.text.size();
        }
      }
    }
    return article_end(text);
  }

  // Khairulanuar, Aminolhuda: a known name after an article (-ul, -ol, -al) that ends a first name. Length of the first
  // name; 0 if there is none. Where no table knows the first name, only -rul is sure to end one.
  std::size_t article_end(std::string_view text) const {
    for (std::size_t l = 4; l + 4 < text.size(); ++l) {
      const char vowel = text[l - 1];
      if (text[l] != 'l' || (vowel != 'u' && vowel != 'o' && vowel != 'a')) continue;
      const std::string_view first = text.substr(0, l + 1);
      if (!is_name(text.substr(l + 1), word::kMuslim)) continue;
      if (is_name(first, word::kMuslim) || (vowel != 'a' && (l >= 5 || text[l - 2] == 'r'))) return l + 1;
    }
    return 0;
  }

  bool is_name(std::string_view text, std::uint32_t flag) const {
    const Lexeme* lexeme = lexicon_.find(text);
    return lexeme != nullptr && (lexeme->flags & flag) != 0;
  }

  void give_roles() {
    give_part_roles(0, side_.father_at, TokenRole::given);
    give_part_roles(side_.father_at, side_.count, TokenRole::father);
    drop_inherited();
    if (side_.father_at == side_.count) give_chinese_roles();
    for (std::size_t i = 0; i < side_.count; ++i) give_family(i);
  }

  void give_part_roles(std::size_t begin, std::size_t end, TokenRole role) {
    bool leading = true;  // nothing but hereditary parts and prefixes so far
    for (std::size_t i = begin; i < end; ++i) {
      SideToken& token = side_.tokens[i];
      if (token.role == TokenRole::nickname) continue;
      const bool last = i + 1 == end;
      const KnownWord& here = token.word;
      if (here.is_letter() || (here.script == Script::tamil && end - begin > 1 && is_tamil_initial(here.text))) {
        token.role = TokenRole::initial;
        leading = false;
      } else if (here.is(word::kHereditary) && !last &&
                 (leading || side_.tokens[i + 1].word.is(word::kMuslim) || is_inherited(i))) {
        token.role = TokenRole::hereditary;
      } else if (here.is(word::kPrefix) && !last) {
        token.role = TokenRole::prefix;
      } else if (here.is(word::kUnmarked) && end - begin > 1) {
        token.role = TokenRole::prefix;
      } else {
        const bool english = role == TokenRole::given && end > 1 && here.is(word::kEnglish) && !here.is(word::kMuslim);
        token.role = english ? TokenRole::english_given : role;
        leading = false;
      }
    }
  }

  // "Wan Zulfan bin Wan Ramdi", "Sharif Zulfan Sharif Mabulan": the father has it too.
  bool is_inherited(std::size_t i) const {
    bool named = false;  // a name between the two
    for (std::size_t j = i; j-- > 0;) {
      const SideToken& before = side_.tokens[j];
      if (named && before.role == TokenRole::hereditary && before.word.text == side_.tokens[i].word.text) return true;
      named = named || (before.role != TokenRole::hereditary && before.role != TokenRole::prefix);
    }
    return false;
  }

  // Two of three fathers of a Wan are Wans, and whoever leaves out one leaves out the other: the second says nothing.
  void drop_inherited() {
    for (std::size_t i = side_.count; i-- > 1;) {
      if (side_.tokens[i].role != TokenRole::hereditary || !is_inherited(i)) continue;
      std::copy(side_.tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                side_.tokens.begin() + static_cast<std::ptrdiff_t>(side_.count),
                side_.tokens.begin() + static_cast<std::ptrdiff_t>(i));
      --side_.count;
      if (i < side_.father_at) --side_.father_at;
    }
  }

  bool is_surname(std::size_t i) const {
    const KnownWord& here = side_.tokens[i].word;
    if (!here.is(word::kSurname) || side_.tokens[i].role == TokenRole::nickname) return false;
    return !here.is(word::kMuslim) || is_chinese_given(i + 1);
  }

  // Two or three short words that are no Malay names: "Wan Ah Kow".
  bool is_chinese_given(std::size_t begin) const {
    for (std::size_t i = begin; i < side_.count; ++i) {
      const KnownWord& here = side_.tokens[i].word;
      if (here.script != Script::latin || here.text.size() > 6 || here.is(word::kMuslim | word::kIndian)) return false;
    }
    return side_.count - begin >= 2 && side_.count - begin <= 3;
  }

  void give_han_roles() {
    std::string two;
    for (std::size_t i = 0; i < 2 && i < side_.count; ++i) two += side_.tokens[i].word.text;
    if (side_.count < 2) return;
    if (side_.count > 2 && is_han_surname(two)) {
      side_.tokens[0].role = side_.tokens[1].role = TokenRole::surname;
    } else if (is_han_surname(side_.tokens[0].word.text)) {
      side_.tokens[0].role = TokenRole::surname;
    }
  }

  void give_chinese_roles() {
    if (side_.count < 2 || side_.count > 6) return;
    if (side_.tokens[0].word.script == Script::han) return give_han_roles();
    std::size_t at = 0;
    // "Dennis Lim Ah Beng"; Sam and Kim are surnames too, but not before another surname.
    while (at + 1 < side_.count && side_.tokens[at].word.is(word::kEnglish) &&
           (!is_surname(at) || is_surname(at + 1))) {
      ++at;
    }
    if (!is_surname(at)) return;
    if (at + 1 < side_.count) {
      const KnownWord& next = side_.tokens[at + 1].word;
      if (next.is(word::kMuslim | word::kIndian) && !next.is(word::kSurname)) return;
    } else if (side_.count > 2) {
      return;
    }
    side_.tokens[at].role = TokenRole::surname;
  }

  void give_family(std::size_t i) {
    SideToken& token = side_.tokens[i];
    if (token.word.script != Script::latin) {
      token.family = family_of_script(lexicon_, token.word.text, token.word.script);
      return;
    }
    if (!token.word.is_letter()) {
      token.family = lexicon_.family(token.word.text, token.word.lexeme);
      return;
    }
    // "A. Ghani" is Abdul Ghani, "M. Sidek" Mohd Sidek.
    if (i + 1 == side_.count) return;
    const KnownWord& next = side_.tokens[i + 1].word;
    if (token.word.text == "a" && next.is(word::kAbdulRest)) token.family = lexicon_.abdul_family();
    if (token.word.text == "m" && next.is(word::kMuslim)) token.family = lexicon_.muhammad_family();
  }

  const Lexicon& lexicon_;
  std::span<const KnownWord> words_;
  bool keep_titles_;
  LetterArena& arena_;
  NameSide& side_;
  std::size_t at_ = 0;
  std::size_t part_begin_ = 0;
  int restorable_ = -1;  // index into words_
  bool in_father_ = false;
  bool after_title_ = false;
  bool after_conferred_ = false;
  bool after_particle_ = false;
  bool kin_ = false;
};

}  // namespace

std::string_view LetterArena::join(std::string_view a, std::string_view b) {
  if (used_ + a.size() + b.size() > letters_.size()) return {};
  char* const begin = letters_.data() + used_;
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), begin));
  used_ += a.size() + b.size();
  return {begin, a.size() + b.size()};
}

void read_side(const Lexicon& lexicon, std::span<const KnownWord> words, bool keep_titles, LetterArena& arena,
               NameSide& side) {
  SideReader(lexicon, words, keep_titles, arena, side).read();
}

}  // namespace semak
