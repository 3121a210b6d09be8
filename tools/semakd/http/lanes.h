// Where handlers run: threads apart from the network's, with bounded queues. Interactive work never waits behind bulk
// work, and bulk threads are nicer to the processor. What no longer fits is refused at once, by the caller.
//
// First come, first served, until there is more than can be done: while the oldest of a queue has waited for longer
// than kStanding, the newest is served first. So those who are served are served soon, rather than all of them too
// late, and after a spell of too much whoever comes finds no queue before them. The others are told so when their time
// is over.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace semak {

// Which queue a request waits in.
enum class Lane : std::uint8_t {
  inline_,      // answered on the network thread: takes microseconds and never blocks
  interactive,  // a person or a program waits for it: milliseconds
  bulk,         // uploads, exports, verifications: may take seconds
};

struct LaneOptions {
  int interactive_threads = 16;
  int bulk_threads = 2;
  std::size_t interactive_queue = 1024;  // waiting, not running
  std::size_t bulk_queue = 64;
};

// `late`: its time was over before there was a thread; to be refused, which must cost next to nothing.
using LaneWork = std::function<void(bool late)>;

class Lanes {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kStanding{100};  // some 20 times what anybody waits in good times

  explicit Lanes(const LaneOptions& options);
  ~Lanes();  // runs what is queued, then ends
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  // False if the queue is full. REQUIRES: not Lane::inline_. `work` must not throw.
  [[nodiscard]] bool submit(Lane lane, LaneWork work, Clock::time_point until = Clock::time_point::max());
  // For what was let in already and only goes on (the pieces of a stream): without the bound, and before the others.
  void submit_always(Lane lane, std::function<void()> work);

  std::size_t waiting(Lane lane) const;
  std::size_t running(Lane lane) const;
  bool full(Lane lane) const;  // now; costs nothing. Never of Lane::inline_

 private:
  struct Waiting {
    LaneWork work;
    Clock::time_point since, until;
  };
  struct Queue {
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<Waiting> work;                    // oldest first
    std::deque<std::function<void()>> going_on;  // of submit_always
    std::atomic<std::size_t> size = 0;           // of work
    std::size_t most = 0;
    std::size_t running = 0;
    bool ending = false;
    std::vector<std::thread> threads;

    bool empty() const { return work.empty() && going_on.empty(); }
    LaneWork next(bool& late);
  };
  Queue& queue_of(Lane lane);
  const Queue& queue_of(Lane lane) const;
  void start(Queue& queue, int threads, int niceness);

  Queue interactive_, bulk_;
};

}  // namespace semak
