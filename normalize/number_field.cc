#include "normalize/number_field.h"

#include <algorithm>
#include <optional>
#include <string>

#include "normalize/mykad.h"
#include "normalize/number_words.h"
#include "normalize/text.h"

namespace semak {
namespace {

constexpr std::size_t kFieldMax = 512;  // bytes of a field that are read
constexpr std::size_t kNumbersMax = 8;
constexpr std::size_t kCanonicalMax = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool all_digits(std::string_view s) { return std::all_of(s.begin(), s.end(), is_digit); }
bool all_letters(std::string_view s) { return std::all_of(s.begin(), s.end(), is_upper); }
int two(std::string_view s, std::size_t at) { return (s[at] - '0') * 10 + (s[at + 1] - '0'); }

std::size_t small_number(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

// The field in upper-case ASCII: digits of other scripts as digits, dashes as '-', all else as written or ' '.
std::string folded_field(std::string_view text) {
  text = text.substr(0, kFieldMax);
  const std::string composed = compatibility_composed(text);
  std::string out;
  for (std::size_t i = 0; i < composed.size();) {
    const char32_t c = next_character(composed, i);
    if (c >= 'a' && c <= 'z') {
      out.push_back(static_cast<char>(c - 'a' + 'A'));
    } else if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c >= 0x0660 && c <= 0x0669) {
      out.push_back(static_cast<char>('0' + static_cast<int>(c - 0x0660)));
    } else if (c >= 0x06F0 && c <= 0x06F9) {
      out.push_back(static_cast<char>('0' + static_cast<int>(c - 0x06F0)));
    } else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212) {
      out.push_back('-');
    } else if ((c >= 0x200B && c <= 0x200F) || c == 0xFEFF) {
      continue;
    } else if (c == 0x3001 || c == 0xFF64) {
      out.push_back(',');
    } else {
      out.push_back(' ');
    }
  }
  return out;
}

struct Run {
  std::string_view text;  // letters and digits
  char before = '\0';     // last separator in front of it; '\0' at the start of a segment
};

class FieldReader {
 public:
  FieldReader(NumberKind hint, int reference_year) : hint_(hint), reference_year_(reference_year) {}

  std::vector<IdentityNumber> read(std::string_view field) {
    std::string whole;
    if (const auto digits = without_thousands(field)) {
      whole = *digits;
      field = whole;
    }
    std::size_t start = 0;
    for (std::size_t i = 0; i <= field.size(); ++i) {
      if (i == field.size() || is_strong(field, i)) {
        read_segment(field.substr(start, i - start));
        start = i + 1;
      }
    }
    return std::move(numbers_);
  }

 private:
  // Separates numbers, never the parts of one.
  static bool is_strong(std::string_view field, std::size_t i) {
    const char c = field[i];
    if (c == ',' || c == ';' || c == '|' || c == '\n' || c == '\r' || c == '\t' || c == '&' || c == '(' || c == ')' ||
        c == '[' || c == ']' || c == '=' || c == '<' || c == '>' || c == '"') {
      return true;
    }
    return c == '/' && i > 0 && field[i - 1] == ' ' && i + 1 < field.size() && field[i + 1] == ' ';
  }

  // "850,311,035,228": a number cell shown with thousands.
  static std::optional<std::string> without_thousands(std::string_view field) {
    if (std::count(field.begin(), field.end(), ',') < 2) return std::nullopt;
    std::string digits;
    std::size_t group = 0;
    for (const char c : field) {
      if (c == ',') {
        if (group == 0 || group > 3 || (digits.size() > 3 && group != 3)) return std::nullopt;
        group = 0;
      } else if (is_digit(c)) {
        digits.push_back(c);
        ++group;
      } else {
        return std::nullopt;
      }
    }
    if (group != 3 || digits.size() > 12) return std::nullopt;
    return digits;
  }

  NumberKind expected() const { return label_ != NumberKind::unknown ? label_ : hint_; }

  void read_segment(std::string_view segment) {
    if (read_scientific(segment)) return;
    runs_.clear();
    char before = '\0';
    for (std::size_t i = 0; i < segment.size();) {
      if (!is_digit(segment[i]) && !is_upper(segment[i])) {
        before = segment[i++];
        continue;
      }
      const std::size_t start = i;
      while (i < segment.size() && (is_digit(segment[i]) || is_upper(segment[i]))) ++i;
      push_run(segment.substr(start, i - start), before);
    }
    drop_decimals();
    read_runs();
  }

  // "5228A1234567": an old number typed onto the end of a new one is a run of its own.
  void push_run(std::string_view run, char before) {
    const std::size_t letter = run.find_first_not_of("0123456789");
    const bool glued = letter != std::string_view::npos && (letter == 4 || letter == 12) && run.size() - letter >= 8 &&
                       run.size() - letter <= 9 && all_digits(run.substr(letter + 1));
    if (glued) {
      runs_.push_back({run.substr(0, letter), before});
      run.remove_prefix(letter);
      before = '\0';
    }
    runs_.push_back({run, before});
  }

  // A number cell read as text: "850311035228.0".
  void drop_decimals() {
    if (runs_.size() < 2 || runs_.back().before != '.' || !all_digits(runs_.back().text)) return;
    const std::string_view whole = runs_[runs_.size() - 2].text;
    if (runs_.back().text.find_first_not_of('0') == std::string_view::npos && whole.size() >= 5 && all_digits(whole)) {
      runs_.pop_back();
    }
  }

  void read_runs() {
    std::size_t unread = 0;  // runs before this one are done
    std::size_t i = 0;
    while (i < runs_.size()) {
      if (is_label(i)) {
        flush(unread, i);
        if (const NumberKind kind = label_kind(runs_[i].text); kind != NumberKind::unknown) label_ = kind;
        unread = ++i;
        continue;
      }
      std::size_t taken = 0;
      for (std::size_t j = runs_.size(); j > i && taken == 0; --j) {
        if (recognise(i, j)) taken = j;
      }
      if (taken != 0) {
        flush(unread, i);
        add(std::move(found_));
        for (IdentityNumber& other : also_) add(std::move(other));
        also_.clear();
        unread = i = taken;
      } else {
        ++i;
      }
    }
    flush(unread, runs_.size());
  }

  // A word of the form, not part of a number.
  bool is_label(std::size_t i) const {
    const std::string_view word = runs_[i].text;
    if (!all_letters(word)) return false;
    if (label_kind(word) != NumberKind::unknown) return true;
    if (i + 1 == runs_.size()) return word.size() > 2;
    if (all_letters(runs_[i + 1].text)) return true;                                            // the K of "K/P"
    if (i > 0 && runs_[i - 1].text.size() == 1 && all_letters(runs_[i - 1].text)) return true;  // its P
    const bool prefix = std::any_of(number_prefixes().begin(), number_prefixes().end(),
                                    [&](const NumberPrefix& p) { return p.letters == word; });
    return !prefix && word.size() >= 2 && !as_digits(word, word.size()).has_value();
  }

  std::string joined(std::size_t begin, std::size_t end) const {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) text.append(runs_[i].text);
    return text;
  }

  IdentityNumber other(NumberKind kind, std::string canonical, NumberFlag flags = NumberFlag::none) const {
    IdentityNumber number;
    number.kind = kind;
    number.canonical = std::move(canonical);
    number.flags = flags;
    const std::size_t digit = number.canonical.find_first_of("0123456789");
    if (digit != std::string::npos) {
      const std::string_view digits = std::string_view(number.canonical).substr(digit);
      if (digits.size() >= 4 && is_one_character(digits)) number.flags = number.flags | NumberFlag::placeholder;
    }
    return number;
  }

  // The runs [begin, end) as one number of a known form, into found_ (and also_).
  bool recognise(std::size_t begin, std::size_t end) {
    std::size_t size = 0;
    for (std::size_t i = begin; i < end; ++i) size += runs_[i].text.size();
    if (size < 4 || size > 16) return false;
    const std::string text = joined(begin, end);
    const bool single = end - begin == 1;
    if (size == 12) return recognise_twelve(text, begin, end);
    if (size == 10 || size == 11) return recognise_unhcr(text, begin, end) || (single && recognise_short_mykad(text));
    if (single && size == 9 && recognise_short_mykad(text)) return true;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (runs_[i].before == '.' && all_digits(text)) return false;  // a date, a case number
      if (runs_[i].before == '/' && is_digit(text.front())) return false;
    }
    return recognise_lettered(text) || recognise_old_digits(text, single);
  }

  bool recognise_twelve(const std::string& text, std::size_t begin, std::size_t end) {
    NumberFlag flags = NumberFlag::none;
    std::string digits = text;
    if (!all_digits(text)) {
      const auto read = as_digits(text, 5);
      if (!read || (expected() != NumberKind::mykad && (!begins_with_date(*read) || place_of(two(*read, 6)).empty()))) {
        return false;
      }
      digits = *read;
      flags = NumberFlag::lookalikes_read;
    }
    found_ = mykad_of(digits, flags, reference_year_);
    if (has(found_.flags, NumberFlag::impossible_date)) add_other_orders(digits, flags, begin, end);
    return true;
  }

  // Readings in another order of blocks, besides the one as written: a mistyped digit makes a date impossible too.
  void add_other_orders(const std::string& digits, NumberFlag flags, std::size_t begin, std::size_t end) {
    const std::string_view d = digits;
    std::string orders[3];
    orders[0] = std::string(d.substr(4, 2)) + std::string(d.substr(2, 2)) + std::string(d.substr(0, 2)) +
                std::string(d.substr(6));  // DDMMYY
    if (end - begin == 3 && runs_[begin].text.size() == 2 && runs_[begin + 1].text.size() == 6) {
      orders[1] = std::string(d.substr(2, 6)) + std::string(d.substr(0, 2)) + std::string(d.substr(8));
    }
    if (end - begin == 3 && runs_[begin].text.size() == 4 && runs_[begin + 2].text.size() == 6) {
      orders[2] = std::string(d.substr(6)) + std::string(d.substr(4, 2)) + std::string(d.substr(0, 4));
    }
    for (const std::string& order : orders) {
      if (order.empty() || !begins_with_date(order) || place_of(two(order, 6)).empty()) continue;
      also_.push_back(mykad_of(order, flags | NumberFlag::blocks_swapped, reference_year_));
    }
  }

  // 9 to 11 digits in a MyKad column: a spreadsheet kept the number without its leading zeros.
  bool recognise_short_mykad(const std::string& text) {
    if (expected() != NumberKind::mykad || !all_digits(text) || text.size() < 9) return false;
    const std::string padded = std::string(12 - text.size(), '0') + text;
    if (!begins_with_date(padded)) return false;
    found_ = mykad_of(padded, NumberFlag::leading_zeros_restored, reference_year_);
    return true;
  }

  // 123-45C67890 (before February 2021) and 123-45-67890: one number, canonical without the C.
  bool recognise_unhcr(const std::string& text, std::size_t begin, std::size_t end) {
    const bool with_c = text.size() == 11 && text[5] == 'C';
    if (!with_c && text.size() != 10) return false;
    std::string digits = text;
    if (with_c) digits.erase(5, 1);
    if (!all_digits(digits)) return false;
    const bool grouped = end - begin == 3 && runs_[begin].text.size() == 3 && runs_[begin + 1].text.size() == 2;
    if (!with_c && !grouped && expected() != NumberKind::unhcr) return false;
    found_ = other(NumberKind::unhcr, std::move(digits));
    return true;
  }

  // Letters in front, then digits.
  bool recognise_lettered(const std::string& text) {
    std::size_t letters = 0;
    while (letters < text.size() && is_upper(text[letters])) ++letters;
    if (letters < 1 || letters > 2) return false;
    // "AI234560" is A and a mistyped 1 where an old number may stand, or where other letters are mistyped too
    const NumberKind wanted = expected();
    const bool old_here = wanted == NumberKind::mykad || wanted == NumberKind::old_ic;
    if (letters == 2 && text.size() == 8 && digit_like(text[1]) != '\0' &&
        (old_here || !all_digits(std::string_view(text).substr(2)))) {
      letters = 1;
    }
    const std::string_view front = std::string_view(text).substr(0, letters);
    std::string_view rest = std::string_view(text).substr(letters);
    std::string read;
    NumberFlag flags = NumberFlag::none;
    if (!all_digits(rest)) {
      if (letters != 1 || rest.size() != 7) return false;
      const auto digits = as_digits(rest, 2);
      if (!digits) return false;
      read = *digits;
      rest = read;
      flags = NumberFlag::lookalikes_read;
    }
    const NumberKind kind = lettered_kind(front, rest);
    if (kind == NumberKind::unknown) return false;
    found_ = other(kind, std::string(front) + std::string(rest), flags);
    return true;
  }

  NumberKind lettered_kind(std::string_view front, std::string_view digits) const {
    const NumberKind wanted = expected();
    const bool said = wanted == NumberKind::police || wanted == NumberKind::army || wanted == NumberKind::passport ||
                      wanted == NumberKind::birth_certificate;
    if (said && digits.size() >= 4) return wanted;
    for (const NumberPrefix& prefix : number_prefixes()) {
      if (prefix.letters == front && digits.size() >= prefix.digits_min && digits.size() <= prefix.digits_max) {
        return prefix.kind;
      }
    }
    if (front.size() == 1 && digits.size() == 7) return NumberKind::old_ic;
    if (front.size() == 1 && digits.size() == 8) return NumberKind::passport;
    if (front.size() == 2 && digits.size() >= 6 && digits.size() <= 8) return NumberKind::passport;
    return NumberKind::unknown;
  }

  // Digits alone: the old card has seven, and its leading zeros matter.
  bool recognise_old_digits(const std::string& text, bool single) {
    if (!all_digits(text)) return false;
    const NumberKind wanted = expected();
    const bool old_column =
        wanted == NumberKind::old_ic || wanted == NumberKind::mykad || wanted == NumberKind::unknown;
    if (old_column && single && text.size() == 7) {
      found_ = other(NumberKind::old_ic, text);
      return true;
    }
    if (single && wanted == NumberKind::old_ic && (text.size() == 5 || text.size() == 6)) {
      found_ = other(NumberKind::old_ic, std::string(7 - text.size(), '0') + text, NumberFlag::leading_zeros_restored);
      return true;
    }
    const bool said = wanted == NumberKind::police || wanted == NumberKind::army || wanted == NumberKind::passport ||
                      wanted == NumberKind::birth_certificate;
    if (said && text.size() >= 5) {
      found_ = other(wanted, text);
      return true;
    }
    return false;
  }

  // 8.70418E+11: what is left of a number that a spreadsheet showed in short.
  bool read_scientific(std::string_view segment) {
    while (!segment.empty() && segment.front() == ' ') segment.remove_prefix(1);
    while (!segment.empty() && segment.back() == ' ') segment.remove_suffix(1);
    std::size_t i = 0;
    std::string digits;
    while (i < segment.size() && is_digit(segment[i])) digits.push_back(segment[i++]);
    if (digits.size() != 1 || i >= segment.size() || (segment[i] != '.' && segment[i] != 'E')) return false;
    if (segment[i] == '.') ++i;
    while (i < segment.size() && is_digit(segment[i])) digits.push_back(segment[i++]);
    if (i >= segment.size() || segment[i++] != 'E') return false;
    if (i < segment.size() && (segment[i] == '+' || segment[i] == ' ')) ++i;
    const std::string_view exponent = segment.substr(i);
    if (exponent.empty() || exponent.size() > 2 || !all_digits(exponent)) return false;
    const std::size_t power = small_number(exponent);
    if (power < 5 || power > 15) return false;
    if (digits.size() == power + 1) {  // nothing lost
      runs_.assign(1, {digits, '\0'});
      read_runs();
      runs_.clear();
    } else {
      add(other(NumberKind::other, digits + 'E' + std::string(exponent), NumberFlag::scientific_notation));
    }
    return true;
  }

  // Runs that are no number of a known form, as one number if there are digits enough.
  void flush(std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    std::string text = joined(begin, end);
    const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
    if (digits < 3) return;
    if (text.size() > kCanonicalMax) text.resize(kCanonicalMax);
    const NumberKind wanted = expected();
    const bool twelve = wanted == NumberKind::mykad || wanted == NumberKind::unknown || wanted == NumberKind::old_ic;
    const bool wrong =
        twelve && digits == text.size() && digits >= 5 && (wanted != NumberKind::unknown || digits >= 10);
    const NumberKind kind = twelve ? NumberKind::other : wanted;
    add(other(kind, std::move(text), wrong ? NumberFlag::wrong_length : NumberFlag::none));
  }

  void add(IdentityNumber&& number) {
    if (numbers_.size() == kNumbersMax) return;
    if (std::find(numbers_.begin(), numbers_.end(), number) == numbers_.end()) numbers_.push_back(std::move(number));
  }

  NumberKind hint_;
  int reference_year_;
  NumberKind label_ = NumberKind::unknown;
  std::vector<Run> runs_;
  std::vector<IdentityNumber> numbers_;
  IdentityNumber found_;
  std::vector<IdentityNumber> also_;
};

}  // namespace

std::vector<IdentityNumber> read_number_field(std::string_view text, NumberKind hint, int reference_year) {
  return FieldReader(hint, reference_year).read(folded_field(text));
}

}  // namespace semak
