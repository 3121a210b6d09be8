// Comma-separated text (RFC 4180, read leniently and refused loudly): rows end with LF, CRLF or CR; a cell that
// begins with a quote ends with one and may hold separators, line ends and doubled quotes; a quote elsewhere is a
// letter. Text after a closing quote makes the row defective (blanks are dropped).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loaders/row_reader.h"
#include "loaders/text_input.h"

namespace semak {

struct CsvOptions {
  std::string name;                       // of the file, for messages
  char separator = 0;                     // 0: detect among , ; tab | from the first rows
  std::size_t cell_bytes_max = 1 << 20;   // a longer cell makes its row defective
  std::size_t line_bytes_max = 16 << 20;  // a longer row is an error: it is no CSV, and memory is bounded
  std::size_t detect_bytes = 64 << 10;    // of the beginning, to decide the separator
};

class CsvReader final : public RowReader {
 public:
  CsvReader(std::unique_ptr<TextInput> input, CsvOptions options);

  Result<bool> next(RowView& row) override;
  std::vector<std::string> warnings() const override { return input_->warnings(); }
  std::uint64_t bytes_read() const override { return input_->bytes_read(); }
  std::uint64_t bytes_total() const override { return input_->bytes_total(); }

  char separator() const { return options_.separator; }

 private:
  enum class Scan { row, blank, incomplete };
  Status start();
  Status more();
  Scan scan(RowView& row);
  const char* scan_quoted(const char* at, const char* end, RowView& row);
  void unquote(RowView& row);
  void look_for_damage(RowView& row) const;
  Error too_long() const;
  Error unterminated() const;

  std::unique_ptr<TextInput> input_;
  CsvOptions options_;
  std::string buffer_;
  std::size_t at_ = 0;      // next unread byte of buffer_
  std::uint64_t line_ = 1;  // of at_
  bool started_ = false;
  bool at_end_ = false;  // the input has no more

  // Of the row being scanned.
  std::size_t row_end_ = 0;
  std::uint64_t row_lines_ = 0;        // line ends in it
  std::uint64_t open_quote_line_ = 0;  // 0: none is open
  std::vector<std::size_t> doubled_;   // cells with doubled quotes, undone once the row is whole
};

// The separator that makes the most of the first lines of `text`.
char detect_separator(std::string_view text);

}  // namespace semak
