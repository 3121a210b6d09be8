// Deliberately simpler than the normaliser: marks are stored for years, so they must not change when its tables do.
#include <algorithm>
#include <set>

#include "engine/casework/casework.h"
#include "engine/casework/subject_marks.h"
#include "engine/store/bytes.h"
#include "normalize/text.h"

namespace semak {
namespace {

constexpr char kFormat = 1;

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool counts(char c) {
  const char u = upper(c);
  return !is_ascii(c) || (u >= 'A' && u <= 'Z') || is_digit(c);
}

// Letters and digits in upper case; everything between them is `gap`.
std::string folded(std::string_view text, std::string_view gap) {
  std::string out;
  bool between = false;
  for (const char c : compatibility_composed(text)) {
    if (!counts(c)) {
      between = true;
      continue;
    }
    if (between && !out.empty()) out += gap;
    between = false;
    out += upper(c);
  }
  return out;
}

void append_all(std::string& out, std::vector<std::string> texts) {
  std::erase(texts, std::string());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  append_varint(out, texts.size());
  for (const std::string& text : texts) append_text(out, text);
}

}  // namespace

std::vector<std::string> folded_numbers(const Subject& subject) {
  std::vector<std::string> numbers;
  for (const TypedNumber& number : subject.numbers) numbers.push_back(folded(number.text, ""));
  // Less than this is no number of anybody: "-", "TIADA", "0".
  std::erase_if(numbers, [](const std::string& text) { return std::count_if(text.begin(), text.end(), is_digit) < 4; });
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

bool is_one_person(const Subject& subject) {
  constexpr std::size_t kCharactersLeast = 5, kDifferentLeast = 3;  // fewer: "00000", "XXXXX", "12121"
  const std::vector<std::string> numbers = folded_numbers(subject);
  return std::any_of(numbers.begin(), numbers.end(), [](const std::string& number) {
    return number.size() >= kCharactersLeast && std::set(number.begin(), number.end()).size() >= kDifferentLeast;
  });
}

std::string subject_fingerprint(const Subject& subject) {
  std::string out(1, kFormat);
  std::vector<std::string> names, numbers;
  for (const TypedName& name : subject.names) names.push_back(folded(name.text, " "));
  for (const TypedNumber& number : subject.numbers) numbers.push_back(folded(number.text, ""));
  append_all(out, std::move(names));
  append_all(out, std::move(numbers));
  append_text(out, to_string(subject.dob));
  append_text(out, to_string(subject.sex));
  return out;
}

}  // namespace semak
