// Text into words: folding, punctuation and spacing of names as written. Fixed buffers; what does not fit is cut.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "normalize/normalized_name.h"

namespace semak {

enum class WordKind : std::uint8_t {
  word,
  alias_mark,  // @ and its like
  open,        // bracket or quotation
  close,
  comma,
};

struct NameWord {
  std::string_view text;  // into NameWords::letters_; empty unless `word`
  WordKind kind = WordKind::word;
  Script script = Script::latin;
  bool touches = false;  // no gap to the word before: a Han character within its run
};

// The words of one name. Words of Latin letters are a-z, or a single letter, a slash and a single letter ("a/l").
// A Han character is a word. Digits are dropped but between letters, where 0, 1 and 5 are read as o, i and s.
class NameWords {
 public:
  static constexpr std::size_t kWordsMax = 96;
  static constexpr std::size_t kBytesMax = 1024;     // of letters
  static constexpr std::size_t kWordBytesMax = 120;  // longer words are cut

  explicit NameWords(std::string_view text);
  NameWords(const NameWords&) = delete;
  NameWords& operator=(const NameWords&) = delete;

  std::size_t size() const { return count_; }
  const NameWord& operator[](std::size_t i) const { return words_[i]; }
  bool cut_short() const { return cut_short_; }

 private:
  void read(std::string_view folded);
  void mark(WordKind kind);
  void finish_word(std::size_t start, Script script, bool touches);

  std::array<char, kBytesMax> letters_;
  std::array<NameWord, kWordsMax> words_;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  bool cut_short_ = false;
};

}  // namespace semak
