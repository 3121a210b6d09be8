// Files and folders as backups handle them: durable, named in errors.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "engine/office/backup.h"
#include "engine/result.h"

namespace semak {

bool something_at(const std::filesystem::path& path);
Status make_folders(const std::filesystem::path& folder);
Status write_durably(const std::filesystem::path& file, std::string_view text);
Status copy_durably(const std::filesystem::path& from, const std::filesystem::path& to, bool owner_only = false);
Status link_or_copy(const std::filesystem::path& from, const std::filesystem::path& to);
Status sync(const std::filesystem::path& path);  // a file or a folder

// Every file below `folder`, by path, with size and hash; synced.
Result<std::vector<BackupManifest::File>> list_files(const std::filesystem::path& folder, const Progress& progress);

// Removes a folder that is being made, unless it was finished.
class UnfinishedFolder {
 public:
  // Beside `place`, whose name it takes in finish(). What an earlier process left there is removed.
  static Result<UnfinishedFolder> make(const std::filesystem::path& place);
  UnfinishedFolder(UnfinishedFolder&& other) noexcept;
  UnfinishedFolder& operator=(UnfinishedFolder&&) = delete;
  ~UnfinishedFolder();
  const std::filesystem::path& path() const { return path_; }
  Status finish();  // Errors: already_exists

 private:
  UnfinishedFolder() = default;
  std::filesystem::path place_, path_;
};

}  // namespace semak
