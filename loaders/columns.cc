#include "loaders/columns.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "loaders/embedded_table.h"

extern const char semak_loaders_choices_begin[], semak_loaders_choices_end[];

namespace semak {
namespace {

using enum ColumnRole;
using enum FieldType;
using Name = NameType;
using Number = NumberKind;

// The kinds' own columns follow what the law and the care guideline record of a conviction, a carer, a child.
constexpr CanonicalColumn kColumns[] = {
    {"id", id, kRecords},
    {"query_id", id, kSubject},
    {"name", name, kEverywhere},
    {"aliases", aliases, kEverywhere, text, Name::known_as},
    {"charged_as", name, kEverywhere, text, Name::charged_as},
    {"former_name", name, kEverywhere, text, Name::former},
    {"name_jawi", name, kEverywhere, text, Name::jawi},
    {"name_han", name, kEverywhere, text, Name::han},
    {"name_tamil", name, kEverywhere, text, Name::tamil},
    {"id_number", number, kEverywhere},
    {"id_numbers", numbers, kEverywhere},
    {"old_ic", number, kEverywhere, text, Name::registered, Number::old_ic},
    {"passport", number, kEverywhere, text, Name::registered, Number::passport},
    {"army_no", number, kEverywhere, text, Name::registered, Number::army},
    {"police_no", number, kEverywhere, text, Name::registered, Number::police},
    {"unhcr_no", number, kEverywhere, text, Name::registered, Number::unhcr},
    {"birth_certificate", number, kEverywhere, text, Name::registered, Number::birth_certificate},
    {"dob", dob, kEverywhere},
    {"birth_year", birth_year, kEverywhere},
    {"sex", sex, kEverywhere},
    {"nationality", nationality, kRecords},
    {"state", state, kEverywhere},
    {"purpose", purpose, kSubject},
    {"reference", reference, kSubject},
    {"consent", consent, kSubject},

    {"act", field, kOffender},
    {"section", field, kOffender | kOyls | kChild},
    {"act_section", field, kOffender},
    {"court", field, kOffender | kOyls | kChild},
    {"case_no", field, kOffender | kOyls | kChild},
    {"charge_date", field, kOffender, date},
    {"conviction_date", field, kOffender, date},
    {"sentence", field, kOffender},
    {"sentence_date", field, kOffender, date},
    {"release_date", field, kOffender, date},
    {"appeal_status", field, kOffender, choice},
    {"appeal_date", field, kOffender, date},
    {"quashed", field, kOffender, yes_no_date},
    {"quashed_date", field, kOffender, date},
    {"victim_relationship", field, kOffender},
    {"photo_ref", field, kOffender | kOyls | kChild},
    {"source_agency", field, kRecords},
    {"source_batch", field, kRecords},
    {"entered_by", field, kRecords},
    {"verified_by", field, kRecords},
    {"verified_date", field, kOffender | kOyls | kChild, date},

    {"status", field, kOyls, choice},
    {"status_date", field, kOyls | kChild, date},
    {"application_date", field, kOyls, date},
    {"panel_date", field, kOyls, date},
    {"order_no", field, kOyls | kChild},
    {"order_from", field, kOyls | kChild, date},
    {"order_to", field, kOyls | kChild, date},
    {"child_ref", field, kOyls},
    {"child_dob", field, kOyls, date},
    {"revoked_date", field, kOyls | kChild, date},
    {"relationship", field, kOyls},
    {"district", field, kOyls | kChild},
    {"religion", field, kOyls | kChild},

    {"guardian", field, kChild},
    {"placement", field, kChild},
    {"placement_date", field, kChild, date},

    {"semak_json", row_as_json, kEverywhere},
    {"semak_line", ignored, kEverywhere},
    {"semak_field", ignored, kEverywhere},
    {"semak_reason", ignored, kEverywhere},
    {"semak_cure", ignored, kEverywhere},
};

struct Choice {
  std::string_view column;
  std::string_view value;
};

struct Choices {
  std::unordered_map<std::string, std::string_view> by_spelling;  // "column spelling" -> value
  std::vector<Choice> values;
};

const Choices& choices() {
  static const Choices all = [] {
    Choices read;
    for (const auto& row : embedded_rows(semak_loaders_choices_begin, semak_loaders_choices_end)) {
      const std::string column(row[0]);
      if (read.values.empty() || read.values.back().column != row[0] || read.values.back().value != row[1]) {
        read.values.push_back({row[0], row[1]});
        read.by_spelling.emplace(column + ' ' + fold_key(row[1]), row[1]);
      }
      read.by_spelling.emplace(column + ' ' + fold_key(row[2]), row[1]);
    }
    return read;
  }();
  return all;
}

}  // namespace

std::span<const CanonicalColumn> canonical_columns() { return kColumns; }

const CanonicalColumn* find_column(std::string_view name, ColumnUse use) {
  for (const CanonicalColumn& column : kColumns)
    if (column.name == name && (column.uses & use) != 0) return &column;
  return nullptr;
}

ColumnUse column_use(const SourceOptions& options) {
  if (options.kind == RowKind::subject) return kSubject;
  switch (options.register_kind) {
    case RegisterKind::offender: return kOffender;
    case RegisterKind::oyls: return kOyls;
    case RegisterKind::child: return kChild;
    case RegisterKind::reference: return kReference;
  }
  return kReference;
}

std::string_view find_choice(std::string_view column, std::string_view text) {
  const auto& known = choices().by_spelling;
  const auto found = known.find(std::string(column) + ' ' + fold_key(text));
  return found == known.end() ? std::string_view() : found->second;
}

std::string list_choices(std::string_view column) {
  std::string list;
  for (const Choice& choice_of : choices().values) {
    if (choice_of.column != column) continue;
    if (!list.empty()) list += ", ";
    list += choice_of.value;
  }
  return list;
}

std::string fold_key(std::string_view text) {
  std::string key;
  key.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80) key += c;
    if (c >= 'A' && c <= 'Z') key += static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

}  // namespace semak
