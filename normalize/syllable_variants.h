// Ways of spelling one syllable of a Chinese name in Malaysia: the spelling was the registrar's, never a standard.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace semak {

class SyllableVariants {
 public:
  SyllableVariants();  // reads the compiled-in table
  // Other spellings of the sound that `syllable` writes (folded a-z), in the order of the table, without itself.
  // The views live as long as this object.
  const std::vector<std::string_view>& of(std::string_view syllable);

 private:
  using Views = std::vector<std::string_view>;
  // Forms of the same initial, and of the same final in several readings ("een" is in or ian).
  std::unordered_map<std::string_view, Views> initials_;
  std::unordered_map<std::string_view, Views> finals_;
  std::unordered_map<std::string, std::vector<std::string>> spellings_;
  std::unordered_map<std::string, Views> views_;
};

}  // namespace semak
