// The whole log as a file, for somebody who has nothing else of Semak.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <unistd.h>

#include "engine/audit/audit_entry.h"
#include "engine/audit/audit_families.h"
#include "engine/audit/audit_log_impl.h"
#include "engine/audit/chain_check.h"
#include "engine/audit/export_lines.h"
#include "engine/private_file.h"

namespace semak {
namespace {

constexpr std::uint64_t kProgressEvery = 4096;

// Written aside and renamed: an export is whole or not there.
class ExportFile {
 public:
  explicit ExportFile(std::filesystem::path file) : file_(std::move(file)), aside_(file_.string() + ".part") {
    if (const int descriptor = create_private_file(aside_); descriptor >= 0) stream_.reset(::fdopen(descriptor, "wb"));
  }

  ~ExportFile() {
    stream_.reset();
    std::error_code ignored;
    std::filesystem::remove(aside_, ignored);
  }

  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  Status write(std::string line) {
    line += '\n';
    if (!stream_ || std::fwrite(line.data(), 1, line.size(), stream_.get()) != line.size()) return failed();
    return {};
  }

  Status finish() {
    if (!stream_ || std::fflush(stream_.get()) != 0 || ::fsync(::fileno(stream_.get())) != 0) return failed();
    if (std::fclose(stream_.release()) != 0) return failed();
    return std::rename(aside_.c_str(), file_.c_str()) == 0 ? Status() : failed();
  }

 private:
  struct Close {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };

  Status failed() const {
    const ErrorCode code = errno == ENOSPC || errno == EDQUOT  ? ErrorCode::no_space
                           : errno == EACCES || errno == EPERM ? ErrorCode::permission
                                                               : ErrorCode::io;
    return Error{code, file_.string() + ": cannot be written: " + std::strerror(errno)};
  }

  std::filesystem::path file_, aside_;
  std::unique_ptr<std::FILE, Close> stream_;
};

}  // namespace

Status AuditLog::export_to(const std::filesystem::path& file, const PublicKey& key) const {
  std::optional<Impl::Pause> pause(std::in_place, *impl_);
  Cursor entries = impl_->database->cursor(kAuditEntries, Database::Access::scan);
  Cursor checkpoints = impl_->database->cursor(kAuditCheckpoints, Database::Access::scan);
  const auto newest = newest_checkpoint();
  const ExportHeader header{head(), newest ? newest->key_id : std::string(), key};
  pause.reset();

  ExportFile out(file);
  SEMAK_TRY_STATUS(out.write(line_of(header)));
  checkpoints.seek({});
  std::uint64_t expected = 1;
  for (entries.seek({}); entries.valid(); entries.next(), ++expected) {
    SEMAK_TRY(const AuditEntry entry, decode_entry(entries.value()));
    if (entries.key() != sequence_key(expected) || entry.sequence != expected) {
      return Error{ErrorCode::corruption, "audit log: entry " + std::to_string(expected) + " is missing"};
    }
    SEMAK_TRY_STATUS(out.write(line_of(entry)));
    if (!checkpoints.valid() || checkpoints.key() != entries.key()) continue;
    SEMAK_TRY(const AuditCheckpoint checkpoint, decode_checkpoint(checkpoints.value()));
    SEMAK_TRY_STATUS(out.write(line_of(checkpoint)));
    checkpoints.next();
  }
  SEMAK_TRY_STATUS(entries.status());
  SEMAK_TRY_STATUS(checkpoints.status());
  return out.finish();
}

Result<AuditReport> verify_audit_export(const std::filesystem::path& file, const std::optional<PublicKey>& key,
                                        std::span<const AuditHead> witnesses, const Progress& progress) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!in || !std::getline(in, line)) {
    return Error{std::filesystem::exists(file) ? ErrorCode::io : ErrorCode::not_found,
                 file.string() + ": the export cannot be read"};
  }
  bool ended = !in.eof();  // the line had its end
  const auto header = header_in(line);
  ChainCheck chain(key ? key : header ? std::optional(header->public_key) : std::nullopt, witnesses);
  if (!header) chain.finding("line 1 is not the head of an export of this version");
  if (header && key && header->public_key != *key) chain.finding("line 1 names another public key");
  std::uint64_t number = 1;
  while (std::getline(in, line)) {
    ended = !in.eof();
    ++number;
    if (const auto entry = entry_in(line)) {
      chain.entry(entry->sequence, *entry);
    } else if (const auto checkpoint = checkpoint_in(line)) {
      chain.checkpoint(checkpoint->head.sequence, *checkpoint);
    } else {
      chain.finding("line " + std::to_string(number) + " cannot be read or was changed");
    }
    if (progress && number % kProgressEvery == 0) progress("verifying", number, 0);
  }
  if (in.bad()) return Error{ErrorCode::io, file.string() + ": the export cannot be read to its end"};
  if (!ended) chain.finding("the last line is not ended: the file was cut off");
  if (header && (chain.head().sequence != header->head.sequence || chain.head().hash != header->head.hash)) {
    chain.finding("line 1 says that the log ends at entry " + std::to_string(header->head.sequence) +
                  ", but the last entry is " + std::to_string(chain.head().sequence) + " or another one");
  }
  for (const std::string& id : chain.key_ids()) {
    if (header && id != header->key_id) chain.finding("a checkpoint names the keys " + id + ", line 1 others");
  }
  return chain.finish(false);
}

}  // namespace semak
