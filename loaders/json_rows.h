// One JSON object is one row: keys are headings, `names`, `aliases` and `id_numbers` may be lists.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loaders/row_mapper.h"
#include "loaders/source.h"

namespace semak {

class JsonRows {
 public:
  explicit JsonRows(RowMapper& mapper);
  ~JsonRows();

  // Appends the row of `text` to `batch`, accepted or rejected; a rejected row has one cell, `text`.
  void map(std::uint64_t line, std::string_view text, SourceBatch& batch);
  // Every key that was seen, in the order of its first appearance.
  const std::vector<std::string>& keys() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
