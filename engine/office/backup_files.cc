#include "engine/office/backup_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "engine/screen/file_hash.h"

namespace semak {
namespace {

namespace fs = std::filesystem;

Error failure(const fs::path& path, int number) {
  const ErrorCode code = number == ENOENT                       ? ErrorCode::not_found
                         : number == EACCES || number == EPERM  ? ErrorCode::permission
                         : number == ENOSPC || number == EDQUOT ? ErrorCode::no_space
                         : number == EEXIST                     ? ErrorCode::already_exists
                                                                : ErrorCode::io;
  return {code, fmt::format("{}: {}", path.string(), std::strerror(number))};
}

Status status_of(const std::error_code& failed, const fs::path& path) {
  return failed ? Status(failure(path, failed.value())) : Status();
}

}  // namespace

bool something_at(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

Status make_folders(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return status_of(failed, folder);
}

Status sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure(path, errno);
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return failed == 0 ? Status() : Status(failure(path, failed));
}

Status write_durably(const fs::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure(file, errno);
  int failed = 0;
  while (!text.empty() && failed == 0) {
    const ssize_t wrote = ::write(descriptor, text.data(), text.size());
    if (wrote < 0 && errno != EINTR) failed = errno;
    if (wrote > 0) text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (failed == 0 && ::fsync(descriptor) != 0) failed = errno;
  ::close(descriptor);
  return failed == 0 ? Status() : Status(failure(file, failed));
}

Status copy_durably(const fs::path& from, const fs::path& to, bool owner_only) {
  SEMAK_TRY_STATUS(make_folders(to.parent_path()));
  std::error_code failed;
  fs::copy_file(from, to, failed);
  if (failed) return failure(failed == std::errc::no_such_file_or_directory ? from : to, failed.value());
  fs::permissions(
      to, owner_only ? fs::perms::owner_read | fs::perms::owner_write : fs::status(from, failed).permissions(), failed);
  return failed ? status_of(failed, to) : sync(to);
}

Status link_or_copy(const fs::path& from, const fs::path& to) {
  SEMAK_TRY_STATUS(make_folders(to.parent_path()));
  std::error_code failed;
  fs::create_hard_link(from, to, failed);
  return failed ? copy_durably(from, to) : Status();
}

Result<std::vector<BackupManifest::File>> list_files(const fs::path& folder, const Progress& progress) {
  std::vector<BackupManifest::File> files;
  std::vector<fs::path> folders = {folder};
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->is_directory(failed)) folders.push_back(at->path());
    if (!at->is_regular_file(failed)) continue;
    files.push_back({at->path().lexically_relative(folder).generic_string(), 0, ""});
  }
  if (failed) return failure(folder, failed.value());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (std::size_t i = 0; i < files.size(); ++i) {
    SEMAK_TRY_STATUS(sync(folder / files[i].path));
    SEMAK_TRY(const FileHash hash, hash_file(folder / files[i].path));
    files[i].bytes = hash.bytes;
    files[i].hash = hash.hex;
    if (progress) progress("verifying", i + 1, files.size());
  }
  for (const fs::path& one : folders) SEMAK_TRY_STATUS(sync(one));
  return files;
}

Result<UnfinishedFolder> UnfinishedFolder::make(const fs::path& place) {
  UnfinishedFolder folder;
  folder.place_ = fs::absolute(place).lexically_normal();
  if (!folder.place_.has_filename()) folder.place_ = folder.place_.parent_path();
  if (something_at(folder.place_))
    return Error{ErrorCode::already_exists, place.string() + " is there already; name a new folder"};
  const fs::path unfinished = folder.place_.string() + ".unfinished";
  std::error_code failed;
  fs::remove_all(unfinished, failed);
  if (failed) return failure(unfinished, failed.value());
  if (!fs::create_directory(unfinished, failed)) return failure(unfinished, failed ? failed.value() : EEXIST);
  fs::permissions(unfinished, fs::perms::owner_all, failed);
  if (failed) return failure(unfinished, failed.value());
  folder.path_ = unfinished;
  return folder;
}

UnfinishedFolder::UnfinishedFolder(UnfinishedFolder&& other) noexcept
    : place_(std::exchange(other.place_, {})), path_(std::exchange(other.path_, {})) {}

UnfinishedFolder::~UnfinishedFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Status UnfinishedFolder::finish() {
  SEMAK_TRY_STATUS(sync(path_));
  // Unlike std::rename this does not replace an empty folder that appeared meanwhile.
  if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, place_.c_str(), RENAME_NOREPLACE) != 0)
    return failure(place_, errno);
  path_.clear();
  return sync(place_.parent_path());
}

}  // namespace semak
