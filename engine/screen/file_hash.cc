#include "engine/screen/file_hash.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sodium.h>

namespace semak {

Result<FileHash> hash_file(const std::filesystem::path& path) {
  constexpr std::size_t kBlock = 1 << 18;
  constexpr std::size_t kHashBytes = 16;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  const auto failed = [&] {
    const ErrorCode code = errno == ENOENT   ? ErrorCode::not_found
                           : errno == EACCES ? ErrorCode::permission
                                             : ErrorCode::io;
    return Error{code, path.string() + ": " + std::strerror(errno)};
  };
  if (!file) return failed();
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, kHashBytes);
  FileHash result;
  const auto block = std::make_unique_for_overwrite<unsigned char[]>(kBlock);
  while (const std::size_t got = std::fread(block.get(), 1, kBlock, file.get())) {
    crypto_generichash_update(&state, block.get(), got);
    result.bytes += got;
  }
  if (std::ferror(file.get())) return failed();
  std::array<unsigned char, kHashBytes> hash;
  crypto_generichash_final(&state, hash.data(), hash.size());
  char hex[2 * kHashBytes + 1];
  sodium_bin2hex(hex, sizeof hex, hash.data(), hash.size());
  result.hex = hex;
  return result;
}

}  // namespace semak
