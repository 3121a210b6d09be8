// Whether entries and checkpoints, as they come, are one unbroken chain; names each place where they are not. Shared by
// the log's own verification and that of exports.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "engine/audit/audit_log.h"

namespace semak {

class ChainCheck {
 public:
  // No key: signatures are not checked.
  ChainCheck(const std::optional<PublicKey>& key, std::span<const AuditHead> witnesses);

  // In the order in which they are found. `place`: the sequence that its place stands for.
  void entry(std::uint64_t place, const AuditEntry& entry);
  void unreadable_entry(std::uint64_t place, const std::string& why);
  // After the entry of its head, before the next.
  void checkpoint(std::uint64_t place, const AuditCheckpoint& checkpoint);
  void finding(std::string text);

  std::uint64_t last_place() const { return last_place_; }
  const AuditHead& head() const { return report_.head; }
  const std::set<std::string>& key_ids() const { return key_ids_; }
  // After the last one. `cut`: reading ended before the end, which was reported already.
  AuditReport finish(bool cut);

 private:
  bool reach(std::uint64_t place);

  std::optional<PublicKey> key_;
  std::map<std::uint64_t, std::set<Hash256>> witnesses_;
  AuditReport report_;
  std::uint64_t last_place_ = 0;
  std::int64_t last_time_ms_ = 0;
  std::optional<Hash256> last_hash_ = Hash256{};  // empty: unknown, because that entry is missing or cannot be read
  std::uint64_t last_checkpoint_ = 0;
  std::set<std::string> key_ids_;
};

}  // namespace semak
