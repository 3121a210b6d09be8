#include "engine/private_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace semak {

int create_private_file(const std::filesystem::path& path) noexcept {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  struct stat status{};
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  // The mode first: nobody reads along while what was in it goes.
  if (!regular || (::fchmod(file, 0600) == 0 && ::ftruncate(file, 0) == 0)) return file;
  const int error = errno;
  ::close(file);
  errno = error;
  return -1;
}

}  // namespace semak
