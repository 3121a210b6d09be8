#include "loaders/row_mapper.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "loaders/headings.h"

namespace semak {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool same_heading(std::string_view a, std::string_view b) {
  const std::string key = fold_key(a);
  return key.empty() ? trimmed(a) == trimmed(b) : key == fold_key(b);
}

bool is_blank(const RowView& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), [](std::string_view cell) { return trimmed(cell).empty(); });
}

std::string what_holds(const MappedColumn& mapped) {
  return mapped.heading.empty() ? "constant \"" + mapped.constant + "\"" : "\"" + mapped.heading + "\"";
}

}  // namespace

RowMapper::RowMapper(std::string file, const SourceOptions& options, Mapping mapping)
    : file_(std::move(file)),
      options_(options),
      use_(column_use(options)),
      mapping_(std::move(mapping)),
      builder_(options) {
  for (const MappedColumn& mapped : mapping_.columns)
    if (mapped.heading.empty())
      constants_.push_back({ColumnTarget{mapped.column, mapped.field, true, mapped.rule}, mapped.constant});
}

Error RowMapper::invalid(std::string message) const {
  return Error{ErrorCode::invalid_input, fmt::format("{}: {}", file_, message)};
}

std::vector<ColumnTarget> RowMapper::targets_of(std::string_view heading) const {
  std::vector<ColumnTarget> targets;
  for (const MappedColumn& mapped : mapping_.columns)
    if (!mapped.heading.empty() && same_heading(mapped.heading, heading))
      targets.push_back({mapped.column, mapped.field, true, mapped.rule, mapped.name_part});
  if (!targets.empty()) return targets;
  const CanonicalColumn* column = recognise_heading(heading, use_);
  const bool taken = column != nullptr && std::any_of(mapping_.columns.begin(), mapping_.columns.end(),
                                                      [&](const auto& mapped) { return mapped.column == column; });
  const bool own = column != nullptr && column->role == ColumnRole::ignored;
  const bool ignored = std::any_of(mapping_.ignored.begin(), mapping_.ignored.end(),
                                   [&](const auto& one) { return same_heading(one, heading); });
  if (column != nullptr && !ignored && !taken && (mapping_.recognise || own))
    targets.push_back({column, std::string(column->name), true, nullptr});
  else
    targets.push_back({nullptr, std::string(trimmed(heading)), options_.kind == RowKind::record && !ignored, nullptr});
  return targets;
}

void RowMapper::add_bindings() {
  bindings_.clear();
  for (std::size_t i = 0; i < header_.size(); ++i) {
    for (ColumnTarget& target : targets_of(header_[i])) {
      if (target.field.empty()) target.field = fmt::format("column_{}", i + 1);
      if (target.column != nullptr && target.column->role == ColumnRole::row_as_json) json_column_ = i;
      bindings_.push_back({i, std::move(target)});
    }
  }
}

Status RowMapper::bind(const std::vector<std::string_view>& header) {
  header_.assign(header.begin(), header.end());
  while (header_.size() > 1 && trimmed(header_.back()).empty()) header_.pop_back();
  add_bindings();
  SEMAK_TRY_STATUS(refuse_doubled());
  if (json_column_) return {};
  SEMAK_TRY_STATUS(refuse_unmapped());
  return refuse_missing();
}

Status RowMapper::bind_keys(const std::vector<std::string>& keys) {
  header_ = keys;
  add_bindings();
  return refuse_missing();
}

// Several columns may be one name or several numbers if a mapping says so; else each column is there once.
Status RowMapper::refuse_doubled() const {
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    for (std::size_t j = i + 1; j < bindings_.size(); ++j) {
      const ColumnTarget &a = bindings_[i].target, &b = bindings_[j].target;
      if (!a.kept || !b.kept || a.column != b.column || a.field != b.field) continue;
      const std::size_t first = bindings_[i].cell, second = bindings_[j].cell;
      if (a.rule && b.rule && !same_heading(header_[first], header_[second])) continue;
      const std::string both = fmt::format("columns {} \"{}\" and {} \"{}\"", first + 1, trimmed(header_[first]),
                                           second + 1, trimmed(header_[second]));
      if (a.column == nullptr) return invalid(both + " have the same heading; rename or remove one");
      return invalid(
          fmt::format("{} both mean {}; remove one, or say which is which in a mapping file", both, a.field));
    }
  }
  return {};
}

Status RowMapper::refuse_unmapped() const {
  for (const MappedColumn& mapped : mapping_.columns) {
    if (mapped.heading.empty()) continue;
    if (std::none_of(header_.begin(), header_.end(), [&](const auto& h) { return same_heading(h, mapped.heading); }))
      return invalid(fmt::format("no column \"{}\", which {}:{} maps to {}; the headings are: {}", mapped.heading,
                                 mapping_.name, mapped.line, mapped.field, fmt::join(header_, ", ")));
  }
  return {};
}

Status RowMapper::refuse_missing() {
  const auto has = [&](ColumnRole role) {
    const auto is = [&](const CanonicalColumn* column) {
      return column != nullptr && column->role == role && column->name_type == NameType::registered;
    };
    return std::any_of(bindings_.begin(), bindings_.end(), [&](const auto& one) { return is(one.target.column); }) ||
           std::any_of(constants_.begin(), constants_.end(), [&](const auto& one) { return is(one.first.column); });
  };
  const auto missing = [&](std::string_view what) {
    return invalid(
        fmt::format("no column is the {0}; the headings are: {1}. Name the column \"{0}\", or write a mapping "
                    "file with [columns] {0} = \"<heading>\" (and header_row = N if the headings stand lower) and "
                    "give it with --mapping",
                    what, fmt::join(header_, ", ")));
  };
  if (!has(ColumnRole::name)) return missing("name");
  numbered_ = options_.kind == RowKind::subject && !has(ColumnRole::id);
  if (!numbered_ && !has(ColumnRole::id)) return missing("id");
  return {};
}

RowBuilder& RowMapper::begin(std::uint64_t line, SourceBatch& batch) {
  builder_.begin(batch.rows.emplace_back(), line);
  return builder_;
}

std::optional<CellDefect> RowMapper::end(SourceBatch& batch) {
  for (const auto& [target, text] : constants_) builder_.put(target, text);
  SourceRow& row = batch.rows.back();
  if (numbered_ && row.id.empty()) {
    row.id = std::to_string(row.line);
    ++numbered_rows_;
  } else if (options_.kind == RowKind::subject && !row.id.empty()) {
    query_ids_.add(row.id, row.line);
  }
  if (builder_.finish()) return std::nullopt;
  batch.rows.pop_back();
  return builder_.defect();
}

void RowMapper::map(const RowView& row, SourceBatch& batch) {
  const std::size_t known = header_.size();
  if (row.defect.any()) {
    const auto at = std::find_if(bindings_.begin(), bindings_.end(),
                                 [&](const Binding& one) { return one.cell == row.defect.cell; });
    return reject(row, at != bindings_.end() ? at->target.field : std::string(), row.defect.reason, row.defect.cure,
                  batch);
  }
  if (row.cells.size() != known) {
    if (is_blank(row)) {
      ++blank_rows_;
      return;
    }
    const auto surplus = row.cells.begin() + static_cast<std::ptrdiff_t>(std::min(known, row.cells.size()));
    const bool blank = std::all_of(surplus, row.cells.end(), [](std::string_view c) { return trimmed(c).empty(); });
    if (row.cells.size() < known || !blank)
      return reject(row, "", fmt::format("{} cells under {} headings", row.cells.size(), known),
                    row.cells.size() < known ? "add the missing separators; a line end inside a cell needs quotes"
                                             : "put quotes around the cell that holds a separator",
                    batch);
  }
  begin(row.line, batch);
  for (const Binding& binding : bindings_) builder_.put(binding.target, row.cells[binding.cell]);
  const std::optional<CellDefect> defect = end(batch);
  if (!defect) return;
  if (is_blank(row)) {
    ++blank_rows_;
    return;
  }
  reject(row, defect->field, defect->reason, defect->cure, batch);
}

void RowMapper::reject(const RowView& row, std::string field, std::string reason, std::string cure,
                       SourceBatch& batch) const {
  RejectedRow& rejected = batch.rejected.emplace_back();
  rejected.row.line = row.line;
  rejected.row.cells.assign(row.cells.begin(), row.cells.end());
  rejected.field = std::move(field);
  rejected.reason = std::move(reason);
  rejected.cure = std::move(cure);
  for (const Binding& binding : bindings_) {
    const CanonicalColumn* column = binding.target.column;
    if (column != nullptr && column->role == ColumnRole::id && binding.cell < row.cells.size())
      rejected.id = trimmed(row.cells[binding.cell]);
  }
}

std::vector<std::string> RowMapper::columns() const {
  std::vector<std::string> lines;
  for (const auto& [cell, target] : bindings_) {
    const std::string_view heading = trimmed(header_[cell]);
    if (target.column != nullptr && target.column->role != ColumnRole::ignored)
      lines.push_back(fmt::format("{} -> {}", heading, target.field));
    else if (target.column == nullptr && target.kept)
      lines.push_back(fmt::format("{} -> kept as field {}", heading, target.field));
    else
      lines.push_back(fmt::format("{} -> not used", heading));
  }
  for (const MappedColumn& mapped : mapping_.columns)
    if (mapped.heading.empty()) lines.push_back(fmt::format("{} -> {}", what_holds(mapped), mapped.field));
  return lines;
}

std::vector<std::string> RowMapper::warnings() const {
  std::vector<std::string> all = builder_.warnings();
  if (blank_rows_ != 0) all.push_back(fmt::format("rows without any content skipped: {}", blank_rows_));
  if (numbered_rows_ != 0)
    all.push_back(fmt::format("rows without a query_id, known by their line numbers: {}", numbered_rows_));
  if (query_ids_.repeats() != 0)
    all.push_back(
        fmt::format("rows with the query_id of an earlier row: {}, in lines {}; each is answered, but give every "
                    "row a query_id of its own, so that the answers can be told apart",
                    query_ids_.repeats(), query_ids_.repeated_lines()));
  // A number whose heading nobody knows would be missed in silence: people were compared by less than they gave.
  if (options_.kind == RowKind::subject) {
    for (const auto& [cell, target] : bindings_) {
      const std::string_view heading = trimmed(header_[cell]);
      if (target.column == nullptr && !target.kept && !heading.empty())
        all.push_back(fmt::format("column that is not known, so nobody is compared by it: {}", heading));
    }
  }
  return all;
}

}  // namespace semak
