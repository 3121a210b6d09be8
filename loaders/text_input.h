// Text of a file as UTF-8, a chunk at a time. Bytes and encodings end here: what comes after sees UTF-8 without a
// byte order mark and without NUL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/result.h"
#include "normalize/text.h"

namespace semak {

class TextInput {
 public:
  virtual ~TextInput() = default;
  // Appends some text to `out`; false: nothing is left, `out` is unchanged. Chunks end anywhere, also inside a
  // character.
  virtual Result<bool> read(std::string& out) = 0;
  // Sequences that were no characters and became U+FFFD, so far.
  virtual std::size_t invalid_sequences() const { return 0; }
  virtual std::vector<std::string> warnings() const { return {}; }
  virtual std::uint64_t bytes_read() const { return 0; }
  virtual std::uint64_t bytes_total() const { return 0; }
};

struct FileTextOptions {
  std::optional<Encoding> encoding;  // a byte order mark in the file wins over it
  std::size_t chunk_bytes = 256 * 1024;
};

// Errors: not there, not readable, a folder, zero bytes, or bytes of a known binary format.
Result<std::unique_ptr<TextInput>> open_text_file(const std::filesystem::path& path, const FileTextOptions& options);

}  // namespace semak
