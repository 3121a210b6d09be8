// What identifies a source file in the provenance of the records that came from it.
#pragma once

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace semak {

struct FileHash {
  std::string hex;  // BLAKE2b-128 of the whole file
  std::uint64_t bytes = 0;
};

Result<FileHash> hash_file(const std::filesystem::path& path);

}  // namespace semak
