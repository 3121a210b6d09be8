// One state of one register's index: mapped, validated, immutable. Shareable between threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/result.h"
#include "index/manifest.h"

namespace semak {

class Snapshot {
 public:
  // Maps and validates every segment (sizes, checksums of headers and of the payload if `verify_payload`,
  // versions). ErrorCode::corruption / version_mismatch / not_found say that the index must be rebuilt.
  static Result<std::shared_ptr<const Snapshot>> open(const std::filesystem::path& folder, const Manifest& manifest,
                                                      bool verify_payload);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  const Manifest& manifest() const;
  std::uint64_t people() const;           // live
  std::uint64_t bytes_in_memory() const;  // mapped and allocated

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Snapshot(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
