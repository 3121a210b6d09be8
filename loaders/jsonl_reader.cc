#include "loaders/jsonl_reader.h"

#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace semak {

JsonlReader::JsonlReader(std::unique_ptr<TextInput> input, std::string name, std::size_t line_bytes_max)
    : input_(std::move(input)), name_(std::move(name)), line_bytes_max_(line_bytes_max) {}

Result<bool> JsonlReader::next(RowView& row) {
  std::size_t searched = at_;
  for (;;) {
    std::size_t end = buffer_.find('\n', searched);
    if (end == std::string::npos && !at_end_) {
      if (buffer_.size() - at_ > line_bytes_max_)
        return Error{ErrorCode::invalid_input, fmt::format("{}:{}: a line of more than {} bytes; JSON Lines has one "
                                                           "object a line",
                                                           name_, line_ + 1, line_bytes_max_)};
      searched = buffer_.size() - at_;
      buffer_.erase(0, at_);
      at_ = 0;
      SEMAK_TRY(const bool more, input_->read(buffer_));
      at_end_ = !more;
      continue;
    }
    if (end == std::string::npos) end = buffer_.size();
    if (at_ == buffer_.size()) return false;
    std::string_view text = std::string_view(buffer_).substr(at_, end - at_);
    at_ = searched = end < buffer_.size() ? end + 1 : end;
    ++line_;
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (text.empty()) continue;
    row.clear();
    row.line = line_;
    row.cells.push_back(text);
    if (input_->invalid_sequences() > 0 && text.find("\xEF\xBF\xBD") != std::string_view::npos)
      row.defect = {"bytes that are no valid text", "save the file as UTF-8", 0};
    return true;
  }
}

}  // namespace semak
