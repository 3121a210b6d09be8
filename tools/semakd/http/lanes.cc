#include "tools/semakd/http/lanes.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "engine/check.h"

namespace semak {

Lanes::Lanes(const LaneOptions& options) {
  interactive_.most = options.interactive_queue;
  bulk_.most = options.bulk_queue;
  start(interactive_, options.interactive_threads, 0);
  start(bulk_, options.bulk_threads, 10);
}

Lanes::~Lanes() {
  for (Queue* queue : {&interactive_, &bulk_}) {
    {
      const std::lock_guard lock(queue->mutex);
      queue->ending = true;
    }
    queue->changed.notify_all();
    for (std::thread& thread : queue->threads) thread.join();
  }
}

Lanes::Queue& Lanes::queue_of(Lane lane) {
  SEMAK_CHECK(lane != Lane::inline_);
  return lane == Lane::bulk ? bulk_ : interactive_;
}

const Lanes::Queue& Lanes::queue_of(Lane lane) const { return const_cast<Lanes*>(this)->queue_of(lane); }

// With the lock; there is some.
LaneWork Lanes::Queue::next(bool& late) {
  late = false;
  LaneWork found;
  if (!going_on.empty()) {
    found = [work = std::move(going_on.front())](bool) { work(); };
    going_on.pop_front();
    return found;
  }
  const Clock::time_point now = Clock::now();
  late = work.front().until < now;
  if (!late && now - work.front().since > kStanding) {
    found = std::move(work.back().work);
    work.pop_back();
  } else {
    found = std::move(work.front().work);
    work.pop_front();
  }
  size = work.size();
  return found;
}

void Lanes::start(Queue& queue, int threads, int niceness) {
  for (int i = 0; i < threads; ++i) {
    queue.threads.emplace_back([&queue, niceness] {
      if (niceness != 0) setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), niceness);
      std::unique_lock lock(queue.mutex);
      while (true) {
        queue.changed.wait(lock, [&] { return queue.ending || !queue.empty(); });
        if (queue.empty()) return;
        bool late = false;
        LaneWork work = queue.next(late);
        ++queue.running;
        lock.unlock();
        work(late);
        work = nullptr;
        lock.lock();
        --queue.running;
      }
    });
  }
}

bool Lanes::submit(Lane lane, LaneWork work, Clock::time_point until) {
  Queue& queue = queue_of(lane);
  {
    const std::lock_guard lock(queue.mutex);
    if (queue.work.size() >= queue.most) return false;
    queue.work.push_back({std::move(work), Clock::now(), until});
    queue.size = queue.work.size();
  }
  queue.changed.notify_one();
  return true;
}

void Lanes::submit_always(Lane lane, std::function<void()> work) {
  Queue& queue = queue_of(lane);
  {
    const std::lock_guard lock(queue.mutex);
    queue.going_on.push_back(std::move(work));
  }
  queue.changed.notify_one();
}

std::size_t Lanes::waiting(Lane lane) const {
  const Queue& queue = queue_of(lane);
  const std::lock_guard lock(queue.mutex);
  return queue.work.size() + queue.going_on.size();
}

std::size_t Lanes::running(Lane lane) const {
  const Queue& queue = queue_of(lane);
  const std::lock_guard lock(queue.mutex);
  return queue.running;
}

bool Lanes::full(Lane lane) const {
  if (lane == Lane::inline_) return false;
  const Queue& queue = queue_of(lane);
  return queue.size >= queue.most;
}

}  // namespace semak
