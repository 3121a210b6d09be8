// Commits wait here for the thread that writes them: one write for all who came until it begins. Internal to the desk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/audit/audit_log.h"
#include "engine/result.h"
#include "engine/store/database.h"

namespace semak {

struct CommitRequest {
  WriteSet changes;
  std::vector<AuditEvent> events;
  std::uint64_t sequence = 0;  // of the last event, once written
  Status status;
  std::function<void(Result<std::uint64_t>)> done;  // none: somebody waits
  bool finished = false;
  std::condition_variable wake;

  Result<std::uint64_t> result() const { return status ? Result<std::uint64_t>(sequence) : status.error(); }
};

class CommitQueue {
 public:
  using Group = std::span<const std::shared_ptr<CommitRequest>>;
  // `write` fills in status and sequence of each; `tidy` comes when they were told. Both on the queue's own thread,
  // whose priority is that of who made it: nobody who was made to yield holds the others up.
  CommitQueue(std::function<void(Group)> write, std::function<void()> tidy);
  ~CommitQueue();  // writes what waits, then ends
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  void add(std::shared_ptr<CommitRequest> request);
  void wait_for(CommitRequest& request);  // of one without `done`

  // While it lives nothing is written, and the writer's own data are its holder's.
  class Pause {
   public:
    explicit Pause(CommitQueue& queue);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    CommitQueue& queue_;
  };

 private:
  void run();
  void tell(std::vector<std::shared_ptr<CommitRequest>> group);

  const std::function<void(Group)> write_;
  const std::function<void()> tidy_;
  std::mutex mutex_;
  std::condition_variable changed_, paused_;
  std::vector<std::shared_ptr<CommitRequest>> waiting_;
  bool writing_ = false, ending_ = false;
  bool thread_waits_ = false;  // for one of those in waiting_
  int pauses_ = 0;             // who waits to hold writing up, or does, goes before who waits to write
  std::thread writer_;
};

}  // namespace semak
