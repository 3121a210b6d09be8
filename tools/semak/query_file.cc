#include "tools/semak/query_file.h"

#include <string_view>

#include "tools/semak/messages.h"

namespace semak {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Result<QueryFile> QueryFile::open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Error{ErrorCode::not_found, say(Say::no_file, path.string())};
  SourceOptions options;
  options.kind = RowKind::subject;
  QueryFile file;
  SEMAK_TRY(file.source_, Source::open(path, options));
  constexpr std::string_view kBecame = " -> query_id";
  for (const std::string& line : file.source_->columns()) {
    if (!line.ends_with(kBecame)) continue;
    const std::string_view heading = std::string_view(line).substr(0, line.size() - kBecame.size());
    const auto& header = file.source_->header();
    for (std::size_t i = 0; i < header.size(); ++i)
      if (trimmed(header[i]) == heading) file.id_column_ = i;
  }
  return file;
}

std::string QueryFile::id_of(const RawRow& row) const {
  if (id_column_ < row.cells.size()) return std::string(trimmed(row.cells[id_column_]));
  return std::to_string(row.line);
}

Result<bool> QueryFile::next(std::vector<Query>& queries, std::vector<RejectedRow>& rejected, std::size_t queries_max) {
  queries.clear();
  rejected.clear();
  SEMAK_TRY(const bool more, source_->next(batch_, queries_max));
  std::size_t good = 0, bad = 0;
  while (good < batch_.rows.size() || bad < batch_.rejected.size()) {
    const bool take_good = bad == batch_.rejected.size() ||
                           (good < batch_.rows.size() && batch_.rows[good].line < batch_.rejected[bad].row.line);
    if (take_good) {
      SourceRow& row = batch_.rows[good++];
      queries.push_back({std::move(row.id), std::move(row.subject), {}, std::move(row.unread)});
    } else {
      RejectedRow& row = batch_.rejected[bad++];
      std::string problem = row.field.empty() ? row.reason : row.field + ": " + row.reason;
      queries.push_back({id_of(row.row), {}, std::move(problem), {}});
      rejected.push_back(std::move(row));
    }
  }
  return more;
}

}  // namespace semak
