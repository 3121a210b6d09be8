#include "engine/screen/load_rejects.h"

#include <string_view>
#include <utility>

namespace semak {
namespace {

template <class Items, class Text>
std::string joined(const Items& items, std::size_t first, const Text& text) {
  std::string all;
  for (std::size_t i = first; i < items.size(); ++i) {
    if (i > first) all += '|';
    all += text(items[i]);
  }
  return all;
}

// The cell of a record's field, as a file could have said it. Rows are read into records and not kept, so that a
// load stays cheap; a duplicate is written from what was read.
std::string cell_of(const Record& record, std::string_view field) {
  const auto number = [](const TypedNumber& n) { return n.text; };
  if (field == "id") return record.id;
  if (field == "name") return record.names.empty() ? std::string() : record.names.front().text;
  if (field == "aliases") return joined(record.names, 1, [](const TypedName& name) { return name.text; });
  if (field == "id_number" || field == "id_numbers") return joined(record.numbers, 0, number);
  if (field == "dob") return to_string(record.dob);
  if (field == "sex") return to_string(record.sex);
  if (field == "nationality") return record.nationality;
  if (field == "state") return record.state;
  for (const auto& [name, text] : record.fields) {
    if (name == field) return text;
  }
  return {};
}

}  // namespace

std::string id_of_rejected(const FileHeadings& headings, const RejectedRow& row) {
  for (std::size_t i = 0; i < headings.fields.size() && i < row.row.cells.size(); ++i) {
    if (headings.fields[i] == "id") return row.row.cells[i];
  }
  return {};
}

RejectsWriter& LoadRejects::writer_for(const std::vector<std::string>& header) {
  for (std::size_t i = 0; i < headers_.size(); ++i) {
    if (headers_[i] == header) return *writers_[i];
  }
  std::filesystem::path path = path_;
  if (!writers_.empty()) {
    path.replace_filename(path_.stem().string() + "-" + std::to_string(writers_.size() + 1) +
                          path_.extension().string());
  }
  headers_.push_back(header);
  files_.push_back(path);
  writers_.push_back(std::make_unique<RejectsWriter>(path, header));
  return *writers_.back();
}

Status LoadRejects::write(const FileHeadings& headings, const RejectedRow& row) {
  ++rows_;
  return writer_for(headings.header).write(row);
}

Status LoadRejects::write_duplicate(const FileHeadings& headings, const SourceRow& row, const std::string& first) {
  RejectedRow rejected;
  rejected.row.line = row.line;
  for (const std::string& field : headings.fields) rejected.row.cells.push_back(cell_of(row.record, field));
  rejected.field = "id";
  rejected.reason = "the id of line " + std::to_string(row.line) + " is already that of " + first;
  rejected.cure = "give each record an id of its own, or delete this row";
  return write(headings, rejected);
}

Status LoadRejects::close() {
  for (const std::unique_ptr<RejectsWriter>& writer : writers_) SEMAK_TRY_STATUS(writer->close());
  return {};
}

}  // namespace semak
