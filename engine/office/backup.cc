#include "engine/office/backup.h"

#include <chrono>
#include <fmt/format.h>

#include "engine/office/backup_files.h"
#include "index/manifest.h"

namespace semak {
namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// What a state of the registers names. Segments are immutable.
Status link_index(const Engine& engine, const PublishedState& state, const std::filesystem::path& target) {
  for (const auto& [name, entry] : state.registers) {
    SEMAK_TRY(const Manifest manifest, decode_manifest(entry.index));
    for (const SegmentRef& segment : manifest.segments)
      SEMAK_TRY_STATUS(link_or_copy(engine.index_folder(name) / segment.file, target / "index" / name / segment.file));
  }
  return {};
}

// Everything of one moment: no register changes, and nothing is committed to the desk meanwhile.
Status take_checkpoint(const Engine& engine, Desk& desk, std::mutex& registers, const std::filesystem::path& target,
                       Generation& generation) {
  const std::lock_guard lock(registers);
  SEMAK_TRY_STATUS(desk.checkpoint(target));
  SEMAK_TRY_STATUS(engine.store().checkpoint(target));
  const auto state = engine.store().published();
  generation = state->generation;
  return link_index(engine, *state, target);
}

// The head as it stands in the copy.
Result<AuditHead> head_of(const std::filesystem::path& folder) {
  SEMAK_TRY(const auto audit, AuditLog::open_read_only(folder / "audit"));
  return audit->head();
}

}  // namespace

Result<BackupManifest> make_backup(const Engine& engine, Desk& desk, std::mutex& registers, const Actor& actor,
                                   const std::filesystem::path& target,
                                   const std::optional<std::string>& keys_passphrase, const Progress& progress) {
  SEMAK_TRY(UnfinishedFolder folder, UnfinishedFolder::make(target));
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = actor;
  event.object = "backup";
  event.details = fmt::format(R"({{"keys":{},"what":"backup"}})", keys_passphrase ? 1 : 0);
  if (const auto logged = desk.commit({}, {std::move(event)}); !logged) return logged.error();
  if (keys_passphrase) {
    SEMAK_TRY_STATUS(make_folders(folder.path() / "keys"));
    SEMAK_TRY_STATUS(desk.keys().write_copy(folder.path() / "keys" / "semak.key", *keys_passphrase));
  }
  BackupManifest manifest;
  manifest.time_ms = now_ms();
  SEMAK_TRY_STATUS(take_checkpoint(engine, desk, registers, folder.path(), manifest.generation));
  SEMAK_TRY(manifest.head, head_of(folder.path()));
  manifest.key_id = desk.keys().id();
  manifest.public_key = desk.keys().public_key();
  SEMAK_TRY(manifest.files, list_files(folder.path(), progress));
  const std::string text = to_json(manifest);
  const Signature signature = desk.keys().sign(text);
  SEMAK_TRY_STATUS(write_durably(folder.path() / "backup.json", text));
  SEMAK_TRY_STATUS(write_durably(folder.path() / "backup.sig",
                                 hex({reinterpret_cast<const char*>(signature.data()), signature.size()}) + "\n"));
  SEMAK_TRY_STATUS(folder.finish());
  return manifest;
}

}  // namespace semak
