// The log's own verification: reads everything back.
#include <utility>

#include "engine/audit/audit_entry.h"
#include "engine/audit/audit_families.h"
#include "engine/audit/audit_log_impl.h"
#include "engine/audit/chain_check.h"

namespace semak {
namespace {

constexpr std::size_t kTokensAtOnce = 512;
constexpr std::uint64_t kProgressEvery = 4096;

// Whether each token leads to the entry that carries it.
class TokenCheck {
 public:
  TokenCheck(const Database& database, ChainCheck& chain) : database_(database), chain_(chain) {}

  Status entry(const AuditEntry& entry) {
    if (entry.event.token.empty()) return {};
    tokens_.push_back(entry.event.token);
    sequences_.push_back(entry.sequence);
    return tokens_.size() < kTokensAtOnce ? Status() : flush();
  }

  Status flush() {
    if (tokens_.empty()) return {};
    SEMAK_TRY(const auto values, database_.multi_get(kAuditTokens, tokens_));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] && *values[i] == sequence_key(sequences_[i])) continue;
      chain_.finding("the token of entry " + std::to_string(sequences_[i]) +
                     (values[i] ? " leads to another entry: one of the two was replayed" : " is missing"));
    }
    entries_ += tokens_.size();
    tokens_.clear();
    sequences_.clear();
    return {};
  }

  // Tokens that no entry carries would keep an event out of the log.
  Status finish(Cursor& tokens) {
    SEMAK_TRY_STATUS(flush());
    std::uint64_t rows = 0;
    for (tokens.seek({}); tokens.valid(); tokens.next()) ++rows;
    SEMAK_TRY_STATUS(tokens.status());
    if (rows != entries_) {
      chain_.finding("there are " + std::to_string(rows) + " tokens, but " + std::to_string(entries_) +
                     " entries that carry one");
    }
    return {};
  }

 private:
  const Database& database_;
  ChainCheck& chain_;
  std::vector<std::string> tokens_;
  std::vector<std::uint64_t> sequences_;
  std::uint64_t entries_ = 0;
};

// The checkpoints whose key is at most `last`.
void take_checkpoints(Cursor& checkpoints, std::uint64_t last, ChainCheck& chain) {
  for (; checkpoints.valid(); checkpoints.next()) {
    if (checkpoints.key().size() != 8) {
      chain.finding("a checkpoint stands under a key that is no number");
      continue;
    }
    const std::uint64_t place = read_key64(checkpoints.key().data());
    if (place > last) return;
    const auto checkpoint = decode_checkpoint(checkpoints.value());
    if (checkpoint) {
      chain.checkpoint(place, *checkpoint);
    } else {
      chain.finding("the checkpoint at entry " + std::to_string(place) +
                    " cannot be read: " + checkpoint.error().message);
    }
  }
}

}  // namespace

Result<AuditReport> AuditLog::verify(std::span<const AuditHead> witnesses, const PublicKey& key,
                                     const Progress& progress) const {
  std::optional<Impl::Pause> pause(std::in_place, *impl_);
  Cursor entries = impl_->database->cursor(kAuditEntries, Database::Access::scan);
  Cursor checkpoints = impl_->database->cursor(kAuditCheckpoints, Database::Access::scan);
  Cursor tokens = impl_->database->cursor(kAuditTokens, Database::Access::scan);
  const std::uint64_t total = head().sequence;
  pause.reset();

  ChainCheck chain(key, witnesses);
  TokenCheck token_check(*impl_->database, chain);
  checkpoints.seek({});
  for (entries.seek({}); entries.valid(); entries.next()) {
    if (entries.key().size() != 8) {
      chain.finding("an entry stands under a key that is no number");
      continue;
    }
    const std::uint64_t place = read_key64(entries.key().data());
    if (place == 0) {
      chain.finding("an entry stands before the first");
      continue;
    }
    take_checkpoints(checkpoints, place - 1, chain);
    const auto entry = decode_entry(entries.value());
    if (entry) {
      chain.entry(place, *entry);
      SEMAK_TRY_STATUS(token_check.entry(*entry));
    } else {
      chain.unreadable_entry(place, entry.error().message);
    }
    if (progress && place % kProgressEvery == 0) progress("verifying", place, total);
  }
  const Status read = entries.status();
  if (!read) {
    chain.finding("entries behind " + std::to_string(chain.last_place()) + " cannot be read: " + read.error().message);
  }
  take_checkpoints(checkpoints, ~std::uint64_t{0}, chain);
  if (const Status status = checkpoints.status(); !status) {
    chain.finding("the checkpoints cannot be read: " + status.error().message);
  }
  if (const Status status = token_check.finish(tokens); !status) {
    chain.finding("the tokens cannot be read: " + status.error().message);
  }
  if (progress) progress("verifying", total, total);
  return chain.finish(!read);
}

}  // namespace semak
