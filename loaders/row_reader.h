// Rows of cells as text, whatever the format: what a format's parser offers to the mapping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace semak {

// What is wrong with a row as a row of its format; its cells are what could be read.
struct RowDefect {
  std::string reason;
  std::string cure;
  std::size_t cell = kWholeRow;
  static constexpr std::size_t kWholeRow = static_cast<std::size_t>(-1);

  bool any() const { return !reason.empty(); }
};

struct RowView {
  std::uint64_t line = 0;               // 1-based line where the row starts; row number in XLSX
  std::vector<std::string_view> cells;  // valid until the next call of the reader
  RowDefect defect;

  void clear() {
    cells.clear();
    if (defect.any()) defect = RowDefect{};
  }
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // False at the end. Blank lines are not rows. An Error names file and line, and is the end.
  virtual Result<bool> next(RowView& row) = 0;
  // True if a row ends at its last filled cell, so that a short row is whole.
  virtual bool pads_rows() const { return false; }
  virtual std::vector<std::string> warnings() const = 0;
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_total() const = 0;
};

}  // namespace semak
