// What was asked, answered, decided and changed, in order, for good: an append-only chain of entries in a database of
// its own. Entry n carries the hash of entry n-1; the head is signed with each commit. Entries hold no personal data:
// objects are ids and salted hashes, so data can be erased and the chain still verifies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/actor.h"
#include "engine/keys/key_ring.h"
#include "engine/progress.h"
#include "engine/result.h"

namespace semak {

enum class AuditKind : std::uint8_t {
  check = 1,  // a screening answered
  lookup,     // a look-up answered
  decision,   // a case event: assigned, noted, decided, reopened
  load,       // a register changed
  policy,     // a policy added, replaced or retired
  key_use,    // keys made, opened, changed; an API key made, used first, revoked
  enrolment,  // monitoring began, ended
  alert,      // raised, acknowledged
  erasure,    // personal data erased
  access,     // a subject report, an audit export, a backup, a restore, a receipt reprinted
  recovery,   // made at opening: what a dying process had begun
};
const char* to_string(AuditKind kind);

// What is to be logged.
struct AuditEvent {
  AuditKind kind = AuditKind::check;
  Actor actor;
  std::string object;  // id of what it is about: a check, case, register, policy...
  // JSON object, canonical (sorted keys, integers and strings only): outcome, policy, generation, revisions, hashes...
  std::string details = "{}";
  // Unique over the log; an event with a token that the log has is not logged twice. Empty: new.
  std::string token;
};

struct AuditEntry {
  std::uint64_t sequence = 0;  // 1, 2, 3...
  std::int64_t time_ms = 0;    // since 1970, UTC; never before the previous entry's
  AuditEvent event;
  Hash256 previous{};
  Hash256 hash{};  // of everything above, in the encoding documented in audit_entry.cc
};

struct AuditHead {
  std::uint64_t sequence = 0;  // 0: empty log
  Hash256 hash{};
};

// A signed head: proves to whoever keeps it what the log was. The log keeps the newest one and about one for each
// thousand entries.
struct AuditCheckpoint {
  AuditHead head;
  std::int64_t time_ms = 0;
  std::string key_id;
  std::uint64_t previous = 0;  // sequence of the checkpoint kept before it, so that a removed one is missed; 0: none
  Signature signature{};
};

struct AuditReport {
  std::uint64_t entries = 0, checkpoints = 0;
  AuditHead head;
  std::uint64_t findings_total = 0;
  std::vector<std::string> findings;  // the first 100: which entry, what is wrong
  bool clean() const { return findings_total == 0; }
};

struct AuditFilter {
  std::uint64_t before = 0;  // entries below this sequence, newest first; 0: from the newest
  std::size_t entries_max = 100;
  std::optional<AuditKind> kind;
  std::string object, actor;  // empty: any
};

class AuditLog {
 public:
  // `keys` outlives the log. `fault`, for tests: as DatabaseOptions::fault.
  // Errors: as Database::open; corruption if the newest entries do not chain to the signed head.
  static Result<std::unique_ptr<AuditLog>> open(const std::filesystem::path& folder, bool create, const KeyRing& keys,
                                                std::function<Status(std::string_view)> fault = {});
  static Result<std::unique_ptr<AuditLog>> open_read_only(const std::filesystem::path& folder);
  ~AuditLog();

  // Thread-safe; concurrent calls share one fsync. On success all events are durable, in the given order, and the
  // sequence of the last is returned. On error none may be relied on and nothing may be answered; after a failed write
  // every later append fails too, until the log is opened again.
  Result<std::uint64_t> append(std::span<const AuditEvent> events);
  // The same; the sequence of each event.
  Result<std::vector<std::uint64_t>> append_each(std::span<const AuditEvent> events);
  // The same with one fsync less, for who has another durable place for the same bytes: `keep` gets the entries with
  // their signed head (nothing if the log has them all) and makes them durable, then they are written here without
  // waiting for the disk. Whoever kept them must take_up() them after the machine failed, and may forget them after the
  // next synced append or sync(). If `keep` fails nothing was appended, and the log goes on. REQUIRES: check_event().
  using Keep = std::function<Status(std::string_view kept)>;
  Result<std::vector<std::uint64_t>> append_kept(std::span<const AuditEvent> events, const Keep& keep);
  Status sync();  // all entries so far are durable here; others are appended meanwhile
  // What `keep` got: entries that the log lacks get the places, times and hashes that they had. Where the log has gone
  // on without them, their events are appended anew, once. Returns how many events it was about.
  // Errors: corruption (not what was kept, not signed with our keys, or entries before them are missing).
  Result<std::size_t> take_up(std::string_view kept);
  bool failed() const;  // whether appends are refused

  AuditHead head() const;
  std::optional<AuditCheckpoint> newest_checkpoint() const;
  Result<std::vector<AuditEntry>> entries(const AuditFilter& filter) const;
  // Where the event of this token stands; nothing: the log does not have it.
  Result<std::optional<std::uint64_t>> sequence_of(std::string_view token) const;
  // All entries in order; stops at the first error of `visit`.
  Status scan(const std::function<Status(const AuditEntry&)>& visit) const;

  // Recomputes the chain and checks every signature. `witness`: a head known from elsewhere (the desk, a receipt, a
  // kept checkpoint) that the log must contain. Errors only if it cannot be read at all.
  Result<AuditReport> verify(std::span<const AuditHead> witnesses, const PublicKey& key,
                             const Progress& progress) const;
  // JSON Lines: a header with the public key, every entry, every checkpoint. verify_audit_export needs only the file.
  Status export_to(const std::filesystem::path& file, const PublicKey& key) const;
  Status checkpoint_database(const std::filesystem::path& target) const;  // a copy, for backup

 private:
  AuditLog();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Result<AuditReport> verify_audit_export(const std::filesystem::path& file, const std::optional<PublicKey>& key,
                                        std::span<const AuditHead> witnesses, const Progress& progress);

}  // namespace semak
