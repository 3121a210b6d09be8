#include "engine/audit/audit_log.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "engine/audit/audit_entry.h"
#include "engine/audit/audit_families.h"
#include "engine/audit/audit_log_impl.h"

namespace semak {
namespace {

constexpr std::size_t kCacheBytes = std::size_t{16} << 20;
constexpr std::uint64_t kCheckedAtOpening = 256;  // newest entries whose chain is recomputed
constexpr std::uint64_t kCheckpointSpan = 1024;   // entries; the last checkpoint of each span is kept for good
constexpr std::uint64_t kReadAtOnce = 256;

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Error broken(std::uint64_t sequence, const std::string& what) {
  return {ErrorCode::corruption, "audit log: entry " + std::to_string(sequence) + " " + what};
}

Error damaged_token() { return {ErrorCode::corruption, "audit log: a token's entry is damaged"}; }

Result<AuditEntry> decoded(std::uint64_t sequence, std::string_view bytes) {
  auto entry = decode_entry(bytes);
  if (!entry) return broken(sequence, "cannot be read: " + entry.error().message);
  if (entry->sequence != sequence) {
    return broken(sequence, "is missing: in its place stands entry " + std::to_string(entry->sequence));
  }
  return entry;
}

// Entries `first` to `last`, all of which must be there.
Result<std::vector<AuditEntry>> read_range(const Database& database, std::uint64_t first, std::uint64_t last) {
  std::vector<std::string> keys;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence) keys.push_back(sequence_key(sequence));
  SEMAK_TRY(const auto values, database.multi_get(kAuditEntries, keys));
  std::vector<AuditEntry> entries;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
    const auto& value = values[sequence - first];
    if (!value) return broken(sequence, "is missing");
    SEMAK_TRY(AuditEntry entry, decoded(sequence, *value));
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool passes(const AuditFilter& filter, const AuditEvent& event) {
  return (!filter.kind || *filter.kind == event.kind) && (filter.object.empty() || filter.object == event.object) &&
         (filter.actor.empty() || filter.actor == event.actor.id);
}

// Token -> sequence, of those tokens of the group that the log has.
Result<std::unordered_map<std::string_view, std::uint64_t>> known_tokens(const Database& database,
                                                                         std::span<AuditRequest* const> group) {
  std::vector<std::string_view> tokens;
  for (const AuditRequest* request : group) {
    for (const AuditEvent& event : request->events) {
      if (!event.token.empty()) tokens.push_back(event.token);
    }
  }
  std::unordered_map<std::string_view, std::uint64_t> known;
  if (tokens.empty()) return known;
  const std::vector<std::string> keys(tokens.begin(), tokens.end());
  SEMAK_TRY(const auto values, database.multi_get(kAuditTokens, keys));
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!values[i]) continue;
    if (values[i]->size() != 8) return damaged_token();
    known.emplace(tokens[i], read_key64(values[i]->data()));
  }
  return known;
}

Result<std::unique_ptr<Database>> open_database(const std::filesystem::path& folder, DatabaseMode mode,
                                                std::function<Status(std::string_view)> fault) {
  DatabaseOptions options;
  options.mode = mode;
  options.families = audit_families();
  options.cache_bytes = kCacheBytes;
  options.fault = std::move(fault);
  return Database::open(folder, std::move(options));
}

}  // namespace

AuditLog::AuditLog() : impl_(std::make_unique<Impl>()) {}
AuditLog::~AuditLog() = default;

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::filesystem::path& folder, bool create, const KeyRing& keys,
                                                 std::function<Status(std::string_view)> fault) {
  std::unique_ptr<AuditLog> log(new AuditLog());
  SEMAK_TRY(log->impl_->database,
            open_database(folder, create ? DatabaseMode::create : DatabaseMode::read_write, std::move(fault)));
  log->impl_->keys = &keys;
  SEMAK_TRY_STATUS(log->impl_->read_head());
  SEMAK_TRY_STATUS(log->impl_->check_newest());
  return log;
}

Result<std::unique_ptr<AuditLog>> AuditLog::open_read_only(const std::filesystem::path& folder) {
  std::unique_ptr<AuditLog> log(new AuditLog());
  SEMAK_TRY(log->impl_->database, open_database(folder, DatabaseMode::read_only, {}));
  static_cast<void>(log->impl_->read_head().ok());  // verify() must be able to say what is wrong with it
  return log;
}

Status AuditLog::Impl::read_head() {
  Cursor entries = database->cursor(kAuditEntries, Database::Access::point);
  entries.seek_to_last();
  if (entries.valid()) {
    if (entries.key().size() != 8) return Error{ErrorCode::corruption, "audit log: the newest entry has no number"};
    SEMAK_TRY(const AuditEntry newest, decoded(read_key64(entries.key().data()), entries.value()));
    head = {newest.sequence, newest.hash};
    time_ms = newest.time_ms;
  }
  SEMAK_TRY_STATUS(entries.status());
  Cursor checkpoints = database->cursor(kAuditCheckpoints, Database::Access::point);
  checkpoints.seek_to_last();
  if (checkpoints.valid()) {
    SEMAK_TRY(checkpoint, decode_checkpoint(checkpoints.value()));
  }
  return checkpoints.status();
}

Status AuditLog::Impl::check_newest() const {
  if (head.sequence == 0 && !checkpoint) return {};
  if (!checkpoint || checkpoint->head.sequence != head.sequence || checkpoint->head.hash != head.hash) {
    return Error{ErrorCode::corruption,
                 "audit log: the newest entry is " + std::to_string(head.sequence) + ", but the newest checkpoint " +
                     (checkpoint ? "was signed at entry " + std::to_string(checkpoint->head.sequence) : "is missing")};
  }
  if (checkpoint->key_id != keys->id()) {
    return Error{ErrorCode::corruption, "audit log: its newest checkpoint was signed with the keys " +
                                            checkpoint->key_id + ", not with " + keys->id()};
  }
  if (!signature_is_good(signed_text(*checkpoint), checkpoint->signature, keys->public_key())) {
    return Error{ErrorCode::corruption, "audit log: the signature of its newest checkpoint is wrong"};
  }
  const std::uint64_t first = head.sequence > kCheckedAtOpening ? head.sequence - kCheckedAtOpening + 1 : 1;
  SEMAK_TRY(const auto entries, read_range(*database, first, head.sequence));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (hash_of(entries[i]) != entries[i].hash) return broken(entries[i].sequence, "was changed");
    if (i > 0 && entries[i].previous != entries[i - 1].hash) {
      return broken(entries[i].sequence, "does not follow the entry before it");
    }
  }
  return {};
}

AuditCheckpoint AuditLog::Impl::signed_checkpoint(const AuditHead& of, std::int64_t at_ms) const {
  AuditCheckpoint next{of, at_ms, keys->id(), 0, {}};
  if (checkpoint) {
    const bool same_span = checkpoint->head.sequence / kCheckpointSpan == of.sequence / kCheckpointSpan;
    next.previous = same_span ? checkpoint->previous : checkpoint->head.sequence;
  }
  next.signature = keys->sign(signed_text(next));
  return next;
}

// Gives the group's events their places in the chain. Only one thread at a time is here or changes the head.
Result<DraftedEntries> AuditLog::Impl::draft(std::span<AuditRequest* const> group) const {
  SEMAK_TRY(auto known, known_tokens(*database, group));
  DraftedEntries drafted;
  drafted.head = head;
  drafted.time_ms = std::max(now_ms(), time_ms);
  drafted.kept = begin_kept();
  AuditEntry entry;
  for (AuditRequest* request : group) {
    for (const AuditEvent& event : request->events) {
      if (const auto found = known.find(event.token); !event.token.empty() && found != known.end()) {
        request->sequences.push_back(found->second);
        continue;
      }
      entry.sequence = drafted.head.sequence + 1;
      entry.time_ms = drafted.time_ms;
      entry.event = event;
      entry.previous = drafted.head.hash;
      const std::string bytes = seal_entry(entry);
      drafted.head = {entry.sequence, entry.hash};
      const std::string key = sequence_key(entry.sequence);
      drafted.changes.put(kAuditEntries, key, bytes);
      if (request->keep != nullptr) keep_entry(drafted.kept, bytes);
      if (!event.token.empty()) {
        drafted.changes.put(kAuditTokens, event.token, key);
        known.emplace(event.token, entry.sequence);
      }
      request->sequences.push_back(entry.sequence);
    }
  }
  if (!drafted.changes.empty()) add_checkpoint(drafted, signed_checkpoint(drafted.head, drafted.time_ms));
  return drafted;
}

// In place of the newest one, unless that is the last of its span.
void AuditLog::Impl::add_checkpoint(DraftedEntries& drafted, AuditCheckpoint next) const {
  drafted.changes.put(kAuditCheckpoints, sequence_key(next.head.sequence), encode_checkpoint(next));
  if (checkpoint && next.previous != checkpoint->head.sequence) {
    drafted.changes.remove(kAuditCheckpoints, sequence_key(checkpoint->head.sequence));
  }
  drafted.checkpoint = std::move(next);
}

Status AuditLog::Impl::write(DraftedEntries drafted, Durability durability) {
  SEMAK_TRY_STATUS(database->write(drafted.changes, durability));
  const std::lock_guard lock(mutex);
  head = drafted.head;
  time_ms = drafted.time_ms;
  checkpoint = std::move(drafted.checkpoint);
  return {};
}

// Makes the group durable with one write.
Status AuditLog::Impl::commit(std::span<AuditRequest* const> group) {
  SEMAK_TRY(DraftedEntries drafted, draft(group));
  return drafted.checkpoint ? write(std::move(drafted), Durability::synced) : Status();
}

// By itself: durable where its sender keeps it.
void AuditLog::Impl::commit_kept(AuditRequest& request) {
  AuditRequest* const alone = &request;
  Result<DraftedEntries> drafted = draft({&alone, 1});
  if (!drafted) {
    failed = true;
    request.status = std::move(drafted).error();
    return;
  }
  if (drafted->checkpoint) finish_kept(drafted->kept, *drafted->checkpoint);
  request.status = (*request.keep)(drafted->checkpoint ? std::string_view(drafted->kept) : std::string_view());
  if (!request.status || !drafted->checkpoint) return;
  request.status = write(*std::move(drafted), Durability::buffered);
  if (!request.status) failed = true;
}

// The first to come writes for all who came until it begins; the others wait for the next or are done already.
void AuditLog::Impl::append(AuditRequest& request) {
  std::unique_lock lock(mutex);
  waiting.push_back(&request);
  turn.wait(lock, [&] { return request.done || !leading; });
  if (request.done) return;
  leading = true;
  std::vector<AuditRequest*> group = std::exchange(waiting, {});
  lock.unlock();
  const auto kept =
      std::stable_partition(group.begin(), group.end(), [](const AuditRequest* each) { return each->keep == nullptr; });
  const std::span<AuditRequest* const> together(group.begin(), kept);
  const Status refusal = Error{ErrorCode::unavailable,
                               "the audit log could not be written and is closed; nothing is answered until Semak is "
                               "started again"};
  const Status status = failed ? refusal : commit(together);
  if (!status) failed = true;
  for (AuditRequest* each : together) each->status = status;
  for (auto each = kept; each != group.end(); ++each) {
    if (failed) {
      (*each)->status = refusal;
    } else {
      commit_kept(**each);
    }
  }
  lock.lock();
  for (AuditRequest* each : group) each->done = true;
  leading = false;
  turn.notify_all();
}

AuditLog::Impl::Pause::Pause(const Impl& impl) : impl_(impl) {
  std::unique_lock lock(impl_.mutex);
  impl_.turn.wait(lock, [&] { return !impl_.leading; });
  impl_.leading = true;
}

AuditLog::Impl::Pause::~Pause() {
  const std::lock_guard lock(impl_.mutex);
  impl_.leading = false;
  impl_.turn.notify_all();
}

Result<std::vector<std::uint64_t>> AuditLog::append_each(std::span<const AuditEvent> events) {
  if (impl_->keys == nullptr) return Error{ErrorCode::unavailable, "the audit log was opened for reading"};
  for (const AuditEvent& event : events) SEMAK_TRY_STATUS(check_event(event));
  AuditRequest request;
  request.events = events;
  impl_->append(request);
  if (!request.status) return std::move(request.status).error();
  return std::move(request.sequences);
}

Result<std::uint64_t> AuditLog::append(std::span<const AuditEvent> events) {
  SEMAK_TRY(const auto sequences, append_each(events));
  return sequences.empty() ? std::uint64_t{0} : sequences.back();
}

bool AuditLog::failed() const { return impl_->failed; }

AuditHead AuditLog::head() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->head;
}

std::optional<AuditCheckpoint> AuditLog::newest_checkpoint() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->checkpoint;
}

Result<std::vector<AuditEntry>> AuditLog::entries(const AuditFilter& filter) const {
  const std::uint64_t newest = head().sequence;
  std::uint64_t end = filter.before == 0 ? newest + 1 : std::min(filter.before, newest + 1);
  const bool any = !filter.kind && filter.object.empty() && filter.actor.empty();
  std::vector<AuditEntry> found;
  while (end > 1 && found.size() < filter.entries_max) {
    const std::uint64_t most = any ? std::min(kReadAtOnce, filter.entries_max - found.size()) : kReadAtOnce;
    const std::uint64_t first = end > most ? end - most : 1;
    SEMAK_TRY(auto range, read_range(*impl_->database, first, end - 1));
    for (auto entry = range.rbegin(); entry != range.rend() && found.size() < filter.entries_max; ++entry) {
      if (passes(filter, entry->event)) found.push_back(std::move(*entry));
    }
    end = first;
  }
  return found;
}

Result<std::optional<std::uint64_t>> AuditLog::sequence_of(std::string_view token) const {
  SEMAK_TRY(const auto value, impl_->database->get(kAuditTokens, token));
  if (!value) return std::optional<std::uint64_t>();
  if (value->size() != 8) return damaged_token();
  return std::optional(read_key64(value->data()));
}

Status AuditLog::scan(const std::function<Status(const AuditEntry&)>& visit) const {
  Cursor cursor = impl_->database->cursor(kAuditEntries, Database::Access::scan);
  std::uint64_t sequence = 1;
  for (cursor.seek({}); cursor.valid(); cursor.next(), ++sequence) {
    if (cursor.key() != sequence_key(sequence)) return broken(sequence, "is missing");
    SEMAK_TRY(const AuditEntry entry, decoded(sequence, cursor.value()));
    SEMAK_TRY_STATUS(visit(entry));
  }
  return cursor.status();
}

Status AuditLog::checkpoint_database(const std::filesystem::path& target) const {
  return impl_->database->checkpoint(target);
}

}  // namespace semak
