#include "normalize/name_words.h"

#include <algorithm>

#include "normalize/name_fold.h"

namespace semak {
namespace {

enum class Class : std::uint8_t { space, letter, digit, apostrophe, slash, at, open, close, quote, comma, high };

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = Class::letter;
  for (int c = '0'; c <= '9'; ++c) classes[c] = Class::digit;
  for (int c = 0x80; c < 256; ++c) classes[c] = Class::high;
  classes['\''] = classes['`'] = Class::apostrophe;
  classes['/'] = classes['\\'] = Class::slash;
  classes['@'] = classes['|'] = classes[';'] = Class::at;
  classes['('] = classes['['] = classes['{'] = classes['<'] = Class::open;
  classes[')'] = classes[']'] = classes['}'] = classes['>'] = Class::close;
  classes['"'] = Class::quote;
  classes[','] = Class::comma;
  return classes;
}
constexpr auto kClasses = make_classes();

Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }
bool is_letter(char c) { return class_of(c) == Class::letter; }
char lower(char c) { return static_cast<char>(c | 0x20); }

// A digit between letters, as a letter that it is mistaken for; 0 if none.
char lookalike(char digit) { return digit == '0' ? 'o' : digit == '1' ? 'i' : digit == '5' ? 's' : '\0'; }

// The second letter of a marker that starts with `first` and a slash (a/l, a/p, a/k, a/o, s/o, d/o, w/o), 0 if `c`
// makes none. 1, I and | stand for l, 0 for o.
char marker_letter(char first, char c) {
  const bool zero = c == '0';
  c = c == '1' || c == '|' ? 'l' : zero ? 'o' : is_letter(c) ? lower(c) : '\0';
  if (first == 'a') return c == 'i' ? 'l' : c == 'l' || c == 'p' || c == 'k' || (c == 'o' && !zero) ? c : '\0';
  return (first == 's' || first == 'd' || first == 'w') && c == 'o' ? c : '\0';
}

bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

NameWords::NameWords(std::string_view text) {
  // Whatever cannot fit is not folded either: a megabyte of hostile text costs no more than a long name.
  constexpr std::size_t kTextMax = 4 * kBytesMax;
  if (text.size() > kTextMax) {
    text = text.substr(0, kTextMax);
    cut_short_ = true;
  }
  if (is_ascii(text)) {
    read(text);
  } else {
    read(fold_unicode(text));
  }
}

void NameWords::mark(WordKind kind) {
  if (count_ == kWordsMax) {
    cut_short_ = true;
    return;
  }
  words_[count_++] = NameWord{{}, kind, Script::latin, false};
}

void NameWords::finish_word(std::size_t start, Script script, bool touches) {
  if (used_ == start) return;
  if (count_ == kWordsMax) {
    cut_short_ = true;
    used_ = start;
    return;
  }
  words_[count_++] =
      NameWord{std::string_view(letters_.data() + start, used_ - start), WordKind::word, script, touches};
}

void NameWords::read(std::string_view text) {
  std::size_t start = used_;  // of the word being read
  Script script = Script::latin;
  bool quoted = false;
  bool touches = false;
  bool numbered = false;  // digits stand right before the word: 3rd, 2nd
  const auto finish = [&] {
    const std::string_view word(letters_.data() + start, used_ - start);
    if (numbered && (word == "st" || word == "nd" || word == "rd" || word == "th")) used_ = start;
    numbered = false;
    finish_word(start, script, touches);
    touches = false;
    start = used_;
    script = Script::latin;
  };
  const auto put = [&](const char* bytes, std::size_t n) {
    if (used_ + n > kBytesMax || used_ + n - start > kWordBytesMax) {
      cut_short_ = true;
      return;
    }
    std::copy(bytes, bytes + n, letters_.data() + used_);
    used_ += n;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (class_of(c)) {
      case Class::letter: {
        if (script != Script::latin) finish();
        const char letter = lower(c);
        put(&letter, 1);
        break;
      }
      case Class::space: finish(); break;
      case Class::apostrophe: break;
      case Class::digit: {
        const char letter = lookalike(c);
        const bool inside = used_ > start && script == Script::latin && i + 1 < text.size() && is_letter(text[i + 1]);
        if (inside && letter != '\0') put(&letter, 1);
        if (used_ == start) numbered = true;
        break;
      }
      case Class::slash: {
        const bool one_letter = used_ - start == 1 && script == Script::latin;
        const char first = one_letter ? letters_[start] : '\0';
        const char second = one_letter && i + 1 < text.size() ? marker_letter(first, text[i + 1]) : '\0';
        const bool ends = i + 2 >= text.size() || !(is_letter(text[i + 2]) || class_of(text[i + 2]) == Class::digit);
        if (second != '\0' && ends) {
          const char tail[2] = {'/', second};
          put(tail, 2);
          ++i;
          finish();
        } else {
          const bool alias = !one_letter;
          finish();
          if (alias) mark(WordKind::alias_mark);
        }
        break;
      }
      case Class::at:
        finish();
        mark(WordKind::alias_mark);
        break;
      case Class::open:
        finish();
        mark(WordKind::open);
        break;
      case Class::close:
        finish();
        mark(WordKind::close);
        break;
      case Class::quote:
        finish();
        mark(quoted ? WordKind::close : WordKind::open);
        quoted = !quoted;
        break;
      case Class::comma:
        finish();
        mark(WordKind::comma);
        break;
      case Class::high: {
        const FoldedChar next = folded_char(text, i);
        if (next.script != script || next.script == Script::han) {
          const bool han = script == Script::han && next.script == Script::han && used_ > start;
          finish();
          touches = han;
        }
        script = next.script;
        put(text.data() + i, next.bytes);
        i += next.bytes - 1;
        break;
      }
    }
  }
  finish();
}

}  // namespace semak
