#include "engine/screen/load_rejects.h"

#include <utility>

namespace semak {
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
  if (!wording_) return writer_for(headings.header).write(row);
  RejectedRow worded = row;
  worded.reason = wording_(row.reason);
  worded.cure = wording_(row.cure);
  return writer_for(headings.header).write(worded);
}

void LoadRejects::note_duplicate(std::shared_ptr<const FileHeadings> headings, std::uint64_t line, Place first) {
  if (duplicates_.empty() || duplicates_.back().headings->file != headings->file) {
    duplicates_.push_back({std::move(headings), {}, {}});
  }
  duplicates_.back().lines.push_back(line);
  duplicates_.back().firsts.push_back(first);
}

Status LoadRejects::write_duplicates(const LoadReader& reader) {
  for (const Duplicates& file : std::exchange(duplicates_, {})) {
    const FileHeadings& headings = *file.headings;
    std::size_t next = 0;
    SEMAK_TRY_STATUS(reader.read_again(headings.file, file.lines, [&](RawRow row) {
      const Place& first = file.firsts[next++];
      RejectedRow rejected;
      rejected.reason =
          "the id of line " + std::to_string(row.line) + " is already that of line " + std::to_string(first.line);
      if (first.file != headings.file) rejected.reason += " of file " + std::to_string(first.file + 1);
      rejected.row = std::move(row);
      rejected.field = "id";
      rejected.cure = "give each record an id of its own, or delete this row";
      return write(headings, rejected);
    }));
  }
  return {};
}

Status LoadRejects::close() {
  for (const std::unique_ptr<RejectsWriter>& writer : writers_) SEMAK_TRY_STATUS(writer->close());
  return {};
}

}  // namespace semak
