#include "normalize/name_lexicon.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "engine/check.h"
#include "normalize/name_family.h"

#define SEMAK_TABLE(stem)                                                                             \
  extern "C" const char semak_normalize_##stem##_begin[];                                             \
  extern "C" const char semak_normalize_##stem##_end[];                                               \
  namespace {                                                                                         \
  std::string_view stem##_table() {                                                                   \
    return {semak_normalize_##stem##_begin,                                                           \
            static_cast<std::size_t>(semak_normalize_##stem##_end - semak_normalize_##stem##_begin)}; \
  }                                                                                                   \
  }

SEMAK_TABLE(titles)
SEMAK_TABLE(particles)
SEMAK_TABLE(families)
SEMAK_TABLE(surnames)
SEMAK_TABLE(english)
SEMAK_TABLE(compounds)

namespace semak {
namespace {

template <class Integer>
std::uint64_t load(const char* at) {
  Integer value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Words are short: their first and last eight bytes decide nearly all of them.
std::uint32_t slot_hash(std::string_view word) {
  const char* const begin = word.data();
  const std::size_t size = word.size();
  std::uint64_t head = 0, tail = 0;
  if (size >= 8) {
    head = load<std::uint64_t>(begin);
    tail = load<std::uint64_t>(begin + size - 8);
  } else if (size >= 4) {
    head = load<std::uint32_t>(begin);
    tail = load<std::uint32_t>(begin + size - 4);
  } else if (size > 0) {
    head = static_cast<unsigned char>(begin[0]) | load<std::uint8_t>(begin + size / 2) << 8;
    tail = static_cast<unsigned char>(begin[size - 1]);
  }
  std::uint64_t hash = (head * 0x9E3779B97F4A7C15u) ^ (tail * 0xC2B2AE3D27D4EB4Fu) ^ (size * 0x165667B19E3779F9u);
  hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9u;
  return static_cast<std::uint32_t>(hash >> 32);
}

// Our own tables: no quotes, the same number of cells in each row, a heading.
template <class Row>
void for_each_row(std::string_view table, std::size_t cells_wanted, Row row) {
  std::vector<std::string_view> cells;
  bool heading = true;
  while (!table.empty()) {
    const std::size_t end = std::min(table.find('\n'), table.size());
    std::string_view line = table.substr(0, end);
    table.remove_prefix(std::min(end + 1, table.size()));
    if (line.empty()) continue;
    cells.clear();
    for (;;) {
      const std::size_t comma = line.find(',');
      cells.push_back(line.substr(0, comma));
      if (comma == std::string_view::npos) break;
      line.remove_prefix(comma + 1);
    }
    SEMAK_CHECK(cells.size() == cells_wanted);
    if (!heading) row(cells);
    heading = false;
  }
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Sex sex_of(std::string_view cell) { return cell == "M" ? Sex::male : cell == "F" ? Sex::female : Sex::unknown; }

std::uint32_t title_flags(std::string_view rule) {
  if (rule == "conferred") return word::kConferred;
  if (rule == "anywhere") return word::kAnywhere;
  if (rule == "front") return word::kFront;
  if (rule == "suffix") return word::kSuffix;
  if (rule == "near") return word::kNear;
  if (rule == "end") return word::kEnd;
  if (rule == "kin") return word::kKin;
  if (rule == "hereditary") return word::kHereditary;
  SEMAK_CHECK(rule == "unmarked");
  return word::kUnmarked;
}

ParticlePlace place_of_particle(std::string_view cell) {
  if (cell == "anywhere") return ParticlePlace::anywhere;
  if (cell == "between") return ParticlePlace::between;
  if (cell == "between_words") return ParticlePlace::between_words;
  if (cell == "muslim") return ParticlePlace::muslim;
  SEMAK_CHECK(cell == "not_muslim");
  return ParticlePlace::not_muslim;
}

std::uint32_t group_flags(std::string_view group) {
  if (group == "malay") return word::kMuslim;
  if (group == "prefix") return word::kMuslim | word::kPrefix;
  if (group == "abdul") return word::kMuslim | word::kPrefix | word::kAbdul;
  if (group == "rest") return word::kMuslim | word::kAbdulRest;
  if (group == "indian") return word::kIndian;
  if (group == "english") return word::kEnglish;
  SEMAK_CHECK(group == "other");
  return 0;
}

}  // namespace

struct LexiconBuilder {
  Lexicon& lexicon;
  std::unordered_map<std::string, Lexeme*> words{};
  // Key of a table variant -> its family; nullopt where two families share a key.
  std::unordered_map<std::string, std::optional<std::uint32_t>> keys{};

  Lexeme* word(std::string_view text) {
    Lexeme*& entry = words[std::string(text)];
    if (entry == nullptr) {
      entry = &lexicon.lexemes_.emplace_back();
      entry->text = text;
    }
    return entry;
  }

  void add(std::string_view text, std::uint32_t flags, Sex sex, ParticlePlace place) {
    const std::vector<std::string_view> parts = split(text);
    SEMAK_CHECK(!parts.empty() && parts.size() <= 4);
    if (parts.size() == 1) {
      Lexeme* entry = word(parts[0]);
      entry->flags |= flags;
      if (sex != Sex::unknown) entry->sex = sex;
      if (place != ParticlePlace::none) entry->particle = place;
      return;
    }
    Phrase phrase;
    phrase.length = static_cast<std::uint8_t>(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) phrase.words[i] = word(parts[i]);
    word(parts[0])->flags |= word::kPhrase;
    phrase.flags = flags;
    phrase.sex = sex;
    lexicon.phrases_.push_back(phrase);
  }

  void titles() {
    for_each_row(titles_table(), 5, [&](const std::vector<std::string_view>& cell) {
      const std::uint32_t also = cell[2] == "name" ? word::kAlsoName : 0;
      add(cell[0], title_flags(cell[1]) | also, sex_of(cell[3]), ParticlePlace::none);
    });
  }
  void particles() {
    for_each_row(particles_table(), 5, [&](const std::vector<std::string_view>& cell) {
      if (cell[1] == "alias") return add(cell[0], word::kAliasMark, Sex::unknown, ParticlePlace::none);
      if (cell[1] == "article") return add(cell[0], word::kArticle, Sex::unknown, ParticlePlace::none);
      if (cell[1] == "noise") return add(cell[0], word::kAnywhere, Sex::unknown, ParticlePlace::none);
      add(cell[0], word::kParticle, sex_of(cell[3]), place_of_particle(cell[2]));
    });
  }
  void families() {
    for_each_row(families_table(), 4, [&](const std::vector<std::string_view>& cell) {
      Lexeme* entry = word(cell[1]);
      const std::uint32_t family = family_id(cell[0]);
      SEMAK_CHECK(entry->family == 0 || entry->family == family);
      entry->family = family;
      entry->flags |= group_flags(cell[2]);
      const std::string key = family_key(cell[1]);
      if (key.empty()) return;
      const auto [at, fresh] = keys.try_emplace(key, family);
      if (!fresh && at->second != family) at->second.reset();
    });
  }
  void surnames() {
    for_each_row(surnames_table(), 2, [&](const std::vector<std::string_view>& cell) {
      add(cell[0], word::kSurname, Sex::unknown, ParticlePlace::none);
    });
  }
  void english() {
    for_each_row(english_table(), 2, [&](const std::vector<std::string_view>& cell) {
      add(cell[0], word::kEnglish, Sex::unknown, ParticlePlace::none);
    });
  }
  void compounds() {
    for_each_row(compounds_table(), 3, [&](const std::vector<std::string_view>& cell) {
      const std::vector<std::string_view> parts = split(cell[1]);
      if (cell[0] == "join") {
        SEMAK_CHECK(parts.size() == 2);
        Lexeme* first = word(parts[0]);
        first->flags |= word::kJoin;
        lexicon.compounds_.push_back(Compound{first, word(parts[1])});
      } else {
        SEMAK_CHECK(cell[0] == "whole" && parts.size() == 1);
        word(parts[0])->flags |= word::kWhole;
      }
    });
  }

  void index_phrases() {
    std::vector<Phrase>& phrases = lexicon.phrases_;
    std::stable_sort(phrases.begin(), phrases.end(), [](const Phrase& a, const Phrase& b) {
      const int order = a.words[0]->text.compare(b.words[0]->text);
      return order != 0 ? order < 0 : a.length > b.length;
    });
    for (std::size_t i = 0; i < phrases.size(); ++i) {
      Lexeme* first = word(phrases[i].words[0]->text);
      if (first->phrases_count++ == 0) first->phrases_begin = static_cast<std::uint16_t>(i);
    }
  }

  void finish() {
    lexicon.abdul_family_ = family_id("abdul");
    lexicon.muhammad_family_ = family_id("muhammad");
    index_phrases();
    for (const auto& [key, family] : keys) {
      if (family) lexicon.keys_.push_back({family_id(key), *family});
    }
    std::sort(lexicon.keys_.begin(), lexicon.keys_.end(),
              [](const auto& a, const auto& b) { return a.key_hash < b.key_hash; });
    std::size_t capacity = 1024;
    while (capacity < 2 * lexicon.lexemes_.size()) capacity *= 2;
    lexicon.slots_.resize(capacity);
    for (std::size_t i = 0; i < lexicon.lexemes_.size(); ++i) {
      const std::uint32_t hash = slot_hash(lexicon.lexemes_[i].text);
      std::size_t at = hash & (capacity - 1);
      while (lexicon.slots_[at].index != 0) at = (at + 1) & (capacity - 1);
      lexicon.slots_[at] = {hash, static_cast<std::uint32_t>(i + 1)};
    }
  }
};

Lexicon::Lexicon() {
  LexiconBuilder builder{*this};
  builder.titles();
  builder.particles();
  builder.families();
  builder.surnames();
  builder.english();
  builder.compounds();
  builder.finish();
}

const Lexeme* Lexicon::find(std::string_view folded) const {
  const std::uint32_t hash = slot_hash(folded);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at].index != 0; at = (at + 1) & mask) {
    if (slots_[at].hash != hash) continue;
    const Lexeme& lexeme = lexemes_[slots_[at].index - 1];
    if (lexeme.text == folded) return &lexeme;
  }
  return nullptr;
}

bool Lexicon::joins(const Lexeme* first, const Lexeme* second) const {
  for (const Compound& compound : compounds_) {
    if (compound.first == first && compound.second == second) return true;
  }
  return false;
}

std::uint32_t Lexicon::family(std::string_view folded, const Lexeme* lexeme) const {
  if (lexeme != nullptr && lexeme->family != 0) return lexeme->family;
  const std::string key = family_key(folded);
  if (key.empty()) return 0;
  const std::uint32_t id = family_id(key);
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), id,
                                   [](const KeySlot& slot, std::uint32_t wanted) { return slot.key_hash < wanted; });
  return at != keys_.end() && at->key_hash == id ? at->family : id;
}

}  // namespace semak
