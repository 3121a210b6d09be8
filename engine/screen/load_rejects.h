// The rows that a load did not take, written as files that can be corrected and loaded again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/result.h"
#include "engine/screen/load_reader.h"
#include "loaders/source.h"

namespace semak {

class LoadRejects {
 public:
  // `path`: of the rejects of all files that have the headings of the first; other headings get files of their own
  // beside it ("x-2.csv").
  using Wording = std::function<std::string(std::string_view english)>;
  explicit LoadRejects(std::filesystem::path path, Wording wording = {})
      : path_(std::move(path)), wording_(std::move(wording)) {}

  Status write(const FileHeadings& headings, const RejectedRow& row);
  // A row whose id an earlier row of this load has already. Rows are read into records and not kept, so that a load
  // stays cheap: this one is only noted, and written by write_duplicates().
  struct Place {
    std::size_t file = 0;  // among the files of the load
    std::uint64_t line = 0;
  };
  void note_duplicate(std::shared_ptr<const FileHeadings> headings, std::uint64_t line, Place first);
  // Reads the files that have some once more and writes them verbatim.
  Status write_duplicates(const LoadReader& reader);
  Status close();

  std::uint64_t rows() const { return rows_; }
  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  struct Duplicates {
    std::shared_ptr<const FileHeadings> headings;
    std::vector<std::uint64_t> lines;
    std::vector<Place> firsts;
  };

  RejectsWriter& writer_for(const std::vector<std::string>& header);

  std::filesystem::path path_;
  Wording wording_;
  std::uint64_t rows_ = 0;
  std::vector<Duplicates> duplicates_;  // of each file that has some
  std::vector<std::filesystem::path> files_;
  std::vector<std::vector<std::string>> headers_;
  std::vector<std::unique_ptr<RejectsWriter>> writers_;
};

}  // namespace semak
