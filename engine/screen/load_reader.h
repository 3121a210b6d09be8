// The files of a load as one sequence of rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/progress.h"
#include "engine/record.h"
#include "engine/result.h"
#include "loaders/source.h"

namespace semak {

struct FileHeadings {
  std::size_t file = 0;             // index among the files of the load
  std::vector<std::string> header;  // as in the file
};

class LoadReader {
 public:
  // Opens the first file, so that the obvious errors come before anything is done.
  static Result<LoadReader> open(std::vector<std::filesystem::path> files, std::filesystem::path mapping,
                                 RegisterKind kind);

  // Replaces `batch` by the next rows, all of one file: headings(). False: all files are read.
  Result<bool> next(SourceBatch& batch, std::size_t rows_max, const Progress& progress);

  // The rows of a file at `lines` (ascending), verbatim.
  Status read_again(std::size_t file, const std::vector<std::uint64_t>& lines,
                    const std::function<Status(RawRow)>& take) const {
    return read_raw_rows(files_[file], options_, lines, take);
  }

  const std::shared_ptr<const FileHeadings>& headings() const { return headings_; }
  std::uint64_t bytes_total() const { return bytes_total_; }
  const std::vector<std::string>& columns() const { return columns_; }    // of all files, without repetition
  const std::vector<std::string>& warnings() const { return warnings_; }  // of the files read to their end
  const std::vector<std::uint64_t>& rows() const { return rows_; }        // of each file, rejected ones too

 private:
  LoadReader() = default;
  Status open_file();
  void close_file();

  std::vector<std::filesystem::path> files_;
  SourceOptions options_;
  std::unique_ptr<Source> source_;
  std::shared_ptr<const FileHeadings> headings_;
  std::size_t file_ = 0;
  std::uint64_t bytes_before_ = 0;  // of the files before this one
  std::uint64_t bytes_total_ = 0;
  std::vector<std::string> columns_, warnings_;
  std::vector<std::uint64_t> rows_;
};

}  // namespace semak
