// The counter: everything that people and programs ask of Semak, with policy, roles, audit and receipts in it. The
// command line and the HTTP service are doors to this and hold no rules of their own. Opens one folder:
//   records/ index/   the engine's          desk/   checks, cases, enrolments...
//   audit/            the chain             keys/   the key ring (or elsewhere, by options)
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "engine/casework/casework.h"
#include "engine/monitor/monitor.h"
#include "engine/office/batches.h"
#include "engine/policies/policy_book.h"
#include "engine/receipts/receipt.h"
#include "engine/screen/ingest.h"
#include "engine/screen/screener.h"
#include "engine/screen/verify.h"

namespace semak {

struct OfficeOptions {
  // Makes what is missing of keys, desk and chain, and, unless they are only read, of the registers.
  bool create = false;
  // read_only: the registers are asked and never changed by this process. create: as `create`.
  OpenMode registers = OpenMode::read_write;
  std::filesystem::path key_file;         // empty: <folder>/keys/semak.key; made if `create` and there is no desk yet
  std::optional<std::string> passphrase;  // of the key file
  std::chrono::milliseconds patience{0};  // how long to wait for another process that holds the desk
  std::function<Status(std::string_view operation)> fault;  // for tests: as DatabaseOptions::fault
};

struct LookupRequest {
  Subject subject;
  std::vector<std::string> registers;  // empty: as the policy says
  std::string policy;                  // name; empty: "default"
  int top = 0;                         // hits of each register; 0: as the policy says
};

struct RecordChange {
  enum class Kind : std::uint8_t { create = 1, correct, withdraw } kind = Kind::create;
  Record record;        // of withdraw only the id
  RevisionId expected;  // the revision that the caller saw; 0 for create. Another one: busy, nothing is changed.
  std::string reason;
};

class Office {
 public:
  // Also takes up what a dying process left: loads that the chain does not know, changes of registers that cases and
  // monitoring have not followed. batches().start() is the caller's to say.
  // Errors: as Engine::open, KeyRing::open and Desk::open; not_found too if there is a desk but no key file: its
  // contents cannot be read without the keys that sealed them.
  static Result<std::unique_ptr<Office>> open(const std::filesystem::path& folder, const OfficeOptions& options,
                                              const Progress& progress);
  ~Office();
  bool made_keys() const;  // whether opening made the key file

  Engine& engine();
  Desk& desk();
  Casework& casework();
  Monitor& monitor();
  Batches& batches();
  const KeyRing& keys();

  // Screening. Thread-safe. Each answer is on the desk and in the chain before it is returned, whole: what its reader
  // may see of it is check_view.h. Errors: invalid_input (no such purpose, naming those there are).
  Result<Check> check(const Actor& actor, const CheckRequest& request);
  // The same for a check that nobody asked for before, without waiting for the disk: `done` gets it when it is durable,
  // on the desk's own thread (or at once what cannot be made), and only passes it on.
  void check_later(const Actor& actor, const CheckRequest& request, std::function<void(Result<Check>)> done);
  // Many at once, with one commit: `ids` empty, or one for each request so that a repeated one is not checked twice.
  Result<std::vector<Check>> check_many(const Actor& actor, std::span<const CheckRequest> requests,
                                        std::span<const std::string> ids = {}, std::string_view batch_id = {});
  // Answers without a check being made: for registrars and caseworkers. Audited, not kept.
  Result<Answer> lookup(const Actor& actor, const LookupRequest& request);
  // The same for many, one after the other on this thread and with one commit, under a policy of any origin; other
  // threads may do it at the same time.
  Result<std::vector<Answer>> lookup_many(const Actor& actor, const Policy& policy, std::span<const Subject> subjects,
                                          Detail detail = Detail::evidence);
  Receipt receipt(const Check& check);

  // Registers. Audited; then monitoring catches up and decided cases follow the changes.
  Result<IngestReport> load(const Actor& actor, const IngestRequest& request, const Progress& progress);
  // If following fails, that is a warning: the load is done, and the next opening goes on with it.
  // A few records at once, all or nothing, durable and findable when it returns. Errors: busy (a record has another
  // revision than expected), not_found (no such register), invalid_input (naming the record's field).
  Result<IngestReport> change(const Actor& actor, std::string_view register_name,
                              std::span<const RecordChange> changes);

  // The registrar has compared the register, kept record by record, with its source: it counts as loaded now. Nothing
  // in it changes. Audited. Errors: not_found.
  Status confirm_complete(const Actor& actor, std::string_view register_name);

  // Policies.
  PolicyBook policies() const;
  Result<Policy> policy_of(std::string_view policy_id) const;  // also one no longer in force
  Result<Policy> put_policy(const Actor& actor, std::string_view toml, std::string_view origin);
  // What `actor` may see of answers under this policy.
  static View view(const Policy& policy, Role role) { return policy.sees[static_cast<std::size_t>(role)]; }

  // Everything that is held about a person: checks, cases, enrolments, registers' records; JSON. Audited.
  Result<std::string> subject_report(const Actor& actor, const Subject& subject);
  // Retention: erases what is due, everywhere.
  Result<std::uint64_t> erase_due(const Actor& actor, std::int64_t now_ms);

  // Records, index, desk and chain at one generation into `target` (must not exist); verified when restored.
  // `keys_passphrase`: also the keys, wrapped with it; else they are not in the backup.
  Status backup(const Actor& actor, const std::filesystem::path& target, const Progress& progress,
                const std::optional<std::string>& keys_passphrase = {});
  // `folder` must not exist. Keys: options.key_file, also copied into the folder if options.create, or else the copy in
  // the backup.
  static Result<VerifyReport> restore(const std::filesystem::path& backup, const std::filesystem::path& folder,
                                      const OfficeOptions& options, const Progress& progress);
  Result<AuditReport> verify_audit(const Progress& progress);

 private:
  Office();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
