// Tamil by letter, as Malaysian names spell it: one letter for k and g, c, s and ch, t and d, p and b.
#include <cstdint>
#include <unordered_map>

#include "engine/check.h"
#include "normalize/script_reading.h"
#include "normalize/table_rows.h"
#include "normalize/text.h"

extern const char semak_normalize_tamil_letters_begin[], semak_normalize_tamil_letters_end[];
extern const char semak_normalize_tamil_names_begin[], semak_normalize_tamil_names_end[];

namespace semak {
namespace {

enum class LetterKind : std::uint8_t { vowel, sign, pulli, consonant, drop };

struct Letter {
  std::string_view reading;
  LetterKind kind = LetterKind::drop;
};

char32_t hexadecimal(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : c - 'A' + 10);
  }
  return value;
}

LetterKind kind_named(std::string_view name) {
  if (name == "vowel") return LetterKind::vowel;
  if (name == "sign") return LetterKind::sign;
  if (name == "pulli") return LetterKind::pulli;
  if (name == "consonant") return LetterKind::consonant;
  SEMAK_CHECK(name == "drop");
  return LetterKind::drop;
}

using LetterMap = std::unordered_map<char32_t, Letter>;

const LetterMap& letters() {
  static const LetterMap map = [] {
    LetterMap result;
    for (const TableRow& row : table_rows(semak_normalize_tamil_letters_begin, semak_normalize_tamil_letters_end, 5)) {
      result[hexadecimal(row[0])] = {row[2], kind_named(row[1])};
    }
    return result;
  }();
  return map;
}

constexpr char32_t kCa = 0x0B9A;
constexpr char32_t kNya = 0x0B9E;
constexpr char32_t kRra = 0x0BB1;
constexpr char32_t kPa = 0x0BAA;
constexpr char32_t kAytham = 0x0B83;

class Reader {
 public:
  std::string read(std::string_view token) {
    for (std::size_t i = 0; i < token.size();) {
      const char32_t c = next_character(token, i);
      const auto found = letters().find(c);
      if (found != letters().end()) append(c, found->second);
    }
    finish();
    return std::move(out_);
  }

 private:
  void append(char32_t c, const Letter& letter) {
    switch (letter.kind) {
      case LetterKind::vowel:
        finish();
        out_.append(letter.reading);
        break;
      case LetterKind::sign:
        open_ = false;
        out_.append(letter.reading);
        break;
      case LetterKind::pulli:
        open_ = false;
        closed_ = last_;
        return;
      case LetterKind::consonant: consonant(c, letter.reading); return;
      case LetterKind::drop: break;
    }
    last_ = letter.kind == LetterKind::drop ? c : 0;
    closed_ = 0;
  }

  void consonant(char32_t c, std::string_view reading) {
    finish();
    if (c == kCa && closed_ == kCa) {
      // sucha, not sussa
      out_.back() = 'c';
      out_.push_back('h');
    } else if (c == kCa && closed_ == kNya) {
      out_.push_back('j');  // anjali
    } else if (c == kRra && closed_ == kRra) {
      out_.back() = 't';  // vetri
      out_.push_back('r');
    } else if (c == kPa && last_ == kAytham) {
      out_.push_back('f');
    } else {
      out_.append(reading);
    }
    last_ = c;
    closed_ = 0;
    open_ = true;
  }

  // The vowel a of a consonant with no sign.
  void finish() {
    if (open_) out_.push_back('a');
    open_ = false;
  }

  std::string out_;
  char32_t last_ = 0;    // consonant (or aytham) just read
  char32_t closed_ = 0;  // consonant without vowel just read
  bool open_ = false;
};

const NameReadings& names() {
  static const NameReadings readings(semak_normalize_tamil_names_begin, semak_normalize_tamil_names_end, fold_tamil);
  return readings;
}

}  // namespace

std::string fold_tamil(std::string_view token) {
  const std::string composed = compatibility_composed(token);
  std::string result;
  for (std::size_t i = 0; i < composed.size();) {
    const char32_t c = next_character(composed, i);
    if (letters().contains(c)) append_utf8(c, result);
  }
  return result;
}

std::string known_tamil(std::string_view token) { return std::string(names().find(fold_tamil(token))); }

std::string read_tamil(std::string_view token) {
  const std::string folded = fold_tamil(token);
  if (const std::string_view known = names().find(folded); !known.empty()) return std::string(known);
  return Reader().read(folded);
}

}  // namespace semak
