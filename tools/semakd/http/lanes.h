// Where handlers run: threads apart from the network's, with bounded queues. Interactive work never waits behind bulk
// work, and bulk threads are nicer to the processor. What no longer fits is refused at once, by the caller.
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

class Lanes {
 public:
  explicit Lanes(const LaneOptions& options);
  ~Lanes();  // runs what is queued, then ends
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  // False if the queue is full. REQUIRES: not Lane::inline_. `work` must not throw.
  [[nodiscard]] bool submit(Lane lane, std::function<void()> work);
  // The same without the bound: for what was let in already and only goes on (the pieces of a stream).
  void submit_always(Lane lane, std::function<void()> work);

  std::size_t waiting(Lane lane) const;
  std::size_t running(Lane lane) const;

 private:
  struct Queue {
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> work;
    std::size_t most = 0;
    std::size_t running = 0;
    bool ending = false;
    std::vector<std::thread> threads;
  };
  Queue& queue_of(Lane lane);
  const Queue& queue_of(Lane lane) const;
  void start(Queue& queue, int threads, int niceness);

  Queue interactive_, bulk_;
};

}  // namespace semak
