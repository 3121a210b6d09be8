// Readings of single scripts behind normalize/scripts.h. A reading is folded Latin in which an apostrophe stands
// between letters that do not touch: a vowel may be unwritten there, or a syllable ends.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace semak {

std::string read_jawi(std::string_view token);
std::string fold_jawi(std::string_view token);  // see folded_letters

std::string read_tamil(std::string_view token);
std::string fold_tamil(std::string_view token);

std::string read_han(std::string_view token);
// Reading of the token in its script's table of whole names (folded a-z); empty if the table has no such name.
std::string known_jawi(std::string_view token);
std::string known_tamil(std::string_view token);
std::string known_han(std::string_view token);
std::string fold_han(std::string_view token);

// Whole names of a script with their Latin readings, keyed by folded letters.
class NameReadings {
 public:
  using Fold = std::string (*)(std::string_view);
  // Rows `name,reading,source`.
  NameReadings(const char* begin, const char* end, Fold fold);
  // Empty if the table has no such name.
  std::string_view find(std::string_view folded) const;

 private:
  std::unordered_map<std::string, std::string_view> readings_;
};

}  // namespace semak
