// A file of queries, read in order; rows that cannot be read keep their place among the others.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "engine/subject.h"
#include "loaders/source.h"

namespace semak {

struct Query {
  std::string id;
  Subject subject;
  std::string problem;  // empty: `subject` is good; else why it cannot be screened
  std::string unread;   // what is left out of the comparison of a good subject, and why
};

class QueryFile {
 public:
  static Result<QueryFile> open(const std::filesystem::path& path);

  // Replaces `queries` by the next ones, at most about `queries_max`, in the order of the file; `rejected` gets the
  // bad ones as rows. False: the end.
  Result<bool> next(std::vector<Query>& queries, std::vector<RejectedRow>& rejected, std::size_t queries_max);
  const Source& source() const { return *source_; }

 private:
  QueryFile() = default;
  std::string id_of(const RawRow& row) const;

  std::unique_ptr<Source> source_;
  SourceBatch batch_;
  std::size_t id_column_ = static_cast<std::size_t>(-1);
};

}  // namespace semak
