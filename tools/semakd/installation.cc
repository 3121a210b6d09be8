#include "tools/semakd/installation.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/office/office.h"
#include "tools/semakd/certificate.h"

namespace semak {
namespace {

constexpr int kCertificateDays = 398;  // what browsers take at most

const Actor kInstaller{"semakd:init", "agency", Role::admin};

Status make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return Error{
      errno == EACCES ? ErrorCode::permission : ErrorCode::io,
      fmt::format("cannot make the folder {}: {}. Choose another with --dir", folder.string(), std::strerror(errno))};
}

Status write_new(const std::filesystem::path& file, std::string_view text, mode_t mode) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  bool good = descriptor >= 0;
  for (std::string_view rest = text; good && !rest.empty();) {
    const ssize_t size = ::write(descriptor, rest.data(), rest.size());
    good = size > 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(size));
  }
  good = good && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (good) return {};
  return Error{ErrorCode::io, fmt::format("cannot write {}: {}", file.string(), std::strerror(reason))};
}

std::vector<std::string> certificate_names(const InstallationRequest& request, const Config& config) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') names.emplace_back(host.data());
  if (config.address != "0.0.0.0" && config.address != "::" && !is_loopback(config.address)) {
    names.push_back(config.address);
  }
  names.insert(names.end(), request.names.begin(), request.names.end());
  return names;
}

Result<std::unique_ptr<Office>> open_office(const Config& config, bool create) {
  OfficeOptions options;
  options.create = create;
  options.registers = create ? OpenMode::create : OpenMode::read_write;
  options.key_file = config.path(config.key_file);
  if (!config.passphrase_file.empty()) {
    std::ifstream in(config.path(config.passphrase_file));
    std::string line;
    if (std::getline(in, line)) options.passphrase = line;
  }
  return Office::open(config.path(config.database), options, {});
}

}  // namespace

Result<Installation> make_installation(const InstallationRequest& request) {
  std::error_code error;
  if (std::filesystem::exists(request.folder, error) && !std::filesystem::is_empty(request.folder, error)) {
    return Error{ErrorCode::already_exists,
                 fmt::format("{} is there and not empty. Nothing was changed; choose another folder with --dir",
                             request.folder.string())};
  }
  Installation made;
  made.config.folder = request.folder;
  if (!request.listen.empty()) SEMAK_TRY_STATUS(set_listen(made.config, request.listen));
  for (const char* folder : {"", "tls", "keys", "policies"}) {
    SEMAK_TRY_STATUS(make_folder(request.folder / folder));
  }
  SEMAK_TRY(const SelfSigned pair, make_self_signed(certificate_names(request, made.config), kCertificateDays));
  made.fingerprint = pair.fingerprint;
  SEMAK_TRY_STATUS(write_new(made.config.path(made.config.certificate), pair.certificate, 0644));
  SEMAK_TRY_STATUS(write_new(made.config.path(made.config.certificate_key), pair.key, 0600));
  SEMAK_TRY_STATUS(write_new(request.folder / "semakd.toml", config_text(made.config), 0600));

  SEMAK_TRY(const auto office, open_office(made.config, true));
  SEMAK_TRY(const auto callers, Callers::open(office->desk()));
  for (const Role role : {Role::submitter, Role::caseworker, Role::registrar, Role::auditor, Role::admin}) {
    NewCallerKey wanted;
    wanted.name = fmt::format("{} (semakd init)", to_string(role));
    wanted.tenant = role == Role::submitter ? request.tenant : "agency";
    wanted.role = role;
    SEMAK_TRY(Callers::Made key, callers->make(kInstaller, wanted));
    made.keys.push_back(std::move(key));
  }
  return made;
}

Result<Callers::Made> make_caller_key(const Config& config, const NewCallerKey& wanted) {
  SEMAK_TRY(const auto office, open_office(config, false));
  SEMAK_TRY(const auto callers, Callers::open(office->desk()));
  return callers->make(kInstaller, wanted);
}

}  // namespace semak
