// The first thing that went wrong in work that several threads share.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include "engine/result.h"

namespace semak {

class FirstError {
 public:
  void set(Error error) {
    std::lock_guard lock(mutex_);
    if (!failed_.exchange(true)) error_ = std::move(error);
  }
  // Keeps what went wrong, if anything did.
  void note(Status status) {
    if (!status) set(std::move(status).error());
  }
  explicit operator bool() const { return failed_; }
  // REQUIRES: a failure, and that the others are done.
  Error take() { return std::move(error_); }

 private:
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  Error error_;
};

}  // namespace semak
