#include "engine/desk/chain_sync.h"

#include <utility>

#include "engine/check.h"

namespace semak {

ChainSync::ChainSync(AuditLog& log) : log_(log), thread_([this] { run(); }) {}

ChainSync::~ChainSync() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool ChainSync::under_way() const {
  const std::lock_guard lock(mutex_);
  return asked_.has_value();
}

void ChainSync::begin(const Point& written) {
  {
    const std::lock_guard lock(mutex_);
    SEMAK_CHECK(!asked_);
    asked_ = written;
  }
  changed_.notify_all();
}

void ChainSync::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !asked_; });
}

std::optional<ChainSync::Point> ChainSync::take_done() {
  const std::lock_guard lock(mutex_);
  return std::exchange(done_, std::nullopt);
}

void ChainSync::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || asked_; });
    if (!asked_) return;
    lock.unlock();
    const bool synced = log_.sync().ok();
    lock.lock();
    if (synced) done_ = asked_;
    asked_.reset();
    changed_.notify_all();
  }
}

}  // namespace semak
