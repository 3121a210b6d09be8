// The rows that a load did not take, written as files that can be corrected and loaded again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/screen/load_reader.h"
#include "loaders/source.h"

namespace semak {

class LoadRejects {
 public:
  // `path`: of the rejects of all files that have the headings of the first; other headings get files of their own
  // beside it ("x-2.csv").
  explicit LoadRejects(std::filesystem::path path) : path_(std::move(path)) {}

  Status write(const FileHeadings& headings, const RejectedRow& row);
  // A row whose id an earlier row of this load has already.
  Status write_duplicate(const FileHeadings& headings, const SourceRow& row, const std::string& first);
  Status close();

  std::uint64_t rows() const { return rows_; }
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  RejectsWriter& writer_for(const std::vector<std::string>& header);

  std::filesystem::path path_;
  std::uint64_t rows_ = 0;
  std::vector<std::filesystem::path> files_;
  std::vector<std::vector<std::string>> headers_;
  std::vector<std::unique_ptr<RejectsWriter>> writers_;
};

// The id that a rejected row gives, as far as its column is known; empty if none.
std::string id_of_rejected(const FileHeadings& headings, const RejectedRow& row);

}  // namespace semak
