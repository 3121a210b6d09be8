#include "normalize/han_table.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "normalize/script_reading.h"
#include "normalize/scripts.h"
#include "normalize/syllable_variants.h"
#include "normalize/table_rows.h"
#include "normalize/text.h"

extern const char semak_normalize_han_spellings_begin[], semak_normalize_han_spellings_end[];
extern const char semak_normalize_han_variants_begin[], semak_normalize_han_variants_end[];
extern const char semak_normalize_han_mandarin_begin[], semak_normalize_han_mandarin_end[];

namespace semak {
namespace {

using Views = std::vector<std::string_view>;

struct Entry {
  Views spellings;
  bool surname = false;
};

// Calls `use` with each character of `text`.
template <typename Use>
void each_character(std::string_view text, Use use) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    next_character(text, i);
    use(text.substr(start, i - start));
  }
}

class HanTable {
 public:
  static const HanTable& instance() {
    static const HanTable table;
    return table;
  }

  std::string_view simplified(std::string_view character) const {
    const auto found = simplified_.find(character);
    return found == simplified_.end() ? character : found->second;
  }
  // `han` simplified.
  const Entry* find(std::string_view han) const {
    const auto found = entries_.find(han);
    return found == entries_.end() ? nullptr : &found->second;
  }
  std::string_view mandarin(std::string_view simplified_character) const {
    const auto found = mandarin_.find(simplified_character);
    return found == mandarin_.end() ? std::string_view{} : found->second;
  }
  const Views& characters(std::string_view spelling) const {
    static const Views none;
    const auto found = by_spelling_.find(spelling);
    return found == by_spelling_.end() ? none : found->second;
  }

 private:
  HanTable() {
    read_variants();
    read_spellings();
    add_variants();
    read_mandarin();
    for (const auto& [han, entry] : entries_) {
      for (const std::string_view spelling : entry.spellings) add_character(spelling, han);
    }
    for (auto& [spelling, characters] : by_spelling_) {
      std::sort(characters.begin(), characters.end());
      characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
    }
  }

  void read_variants() {
    for (const TableRow& row : table_rows(semak_normalize_han_variants_begin, semak_normalize_han_variants_end, 3)) {
      each_character(row[1], [&](std::string_view other) {
        simplified_.emplace(other, row[0]);
        others_[row[0]].push_back(other);
      });
    }
  }

  void read_spellings() {
    for (const TableRow& row : table_rows(semak_normalize_han_spellings_begin, semak_normalize_han_spellings_end, 4)) {
      Entry& entry = entries_[row[0]];
      entry.surname = row[1] == "1";
      std::string_view rest = row[2];
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        entry.spellings.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  // Behind what the table says: other ways of writing the same sounds.
  void add_variants() {
    for (auto& [han, entry] : entries_) {
      if (count_characters(han) != 1) continue;
      const std::size_t said = entry.spellings.size();
      for (std::size_t i = 0; i < said; ++i) {
        for (const std::string_view variant : variants_.of(entry.spellings[i])) {
          const bool there =
              std::find(entry.spellings.begin(), entry.spellings.end(), variant) != entry.spellings.end();
          if (!there) entry.spellings.push_back(variant);
        }
      }
    }
  }

  void read_mandarin() {
    for (const TableRow& row : table_rows(semak_normalize_han_mandarin_begin, semak_normalize_han_mandarin_end, 3)) {
      each_character(row[1], [&](std::string_view character) {
        mandarin_.emplace(character, row[0]);
        Entry& entry = entries_[character];
        const bool there = std::find(entry.spellings.begin(), entry.spellings.end(), row[0]) != entry.spellings.end();
        if (!there) entry.spellings.push_back(row[0]);
      });
    }
  }

  // `han` and every way of writing it in traditional characters.
  void add_character(std::string_view spelling, std::string_view han) {
    Views& characters = by_spelling_[spelling];
    characters.push_back(han);
    if (count_characters(han) == 1) {
      if (const auto found = others_.find(han); found != others_.end()) {
        characters.insert(characters.end(), found->second.begin(), found->second.end());
      }
      return;
    }
    Views parts;
    each_character(han, [&](std::string_view part) { parts.push_back(part); });
    std::vector<std::string> written{std::string()};
    for (const std::string_view part : parts) {
      std::vector<std::string> longer;
      for (const std::string& front : written) {
        longer.push_back(front + std::string(part));
        if (const auto found = others_.find(part); found != others_.end()) {
          for (const std::string_view other : found->second) longer.push_back(front + std::string(other));
        }
      }
      written = std::move(longer);
    }
    for (std::string& form : written) {
      if (form != han) characters.push_back(*owned_.insert(std::move(form)).first);
    }
  }

  SyllableVariants variants_;
  std::unordered_map<std::string_view, std::string_view> simplified_;
  std::unordered_map<std::string_view, Views> others_;  // by simplified character
  std::unordered_map<std::string_view, Entry> entries_;
  std::unordered_map<std::string_view, std::string_view> mandarin_;
  std::unordered_map<std::string_view, Views> by_spelling_;
  std::unordered_set<std::string> owned_;  // surnames of two characters in traditional characters
};

const Entry* entry_of(std::string_view han) {
  const HanTable& table = HanTable::instance();
  if (const Entry* entry = table.find(han)) return entry;
  return table.find(fold_han(han));
}

}  // namespace

std::size_t count_characters(std::string_view utf8) {
  std::size_t count = 0;
  each_character(utf8, [&](std::string_view) { ++count; });
  return count;
}

std::string_view mandarin_of_han(std::string_view character) {
  const HanTable& table = HanTable::instance();
  return table.mandarin(table.simplified(character));
}

std::string fold_han(std::string_view token) {
  const HanTable& table = HanTable::instance();
  std::string result;
  each_character(token, [&](std::string_view character) { result.append(table.simplified(character)); });
  return result;
}

const std::vector<std::string_view>& spellings_of_han(std::string_view han) {
  static const Views none;
  const Entry* entry = entry_of(han);
  return entry ? entry->spellings : none;
}

int han_spelling_rank(std::string_view han, std::string_view latin) {
  const Views& spellings = spellings_of_han(han);
  const auto found = std::find(spellings.begin(), spellings.end(), latin);
  return found == spellings.end() ? -1 : static_cast<int>(found - spellings.begin());
}

const std::vector<std::string_view>& han_of_spelling(std::string_view latin) {
  return HanTable::instance().characters(latin);
}

bool is_han_surname(std::string_view han) {
  const Entry* entry = entry_of(han);
  return entry && entry->surname;
}

}  // namespace semak
