// Backup and restore of a whole office: records, index, desk and chain at one generation. A backup is a folder:
//   records/ desk/ audit/   checkpoints        index/<register>/   the segments of that generation
//   backup.json             what it is: generation, head of the chain, key, and size and hash of every file
//   backup.sig              Ed25519 over backup.json, hex
//   keys/semak.key          only if asked for: the keys, wrapped with a passphrase
// Without the keys nothing on the desk can be read and nothing can be restored: keep them apart from the backups.
// On the file system of the office the files are hard links to immutable ones, so a backup costs little there; copy it
// to another disk before relying on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "engine/audit/audit_log.h"
#include "engine/desk/desk.h"
#include "engine/progress.h"
#include "engine/result.h"
#include "engine/screen/engine.h"
#include "engine/screen/verify.h"

namespace semak {

struct BackupManifest {
  struct File {
    std::string path;  // relative, '/' between parts
    std::uint64_t bytes = 0;
    std::string hash;  // BLAKE2b-128 of the whole file, hex
    bool operator==(const File&) const = default;
  };
  std::int64_t time_ms = 0;
  Generation generation;
  AuditHead head;
  std::string key_id;
  PublicKey public_key{};
  std::vector<File> files;  // by path
};

std::string to_json(const BackupManifest& manifest);
// Errors: corruption, naming the file.
Result<BackupManifest> read_backup_manifest(const std::filesystem::path& backup);

// `registers`: held by whoever changes registers, and by this for the moment of the checkpoint alone; everybody else
// goes on. `target` must not exist and appears whole or not at all. `keys_passphrase`: also a copy of the keys, wrapped
// with it. Errors: already_exists, no_space, permission, io; unavailable if the chain cannot be written.
Result<BackupManifest> make_backup(const Engine& engine, Desk& desk, std::mutex& registers, const Actor& actor,
                                   const std::filesystem::path& target,
                                   const std::optional<std::string>& keys_passphrase, const Progress& progress);

struct RestoreOptions {
  std::filesystem::path key_file;         // empty: the wrapped copy in the backup
  std::optional<std::string> passphrase;  // of the key file, or of that copy
  bool place_keys = false;  // also copies `key_file` to keys/semak.key of the folder (a copy of the backup always is)
};

// Everything is verified before `folder`, which must not exist, appears: signature and hashes, chain, records, index.
// Errors: already_exists; not_found; invalid_input (no keys, or a wrong passphrase); corruption, naming the file or the
// first finding.
Result<VerifyReport> restore_backup(const std::filesystem::path& backup, const std::filesystem::path& folder,
                                    const Actor& actor, const RestoreOptions& options, const Progress& progress);

}  // namespace semak
