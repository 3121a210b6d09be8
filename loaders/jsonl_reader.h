// Lines of a JSON Lines file, each a row of one cell. What the line says is json_rows.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loaders/row_reader.h"
#include "loaders/text_input.h"

namespace semak {

class JsonlReader final : public RowReader {
 public:
  // `name`: of the file, for messages. A longer line is an error: memory is bounded.
  JsonlReader(std::unique_ptr<TextInput> input, std::string name, std::size_t line_bytes_max = 16 << 20);

  Result<bool> next(RowView& row) override;
  std::vector<std::string> warnings() const override { return input_->warnings(); }
  std::uint64_t bytes_read() const override { return input_->bytes_read(); }
  std::uint64_t bytes_total() const override { return input_->bytes_total(); }

 private:
  std::unique_ptr<TextInput> input_;
  std::string name_;
  std::size_t line_bytes_max_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;  // of the last line given
  bool at_end_ = false;
};

}  // namespace semak
