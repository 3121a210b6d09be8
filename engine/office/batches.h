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
  CheckRequest request;       // sealed at rest
  std::string reject_reason;  // not checked, because...; empty: checked
  std::string check_id;       // once done
};

class Batches {
 public:
  using CheckMany = std::function<Result<std::vector<Check>>(const Actor&, std::span<const CheckRequest>,
                                                             std::span<const std::string> ids, std::string_view batch)>;
  // `yield`: asked between chunks; returns when interactive work has had its turn.
  Batches(Desk& desk, CheckMany check_many, std::function<void()> yield = {});
  ~Batches();  // stops after the chunk at hand; what is left goes on at the next start

  void start();  // takes up what was left unfinished

  // Durable when it returns. Errors: invalid_input (no rows), no_space, busy (too many waiting).
  Result<BatchInfo> submit(const Actor& actor, BatchInfo about, std::vector<BatchRow> rows);
  Result<std::optional<BatchInfo>> find(std::string_view id) const;
  Result<std::vector<BatchInfo>> list(std::string_view tenant, std::string_view before, std::size_t most) const;
  Result<std::vector<BatchRow>> rows(std::string_view id, std::uint64_t first, std::size_t most) const;
  Status cancel(const Actor& actor, std::string_view id);
  // Returns when the batch differs from `seen` in done or state, or after `wait_ms`.
  Result<std::optional<BatchInfo>> wait_for_change(std::string_view id, const BatchInfo& seen, int wait_ms) const;
  std::uint64_t queue_depth() const;  // rows waiting

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
