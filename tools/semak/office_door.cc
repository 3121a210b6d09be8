#include "tools/semak/office_door.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <unistd.h>

#include "tools/semak/database.h"
#include "tools/semak/messages.h"
#include "tools/semak/session.h"

namespace semak {
namespace {

constexpr std::chrono::seconds kPatience{5};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string login() {
  if (const passwd* entry = ::getpwuid(::geteuid()); entry != nullptr && entry->pw_name != nullptr) {
    return entry->pw_name;
  }
  return std::to_string(::geteuid());
}

// "semakd (process 4711)": who has the desk or the records locked; empty if that cannot be seen.
std::string holder_of(const std::filesystem::path& folder) {
  for (const char* part : {"desk", "records"}) {
    const int file = ::open((folder / part / "LOCK").c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) continue;
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0;
    ::close(file);
    if (!held) continue;
    std::ifstream name("/proc/" + std::to_string(lock.l_pid) + "/comm");
    std::string comm;
    std::getline(name, comm);
    return say(Say::holder, comm.empty() ? std::string("?") : comm, lock.l_pid);
  }
  return {};
}

Error with_cure(Error error, const std::string& folder) {
  if (error.code == ErrorCode::busy) {
    const std::string holder = holder_of(folder);
    if (!holder.empty()) error.message += say(Say::desk_held_by, holder);
    error.message += say(Say::cure_desk_busy);
  }
  if (error.code == ErrorCode::permission) error.message += say(Say::cure_desk_permission);
  return error;
}

}  // namespace

Result<std::unique_ptr<Office>> open_office(const std::string& folder, OpenMode registers, ProgressBar& bar) {
  SEMAK_TRY_STATUS(check_database_folder(folder, registers));
  OfficeOptions options;
  options.create = true;
  options.registers = registers;
  options.key_file = environment("SEMAK_KEYS");
  if (const std::string passphrase = environment("SEMAK_PASSPHRASE"); !passphrase.empty()) {
    options.passphrase = passphrase;
  }
  options.patience = kPatience;
  auto office = Office::open(folder, options, bar.progress());
  if (!office) return with_cure(office.error(), folder);
  for (const std::string& notice : (*office)->engine().notices()) warn(notice);
  if ((*office)->made_keys()) {
    const std::string file = options.key_file.empty() ? (std::filesystem::path(folder) / "keys" / "semak.key").string()
                                                      : options.key_file.string();
    warn(say(Say::keys_made, file));
  }
  return office;
}

Actor actor_option(const Arguments& arguments, Role role) {
  return {"cli:" + (arguments.text("actor").empty() ? login() : arguments.text("actor")), "agency", role};
}

}  // namespace semak
