#include "normalize/name_parser.h"

#include <algorithm>
#include <array>
#include <span>

#include "normalize/name_side.h"
#include "normalize/name_words.h"
#include "normalize/scripts.h"

namespace semak {
namespace {

constexpr std::size_t kSidesMax = 6;
constexpr std::size_t kDepthMax = 4;  // of nested brackets

struct SideWords {
  std::array<KnownWord, NameWords::kWordsMax> words;
  std::size_t count = 0;
  bool bracketed = false;

  std::span<const KnownWord> all() const { return {words.data(), count}; }
};

// The sides of a name in the order written. Side 0 is the name itself; what follows a closed bracket belongs to the
// side that the bracket interrupted.
class SideSplitter {
 public:
  SideSplitter(const Lexicon& lexicon, const NameWords& words) : lexicon_(lexicon) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      known_[i] = KnownWord{words[i].text, nullptr, words[i].script};
      kinds_[i] = words[i].kind;
      if (words[i].kind == WordKind::word) known_[i].lexeme = lexicon.find(words[i].text);
    }
    size_ = words.size();
    for (std::size_t i = 0; i < size_;) i += take(i);
  }

  std::size_t size() const { return sides_used_; }
  const SideWords& operator[](std::size_t i) const { return sides_[i]; }
  bool cut_short() const { return cut_short_; }

 private:
  std::size_t take(std::size_t i) {
    switch (kinds_[i]) {
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
      open_side(sides_[current_].bracketed);
      return length;
    }
    // "Tan Beng Teck 陈明德": the same name in another script.
    if (sides_[current_].count > 0 && sides_[current_].words[sides_[current_].count - 1].script != known_[i].script) {
      open_side(sides_[current_].bracketed);
    }
    SideWords& side = sides_[current_];
    side.words[side.count++] = known_[i];
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
    const KnownWord& here = known_[i];
    const SideWords& side = sides_[current_];
    if (side.count == 0) return 0;
    if (here.is(word::kPhrase)) {
      const Phrase* phrase = lexicon_.phrase(here.lexeme, [&](std::size_t k) {
        return i + k < size_ && kinds_[i + k] == WordKind::word ? known_[i + k].lexeme : nullptr;
      });
      if (phrase != nullptr && (phrase->flags & word::kAliasMark) != 0) return phrase->length;
    }
    if (!here.is(word::kAliasMark) || i + 1 >= size_ || kinds_[i + 1] != WordKind::word) return 0;
    const KnownWord& last = side.words[side.count - 1];
    const bool after_name = !last.is(word::kParticle | word::kConferred | word::kAnywhere | word::kFront);
    return after_name && !known_[i + 1].is(word::kParticle) ? 1 : 0;
  }

  const Lexicon& lexicon_;
  std::array<KnownWord, NameWords::kWordsMax> known_;
  std::array<WordKind, NameWords::kWordsMax> kinds_;
  std::size_t size_ = 0;
  std::array<SideWords, kSidesMax> sides_;
  std::size_t sides_used_ = 1;
  std::size_t current_ = 0;
  std::array<std::size_t, kDepthMax> outer_;  // sides that open brackets interrupted
  std::size_t depth_ = 0;
  bool cut_short_ = false;
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
    if (kind == FormKind::whole) kind = whole_;
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
    out.text = token.word.text;
    out.family = token.family;
    out.script = token.word.script;
    out.role = role;
    if (token.word.script == Script::latin) {
      out.skeleton = latin_skeleton(out.text);
    } else if (token.word.script != Script::other) {
      out.skeleton = script_skeleton(out.text, token.word.script);
    }
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

// "Kassim @ Osman Ahmad": without a particle, the last of two or more names of a person without a surname.
std::span<const SideToken> bare_father(const NameSide& side) {
  if (side.has_father() || side.count < 2 || side.count > 4 || begins_with_surname(side)) return {};
  if (side.tokens[0].word.script == Script::han) return {};
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
    forms_.add(FormKind::whole, own_.given(), shares ? father_ : own_.father(), true);
    for (const NameSide& side : sides_.subspan(1)) {
      forms_.add(side.has_father() && shares ? FormKind::combined : FormKind::alias, side.given(), side.father());
    }
    for (const NameSide& side : sides_.subspan(1)) {
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
    if (is_english(side)) forms_.add(FormKind::combined, side.given(), {own_.tokens.data(), own_.count});
    if (own_.has_father() && side.count <= 2) forms_.add(FormKind::combined, own_.given(), side.given(), true);
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

bool worth_a_form(const SideWords& words, const NameSide& side) {
  if (side.count == 0) return false;
  return !(words.bracketed && side.count == 1 && side.tokens[0].word.is_letter());  // "(B)": retired
}

}  // namespace

ParsedName parse_name(const Lexicon& lexicon, std::string_view text, NameType type) {
  ParsedName name;
  const NameWords words(text);
  const SideSplitter splitter(lexicon, words);
  name.cut_short = words.cut_short() || splitter.cut_short();

  LetterArena arena;
  std::array<NameSide, kSidesMax> sides;
  std::size_t used = 0;
  for (std::size_t i = 0; i < splitter.size(); ++i) {
    if (splitter[i].count == 0) continue;
    NameSide& side = sides[used];
    side = NameSide{};
    read_side(lexicon, splitter[i].all(), used == 0, arena, side);
    name.cut_short = name.cut_short || side.cut_short;
    if (worth_a_form(splitter[i], side)) ++used;
  }
  for (std::size_t i = 0; i < used && name.sex_hint == Sex::unknown; ++i) name.sex_hint = sides[i].particle_sex;
  for (std::size_t i = 0; i < used && name.sex_hint == Sex::unknown; ++i) name.sex_hint = sides[i].title_sex;

  const bool registered = type != NameType::known_as && type != NameType::former;
  FormBuilder forms(name, registered ? FormKind::whole : FormKind::alias);
  if (used == 1) forms.add(FormKind::whole, {sides[0].tokens.data(), sides[0].count});
  if (used > 1) AliasReadings(forms, {sides.data(), used}).add();
  return name;
}

}  // namespace semak
