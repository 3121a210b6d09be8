#include "normalize/syllable_variants.h"

#include <algorithm>

#include "normalize/table_rows.h"

extern const char semak_normalize_syllable_variants_begin[], semak_normalize_syllable_variants_end[];

namespace semak {
namespace {

// Length of the consonants in front; y and w belong to the vowels where they are finals (wee).
std::size_t initial_length(std::string_view syllable) {
  return std::min(syllable.find_first_of("aeiou"), syllable.size());
}

}  // namespace

SyllableVariants::SyllableVariants() {
  for (const TableRow& row :
       table_rows(semak_normalize_syllable_variants_begin, semak_normalize_syllable_variants_end, 3)) {
    Views forms;
    std::string_view rest = row[1];
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      forms.push_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    auto& places = row[0] == "initial" ? initials_ : finals_;
    for (const std::string_view form : forms) {
      Views& others = places[form];
      others.insert(others.end(), forms.begin(), forms.end());
    }
  }
}

const std::vector<std::string_view>& SyllableVariants::of(std::string_view syllable) {
  const auto known = views_.find(std::string(syllable));
  if (known != views_.end()) return known->second;
  std::vector<std::string>& made = spellings_[std::string(syllable)];
  const std::size_t cut = initial_length(syllable);
  const std::string_view initial = syllable.substr(0, cut);
  const std::string_view final = syllable.substr(cut);
  const auto initials = initials_.find(initial);
  const auto finals = finals_.find(final);
  const Views same_initial = initials == initials_.end() ? Views{initial} : initials->second;
  const Views same_final = finals == finals_.end() ? Views{final} : finals->second;
  for (const std::string_view front : same_initial) {
    for (const std::string_view back : same_final) {
      std::string spelling = std::string(front) + std::string(back);
      const bool there = std::find(made.begin(), made.end(), spelling) != made.end();
      if (spelling.size() >= 2 && spelling != syllable && !there) made.push_back(std::move(spelling));
    }
  }
  Views& views = views_[std::string(syllable)];
  views.assign(made.begin(), made.end());
  return views;
}

}  // namespace semak
