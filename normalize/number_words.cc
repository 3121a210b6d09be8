#include "normalize/number_words.h"

#include <unordered_map>

#include "normalize/table_rows.h"

extern const char semak_normalize_number_labels_begin[], semak_normalize_number_labels_end[];
extern const char semak_normalize_identity_prefixes_begin[], semak_normalize_identity_prefixes_end[];

namespace semak {
namespace {

NumberKind kind_named(std::string_view name) {
  for (const NumberKind kind : {NumberKind::mykad, NumberKind::old_ic, NumberKind::police, NumberKind::army,
                                NumberKind::passport, NumberKind::unhcr, NumberKind::birth_certificate}) {
    if (name == to_string(kind)) return kind;
  }
  return NumberKind::other;
}

std::size_t small_number(std::string_view digits) {
  std::size_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::size_t>(c - '0');
  return value;
}

}  // namespace

// Look-alikes of domain practice: scans and keyboards.
char digit_like(char c) {
  switch (c) {
    case 'O': return '0';
    case 'I':
    case 'L': return '1';
    case 'Z': return '2';
    case 'S': return '5';
    case 'G': return '6';
    case 'B': return '8';
    default: return c >= '0' && c <= '9' ? c : '\0';
  }
}

std::optional<std::string> as_digits(std::string_view text, std::size_t letters_max) {
  std::string digits;
  std::size_t letters = 0;
  for (const char c : text) {
    const char d = digit_like(c);
    if (d == '\0') return std::nullopt;
    if (d != c && ++letters > letters_max) return std::nullopt;
    digits.push_back(d);
  }
  return digits;
}

const std::vector<NumberPrefix>& number_prefixes() {
  static const std::vector<NumberPrefix> table = [] {
    std::vector<NumberPrefix> result;
    for (const TableRow& row :
         table_rows(semak_normalize_identity_prefixes_begin, semak_normalize_identity_prefixes_end, 5)) {
      result.push_back({row[0], small_number(row[1]), small_number(row[2]), kind_named(row[3])});
    }
    return result;
  }();
  return table;
}

NumberKind label_kind(std::string_view upper_case) {
  static const std::unordered_map<std::string_view, NumberKind> table = [] {
    std::unordered_map<std::string_view, NumberKind> result;
    for (const TableRow& row : table_rows(semak_normalize_number_labels_begin, semak_normalize_number_labels_end, 3)) {
      result.emplace(row[0], kind_named(row[1]));
    }
    return result;
  }();
  const auto found = table.find(upper_case);
  return found == table.end() ? NumberKind::unknown : found->second;
}

}  // namespace semak
