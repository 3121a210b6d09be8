#include "tools/semak/office_door.h"

#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <pwd.h>
#include <unistd.h>

#include "engine/office/callers.h"
#include "tools/semak/database.h"
#include "tools/semak/messages.h"
#include "tools/semak/session.h"
#include "tools/semak/translation.h"

namespace semak {
namespace {

constexpr std::chrono::seconds kPatience{5};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Who logged in, which sudo and su do not change, where the kernel keeps it; else the user of the process.
uid_t login_user() {
  constexpr std::uint32_t kUnset = 0xffffffff;
  std::uint32_t user = kUnset;
  std::ifstream("/proc/self/loginuid") >> user;
  return user == kUnset ? ::getuid() : static_cast<uid_t>(user);
}

std::string login() {
  const uid_t user = login_user();
  if (const passwd* entry = ::getpwuid(user); entry != nullptr && entry->pw_name != nullptr) return entry->pw_name;
  return std::to_string(user);
}

Result<CallerKey> holder_of_key(Office& office, const std::string& file) {
  std::ifstream in(file);
  std::string secret;
  if (!(in >> secret)) return Error{ErrorCode::not_found, say(Say::as_no_key, file)};
  SEMAK_TRY(const auto callers, Callers::open(office.desk()));
  SEMAK_TRY(const std::optional<CallerKey> key, callers->verify(secret));
  if (!key) return Error{ErrorCode::permission, say(Say::as_unknown_key, file)};
  return *key;
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

// The cure goes behind the words: a text with more at its end would not be found among the translations.
Error with_cure(Error error, const std::string& folder) {
  const bool of_keys = error.message.find("key file") != std::string::npos;
  error.message = in_words(error.message);
  if (error.code == ErrorCode::busy) {
    const std::string holder = holder_of(folder);
    if (!holder.empty()) error.message += say(Say::desk_held_by, holder);
    error.message += say(Say::cure_desk_busy);
  }
  if (error.code == ErrorCode::permission && !of_keys) error.message += say(Say::cure_desk_permission);
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

Actor login_actor(Role role) { return {"cli:" + login(), "agency", role}; }

Result<Actor> actor_of(Office& office, const Arguments& arguments, std::optional<Role> role) {
  Actor actor = login_actor(role.value_or(Role::caseworker));
  if (!arguments.has("as")) return actor;
  SEMAK_TRY(const CallerKey key, holder_of_key(office, arguments.text("as")));
  if (!role) actor.role = key.role;
  if (key.role != actor.role && key.role != Role::admin) {
    return Error{ErrorCode::permission, say(Say::as_other_role, to_string(key.role), to_string(actor.role))};
  }
  actor.id = key.id + "/" + actor.id;
  actor.tenant = key.tenant;
  return actor;
}

Result<std::string> person_named(Office& office, const std::string& name) {
  SEMAK_TRY(const auto callers, Callers::open(office.desk()));
  for (const CallerKey& key : callers->list()) {
    if (key.revoked_ms == 0 && (key.name == name || key.id == name)) return key.id;
  }
  return "cli:" + name;
}

}  // namespace semak
