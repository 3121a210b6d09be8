#include <fmt/format.h>
#include <map>

#include "engine/office/backup_files.h"
#include "engine/screen/file_hash.h"

namespace semak {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyPath = "keys/semak.key";

// Nothing that the manifest does not name may come along.
Status check_names(const fs::path& backup, const BackupManifest& manifest) {
  std::map<std::string, int> named = {{"backup.json", 0}, {"backup.sig", 0}};
  for (const BackupManifest::File& file : manifest.files) named[file.path] = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(backup, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->is_directory(failed)) continue;
    const std::string path = at->path().lexically_relative(backup).generic_string();
    if (!named.contains(path))
      return Error{ErrorCode::corruption, at->path().string() + ": not part of the backup as it was made"};
  }
  if (failed) return Error{ErrorCode::io, backup.string() + ": " + failed.message()};
  return {};
}

// Copies and compares the copy, so that what was read is what stands there.
Status copy_files(const fs::path& backup, const BackupManifest& manifest, const fs::path& target,
                  const Progress& progress) {
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    const BackupManifest::File& file = manifest.files[i];
    const fs::path from = backup / file.path;
    if (!something_at(from)) return Error{ErrorCode::corruption, from.string() + ": missing from the backup"};
    SEMAK_TRY_STATUS(copy_durably(from, target / file.path, file.path == kKeyPath));
    SEMAK_TRY(const FileHash hash, hash_file(target / file.path));
    if (hash.bytes != file.bytes || hash.hex != file.hash)
      return Error{ErrorCode::corruption, from.string() + ": damaged, it is not what was backed up"};
    if (progress) progress("reading", i + 1, manifest.files.size());
  }
  return {};
}

Result<std::unique_ptr<KeyRing>> keys_for(const fs::path& backup, const BackupManifest& manifest,
                                          const RestoreOptions& options) {
  fs::path file = options.key_file;
  if (file.empty()) {
    file = backup / kKeyPath;
    if (!something_at(file))
      return Error{ErrorCode::invalid_input,
                   "the backup holds no keys; give the key file of its database with --key-file"};
  }
  SEMAK_TRY(auto keys, KeyRing::open(file, options.passphrase));
  if (keys->public_key() != manifest.public_key)
    return Error{ErrorCode::invalid_input, fmt::format("{}: keys {} are not those of the backup, {}", file.string(),
                                                       keys->id(), manifest.key_id)};
  return keys;
}

Status refuse(std::string_view what, const std::vector<std::string>& findings) {
  return Error{ErrorCode::corruption,
               fmt::format("the backup is not restored: {}: {}", what, findings.empty() ? "" : findings.front())};
}

// The whole of the copy, as the office would find it.
Result<VerifyReport> verify_copy(const fs::path& folder, const BackupManifest& manifest, const KeyRing& keys,
                                 const Actor& actor, const Progress& progress) {
  SEMAK_TRY(const auto desk, Desk::open(folder, false, keys));
  const AuditHead witness[] = {manifest.head};
  SEMAK_TRY(const AuditReport chain, desk->audit().verify(witness, keys.public_key(), progress));
  if (!chain.clean()) return std::move(refuse("the audit chain", chain.findings)).error();
  SEMAK_TRY(const auto engine, Engine::open(folder, OpenMode::read_only, progress));
  SEMAK_TRY(VerifyReport report, verify(*engine, {}, progress));
  if (!report.clean()) return std::move(refuse("the registers", report.findings)).error();
  if (report.generation != manifest.generation)
    return Error{ErrorCode::corruption,
                 fmt::format("the backup is not restored: its registers are at generation {}, not {}",
                             report.generation.value, manifest.generation.value)};
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = actor;
  event.object = "backup";
  event.details = fmt::format(R"({{"audit_sequence":{},"generation":{},"what":"restore"}})", manifest.head.sequence,
                              manifest.generation.value);
  if (const auto logged = desk->commit({}, {std::move(event)}); !logged) return logged.error();
  return report;
}

}  // namespace

Result<VerifyReport> restore_backup(const fs::path& backup, const fs::path& folder, const Actor& actor,
                                    const RestoreOptions& options, const Progress& progress) {
  SEMAK_TRY(const BackupManifest manifest, read_backup_manifest(backup));
  SEMAK_TRY(const auto keys, keys_for(backup, manifest, options));
  SEMAK_TRY_STATUS(check_names(backup, manifest));
  SEMAK_TRY(UnfinishedFolder target, UnfinishedFolder::make(folder));
  SEMAK_TRY_STATUS(copy_files(backup, manifest, target.path(), progress));
  SEMAK_TRY(VerifyReport report, verify_copy(target.path(), manifest, *keys, actor, progress));
  const fs::path key_file = target.path() / kKeyPath;
  if (options.place_keys && !options.key_file.empty() && !something_at(key_file))
    SEMAK_TRY_STATUS(copy_durably(options.key_file, key_file, true));
  SEMAK_TRY_STATUS(target.finish());
  return report;
}

}  // namespace semak
