// The rows of one sheet of an Excel workbook (.xlsx), streamed: the sheet is never in memory as a whole, the shared
// texts are, up to a limit. Numbers come as plain digits, dates as ISO 8601, formulas as their stored values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "loaders/row_reader.h"

namespace semak {

struct XlsxOptions {
  std::string sheet;                                   // empty: the first visible one
  std::uint64_t shared_text_bytes_max = 256ULL << 20;  // of all shared texts
  std::uint64_t cell_bytes_max = 1 << 20;              // a longer cell makes its row defective
  // A part of the archive that grows beyond both is a bomb. Real sheets of repeated rows reach about 60:1.
  std::uint64_t inflated_bytes_free = 32ULL << 20;
  std::uint64_t inflation_max = 200;
};

// Errors: not a workbook (old .xls, encrypted, not a ZIP archive), damaged or truncated (the part is named), a bomb,
// a document type declaration, no such sheet (the sheets are listed).
Result<std::unique_ptr<RowReader>> open_xlsx(const std::filesystem::path& path, const XlsxOptions& options);

}  // namespace semak
