// Bytes and hashes of audit entries and checkpoints: what stands in the database and what an auditor recomputes.
// The encodings are a promise to whoever kept a checkpoint: never changed, only followed by another format byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/audit/audit_log.h"
#include "engine/result.h"

namespace semak {

// What a log can hold: text is UTF-8, details are a JSON object without floating point, all of it at most
// kAuditEventBytesMax. Errors: invalid_input.
constexpr std::size_t kAuditEventBytesMax = std::size_t{4} << 20;
Status check_event(const AuditEvent& event);

// An event by itself, for keeping it until it is logged.
std::string encode_event(const AuditEvent& event);
Result<AuditEvent> decode_event(std::string_view bytes);

// Of everything but `hash` itself.
Hash256 hash_of(const AuditEntry& entry);
// Hashed bytes, then the hash. decode does not say whether the hash is right: hash_of does.
std::string encode_entry(const AuditEntry& entry);
std::string seal_entry(AuditEntry& entry);  // fills in the hash; encoded
Result<AuditEntry> decode_entry(std::string_view bytes);

// Entries that follow one another with the signed head that they lead to, for keeping them elsewhere. Its first byte is
// none of an event's. Errors: corruption, version_mismatch.
struct KeptEntries;
std::string begin_kept();
void keep_entry(std::string& kept, std::string_view encoded_entry);
void finish_kept(std::string& kept, const AuditCheckpoint& checkpoint);
bool is_kept(std::string_view bytes);
Result<KeptEntries> decode_kept(std::string_view bytes);

// What a checkpoint's signature covers.
std::string signed_text(const AuditCheckpoint& checkpoint);
std::string encode_checkpoint(const AuditCheckpoint& checkpoint);
Result<AuditCheckpoint> decode_checkpoint(std::string_view bytes);

std::string_view view(const Hash256& hash);

struct KeptEntries {
  std::vector<AuditEntry> entries;  // one at least; each follows the one before it, and the last is the head
  AuditCheckpoint checkpoint;
};

}  // namespace semak
