#include "engine/office/batch_store.h"

#include <algorithm>

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{8} << 20;  // of one write of rows

const Family kBatches = family(DeskFamily::batches), kRows = family(DeskFamily::batch_rows);

// Ids backwards, so that a cursor, which only goes forward, meets the newest first.
std::string backwards(std::string_view id) {
  std::string out(id);
  for (char& c : out) c = static_cast<char>(~c);
  return out;
}

std::string info_key(std::string_view id) { return "b" + std::string(id); }
std::string queue_key(std::string_view id) { return "q" + std::string(id); }
std::string list_prefix(std::string_view tenant) {
  return tenant.empty() ? "l" : "t" + std::string(tenant) + std::string(1, '\0');
}

std::string row_key(char part, std::string_view id, std::uint64_t row) {
  std::string key(1, part);
  key += id;
  append_key64(key, row);
  return key;
}

bool in_batch(std::string_view key, char part, std::string_view id) {
  return key.size() == 1 + id.size() + 8 && key.front() == part && key.substr(1, id.size()) == id;
}

std::uint64_t row_of(std::string_view key) { return read_key64(key.data() + key.size() - 8); }

bool ended(BatchState state) { return state != BatchState::waiting && state != BatchState::running; }

}  // namespace

void BatchStore::put_info(WriteSet& changes, const StoredBatch& batch) const {
  const std::string key = info_key(batch.info.id);
  changes.put(kBatches, key, desk_.keys().seal(encode_batch(batch), "batches:" + key));
}

void BatchStore::put_meta(WriteSet& changes, std::string_view id, const BatchRow& row) const {
  const std::string key = row_key('m', id, row.row);
  changes.put(kRows, key, desk_.keys().seal(encode_row_meta(row), "batch_rows:" + key));
}

Status BatchStore::add_rows(std::string_view id, std::span<const BatchRow> rows) {
  WriteSet changes;
  for (const BatchRow& row : rows) {
    put_meta(changes, id, row);
    if (row.reject_reason.empty()) {
      const std::string key = row_key('s', id, row.row);
      changes.put(kRows, key, desk_.keys().seal(encode_request(row.request), "batch_rows:" + key));
    }
    if (changes.bytes() < kWriteBytes) continue;
    SEMAK_TRY_STATUS(desk_.commit(changes, {}));
    changes = {};
  }
  SEMAK_TRY_STATUS(desk_.commit(changes, {}));
  return {};
}

Status BatchStore::accept(const BatchInfo& info, AuditEvent event) {
  WriteSet changes;
  put_info(changes, {info, 0});
  changes.put(kBatches, list_prefix("") + backwards(info.id), "");
  if (!info.actor.tenant.empty()) changes.put(kBatches, list_prefix(info.actor.tenant) + backwards(info.id), "");
  changes.put(kBatches, queue_key(info.id), "");
  SEMAK_TRY_STATUS(desk_.commit(changes, {std::move(event)}));
  return {};
}

Status BatchStore::note(const StoredBatch& batch, std::span<const BatchRow> rejected, std::vector<AuditEvent> events) {
  const BatchInfo& info = batch.info;
  WriteSet changes;
  put_info(changes, batch);
  for (const BatchRow& row : rejected) put_meta(changes, info.id, row);
  const std::uint64_t end = ended(info.state) ? info.rows : batch.next_row;
  changes.remove_range(kRows, row_key('s', info.id, 0), row_key('s', info.id, end));
  if (ended(info.state)) changes.remove(kBatches, queue_key(info.id));
  SEMAK_TRY_STATUS(desk_.commit(changes, std::move(events)));
  return {};
}

Status BatchStore::forget(StoredBatch batch, AuditEvent event) {
  BatchInfo& info = batch.info;
  info.reference.clear();
  info.file_name.clear();
  info.error.clear();
  WriteSet changes;
  put_info(changes, batch);
  changes.remove_range(kRows, row_key('m', info.id, 0), row_key('m', info.id, info.rows));
  SEMAK_TRY_STATUS(desk_.commit(changes, {std::move(event)}));
  return {};
}

Status BatchStore::remove_unaccepted() {
  WriteSet changes;
  Cursor cursor = desk_.database().cursor(kRows, Database::Access::scan);
  for (cursor.seek("m"); cursor.valid() && cursor.key().size() > 9 && cursor.key().front() == 'm';) {
    const std::string id(cursor.key().substr(1, cursor.key().size() - 9));
    SEMAK_TRY(const auto info, desk_.database().get(kBatches, info_key(id)));
    if (!info) {
      for (const char part : {'m', 's'})
        changes.remove_range(kRows, row_key(part, id, 0), row_key(part, id, Batches::kRowsMax));
    }
    cursor.seek(row_key('m', id, Batches::kRowsMax));
  }
  SEMAK_TRY_STATUS(cursor.status());
  SEMAK_TRY_STATUS(desk_.commit(changes, {}));
  return {};
}

Result<std::optional<StoredBatch>> BatchStore::find(std::string_view id) const {
  const std::string key = info_key(id);
  SEMAK_TRY(const auto sealed, desk_.database().get(kBatches, key));
  if (!sealed) return std::optional<StoredBatch>();
  SEMAK_TRY(const std::string bytes, desk_.keys().open_sealed(*sealed, "batches:" + key));
  SEMAK_TRY(StoredBatch batch, decode_batch(bytes));
  return std::optional<StoredBatch>(std::move(batch));
}

Result<std::vector<std::string>> BatchStore::list(std::string_view tenant, std::string_view before,
                                                  std::size_t most) const {
  const std::string prefix = list_prefix(tenant);
  std::vector<std::string> ids;
  Cursor cursor = desk_.database().cursor(kBatches, Database::Access::point);
  for (cursor.seek(prefix + backwards(before)); ids.size() < most && cursor.valid(); cursor.next()) {
    if (!cursor.key().starts_with(prefix)) break;
    std::string id = backwards(cursor.key().substr(prefix.size()));
    if (id != before) ids.push_back(std::move(id));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return ids;
}

Result<std::vector<StoredBatch>> BatchStore::unfinished() const {
  std::vector<StoredBatch> batches;
  Cursor cursor = desk_.database().cursor(kBatches, Database::Access::point);
  for (cursor.seek("q"); cursor.valid() && cursor.key().starts_with('q'); cursor.next()) {
    SEMAK_TRY(auto batch, find(cursor.key().substr(1)));
    if (!batch) return Error{ErrorCode::corruption, "desk: a batch stands in the queue that does not exist"};
    batches.push_back(*std::move(batch));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return batches;
}

Result<std::vector<BatchRow>> BatchStore::rows(std::string_view id, std::uint64_t first, std::size_t most) const {
  std::vector<BatchRow> rows;
  std::vector<std::string> subjects;
  Cursor cursor = desk_.database().cursor(kRows, Database::Access::point);
  for (cursor.seek(row_key('m', id, first)); rows.size() < most && cursor.valid(); cursor.next()) {
    if (!in_batch(cursor.key(), 'm', id)) break;
    SEMAK_TRY(const std::string bytes,
              desk_.keys().open_sealed(cursor.value(), "batch_rows:" + std::string(cursor.key())));
    BatchRow& row = rows.emplace_back();
    row.row = row_of(cursor.key());
    SEMAK_TRY_STATUS(decode_row_meta(bytes, row));
    subjects.push_back(row_key('s', id, row.row));
  }
  SEMAK_TRY_STATUS(cursor.status());
  SEMAK_TRY(const auto sealed, desk_.database().multi_get(kRows, subjects));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!sealed[i]) continue;
    SEMAK_TRY(const std::string bytes, desk_.keys().open_sealed(*sealed[i], "batch_rows:" + subjects[i]));
    SEMAK_TRY(rows[i].request, decode_request(bytes));
  }
  return rows;
}

Result<std::vector<BatchRow>> BatchStore::to_check(std::string_view id, std::uint64_t first, std::size_t most) const {
  std::vector<BatchRow> rows;
  Cursor cursor = desk_.database().cursor(kRows, Database::Access::point);
  for (cursor.seek(row_key('s', id, first)); rows.size() < most && cursor.valid(); cursor.next()) {
    if (!in_batch(cursor.key(), 's', id)) break;
    SEMAK_TRY(const std::string bytes,
              desk_.keys().open_sealed(cursor.value(), "batch_rows:" + std::string(cursor.key())));
    BatchRow& row = rows.emplace_back();
    row.row = row_of(cursor.key());
    SEMAK_TRY(row.request, decode_request(bytes));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return rows;
}

}  // namespace semak
