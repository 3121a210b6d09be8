// The office's own backup and restore.
#include "engine/office/backup.h"
#include "engine/office/office_impl.h"

namespace semak {

Status Office::backup(const Actor& actor, const std::filesystem::path& target, const Progress& progress,
                      const std::optional<std::string>& keys_passphrase) {
  const auto manifest =
      make_backup(*impl_->engine, *impl_->desk, impl_->registers_mutex, actor, target, keys_passphrase, progress);
  return manifest ? Status() : Status(manifest.error());
}

Result<VerifyReport> Office::restore(const std::filesystem::path& backup, const std::filesystem::path& folder,
                                     const OfficeOptions& options, const Progress& progress) {
  return restore_backup(backup, folder, own_actor(), {options.key_file, options.passphrase, options.create}, progress);
}

}  // namespace semak
