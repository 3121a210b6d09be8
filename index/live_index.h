// The current state, taken once per request, replaced by one writer.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace semak {

template <class State>
class Live {
 public:
  explicit Live(std::shared_ptr<const State> first = nullptr) : current_(std::move(first)) {}
  std::shared_ptr<const State> current() const {
    std::lock_guard lock(mutex_);
    return current_;
  }
  void publish(std::shared_ptr<const State> next) {
    std::lock_guard lock(mutex_);
    current_.swap(next);
  }  // `next`, now the old state, is released after the lock: parameters die after locals

 private:
  // A mutex, not std::atomic<shared_ptr>: libstdc++ 12's makes ThreadSanitizer report a race inside itself.
  mutable std::mutex mutex_;
  std::shared_ptr<const State> current_;
};

}  // namespace semak
