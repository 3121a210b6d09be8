#include "engine/audit/chain_check.h"

#include <utility>

#include "engine/audit/audit_entry.h"

namespace semak {
namespace {

constexpr std::size_t kFindingsMax = 100;

std::string named(std::uint64_t first, std::uint64_t last) {
  return first == last ? "entry " + std::to_string(first) + " is missing"
                       : "entries " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

std::string entry_name(std::uint64_t sequence) { return "entry " + std::to_string(sequence); }

}  // namespace

ChainCheck::ChainCheck(const std::optional<PublicKey>& key, std::span<const AuditHead> witnesses) : key_(key) {
  for (const AuditHead& witness : witnesses) {
    if (witness.sequence > 0) witnesses_[witness.sequence].insert(witness.hash);
  }
}

void ChainCheck::finding(std::string text) {
  ++report_.findings_total;
  if (report_.findings.size() < kFindingsMax) report_.findings.push_back(std::move(text));
}

// Whether `place` is a step forward; reports what was stepped over.
bool ChainCheck::reach(std::uint64_t place) {
  if (place <= last_place_) {
    finding(entry_name(place) + " stands behind " + entry_name(last_place_) + ": moved or replayed");
    return false;
  }
  if (place > last_place_ + 1) {
    finding(named(last_place_ + 1, place - 1));
    last_hash_.reset();
  }
  last_place_ = place;
  return true;
}

void ChainCheck::unreadable_entry(std::uint64_t place, const std::string& why) {
  ++report_.entries;
  if (reach(place)) last_hash_.reset();
  finding(entry_name(place) + " cannot be read: " + why);
}

void ChainCheck::entry(std::uint64_t place, const AuditEntry& entry) {
  ++report_.entries;
  if (!reach(place)) return;
  const std::string name = entry_name(place);
  if (entry.sequence != place) {
    finding(name + " is missing: in its place stands " + entry_name(entry.sequence) + ", moved or replayed");
    last_hash_.reset();
    return;
  }
  if (hash_of(entry) != entry.hash) finding(name + " was changed: its content does not have its hash");
  if (last_hash_ && entry.previous != *last_hash_) {
    finding(name + " does not follow " + (place == 1 ? "the beginning" : entry_name(place - 1)) +
            ": one of the two was replaced");
  }
  if (entry.time_ms < last_time_ms_) finding(name + " is dated before the entry before it");
  if (const auto witness = witnesses_.find(place);
      witness != witnesses_.end() && (witness->second.size() > 1 || !witness->second.contains(entry.hash))) {
    finding(name + " is not the one that a witness knows: the log was rewritten");
  }
  last_hash_ = entry.hash;
  last_time_ms_ = entry.time_ms;
  report_.head = {place, entry.hash};
}

void ChainCheck::checkpoint(std::uint64_t place, const AuditCheckpoint& checkpoint) {
  ++report_.checkpoints;
  const std::string name = "the checkpoint at entry " + std::to_string(place);
  if (checkpoint.head.sequence != place) {
    finding(name + " is missing: in its place stands that of entry " + std::to_string(checkpoint.head.sequence));
    return;
  }
  key_ids_.insert(checkpoint.key_id);
  if (key_ && !signature_is_good(signed_text(checkpoint), checkpoint.signature, *key_)) {
    finding(name + " has a wrong signature");
  }
  if (checkpoint.previous != last_checkpoint_) {
    finding(name + " follows the checkpoint at entry " + std::to_string(checkpoint.previous) + ", but there stands " +
            (last_checkpoint_ == 0 ? "none" : "one at entry " + std::to_string(last_checkpoint_)) +
            ": checkpoints were removed or added");
  }
  if (place != last_place_) {
    finding(name + " is about an entry that is not there: the log was cut off, or entries were removed");
  } else if (last_hash_ && checkpoint.head.hash != *last_hash_) {
    finding(name + " was signed over another hash: something was changed in entries " +
            std::to_string(last_checkpoint_ + 1) + " to " + std::to_string(place));
  }
  last_checkpoint_ = place;
}

AuditReport ChainCheck::finish(bool cut) {
  if (!cut && last_checkpoint_ < last_place_) {
    finding("entries " + std::to_string(last_checkpoint_ + 1) + " to " + std::to_string(last_place_) +
            " stand behind the newest checkpoint: added by somebody else, or checkpoints were removed");
  }
  if (auto beyond = witnesses_.upper_bound(last_place_); !cut && beyond != witnesses_.end()) {
    finding("the log ends at entry " + std::to_string(last_place_) + ", but a witness knows entry " +
            std::to_string(witnesses_.rbegin()->first) + ": it was cut off");
  }
  return std::move(report_);
}

}  // namespace semak
