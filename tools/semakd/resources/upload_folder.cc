#include "tools/semakd/resources/upload_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace semak {
namespace {

Error failed(std::string_view what, int error) {
  const ErrorCode code = error == ENOSPC || error == EDQUOT  ? ErrorCode::no_space
                         : error == EACCES || error == EROFS ? ErrorCode::permission
                                                             : ErrorCode::io;
  return {code,
          std::string("an uploaded file cannot be kept: ").append(what).append(": ").append(std::strerror(error))};
}

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace

Result<UploadFolder> UploadFolder::make(const std::filesystem::path& parent) {
  if (::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST) return failed("mkdir", errno);
  std::string pattern = (parent / "upload-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return failed("mkdtemp", errno);
  UploadFolder folder;
  folder.path_ = pattern;
  return folder;
}

UploadFolder::~UploadFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

UploadFolder::UploadFolder(UploadFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

UploadFolder& UploadFolder::operator=(UploadFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

Result<std::filesystem::path> UploadFolder::write(const std::string& name, std::string_view bytes) const {
  const std::filesystem::path path = path_ / name;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed("open", errno);
  Status status = write_all(file, bytes);
  if (::close(file) != 0 && status) status = failed("close", errno);
  if (!status) return status.error();
  return path;
}

std::string UploadFolder::without_paths(std::string text) const {
  const std::string prefix = path_.string() + "/";
  for (std::size_t at = 0; !path_.empty() && (at = text.find(prefix, at)) != std::string::npos;)
    text.erase(at, prefix.size());
  return text;
}

void remove_stale_uploads(const std::filesystem::path& parent) {
  std::error_code ignored;
  std::filesystem::remove_all(parent, ignored);
}

}  // namespace semak
