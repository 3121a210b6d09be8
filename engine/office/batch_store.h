// Batches as they stand on the desk. Keys, after which a value is sealed (context: family and key):
//   batches      b <id>            what there is to know of a batch
//                l <~id>           list of all, newest first
//                t <tenant> 0 <~id>  list of a tenant, newest first
//                q <id>            waiting or running
//   batch_rows   m <id> <row>      the requester's query id, why it was rejected
//                s <id> <row>      the request; gone once the row was checked
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/office/batch_codec.h"
#include "engine/office/batches.h"
#include "engine/result.h"

namespace semak {

class BatchStore {
 public:
  explicit BatchStore(Desk& desk) : desk_(desk) {}

  // Rows of a batch that is not accepted yet.
  Status add_rows(std::string_view id, std::span<const BatchRow> rows);
  // Makes the batch, whose rows are there.
  Status accept(const BatchInfo& info, AuditEvent event);
  // Notes how far it is: rows before next_row lose their requests; `rejected` are given their reasons. A batch that
  // has ended loses all requests and is out of the queue.
  Status note(const StoredBatch& batch, std::span<const BatchRow> rejected, std::vector<AuditEvent> events);
  Status forget(StoredBatch batch, AuditEvent event);  // what erase_due says
  Status remove_unaccepted();

  Result<std::optional<StoredBatch>> find(std::string_view id) const;
  Result<std::vector<std::string>> list(std::string_view tenant, std::string_view before, std::size_t most) const;
  Result<std::vector<StoredBatch>> unfinished() const;  // oldest first
  Result<std::vector<BatchRow>> rows(std::string_view id, std::uint64_t first, std::size_t most) const;
  // The next rows to check, from `first` on: row and request are filled.
  Result<std::vector<BatchRow>> to_check(std::string_view id, std::uint64_t first, std::size_t most) const;

 private:
  void put_info(WriteSet& changes, const StoredBatch& batch) const;
  void put_meta(WriteSet& changes, std::string_view id, const BatchRow& row) const;
  Desk& desk_;
};

}  // namespace semak
