// Made-up words for tests.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semak::test {

// Every word over `alphabet` of 1 .. `length_max` letters.
inline std::vector<std::string> all_words(std::string_view alphabet, std::size_t length_max) {
  std::vector<std::string> words;
  std::vector<std::string> last{""};
  for (std::size_t length = 1; length <= length_max; ++length) {
    std::vector<std::string> next;
    for (const std::string& word : last) {
      for (const char letter : alphabet) next.push_back(word + letter);
    }
    words.insert(words.end(), next.begin(), next.end());
    last = std::move(next);
  }
  return words;
}

inline char random_letter(std::mt19937& random, std::string_view alphabet) {
  return alphabet[random() % alphabet.size()];
}

inline std::string random_word(std::mt19937& random, std::string_view alphabet, std::size_t least, std::size_t most) {
  std::string word(least + random() % (most - least + 1), ' ');
  for (char& letter : word) letter = random_letter(random, alphabet);
  return word;
}

// `word` after one random insertion, deletion, substitution or swap; never empty.
inline std::string edited(std::mt19937& random, std::string word, std::string_view alphabet) {
  const std::size_t at = random() % word.size();
  switch (random() % 4) {
    case 0: word.insert(at, 1, random_letter(random, alphabet)); break;
    case 1:
      if (word.size() > 1) word.erase(at, 1);
      break;
    case 2: word[at] = random_letter(random, alphabet); break;
    default:
      if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
  }
  return word;
}

}  // namespace semak::test
