// The rejects file is written as it would be read: comma-separated UTF-8 with a byte order mark (so that
// spreadsheets see it too), cells verbatim. Cells that begin with = + - @ are not escaped: an escape would come back
// as part of the value when the file is corrected and loaded again.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "engine/private_file.h"
#include "loaders/source.h"

namespace semak {
namespace {

constexpr std::string_view kOwnColumns[] = {"semak_line", "semak_field", "semak_reason", "semak_cure"};

bool is_own(std::string_view heading) {
  return std::find(std::begin(kOwnColumns), std::end(kOwnColumns), heading) != std::end(kOwnColumns);
}

}  // namespace

struct RejectsWriter::Impl {
  std::filesystem::path path;
  std::vector<std::string> header;
  std::FILE* file = nullptr;
  std::uint64_t rows = 0;
  std::string line;

  Error failed(const char* what) const {
    const ErrorCode code = errno == ENOSPC   ? ErrorCode::no_space
                           : errno == EACCES ? ErrorCode::permission
                                             : ErrorCode::io;
    return Error{code, fmt::format("{}: {} the rejects failed: {}", path.string(), what, std::strerror(errno))};
  }

  Status put_line() {
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), file) != line.size()) return failed("writing");
    line.clear();
    return {};
  }

  Status create() {
    const int descriptor = create_private_file(path);
    if (descriptor < 0) return failed("creating");
    file = ::fdopen(descriptor, "wb");
    if (file == nullptr) return ::close(descriptor), failed("creating");
    line = "\xEF\xBB\xBF";
    for (const std::string& heading : header) {
      if (is_own(heading)) continue;
      append_csv_cell(line, heading);
      line += ',';
    }
    line += fmt::format("{}", fmt::join(kOwnColumns, ","));
    return put_line();
  }
};

RejectsWriter::RejectsWriter(std::filesystem::path path, std::vector<std::string> header)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->header = std::move(header);
}

RejectsWriter::~RejectsWriter() {
  if (impl_->file != nullptr) std::fclose(impl_->file);
}

// Cells beyond the headings go behind Semak's own columns: nothing is lost, and the row is refused again until
// someone has put them in their place.
Status RejectsWriter::write(const RejectedRow& row) {
  if (impl_->file == nullptr) SEMAK_TRY_STATUS(impl_->create());
  const std::vector<std::string>& cells = row.row.cells;
  bool first = true;
  const auto put = [&](std::string_view text) {
    if (!first) impl_->line += ',';
    first = false;
    append_csv_cell(impl_->line, text);
  };
  for (std::size_t i = 0; i < impl_->header.size(); ++i)
    if (!is_own(impl_->header[i])) put(i < cells.size() ? std::string_view(cells[i]) : std::string_view());
  put(std::to_string(row.row.line));
  put(row.field);
  put(row.reason);
  put(row.cure);
  for (std::size_t i = impl_->header.size(); i < cells.size(); ++i) put(cells[i]);
  ++impl_->rows;
  return impl_->put_line();
}

Status RejectsWriter::close() {
  if (impl_->file == nullptr) return {};
  std::FILE* const file = std::exchange(impl_->file, nullptr);
  if (std::fclose(file) != 0) return impl_->failed("closing");
  return {};
}

std::uint64_t RejectsWriter::rows() const { return impl_->rows; }

}  // namespace semak
