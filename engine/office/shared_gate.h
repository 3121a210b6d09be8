// Held by many at once or by one alone, as std::shared_mutex; but whoever entered may leave on another thread, and who
// waits to be alone is not overtaken.
#pragma once

#include <condition_variable>
#include <mutex>

namespace semak {

class SharedGate {
 public:
  void lock_shared() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !alone_ && waiting_ == 0; });
    ++inside_;
  }
  void unlock_shared() {
    const std::lock_guard lock(mutex_);
    if (--inside_ == 0 && waiting_ > 0) changed_.notify_all();
  }
  void lock() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.wait(lock, [this] { return !alone_ && inside_ == 0; });
    --waiting_;
    alone_ = true;
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    alone_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0, waiting_ = 0;
  bool alone_ = false;
};

}  // namespace semak
