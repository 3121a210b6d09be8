// One row's cells become a Record or a Subject, or the reason why not. Knows what the canonical columns hold;
// knows nothing of files and formats.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loaders/columns.h"
#include "loaders/date_format.h"
#include "loaders/source.h"

namespace semak {

// How a mapping file says a column's cells are to be read.
struct CellRule {
  std::optional<DateFormat> date_format;
  std::map<std::string, std::string, std::less<>> values;  // cell text -> what it means; others stand as they are
  char list_separator = '|';
};

// What the cells of one column become.
struct ColumnTarget {
  const CanonicalColumn* column = nullptr;  // null: an extra field
  std::string field;                        // canonical name, or the extra field's
  bool kept = true;                         // false: read past
  std::shared_ptr<const CellRule> rule;     // null: as the canonical column says
  int name_part = -1;                       // of a name spread over several columns
};

constexpr std::size_t kNamePartsMax = 6;

struct CellDefect {
  std::string field;
  std::string reason;
  std::string cure;
};

class RowBuilder {
 public:
  explicit RowBuilder(const SourceOptions& options);

  // Begins a row in `row`, which the following calls fill.
  void begin(SourceRow& row, std::uint64_t line);
  void put(const ColumnTarget& target, std::string_view text);
  void put_number(NumberKind kind, std::string_view text, const ColumnTarget& target);
  // With issuer and validity, for formats that can say them.
  void put_number(TypedNumber number, const ColumnTarget& target);
  void put_name(NameType type, std::string_view text, const ColumnTarget& target);
  // False: the row must be rejected for defect().
  bool finish();
  const CellDefect& defect() const { return *defect_; }

  std::vector<std::string> warnings() const;

 private:
  enum Repair { trimmed, zeros_restored, decimals_dropped, text_marks_dropped, exponents_expanded, left_out, kRepairs };

  void refuse(const ColumnTarget& target, std::string reason, std::string cure);
  void leave_out(const ColumnTarget& target, const std::string& reason);
  std::string_view trim(std::string_view text);
  std::vector<TypedName>& names();
  std::vector<TypedNumber>& numbers();
  void join_name();
  void put_list(const ColumnTarget& target, std::string_view text);
  void put_listed_number(const ColumnTarget& target, std::string_view text);
  void put_dob(const ColumnTarget& target, std::string_view text);
  void put_birth_year(const ColumnTarget& target, std::string_view text);
  void put_sex(const ColumnTarget& target, std::string_view text);
  void put_field(const ColumnTarget& target, std::string_view text);
  void keep_field(const ColumnTarget& target, std::string_view text);
  std::optional<PartialDate> date_of(const ColumnTarget& target, std::string_view text) const;

  RowKind kind_;
  int reference_year_;
  SourceRow* row_ = nullptr;
  PartialDate birth_year_;
  bool named_ = false;  // the registered name is there
  std::array<std::string, kNamePartsMax> name_parts_;
  bool in_parts_ = false;
  std::optional<CellDefect> defect_;
  std::string digits_;  // scratch of repaired numbers
  std::array<std::uint64_t, kRepairs> repairs_{};
};

// True for the ways people write that they do not know: "", "-", "N/A", "tiada" ...
bool is_unknown_marker(std::string_view text);
// The number kind of this name ("mykad", "passport" ... and "ic", "polis", "tentera"); nullopt if it is none.
std::optional<NumberKind> find_number_kind(std::string_view name);

}  // namespace semak
