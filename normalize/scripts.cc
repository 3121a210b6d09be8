#include "normalize/scripts.h"

#include <algorithm>
#include <array>

#include "normalize/han_table.h"
#include "normalize/script_reading.h"

namespace semak {
namespace {

constexpr bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// A vowel next to which y is a consonant: i and y speak as one.
constexpr bool is_open_vowel(char c) { return c == 'a' || c == 'e' || c == 'o' || c == 'u'; }

// What the letters alone become; '\0' for vowels, h and the letters that depend on their neighbours.
constexpr char folded_consonant(char c) {
  switch (c) {
    case 'b':
    case 'p': return 'p';
    case 'g':
    case 'k':
    case 'q': return 'k';
    case 'd':
    case 't': return 't';
    case 'f':
    case 'v': return 'w';
    case 'j':
    case 'z': return 'z';
    case 'l':
    case 'r': return 'l';
    case 'm': return 'm';
    case 'n': return 'n';
    case 's':
    case 'x': return 's';
    default: return '\0';
  }
}

// Reads letters with an apostrophe where two do not touch (normalize/script_reading.h).
class SkeletonReader {
 public:
  explicit SkeletonReader(std::string_view text) : text_(text) {}

  std::string read() {
    for (at_ = 0; at_ < text_.size(); ++at_) letter();
    return std::move(skeleton_);
  }

 private:
  char look(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  // The next letter that is not h (and, around y, not y).
  char next_sounded() const {
    std::size_t i = at_ + 1;
    while (look(i) == 'h' || look(i) == 'y') ++i;
    return look(i);
  }
  char previous_sounded() const {
    std::size_t i = at_;
    while (i > 0 && (text_[i - 1] == 'h' || text_[i - 1] == 'y')) --i;
    return i == 0 ? '\0' : text_[i - 1];
  }

  void letter() {
    const char c = text_[at_];
    switch (c) {
      case 'h': return;
      case 'c': {
        const char next = look(at_ + 1);
        return emit(next == 'h' || next == 'e' || next == 'i' || next == 'y' ? 's' : 'k');
      }
      case 'n':
        emit('n');
        while (look(at_ + 1) == 'g' || look(at_ + 1) == 'k') ++at_;
        return;
      case 'w': {
        const char next = look(at_ + 1);
        return is_vowel(next) || next == 'y' || next == '\'' ? emit('w') : part();
      }
      case 'y': {
        const bool between = is_open_vowel(previous_sounded()) && is_open_vowel(next_sounded());
        return at_ == 0 || between ? emit('y') : part();
      }
      case 'd':
      case 't':
        if (look(at_ + 1) == 'z' || look(at_ + 1) == 'j') return;
        return emit('t');
      case 'u':
        if (at_ > 0 && look(at_ + 1) == 'a' && look(at_ + 2) != 'i') return emit('w');
        return part();
      default: {
        const char folded = folded_consonant(c);
        return folded == '\0' ? part() : emit(folded);
      }
    }
  }

  void emit(char folded) {
    if (folded != before_) skeleton_.push_back(folded);
    before_ = folded;
  }
  void part() { before_ = '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string skeleton_;
  char before_ = '\0';  // folded letter that touches the next one
};

std::string read(std::string_view token, Script script) {
  switch (script) {
    case Script::latin:
    case Script::other: return std::string(token);
    case Script::jawi: return read_jawi(token);
    case Script::han: return read_han(token);
    case Script::tamil: return read_tamil(token);
  }
  return {};
}

}  // namespace

std::string latin_skeleton(std::string_view folded_latin) { return SkeletonReader(folded_latin).read(); }

std::string latin_reading(std::string_view token, Script script) {
  std::string reading = read(token, script);
  if (script != Script::latin) std::erase_if(reading, [](char c) { return c < 'a' || c > 'z'; });
  return reading;
}

int vowels_apart(std::string_view a, std::string_view b) {
  constexpr int kMax = 15;
  // Coarse vowels in order; neighbours that sound alike count once.
  const auto read = [](std::string_view text, std::array<char, kMax>& out) {
    int count = 0;
    char before = '\0';
    for (const char c : text) {
      const char vowel = c == 'a' ? 'a' : c == 'e' || c == 'i' ? 'i' : c == 'o' || c == 'u' ? 'u' : '\0';
      if (vowel != '\0' && vowel != before && count < kMax) out[static_cast<std::size_t>(count++)] = vowel;
      before = vowel;
    }
    return count;
  };
  std::array<char, kMax> of_a, of_b;
  const int length_a = read(a, of_a);
  const int length_b = read(b, of_b);
  std::array<int, kMax + 1> row;
  for (int j = 0; j <= length_b; ++j) row[static_cast<std::size_t>(j)] = j;
  for (int i = 1; i <= length_a; ++i) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= length_b; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const int substituted = diagonal + (of_a[static_cast<std::size_t>(i - 1)] != of_b[at - 1]);
      diagonal = row[at];
      row[at] = std::min({row[at] + 1, row[at - 1] + 1, substituted});
    }
  }
  return row[static_cast<std::size_t>(length_b)];
}

std::string known_reading(std::string_view token, Script script) {
  switch (script) {
    case Script::jawi: return known_jawi(token);
    case Script::han: return known_han(token);
    case Script::tamil: return known_tamil(token);
    case Script::latin:
    case Script::other: break;
  }
  return {};
}

std::string script_skeleton(std::string_view token, Script script) {
  if (script == Script::other) return {};
  if (script == Script::han && count_characters(token) == 1 && !spellings_of_han(token).empty()) return {};
  return latin_skeleton(read(token, script));
}

std::string folded_letters(std::string_view token, Script script) {
  switch (script) {
    case Script::jawi: return fold_jawi(token);
    case Script::han: return fold_han(token);
    case Script::tamil: return fold_tamil(token);
    case Script::latin:
    case Script::other: break;
  }
  return std::string(token);
}

}  // namespace semak
