// The families of the log's database. Keys of entries and checkpoints: sequence, big-endian.
#pragma once

#include <string>
#include <vector>

#include "engine/store/bytes.h"
#include "engine/store/database.h"

namespace semak {

constexpr Family kAuditEntries = 0;      // sequence -> entry
constexpr Family kAuditCheckpoints = 1;  // sequence of its head -> checkpoint
constexpr Family kAuditTokens = 2;       // token -> sequence, big-endian

inline std::vector<std::string> audit_families() { return {"entries", "checkpoints", "tokens"}; }

inline std::string sequence_key(std::uint64_t sequence) {
  std::string key;
  append_key64(key, sequence);
  return key;
}

}  // namespace semak
