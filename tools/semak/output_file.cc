#include "tools/semak/output_file.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "engine/private_file.h"
#include "tools/semak/messages.h"

namespace semak {
namespace {

constexpr std::size_t kBuffer = 1 << 18;

// Paths a signal handler may unlink: fixed memory, claimed and released with atomics only.
struct Unfinished {
  std::atomic<bool> used{false};
  std::array<char, 4096> path{};
};
std::array<Unfinished, 8> unfinished;

void remember(const std::string& path) {
  if (path.size() >= unfinished[0].path.size()) return;
  for (Unfinished& entry : unfinished) {
    if (entry.used.load()) continue;
    std::memcpy(entry.path.data(), path.c_str(), path.size() + 1);
    entry.used.store(true);
    return;
  }
}

void forget(const std::string& path) {
  for (Unfinished& entry : unfinished)
    if (entry.used.load() && path == entry.path.data()) entry.used.store(false);
}

Error failed(const std::filesystem::path& path, int error) {
  const auto code = error == EACCES || error == EPERM || error == EROFS ? ErrorCode::permission
                    : error == ENOENT || error == ENOTDIR               ? ErrorCode::not_found
                    : error == ENOSPC || error == EDQUOT                ? ErrorCode::no_space
                                                                        : ErrorCode::io;
  return Error{code, say(Say::cannot_write, path.string(), std::strerror(error))};
}

}  // namespace

void remove_unfinished_outputs() noexcept {
  for (Unfinished& entry : unfinished)
    if (entry.used.load()) ::unlink(entry.path.data());
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& path) {
  OutputFile file;
  file.path_ = path;
  if (path == "-") {
    file.descriptor_ = STDOUT_FILENO;
    return file;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return failed(path, EISDIR);
  const std::string& name = path.native();  // /dev/stdout; /dev/shm is a folder as others are
  const bool device = (name.starts_with("/dev/") && !name.starts_with("/dev/shm/")) || name.starts_with("/proc/");
  if (device || (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))) {
    file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) return failed(path, errno);
    return file;
  }
  if (std::filesystem::is_symlink(path, ignored))  // the file it leads to is replaced, not the link
    if (const auto target = std::filesystem::weakly_canonical(path, ignored); !target.empty()) file.path_ = target;
  std::filesystem::path temporary = file.path_;
  temporary += ".unfinished-" + std::to_string(::getpid());
  temporary += file.path_.extension();  // the ending decides formats of some libraries
  file.descriptor_ = create_private_file(temporary);
  if (file.descriptor_ < 0) return failed(path, errno);
  file.temporary_ = std::move(temporary);
  remember(file.temporary_.string());
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(buffer_, other.buffer_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  if (is_direct()) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
  forget(temporary_.string());
}

Status OutputFile::write(std::string_view bytes) {
  buffer_ += bytes;
  return buffer_.size() >= kBuffer ? flush() : Status();
}

Status OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return {};
}

Status OutputFile::commit() {
  SEMAK_TRY_STATUS(flush());
  if (is_direct()) return {};
  if (::fsync(descriptor_) != 0 && errno != EINVAL) return failed(path_, errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) return failed(path_, errno);
  const bool renamed = ::rename(temporary_.c_str(), path_.c_str()) == 0;
  const int error = errno;
  if (!renamed) ::unlink(temporary_.c_str());
  forget(temporary_.string());
  return renamed ? Status() : failed(path_, error);
}

}  // namespace semak
