#include "engine/screen/record_fingerprint.h"

#include <algorithm>
#include <cstdint>
#include <sodium.h>
#include <string_view>
#include <vector>

namespace semak {
namespace {

constexpr std::size_t kHashBytes = 16;
constexpr std::string_view kVersion = "person 1";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string without_blanks_at_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank)
      out += upper(c);
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Letters, digits and whatever is not ASCII.
std::string without_separators(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char big = upper(c);
    if ((big >= 'A' && big <= 'Z') || (big >= '0' && big <= '9') || static_cast<unsigned char>(big) >= 0x80) out += big;
  }
  return out;
}

// Lengths stand before texts, so that no two lists can be spelt alike.
void add_sorted(std::string& text, char kind, std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (const std::string& value : values) {
    if (!value.empty()) text += kind + std::to_string(value.size()) + ' ' + value + '\n';
  }
}

}  // namespace

std::string person_fingerprint(const Record& record) {
  std::vector<std::string> names, numbers;
  for (const TypedName& name : record.names) {
    std::string text = without_blanks_at_ends(name.text);
    if (!text.empty()) names.push_back(std::string(to_string(name.type)) + ' ' + std::move(text));
  }
  for (const TypedNumber& number : record.numbers) numbers.push_back(without_separators(number.text));
  std::string text = std::string(kVersion) + '\n';
  add_sorted(text, 'n', std::move(names));
  add_sorted(text, 'i', std::move(numbers));
  text += 'b' + to_string(record.dob) + "\ns" + to_string(record.sex) + '\n';

  unsigned char hash[kHashBytes];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  char hex[2 * kHashBytes + 1];
  return sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
}

}  // namespace semak
