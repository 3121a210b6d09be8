#include "normalize/name_parser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "normalize/name_side.h"
#include "normalize/name_words.h"
#include "normalize/script_words.h"
#include "normalize/scripts.h"

namespace semak {
namespace {

constexpr std::size_t kSidesMax = 6;
constexpr std::size_t kDepthMax = 4;  // of nested brackets
constexpr std::string_view kAliasName = "alias";

// The sides of a name in the order written. Side 0 is the name itself; what follows a closed bracket belongs to the
// side that the bracket interrupted.
class SideSplitter {
 public:
  // `alias_is_name`: reads the word "alias" as a name wherever it stands.
  SideSplitter(const Lexicon& lexicon, const NameWords& words, bool alias_is_name)
      : lexicon_(lexicon), words_(words), alias_is_name_(alias_is_name) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].kind == WordKind::word) lexemes_[i] = lexicon.find(words[i].text);
    }
    for (std::size_t i = 0; i < words.size();) i += take(i);
  }

  std::size_t size() const { return sides_used_; }
  bool is_bracketed(std::size_t side) const { return sides_[side].bracketed; }
  // True if the interrupted side goes on behind the bracket: "Samiran (Sairon) bin Hamid".
  bool is_inside(std::size_t side) const { return sides_[side].inside; }
  bool cut_short() const { return cut_short_; }
  // True if a word was read as an alias marker that may be a name.
  bool is_ambiguous() const { return ambiguous_; }

  // The words of one side, in order, at the front of `out`.
  std::span<const KnownWord> words_of(std::size_t side, std::array<KnownWord, NameWords::kWordsMax>& out) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (side_of_[i] == side) out[count++] = known(i);
    }
    return {out.data(), count};
  }

 private:
  struct Side {
    std::size_t count = 0;
    std::size_t last = 0;  // index of its last word; meaningful if count > 0
    bool bracketed = false;
    bool inside = false;
  };
  static constexpr std::uint8_t kNoSide = 0xff;

  KnownWord known(std::size_t i) const { return {words_[i].text, lexemes_[i], words_[i].script, words_[i].touches}; }
  std::uint32_t flags(std::size_t i) const { return lexemes_[i] == nullptr ? 0 : lexemes_[i]->flags; }
  bool is_word(std::size_t i) const { return i < words_.size() && words_[i].kind == WordKind::word; }

  std::size_t take(std::size_t i) {
    side_of_[i] = kNoSide;
    switch (words_[i].kind) {
      case WordKind::alias_mark: open_side(sides_[current_].bracketed); return 1;
      case WordKind::open:
        if (depth_ < kDepthMax) outer_[depth_++] = current_;
        open_side(true);
        return 1;
      case WordKind::close:
        if (depth_ > 0) current_ = outer_[--depth_];
        return 1;
      case WordKind::comma: return 1;
      case WordKind::word: break;
    }
    if (const std::size_t length = alias_words(i); length != 0) {
      for (std::size_t k = 0; k < length; ++k) side_of_[i + k] = kNoSide;
      ambiguous_ = ambiguous_ || words_[i].text == kAliasName;
      open_side(sides_[current_].bracketed);
      return length;
    }
    // "Tan Beng Teck 陈明德": the same name in another script.
    if (sides_[current_].count > 0 && words_[sides_[current_].last].script != words_[i].script) {
      open_side(sides_[current_].bracketed);
    }
    Side& side = sides_[current_];
    side_of_[i] = static_cast<std::uint8_t>(current_);
    side.last = i;
    ++side.count;
    for (std::size_t k = current_ + 1; k < sides_used_; ++k) sides_[k].inside = sides_[k].bracketed;
    return 1;
  }

  void open_side(bool bracketed) {
    if (sides_[current_].count == 0 && !bracketed) return;
    if (sides_used_ == kSidesMax) {
      cut_short_ = true;
      return;
    }
    current_ = sides_used_++;
    sides_[current_].bracketed = bracketed;
  }

  // Length of the alias marker in words at `i`, 0 if there is none. "Alias" is also a given name: it marks an alias
  // only between two names, not after a particle and not before one.
  std::size_t alias_words(std::size_t i) const {
    const Side& side = sides_[current_];
    if (side.count == 0 || (flags(i) & (word::kPhrase | word::kAliasMark)) == 0) return 0;
    if ((flags(i) & word::kPhrase) != 0) {
      const Phrase* phrase =
          lexicon_.phrase(lexemes_[i], [&](std::size_t k) { return is_word(i + k) ? lexemes_[i + k] : nullptr; });
      if (phrase != nullptr && (phrase->flags & word::kAliasMark) != 0) return phrase->length;
    }
    if ((flags(i) & word::kAliasMark) == 0 || !is_word(i + 1)) return 0;
    if (alias_is_name_ && words_[i].text == kAliasName) return 0;
    constexpr std::uint32_t kNoName =
        word::kParticle | word::kConferred | word::kAnywhere | word::kFront | word::kPrefix | word::kHereditary;
    return (flags(side.last) & kNoName) == 0 && (flags(i + 1) & word::kParticle) == 0 ? 1 : 0;
  }

  const Lexicon& lexicon_;
  const NameWords& words_;
  const bool alias_is_name_;
  bool ambiguous_ = false;
  std::array<const Lexeme*, NameWords::kWordsMax> lexemes_;  // of words; others are not set
  std::array<std::uint8_t, NameWords::kWordsMax> side_of_;
  std::array<Side, kSidesMax> sides_;
  std::size_t sides_used_ = 1;
  std::size_t current_ = 0;
  std::array<std::size_t, kDepthMax> outer_;  // sides that open brackets interrupted
  std::size_t depth_ = 0;
  bool cut_short_ = false;
};

// Room for the sides of a name. A side is a kilobyte to clear: only those in use are.
class NameSides {
 public:
  NameSides() = default;
  NameSides(const NameSides&) = delete;
  NameSides& operator=(const NameSides&) = delete;

  // A fresh side after those kept; what is not kept is reused.
  NameSide& next() { return *new (&room_[used_ * sizeof(NameSide)]) NameSide; }
  void keep() { ++used_; }
  std::size_t used() const { return used_; }
  std::span<const NameSide> all() const {
    return {std::launder(reinterpret_cast<const NameSide*>(room_.data())), used_};
  }

 private:
  static_assert(std::is_trivially_destructible_v<NameSide>);
  alignas(NameSide) std::array<std::byte, kSidesMax * sizeof(NameSide)> room_;
  std::size_t used_ = 0;
};

class FormBuilder {
 public:
  FormBuilder(ParsedName& name, FormKind whole) : name_(name), whole_(whole) {}

  // The tokens of `first` and then of `second`; the second's roles become `second_role` if given.
  void add(FormKind kind, std::span<const SideToken> first, std::span<const SideToken> second = {},
           bool second_is_father = false) {
    if (first.empty() && second.empty()) return;
    if (name_.forms.size() == NormalizedName::kFormsMax) {
      name_.cut_short = true;
      return;
    }
    if (kind == FormKind::whole || (kind == FormKind::partial && whole_ != FormKind::whole)) kind = whole_;
    NameForm form;
    form.kind = kind;
    form.tokens.reserve(std::min<std::size_t>(first.size() + second.size(), NormalizedName::kTokensMax));
    for (const SideToken& token : first) put(form, token, token.role);
    for (const SideToken& token : second) {
      put(form, token, second_is_father && token.role == TokenRole::given ? TokenRole::father : token.role);
    }
    form.script = form.tokens.front().script;
    for (const NameForm& other : name_.forms) {
      if (same_tokens(other, form)) return;
    }
    name_.forms.push_back(std::move(form));
  }

 private:
  void put(NameForm& form, const SideToken& token, TokenRole role) {
    if (form.tokens.size() == NormalizedName::kTokensMax) {
      name_.cut_short = true;
      return;
    }
    NameToken& out = form.tokens.emplace_back();
    out.family = token.family;
    out.script = token.word.script;
    out.role = role;
    if (out.script == Script::latin) {
      out.text = token.word.text;
      out.skeleton = latin_skeleton(out.text);
      return;
    }
    out.text = folded_letters(token.word.text, out.script);
    if (out.text.empty()) out.text = token.word.text;
    out.skeleton = script_skeleton(out.text, out.script);
  }

  static bool same_tokens(const NameForm& a, const NameForm& b) {
    return std::equal(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), b.tokens.end(),
                      [](const NameToken& x, const NameToken& y) { return x.text == y.text; });
  }

  ParsedName& name_;
  FormKind whole_;
};

bool begins_with_surname(const NameSide& side) { return side.count > 0 && side.tokens[0].role == TokenRole::surname; }

bool is_english(const NameSide& side) {
  return side.count == 1 && (side.tokens[0].role == TokenRole::english_given || side.tokens[0].word.is(word::kEnglish));
}

// "Kassim @ Osman Ahmad": without a particle, the last of two or more names of a person without a surname. Prefixes and
// hereditary parts are no names by themselves ("Mohd Zulfan @ Zul bin Ramdi": both are Ramdi's sons), and nobody's
// nickname holds a father ("Tok Ai").
std::span<const SideToken> bare_father(const NameSide& side) {
  if (side.has_father() || side.count < 2 || side.count > 4 || begins_with_surname(side)) return {};
  if (side.tokens[0].word.script == Script::han) return {};
  const auto nickname = [](const SideToken& token) { return token.role == TokenRole::nickname; };
  const auto names = [](const SideToken& token) {
    return token.role != TokenRole::prefix && token.role != TokenRole::hereditary;
  };
  const std::span<const SideToken> before = side.given().first(side.count - 1);
  if (std::none_of(before.begin(), before.end(), names)) return {};
  if (std::any_of(side.given().begin(), side.given().end(), nickname)) return {};
  return side.given().last(1);
}

// The readings that aliases have beside the name: the father's name shared, the alias for the given name, for the
// father, or for the whole name. Where the text does not say which, all of them.
class AliasReadings {
 public:
  AliasReadings(FormBuilder& forms, std::span<const NameSide> sides) : forms_(forms), own_(sides[0]), sides_(sides) {
    for (const NameSide& side : sides) {
      if (father_.empty() && side.tokens[0].word.script == own_.tokens[0].word.script) father_ = side.father();
    }
    for (std::size_t i = sides.size(); i-- > 0 && father_.empty() && !begins_with_surname(own_);) {
      if (sides[i].tokens[0].word.script == own_.tokens[0].word.script) father_ = bare_father(sides[i]);
    }
  }

  void add() {
    const bool shares =
        !own_.has_father() && !begins_with_surname(own_) && !father_.empty() && bare_father(own_).empty();
    const bool aliased = std::any_of(sides_.begin() + 1, sides_.end(), [&](const NameSide& side) {
      return side.tokens[0].word.script == own_.tokens[0].word.script;
    });
    forms_.add(aliased ? FormKind::partial : FormKind::whole, own_.given(), shares ? father_ : own_.father(), true);
    for (const NameSide& side : sides_.subspan(1)) {
      forms_.add(side.has_father() && shares ? FormKind::combined : FormKind::alias, side.given(), side.father());
    }
    for (const NameSide& side : sides_.subspan(1)) {
      if (side.has_father() && shares) with_all(side);
      if (side.has_father() || side.count > 3) continue;
      if (side.tokens[0].word.script != own_.tokens[0].word.script) continue;
      if (begins_with_surname(own_)) {
        beside_surname(side);
      } else {
        beside_patronymic(side);
      }
    }
  }

 private:
  // "Liew Chin Jin @ Christina", "Lim Ah Lek @ Keng Yaik".
  void beside_surname(const NameSide& side) {
    if (begins_with_surname(side) || side.count > 2) return;
    if (is_english(side)) {
      forms_.add(FormKind::combined, side.given(), own_.given());
    } else {
      forms_.add(FormKind::combined, own_.given().first(1), side.given());
    }
  }

  // "Mojilip bin Bumpuring @ Wilfred": Wilfred Bumpuring, Wilfred Mojilip Bumpuring, or Bumpuring's other name.
  void beside_patronymic(const NameSide& side) {
    if (!bare_father(side).empty() && side.count > 2) return;
    if (!father_.empty() && !ends_with(side.given(), father_)) {
      forms_.add(FormKind::combined, side.given(), father_, true);
    }
    const bool all = with_all(side);
    if (is_english(side) && !all) forms_.add(FormKind::combined, side.given(), {own_.tokens.data(), own_.count});
  }

  // "Kassim bin Ahmad (Osman)": Kassim Osman bin Ahmad, for those who write the names without saying which is which.
  // False: the father's name is not apart.
  bool with_all(const NameSide& side) {
    if (father_.empty() || ends_with(own_.given(), father_)) return false;
    std::span<const SideToken> other = side.given();
    if (ends_with(other, father_)) other = other.first(other.size() - father_.size());
    std::array<SideToken, NameSide::kTokensMax> given;
    if (other.empty() || own_.given().size() + other.size() > given.size()) return false;
    const auto end =
        std::copy(other.begin(), other.end(), std::copy(own_.given().begin(), own_.given().end(), given.begin()));
    forms_.add(FormKind::variant, {given.data(), static_cast<std::size_t>(end - given.begin())}, father_, true);
    return true;
  }

  static bool ends_with(std::span<const SideToken> tokens, std::span<const SideToken> end) {
    return tokens.size() >= end.size() &&
           std::equal(end.begin(), end.end(), tokens.end() - static_cast<std::ptrdiff_t>(end.size()),
                      [](const SideToken& a, const SideToken& b) { return a.word.text == b.word.text; });
  }

  FormBuilder& forms_;
  const NameSide& own_;
  std::span<const NameSide> sides_;
  std::span<const SideToken> father_;  // of the whole name; empty if nobody names one
};

// Whether Han characters write a Malay, Indian or English name by sound. A Chinese name has two characters, three, or
// a surname of two before two more, and no dots.
bool is_by_sound(const NameSide& side) {
  if (side.tokens[0].word.script != Script::han || side.has_father() || side.count < 2) return false;
  std::string all;
  bool parted = false;
  for (std::size_t i = 0; i < side.count; ++i) {
    all += side.tokens[i].word.text;
    parted = parted || (i > 0 && !side.tokens[i].word.touches);
  }
  return side.count > 4 || (parted && side.count > 3) || is_han_by_sound(all);
}

class SoundForms {
 public:
  SoundForms(const Lexicon& lexicon, FormBuilder& forms, LetterArena& arena)
      : lexicon_(lexicon), forms_(forms), arena_(arena) {}

  // "慕尤丁": one word for each run of characters, and "阿末马兹兰": each run divided into likely names.
  void add(const NameSide& side) {
    if (!is_by_sound(side)) return;
    std::vector<std::string_view> runs;
    for (const SideToken& token : side.given()) {
      if (runs.empty() || !token.word.touches) {
        runs.push_back(token.word.text);
        continue;
      }
      const std::string_view longer = arena_.join(runs.back(), token.word.text);
      if (longer.empty()) return;
      runs.back() = longer;
    }
    add_words(runs);
    std::vector<std::string_view> words;
    for (const std::string_view run : runs) {
      std::size_t start = 0;
      for (const std::size_t end : ends_of_sound_words(lexicon_, run)) {
        words.push_back(run.substr(start, end - start));
        start = end;
      }
    }
    if (words.size() > runs.size()) add_words(words);
  }

 private:
  void add_words(const std::vector<std::string_view>& words) {
    std::array<SideToken, NameSide::kTokensMax> tokens;
    const std::size_t count = std::min(words.size(), tokens.size());
    for (std::size_t i = 0; i < count; ++i) {
      SideToken& token = tokens[i];
      token.word = KnownWord{words[i], lexeme_of_script(lexicon_, words[i], Script::han), Script::han, false};
      token.family = family_of_script(lexicon_, words[i], Script::han);
      const bool last = i + 1 == count;
      if (token.word.is(word::kHereditary) && !last) {
        token.role = TokenRole::hereditary;
      } else if (token.word.is(word::kPrefix | word::kUnmarked) && count > 1 &&
                 (!last || token.word.is(word::kUnmarked))) {
        token.role = TokenRole::prefix;
      }
    }
    forms_.add(FormKind::sound, {tokens.data(), count});
  }

  const Lexicon& lexicon_;
  FormBuilder& forms_;
  LetterArena& arena_;
};

// Words of other scripts are first divided as Rumi divides them.
void read_words(const Lexicon& lexicon, std::span<const KnownWord> words, bool keep_titles, LetterArena& arena,
                NameSide& side) {
  const Script script = words.front().script;
  if (script != Script::jawi && script != Script::tamil) return read_side(lexicon, words, keep_titles, arena, side);
  std::array<KnownWord, NameWords::kWordsMax> divided;
  read_side(lexicon, divide_as_rumi(lexicon, words, arena, divided), keep_titles, arena, side);
}

// Reads the sides that hold a name; the first of them, if it is all titles, keeps them ("Datuk").
void read_sides(const Lexicon& lexicon, const SideSplitter& splitter, LetterArena& arena, NameSides& sides) {
  std::array<KnownWord, NameWords::kWordsMax> words;
  for (std::size_t i = 0; i < splitter.size(); ++i) {
    const std::span<const KnownWord> of_side = splitter.words_of(i, words);
    if (of_side.empty()) continue;
    NameSide& side = sides.next();
    side.inside = splitter.is_inside(i);
    read_words(lexicon, of_side, sides.used() == 0, arena, side);
    const bool retired = splitter.is_bracketed(i) && side.count == 1 && side.tokens[0].word.is_letter();  // "(B)"
    if (side.count > 0 && !retired) sides.keep();
  }
}

// Of the first side that says it by particle, else by title.
Sex sex_hint(std::span<const NameSide> sides) {
  for (const NameSide& side : sides) {
    if (side.particle_sex != Sex::unknown) return side.particle_sex;
  }
  for (const NameSide& side : sides) {
    if (side.title_sex != Sex::unknown) return side.title_sex;
  }
  return Sex::unknown;
}

}  // namespace

ParsedName parse_name(const Lexicon& lexicon, std::string_view text, NameType type) {
  ParsedName name;
  const NameWords words(text);
  const SideSplitter splitter(lexicon, words, false);
  LetterArena arena;
  NameSides sides;
  read_sides(lexicon, splitter, arena, sides);

  name.cut_short = words.cut_short() || splitter.cut_short();
  for (const NameSide& side : sides.all()) name.cut_short = name.cut_short || side.cut_short;
  name.sex_hint = sex_hint(sides.all());

  const bool own_name = type != NameType::known_as && type != NameType::former;
  FormBuilder forms(name, own_name ? FormKind::whole : FormKind::alias);
  if (sides.used() == 1) {
    const NameSide& own = sides.all().front();
    forms.add(FormKind::whole, own.given(), own.father());
  } else if (sides.used() > 1) {
    AliasReadings(forms, sides.all()).add();
  }
  SoundForms sounds(lexicon, forms, arena);
  for (const NameSide& side : sides.all()) sounds.add(side);
  const auto fathered = [](const NameSide& side) { return side.has_father(); };
  if (splitter.is_ambiguous() && std::none_of(sides.all().begin(), sides.all().end(), fathered)) {
    NameSides whole;
    read_sides(lexicon, SideSplitter(lexicon, words, true), arena, whole);
    if (whole.used() > 0) forms.add(FormKind::variant, whole.all().front().given(), whole.all().front().father());
  }
  return name;
}

}  // namespace semak
