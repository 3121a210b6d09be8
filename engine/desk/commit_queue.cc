#include "engine/desk/commit_queue.h"

#include <chrono>
#include <utility>

namespace semak {
namespace {

// From the beginning of one group to that of the next, while commits come in company: a group costs some 120 us of
// processor for its fsync, signature and wakings, however many are in it. Who comes alone is written at once, and so is
// everybody when a thread waits.
constexpr std::chrono::milliseconds kApart{1};

}  // namespace

CommitQueue::CommitQueue(std::function<void(Group)> write, std::function<void()> tidy)
    : write_(std::move(write)), tidy_(std::move(tidy)), writer_([this] { run(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void CommitQueue::add(std::shared_ptr<CommitRequest> request) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = waiting_.empty() || (!request->done && !thread_waits_);
    thread_waits_ = thread_waits_ || !request->done;
    waiting_.push_back(std::move(request));
  }
  if (wake) changed_.notify_one();
}

void CommitQueue::wait_for(CommitRequest& request) {
  std::unique_lock lock(mutex_);
  request.wake.wait(lock, [&] { return request.finished; });
}

void CommitQueue::tell(std::vector<std::shared_ptr<CommitRequest>> group) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : group) {
      each->finished = true;
      if (!each->done) each->wake.notify_one();
    }
  }
  for (const auto& each : group) {
    if (each->done) each->done(each->result());
  }
}

void CommitQueue::run() {
  std::chrono::steady_clock::time_point begun;
  bool together = false;  // the last group was of several
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return pauses_ == 0 && (ending_ || !waiting_.empty()); });
    if (waiting_.empty()) return;
    if (together) {
      changed_.wait_until(lock, begun + kApart, [this] { return ending_ || pauses_ > 0 || thread_waits_; });
      if (pauses_ > 0) continue;
    }
    begun = std::chrono::steady_clock::now();
    together = waiting_.size() > 1;
    thread_waits_ = false;
    std::vector<std::shared_ptr<CommitRequest>> group = std::exchange(waiting_, {});
    writing_ = true;
    lock.unlock();
    write_(group);
    tell(std::move(group));
    tidy_();
    lock.lock();
    writing_ = false;
    paused_.notify_all();
  }
}

CommitQueue::Pause::Pause(CommitQueue& queue) : queue_(queue) {
  std::unique_lock lock(queue_.mutex_);
  ++queue_.pauses_;
  queue_.paused_.wait(lock, [this] { return !queue_.writing_; });
  queue_.writing_ = true;
}

CommitQueue::Pause::~Pause() {
  {
    const std::lock_guard lock(queue_.mutex_);
    queue_.writing_ = false;
    --queue_.pauses_;
  }
  queue_.paused_.notify_all();
  queue_.changed_.notify_one();
}

}  // namespace semak
