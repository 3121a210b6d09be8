// The canonical columns: what a column of a file can mean. One table; headings, mappings, the builder of records
// and the documentation all read it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/person.h"
#include "engine/record.h"
#include "loaders/source.h"

namespace semak {

enum class ColumnRole : std::uint8_t {
  ignored,  // Semak's own columns of a rejects file
  id,
  name,
  aliases,  // a list of names
  number,   // one identity number, or several in one cell as people write them
  numbers,  // a list
  dob,
  birth_year,
  sex,
  nationality,
  state,
  purpose,
  reference,
  consent,
  row_as_json,  // a whole row as a JSON object: rejects of JSON Lines
  field,        // of the kind of register
};

enum class FieldType : std::uint8_t { text, date, yes_no, yes_no_date, choice };  // yes_no_date: or the day of a yes

// Who has a column: bits.
enum ColumnUse : std::uint8_t {
  kOffender = 1,
  kOyls = 2,
  kChild = 4,
  kReference = 8,
  kSubject = 16,
  kRecords = kOffender | kOyls | kChild | kReference,
  kEverywhere = kRecords | kSubject,
};

struct CanonicalColumn {
  std::string_view name;
  ColumnRole role;
  std::uint8_t uses;
  FieldType type = FieldType::text;
  NameType name_type = NameType::registered;
  NumberKind number_kind = NumberKind::unknown;
};

std::span<const CanonicalColumn> canonical_columns();
// The column of this name for rows of this use; null if there is none.
const CanonicalColumn* find_column(std::string_view name, ColumnUse use);
ColumnUse column_use(const SourceOptions& options);

// The canonical value of a choice column for what a cell says, Malay or English, any case; empty if it is none.
std::string_view find_choice(std::string_view column, std::string_view text);
// "PERMOHONAN, SIASATAN, ..." for messages.
std::string list_choices(std::string_view column);

// Lower-case letters and digits of `text` and all bytes beyond ASCII; what headings and choices are compared by.
std::string fold_key(std::string_view text);

}  // namespace semak
