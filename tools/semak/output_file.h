// A file that appears whole or not at all: written under a temporary name beside its place, synced, renamed. Its owner
// alone can read it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace semak {

class OutputFile {
 public:
  // "-" is standard output. Devices and pipes are written straight. Errors: permission, not_found (no such folder),
  // no_space, io.
  static Result<OutputFile> create(const std::filesystem::path& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();  // without commit(): removes the temporary file

  Status write(std::string_view bytes);
  Status commit();
  const std::filesystem::path& path() const { return path_; }
  // Where the bytes go until commit(); for libraries that want to open files themselves.
  const std::filesystem::path& temporary() const { return temporary_; }
  bool is_direct() const { return temporary_.empty(); }  // what is written cannot be taken back

 private:
  OutputFile() = default;
  Status flush();
  std::filesystem::path path_, temporary_;
  std::string buffer_;
  int descriptor_ = -1;
};

// Removes the temporary files of all OutputFiles: for a signal's end. Async-signal-safe.
void remove_unfinished_outputs() noexcept;

}  // namespace semak
