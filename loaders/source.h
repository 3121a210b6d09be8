// A file of people, read once, in order, in bounded memory. A bad row is data (RejectedRow); a bad file is an
// error. The ending decides the format (.csv .tsv .jsonl .xlsx), the bytes decide the encoding, the mapping or
// the headings decide which column is what.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/record.h"
#include "engine/result.h"
#include "engine/subject.h"

namespace semak {

enum class RowKind { record, subject };

// A row as read, kept so that it can be written to a rejects file, corrected and loaded again.
struct RawRow {
  std::uint64_t line = 0;  // 1-based line where it starts; row number in XLSX
  std::vector<std::string> cells;
};

struct RejectedRow {
  RawRow row;
  std::string field;   // canonical field ("dob"); empty: the row as a whole
  std::string reason;  // English, no personal data beyond the cell itself
  std::string cure;
  std::string id{};  // that the row gives, as far as it could be read
};

struct SourceRow {
  std::uint64_t line = 0;
  Record record;    // RowKind::record; provenance is the caller's
  Subject subject;  // RowKind::subject
  std::string id;   // record id or query_id
  // What of a subject's row could not be read and is left out of its comparison; empty: nothing. A subject is screened
  // by the rest; a record is rejected instead, to be corrected.
  std::string unread;
};

struct SourceBatch {
  std::vector<SourceRow> rows;
  std::vector<RejectedRow> rejected;
};

struct SourceOptions {
  RowKind kind = RowKind::record;
  RegisterKind register_kind = RegisterKind::reference;  // decides which extra columns are checked
  std::filesystem::path mapping;                         // TOML; empty: recognise headings
  int reference_year = 0;                                // for the century of MyKads; 0: the current year
};

class Source {
 public:
  // Errors name file, line, field and cure: unreadable, empty, header only is no error (zero rows), missing or
  // doubled columns, binary, line or cell too long, unknown ending, damaged XLSX.
  static Result<std::unique_ptr<Source>> open(const std::filesystem::path& path, const SourceOptions& options);
  virtual ~Source() = default;

  // Appends up to `rows_max` rows to `batch` (cleared first); false at the end of the file. An Error is the end:
  // what was delivered before it stands, the rest cannot be read.
  virtual Result<bool> next(SourceBatch& batch, std::size_t rows_max) = 0;

  virtual const std::vector<std::string>& header() const = 0;  // as in the file
  virtual std::vector<std::string> columns() const = 0;        // "Nama -> name", one line a column, English
  virtual std::vector<std::string> warnings() const = 0;       // so far: guessed encoding, repairs with counts
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_total() const = 0;
};

// Hands over the rows that start at `lines` (ascending), verbatim: for rows that turn out wrong only beside others,
// such as a doubled id. Reads the file once more, without mapping. An Error if it no longer has one of them; an Error
// of `take` ends the reading.
Status read_raw_rows(const std::filesystem::path& path, const SourceOptions& options,
                     const std::vector<std::uint64_t>& lines, const std::function<Status(RawRow)>& take);

// Writes rejected rows with the file's own columns first, then semak_line, semak_field, semak_reason, semak_cure:
// correct the cells and load the file again (those four columns are ignored by Source). Its owner alone can read it.
class RejectsWriter {
 public:
  RejectsWriter(std::filesystem::path path, std::vector<std::string> header);
  ~RejectsWriter();
  Status write(const RejectedRow& row);  // creates the file at the first row
  Status close();
  std::uint64_t rows() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One CSV cell, quoted where RFC 4180 asks for it.
void append_csv_cell(std::string& line, std::string_view text);

}  // namespace semak
