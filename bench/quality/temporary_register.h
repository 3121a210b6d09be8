// A register for one measurement: indexed as a load indexes it, in a folder that goes with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "engine/result.h"
#include "index/snapshot.h"
#include "normalize/normalizer.h"
#include "normalize/profile.h"

namespace semak {

class TemporaryRegister {
 public:
  // `profile_of(i)` for i in 0..people-1, called from several threads; person i becomes revision i + 1.
  static Result<std::unique_ptr<TemporaryRegister>> build(const Normalizer& normalizer, std::uint64_t people,
                                                          const std::function<Profile(std::uint64_t)>& profile_of);
  ~TemporaryRegister();
  TemporaryRegister(const TemporaryRegister&) = delete;
  TemporaryRegister& operator=(const TemporaryRegister&) = delete;

  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  TemporaryRegister() = default;
  std::filesystem::path folder_;
  std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace semak
