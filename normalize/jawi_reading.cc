// Jawi and Arabic: consonants are written, short vowels are not, and waw and ya are either.
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/check.h"
#include "normalize/script_reading.h"
#include "normalize/table_rows.h"
#include "normalize/text.h"

extern const char semak_normalize_jawi_letters_begin[], semak_normalize_jawi_letters_end[];
extern const char semak_normalize_jawi_names_begin[], semak_normalize_jawi_names_end[];

namespace semak {
namespace {

enum class LetterRole : std::uint8_t { consonant, alif, waw, ya, lam, ain, drop };

struct Letter {
  char32_t fold = 0;
  std::string_view reading;
  LetterRole role = LetterRole::drop;
};

char32_t hexadecimal(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : c - 'A' + 10);
  }
  return value;
}

LetterRole role_named(std::string_view name) {
  if (name == "consonant") return LetterRole::consonant;
  if (name == "alif") return LetterRole::alif;
  if (name == "waw") return LetterRole::waw;
  if (name == "ya") return LetterRole::ya;
  if (name == "lam") return LetterRole::lam;
  if (name == "ain") return LetterRole::ain;
  SEMAK_CHECK(name == "drop");
  return LetterRole::drop;
}

using LetterMap = std::unordered_map<char32_t, Letter>;

const LetterMap& letters() {
  static const LetterMap map = [] {
    LetterMap result;
    for (const TableRow& row : table_rows(semak_normalize_jawi_letters_begin, semak_normalize_jawi_letters_end, 6)) {
      result[hexadecimal(row[0])] = {hexadecimal(row[1]), row[2], role_named(row[3])};
    }
    return result;
  }();
  return map;
}

// Letters of the token in their folded form; hamza, marks, tatweel, digits and what is not Arabic script are left out.
std::vector<char32_t> folded(std::string_view token) {
  const std::string composed = compatibility_composed(token);
  std::vector<char32_t> result;
  for (std::size_t i = 0; i < composed.size();) {
    const auto letter = letters().find(next_character(composed, i));
    if (letter == letters().end() || letter->second.role == LetterRole::drop) continue;
    result.push_back(letter->second.fold);
  }
  return result;
}

// Letters before which the l of the article is not spoken.
bool is_sun_letter(char32_t c) {
  switch (c) {
    case 0x062A:
    case 0x062B:
    case 0x062F:
    case 0x0630:
    case 0x0631:
    case 0x0632:
    case 0x0633:
    case 0x0634:
    case 0x0635:
    case 0x0636:
    case 0x0637:
    case 0x0638:
    case 0x0644:
    case 0x0646: return true;
    default: return false;
  }
}

constexpr char32_t kAlif = 0x0627;
constexpr char32_t kLam = 0x0644;
constexpr char32_t kWaw = 0x0648;
constexpr char32_t kYa = 0x064A;

class Reader {
 public:
  explicit Reader(std::vector<char32_t> word) : word_(std::move(word)) {}

  std::string read() {
    std::size_t start = 0;
    // The article in front of a whole name ("al-Aziz" is Aziz); short words that only look like it keep their l.
    if (at(0) == kAlif && at(1) == kLam && word_.size() >= 6 && !is_sun_letter(at(2))) start = 2;
    for (std::size_t i = start; i < word_.size(); ++i) append(i, i == start);
    return std::move(out_);
  }

 private:
  char32_t at(std::size_t i) const { return i < word_.size() ? word_[i] : 0; }
  bool is_alif_or_waw(std::size_t i) const { return at(i) == kAlif || at(i) == kWaw; }

  void append(std::size_t i, bool first) {
    const Letter& letter = letters().at(word_[i]);
    switch (letter.role) {
      case LetterRole::consonant: return consonant(letter.reading);
      case LetterRole::alif:
        if (skip_alif_) {
          skip_alif_ = false;
          return;
        }
        return vowel(letter.reading);
      case LetterRole::ain: return vowel(letter.reading);
      case LetterRole::waw: {
        // "Zulkifli", "Nurul": waw and the article of the next word
        if (at(i + 1) == kAlif && at(i + 2) == kLam && i + 3 < word_.size() && !first) {
          skip_alif_ = true;
          return vowel("u");
        }
        const bool before_ya = at(i + 1) == kYa;
        if (first || before_ya || (at(i + 1) == kWaw && at(i - 1) == kAlif)) return consonant("w");
        return vowel("u");
      }
      case LetterRole::ya: {
        const bool between = !first && at(i - 1) == kAlif && is_alif_or_waw(i + 1);
        if (first || between) return consonant("y");
        return vowel("i");
      }
      case LetterRole::lam: {
        const bool of_article = i > 0 && at(i - 1) == kAlif && is_sun_letter(at(i + 1)) && i + 3 < word_.size();
        const bool doubled = i > 0 && at(i - 1) == kLam;
        if (!of_article && !doubled) consonant("l");
        return;
      }
      case LetterRole::drop: return;
    }
  }

  void vowel(std::string_view reading) {
    out_.append(reading);
    after_consonant_ = false;
  }
  void consonant(std::string_view reading) {
    if (after_consonant_) out_.push_back('\'');
    out_.append(reading);
    after_consonant_ = true;
  }

  std::vector<char32_t> word_;
  std::string out_;
  bool after_consonant_ = false;
  bool skip_alif_ = false;
};

const NameReadings& names() {
  static const NameReadings readings(semak_normalize_jawi_names_begin, semak_normalize_jawi_names_end, fold_jawi);
  return readings;
}

}  // namespace

std::string fold_jawi(std::string_view token) {
  std::string result;
  for (const char32_t c : folded(token)) append_utf8(c, result);
  return result;
}

std::string known_jawi(std::string_view token) {
  const std::string key = fold_jawi(token);
  if (const std::string_view known = names().find(key); !known.empty()) return std::string(known);
  // Names of the Faith, of which the tables need not know each: "جمال الدين" is Jamal and -uddin.
  constexpr std::string_view kDin = "\u0627\u0644\u062F\u064A\u0646";
  if (!key.ends_with(kDin)) return {};
  const std::string_view first = names().find(key.substr(0, key.size() - kDin.size()));
  return first.empty() ? std::string() : std::string(first) + "uddin";
}

std::string read_jawi(std::string_view token) {
  if (std::string known = known_jawi(token); !known.empty()) return known;
  return Reader(folded(token)).read();
}

}  // namespace semak
