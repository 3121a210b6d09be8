#include "engine/screen/record_status.h"

#include <algorithm>
#include <string>

#include "loaders/columns.h"
#include "normalize/date_parser.h"

namespace semak {
namespace {

constexpr std::string_view kAppeal = "appeal_status";
constexpr std::string_view kQuashed = "quashed";  // also how "quashed_date" begins
constexpr std::string_view kQuashedDate = "quashed_date";

bool is_date(std::string_view text) {
  const auto date = parse_date(text);
  return date && date->known();
}

// Loads have made these words canonical; records from elsewhere are read with the same tolerance.
bool says_yes(std::string_view text) {
  static constexpr std::string_view kYes[] = {"yes", "ya", "y", "true", "1"};
  const std::string key = fold_key(text);
  return std::find(std::begin(kYes), std::end(kYes), key) != std::end(kYes);
}

bool says_no(std::string_view text) {
  static constexpr std::string_view kNo[] = {"no", "tidak", "n", "false", "0"};
  const std::string key = fold_key(text);
  return std::find(std::begin(kNo), std::end(kNo), key) != std::end(kNo);
}

}  // namespace

std::string_view field_of(const Record& record, std::string_view name) {
  for (const auto& [key, text] : record.fields) {
    if (key == name) return text;
  }
  return {};
}

bool is_quashed(const Record& record) {
  const std::string_view quashed = field_of(record, kQuashed);
  if (says_yes(quashed) || is_date(quashed)) return true;
  if (!says_no(quashed) && is_date(field_of(record, kQuashedDate))) return true;
  return find_choice(kAppeal, field_of(record, kAppeal)) == "allowed";
}

bool is_under_appeal(const Record& record) {
  return !is_quashed(record) && find_choice(kAppeal, field_of(record, kAppeal)) == "pending";
}

bool may_be_set_aside(std::string_view content) {
  return content.find(kQuashed) != std::string_view::npos || content.find(kAppeal) != std::string_view::npos;
}

}  // namespace semak
