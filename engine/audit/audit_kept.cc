// Entries that are durable elsewhere first: appending them without waiting for the disk, and taking them up again.
#include <utility>

#include "engine/audit/audit_entry.h"
#include "engine/audit/audit_families.h"
#include "engine/audit/audit_log_impl.h"

namespace semak {

// Entries that a failing machine took from the log, in their old places. Who kept them does so until they are durable.
Status AuditLog::Impl::take_up(std::span<const AuditEntry> entries, const AuditCheckpoint& kept) {
  DraftedEntries drafted;
  for (const AuditEntry& entry : entries) {
    const std::string key = sequence_key(entry.sequence);
    drafted.changes.put(kAuditEntries, key, encode_entry(entry));
    if (!entry.event.token.empty()) drafted.changes.put(kAuditTokens, entry.event.token, key);
  }
  drafted.head = kept.head;
  drafted.time_ms = kept.time_ms;
  add_checkpoint(drafted, kept);
  return write(std::move(drafted), Durability::buffered);
}

Result<std::vector<std::uint64_t>> AuditLog::append_kept(std::span<const AuditEvent> events, const Keep& keep) {
  if (impl_->keys == nullptr) return Error{ErrorCode::unavailable, "the audit log was opened for reading"};
  AuditRequest request;
  request.events = events;
  request.keep = &keep;
  impl_->append(request);
  if (!request.status) return std::move(request.status).error();
  return std::move(request.sequences);
}

Status AuditLog::sync() {
  if (impl_->failed) return Error{ErrorCode::unavailable, "the audit log could not be written and is closed"};
  Status status = impl_->database->sync();
  if (!status) impl_->failed = true;
  return status;
}

Result<std::size_t> AuditLog::take_up(std::string_view kept) {
  SEMAK_TRY(KeptEntries taken, decode_kept(kept));
  const AuditCheckpoint& signed_head = taken.checkpoint;
  if (signed_head.key_id != impl_->keys->id() ||
      !signature_is_good(signed_text(signed_head), signed_head.signature, impl_->keys->public_key())) {
    return Error{ErrorCode::corruption, "what was kept for the audit log is not signed with its keys"};
  }
  const AuditHead now = head();
  const AuditEntry& first = taken.entries.front();
  if (first.sequence > now.sequence + 1) {
    return Error{ErrorCode::corruption, "the audit log was cut off: entries " + std::to_string(now.sequence + 1) +
                                            " to " + std::to_string(first.sequence - 1) + " are missing"};
  }
  if (first.sequence == now.sequence + 1 && first.previous == now.hash) {
    SEMAK_TRY_STATUS(impl_->take_up(taken.entries, signed_head));
    return taken.entries.size();
  }
  std::vector<AuditEvent> homeless;
  for (AuditEntry& entry : taken.entries) {
    SEMAK_TRY(const auto there, impl_->database->get(kAuditEntries, sequence_key(entry.sequence)));
    if (there && *there == encode_entry(entry)) continue;
    if (entry.event.token.empty()) entry.event.token = "kept:" + hex(view(entry.hash));
    homeless.push_back(std::move(entry.event));
  }
  if (!homeless.empty()) SEMAK_TRY_STATUS(append(homeless));
  return taken.entries.size();
}

}  // namespace semak
