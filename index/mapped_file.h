// Files as bytes: mapped for reading, written durably.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "engine/result.h"

namespace semak {

// A whole file, mapped read-only. The bytes stay readable after the file is deleted.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// Writes `parts` one after the other to a new file and fsyncs it. An existing file of that name is replaced.
Status write_durably(const std::filesystem::path& path, std::span<const std::span<const std::byte>> parts);
// Makes created, renamed and deleted names in `folder` durable.
Status sync_folder(const std::filesystem::path& folder);

}  // namespace semak
