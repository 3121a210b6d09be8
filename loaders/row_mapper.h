// Binds the headings of a file to canonical columns, once; then turns rows of cells into rows of people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/result.h"
#include "loaders/mapping.h"
#include "loaders/row_builder.h"
#include "loaders/row_reader.h"
#include "loaders/seen_ids.h"
#include "loaders/source.h"

namespace semak {

class RowMapper {
 public:
  RowMapper(std::string file, const SourceOptions& options, Mapping mapping);

  // Errors: no name (or id) column, a column that is there twice, a mapped heading that is not there.
  Status bind(const std::vector<std::string_view>& header);
  // In place of bind() for rows that name their own columns: `keys` are those that were seen.
  Status bind_keys(const std::vector<std::string>& keys);
  // Appends the row to the batch, accepted or rejected. REQUIRES: bind() succeeded.
  void map(const RowView& row, SourceBatch& batch);

  // From now on, subjects without an id are known by their line.
  void number_rows() { numbered_ = options_.kind == RowKind::subject; }

  // For formats whose rows name their own columns: begin(), builder().put..., end().
  std::vector<ColumnTarget> targets_of(std::string_view heading) const;
  RowBuilder& begin(std::uint64_t line, SourceBatch& batch);
  // Puts the constants; nullopt: the row stands in `batch`; else it was taken back, for this reason.
  std::optional<CellDefect> end(SourceBatch& batch);

  const std::vector<std::string>& header() const { return header_; }
  std::vector<std::string> columns() const;
  std::vector<std::string> warnings() const;
  // Index of the column whose cells are whole rows as JSON; nullopt: cells are cells.
  std::optional<std::size_t> json_column() const { return json_column_; }

 private:
  // What the cell of one heading feeds.
  struct Binding {
    std::size_t cell = 0;
    ColumnTarget target;
  };

  void add_bindings();
  Status refuse_unmapped() const;
  Status refuse_missing();
  Status refuse_doubled() const;
  Error invalid(std::string message) const;
  void reject(const RowView& row, std::string field, std::string reason, std::string cure, SourceBatch& batch) const;

  std::string file_;
  SourceOptions options_;
  ColumnUse use_;
  Mapping mapping_;
  RowBuilder builder_;
  std::vector<std::string> header_;
  std::vector<Binding> bindings_;  // in the order of the headings
  std::vector<std::pair<ColumnTarget, std::string>> constants_;
  std::optional<std::size_t> json_column_;
  std::uint64_t numbered_rows_ = 0;
  bool numbered_ = false;  // subjects without an id column: the line number is the id
  std::uint64_t blank_rows_ = 0;
  SeenIds query_ids_;  // of subjects; a record's id is the load's business
};

}  // namespace semak
