// Many checks handed in at once, worked on in the background, resumable: rows are on the desk before the batch is
// accepted, each row's check has an id derived from batch and row, so after a crash nothing is lost and nothing is
// checked twice. Interactive requests go first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "engine/casework/check.h"
#include "engine/desk/desk.h"
#include "engine/result.h"

namespace semak {

enum class BatchState : std::uint8_t { waiting = 1, running, done, cancelled, failed };
const char* to_string(BatchState state);

struct BatchInfo {
  std::string id;
  Actor actor;
  std::string purpose, reference, file_name;
  std::int64_t time_ms = 0, finished_ms = 0;
  BatchState state = BatchState::waiting;
  std::uint64_t rows = 0, done = 0, rejected = 0;
  std::uint64_t no_record = 0, refer = 0, record = 0, incomplete = 0;  // of the done rows
  std::string error;                                                   // of failed
};

struct BatchRow {
  std::uint64_t row = 0;      // 0-based in the batch
  std::string query_id;       // the requester's own
  CheckRequest request;       // sealed at rest; empty once it was checked, cancelled or rejected: the check has it
  std::string reject_reason;  // not checked, because...; empty: checked
  std::string check_id;       // once done
};

struct BatchLimits {
  std::uint64_t rows_waiting_max = 1'000'000;  // over all batches
  // Rows handed to CheckMany at once. Within these bounds a chunk grows and shrinks so that it takes about
  // `chunk_ms`: how long an interactive request may find both cores busy. The most: a chunk is one commit, for which
  // others wait, and a row of it takes 33 us (20,000 people, release build).
  std::size_t chunk_rows_min = 8, chunk_rows_max = 32;
  int chunk_ms = 10;
  // Progress is made durable at most this often; what was checked since is known by its ids and not checked again.
  int progress_ms = 500;
  int retry_ms = 1000;  // after an error that may pass, doubled up to a minute
};

// The id of the check of one row: behaves as any id, the same for the same batch and row, ascending by row.
std::string batch_check_id(std::string_view batch_id, std::uint64_t row);

class Batches {
 public:
  static constexpr std::uint64_t kRowsMax = std::uint64_t{1} << 25;  // of one batch

  using CheckMany = std::function<Result<std::vector<Check>>(const Actor&, std::span<const CheckRequest>,
                                                             std::span<const std::string> ids, std::string_view batch)>;
  // `check_many` gets rows of one batch. An Error invalid_input says that a row cannot be checked as it is: it is
  // found and rejected with that reason. not_found, permission, version_mismatch and corruption fail the batch;
  // after any other the rows are tried again. `yield`: asked between chunks; returns when interactive work has had
  // its turn.
  Batches(Desk& desk, CheckMany check_many, std::function<void()> yield = {}, BatchLimits limits = {});
  ~Batches();  // stops after the chunk at hand; what is left goes on at the next start

  // Takes up what was left unfinished and removes rows of batches that were never accepted. Waiting batches take turns
  // by tenant, chunk by chunk; those of one tenant go one after the other.
  Status start();

  // Durable when it returns; of `about` purpose, reference and file_name count, and id (of the form of new_id()), if
  // it is given: a batch that was accepted under it is answered as it is, so that what is handed in again after a
  // lost answer is one batch. A row's own purpose goes before the batch's. Errors: invalid_input (no rows, too many),
  // no_space, busy (too many waiting).
  Result<BatchInfo> submit(const Actor& actor, BatchInfo about, std::vector<BatchRow> rows);
  Result<std::optional<BatchInfo>> find(std::string_view id) const;
  // Newest first. `tenant` empty: all. `before`: id of the last one of the page before.
  Result<std::vector<BatchInfo>> list(std::string_view tenant, std::string_view before, std::size_t most) const;
  Result<std::vector<BatchRow>> rows(std::string_view id, std::uint64_t first, std::size_t most) const;
  // What was checked stays. Errors: not_found; invalid_input if it has ended already.
  Status cancel(const Actor& actor, std::string_view id);
  // Retention: forgets query ids, references, file names and reject reasons of batches that ended longer ago than
  // `retain_days` of their purpose. Counts and check ids stay. Returns how many batches.
  Result<std::uint64_t> erase_due(const Actor& actor, std::int64_t now_ms,
                                  const std::function<int(std::string_view purpose)>& retain_days);
  // Returns when the batch differs from `seen` in done or state, or after `wait_ms`.
  Result<std::optional<BatchInfo>> wait_for_change(std::string_view id, const BatchInfo& seen, int wait_ms) const;
  std::uint64_t queue_depth() const;  // rows waiting

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
