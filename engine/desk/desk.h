// What the people behind the counter keep: checks, cases, enrolments, alerts, policies, keys of callers, batches. One
// RocksDB database (`desk/`) whose every change is audited. The rooms above (casework, monitor, office) own the
// families named here and the meaning of their bytes; this room owns opening, committing and sealing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/audit/audit_log.h"
#include "engine/keys/key_ring.h"
#include "engine/result.h"
#include "engine/store/database.h"

namespace semak {

// One family each of the desk's database. Appended to, never reordered.
enum class DeskFamily : std::size_t {
  meta,         // format, witness of the audit head, durable positions
  outbox,       // audit entries, as the chain has them, that it may not have on the disk yet
  checks,       // casework
  check_index,  //   by tenant and time, by subject mark, by record
  cases,        // casework
  case_index,   //   queue, by check
  decisions,    // casework: decided pairs
  enrolments,   // monitor
  enrolment_index,
  alerts,  // monitor
  alert_index,
  policies,  // office: every policy ever in force, by id, and which is in force
  callers,   // office: API keys, hashed
  batches,   // office
  batch_rows,
  idempotency,  // office
  webhooks,     // office
  count_,
};

class Desk {
 public:
  // Opens or makes desk/ and audit/ below `folder`. What a dying process or machine left in the outbox is taken up
  // first, so nothing that happened is missing from the chain, nothing stands in it twice, and each entry is the one
  // that was answered with. Errors: as Database::open and AuditLog::open.
  static Result<std::unique_ptr<Desk>> open(const std::filesystem::path& folder, bool create, const KeyRing& keys,
                                            std::function<Status(std::string_view)> fault = {});
  ~Desk();

  // What the desk below `folder` knows of its chain, also beside a process that has it open: a witness for
  // AuditLog::verify. The chain must be opened after it. Errors: as Database::open; corruption.
  static Result<AuditHead> noted_head(const std::filesystem::path& folder);
  // The desk's database as it is on the disk, for reading, likewise beside a process that has it open.
  static Result<std::unique_ptr<Database>> open_to_read(const std::filesystem::path& folder);

  const KeyRing& keys() const;
  AuditLog& audit();
  const Database& database() const;  // for reading: families are DeskFamily

  // Makes the changes and logs the events: durable, all or nothing, the events in the chain exactly once, before this
  // returns. Concurrent calls share their fsyncs. `changes` may be empty (a look-up) and so may `events`. Returns the
  // sequence of the last event. On error nothing may be answered.
  Result<std::uint64_t> commit(WriteSet changes, std::vector<AuditEvent> events);
  // The same without waiting. `done` is called once, on the desk's own thread (where a commit would wait for itself
  // forever) or, with what cannot be logged, at once: it only passes the result on.
  void commit_later(WriteSet changes, std::vector<AuditEvent> events, std::function<void(Result<std::uint64_t>)> done);

  // Since it was opened: calls of commit that wrote something, and the groups that they shared an fsync in.
  struct Counts {
    std::uint64_t commits = 0, groups = 0;
  };
  Counts counts() const;

  // Empties the outbox: for who has been idle. Commits wait meanwhile. Where it fails the next one makes up for it.
  Status settle();

  // Serialises read-modify-write of one object (a case, a record): hold while reading, judging and committing.
  class Hold {
   public:
    ~Hold();
    Hold(Hold&&) noexcept;

   private:
    friend class Desk;
    Hold() = default;
    void* lock_ = nullptr;
  };
  [[nodiscard]] Hold hold(std::string_view object);

  // Writes the families anew: what was removed from them, or replaced, is not on the disk any more. An erasure is done
  // when this is.
  Status rewrite(std::span<const DeskFamily> families);

  Status checkpoint(const std::filesystem::path& target) const;  // desk/ and audit/ below it, at one moment

 private:
  Desk();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline Family family(DeskFamily which) { return static_cast<Family>(which); }

}  // namespace semak
