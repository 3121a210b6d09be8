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
  const AuditLog::Keep* keep = nullptr;  // null: durable by our own write
  std::vector<std::uint64_t> sequences;  // of the events, once logged
  Status status;
  bool done = false;
};

// Entries with their places in the chain, not written yet.
struct DraftedEntries {
  WriteSet changes;
  std::string kept;  // for AuditRequest::keep
  AuditHead head;
  std::int64_t time_ms = 0;
  std::optional<AuditCheckpoint> checkpoint;  // none: nothing to write
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
  void commit_kept(AuditRequest& request);
  Result<DraftedEntries> draft(std::span<AuditRequest* const> group) const;
  void add_checkpoint(DraftedEntries& drafted, AuditCheckpoint next) const;
  Status write(DraftedEntries drafted, Durability durability);
  Status take_up(std::span<const AuditEntry> entries, const AuditCheckpoint& kept);
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
