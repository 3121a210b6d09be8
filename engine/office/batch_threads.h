// The threads that rows of batches are checked on: a tenth of the share of one that somebody waits for.
#pragma once

#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_scheduler_observer.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace semak {

inline void yield_to_others() {
  constexpr int kNice = 10;
  ::setpriority(PRIO_PROCESS, static_cast<::id_t>(::syscall(SYS_gettid)), kNice);
}

// A thread of the pool that ever was here stays so: what else it does (loads, index builds) can wait too.
class BatchThreads {
 public:
  template <class Work>
  void run(const Work& work) {
    arena_.execute(work);
  }

 private:
  class Entering : public oneapi::tbb::task_scheduler_observer {
   public:
    explicit Entering(oneapi::tbb::task_arena& arena) : task_scheduler_observer(arena) { observe(true); }
    ~Entering() override { observe(false); }
    void on_scheduler_entry(bool is_worker) override {
      if (is_worker) yield_to_others();
    }
  };

  oneapi::tbb::task_arena arena_;
  Entering entering_{arena_};
};

}  // namespace semak
