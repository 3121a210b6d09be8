// Bytes and hashes of audit entries and checkpoints: what stands in the database and what an auditor recomputes.
// The encodings are a promise to whoever kept a checkpoint: never changed, only followed by another format byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
Result<AuditEntry> decode_entry(std::string_view bytes);

// What a checkpoint's signature covers.
std::string signed_text(const AuditCheckpoint& checkpoint);
std::string encode_checkpoint(const AuditCheckpoint& checkpoint);
Result<AuditCheckpoint> decode_checkpoint(std::string_view bytes);

std::string_view view(const Hash256& hash);

}  // namespace semak
