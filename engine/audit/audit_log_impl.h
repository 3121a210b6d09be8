// The log from the inside: what appending, verifying and exporting share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engine/audit/audit_log.h"
#include "engine/store/database.h"

namespace semak {

// One call of append, waiting for the write that it shares with others.
struct AuditRequest {
  std::span<const AuditEvent> events;
  std::vector<std::uint64_t> sequences;  // of the events, once logged
  Status status;
  bool done = false;
};

struct AuditLog::Impl {
  std::unique_ptr<Database> database;
  const KeyRing* keys = nullptr;  // null: opened for reading
  std::atomic<bool> failed = false;

  mutable std::mutex mutex;
  mutable std::condition_variable turn;
  mutable bool leading = false;  // somebody writes, or holds writing up
  std::vector<AuditRequest*> waiting;
  AuditHead head;
  std::int64_t time_ms = 0;  // of the newest entry
  std::optional<AuditCheckpoint> checkpoint;

  Status read_head();
  // Whether the newest entries chain to the newest checkpoint, and that one is signed by our key.
  Status check_newest() const;
  void append(AuditRequest& request);
  Status commit(std::span<AuditRequest* const> group);
  AuditCheckpoint signed_checkpoint(const AuditHead& of, std::int64_t time_ms) const;

  // While it lives nothing is written: what is read then is of one moment.
  class Pause {
   public:
    explicit Pause(const Impl& impl);
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    const Impl& impl_;
  };
};

}  // namespace semak
