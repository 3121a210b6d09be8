// Rows to a file whose ending decides the format: .csv, .tsv, .jsonl, .xlsx. Bounded memory; appears whole or not
// at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace semak {

// How a cell is written where the format knows more than text; an empty number is null.
enum class ColumnType : std::uint8_t { text, number, json };

struct Column {
  std::string_view name;
  ColumnType type = ColumnType::text;
};

class TableWriter {
 public:
  // `format`: "csv", "tsv", "jsonl", "xlsx" or empty for the ending's. "-" writes CSV to standard output.
  static Result<std::unique_ptr<TableWriter>> create(const std::filesystem::path& path, std::string_view format,
                                                     std::vector<Column> columns);
  virtual ~TableWriter() = default;
  // REQUIRES: as many cells as columns
  virtual Status write(std::span<const std::string> cells) = 0;
  virtual Status commit() = 0;
};

// What a spreadsheet would take for a formula gets an apostrophe in front. Cells that are numbers ("-3.20") stay.
std::string harmless_cell(std::string_view text);

}  // namespace semak
