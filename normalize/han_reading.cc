// Han by sound: names of other languages written in Chinese, and Mandarin for the rest.
#include <array>
#include <unordered_map>

#include "normalize/han_table.h"
#include "normalize/script_reading.h"
#include "normalize/table_rows.h"
#include "normalize/text.h"

extern const char semak_normalize_han_sounds_begin[], semak_normalize_han_sounds_end[];
extern const char semak_normalize_han_names_begin[], semak_normalize_han_names_end[];

namespace semak {
namespace {

using SoundMap = std::unordered_map<std::string_view, std::string_view>;

const SoundMap& sounds() {
  static const SoundMap map = [] {
    SoundMap result;
    for (const TableRow& row : table_rows(semak_normalize_han_sounds_begin, semak_normalize_han_sounds_end, 3)) {
      std::string_view characters = row[0];
      for (std::size_t i = 0; i < characters.size();) {
        const std::size_t start = i;
        next_character(characters, i);
        result.emplace(characters.substr(start, i - start), row[1]);
      }
    }
    return result;
  }();
  return map;
}

const NameReadings& names() {
  static const NameReadings readings(semak_normalize_han_names_begin, semak_normalize_han_names_end, fold_han);
  return readings;
}

}  // namespace

std::string read_han(std::string_view token) {
  const std::string folded = fold_han(token);
  if (const std::string_view known = names().find(folded); !known.empty()) return std::string(known);
  std::string reading;
  const bool single = count_characters(folded) == 1;
  for (std::size_t i = 0; i < folded.size();) {
    const std::size_t start = i;
    next_character(folded, i);
    const std::string_view character = std::string_view(folded).substr(start, i - start);
    const auto sound = sounds().find(character);
    const bool by_sound = !single && sound != sounds().end();
    const std::string_view syllable = by_sound ? sound->second : mandarin_of_han(character);
    if (syllable.empty()) continue;
    if (!reading.empty()) reading.push_back('\'');
    reading.append(syllable);
  }
  return reading;
}

std::string known_han(std::string_view token) { return std::string(names().find(fold_han(token))); }

bool is_han_by_sound(std::string_view han) {
  const std::string folded = fold_han(han);
  if (!names().find(folded).empty()) return true;
  int characters = 0;
  for (std::size_t i = 0; i < folded.size(); ++characters) {
    const std::size_t start = i;
    next_character(folded, i);
    if (!sounds().contains(std::string_view(folded).substr(start, i - start))) return false;
  }
  return characters >= 2;
}

}  // namespace semak
