// How the columns of one organisation's files become canonical ones, written down as TOML (see mapping.cc for the
// keys). Data, not code: a new agency needs a file, not a release.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "loaders/columns.h"
#include "loaders/row_builder.h"
#include "normalize/text.h"

namespace semak {

struct MappedColumn {
  const CanonicalColumn* column = nullptr;  // null: an extra field
  std::string field;                        // canonical name, or the extra field's
  std::string heading;                      // as in the file; empty: a constant
  std::string constant;
  std::shared_ptr<const CellRule> rule;
  int name_part = -1;  // place among the headings that make up one name; -1: the heading is the whole
  int line = 0;        // in the mapping file
};

struct Mapping {
  std::string name;  // of the mapping file, for messages; empty: there is none
  std::vector<MappedColumn> columns;
  std::vector<std::string> ignored;  // headings that are read past
  bool recognise = true;             // known headings that are not mapped mean what they say
  std::string sheet;                 // of a workbook; empty: the first
  std::size_t header_row = 1;        // 1-based row of the headings
  char separator = 0;                // 0: detect
  std::optional<Encoding> encoding;  // empty: detect
};

// Errors name file, line and column of the TOML: syntax, unknown keys, unknown canonical columns, doubled targets,
// values that make no sense.
Result<Mapping> read_mapping(const std::filesystem::path& path, ColumnUse use);
Result<Mapping> parse_mapping(std::string_view text, const std::string& name, ColumnUse use);

}  // namespace semak
