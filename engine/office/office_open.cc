// Opening: keys, desk, registers, and what the last process left undone.
#include <system_error>
#include <thread>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/office/office_impl.h"

namespace semak {
namespace {

constexpr std::chrono::milliseconds kRetry{100};

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::filesystem::path key_file(const std::filesystem::path& folder, const OfficeOptions& options) {
  return options.key_file.empty() ? folder / "keys" / "semak.key" : options.key_file;
}

Result<std::unique_ptr<KeyRing>> open_keys(const std::filesystem::path& folder, const OfficeOptions& options,
                                           bool& made) {
  const std::filesystem::path file = key_file(folder, options);
  if (is_there(file) || !options.create) return KeyRing::open(file, options.passphrase);
  if (is_there(folder / "desk")) {
    return Error{ErrorCode::not_found,
                 "the key file " + file.string() +
                     " is missing; what is on the desk cannot be read without it. Put it back, or "
                     "say where it is"};
  }
  if (file.has_parent_path() && !is_there(file.parent_path())) {
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    if (!failed) {
      std::filesystem::permissions(file.parent_path(), std::filesystem::perms::owner_all, failed);
    }
    if (failed) return Error{ErrorCode::io, file.parent_path().string() + " cannot be made: " + failed.message()};
  }
  made = true;
  return KeyRing::create(file, options.passphrase);
}

Result<std::unique_ptr<Desk>> open_desk(const std::filesystem::path& folder, const OfficeOptions& options,
                                        const KeyRing& keys) {
  const auto until = std::chrono::steady_clock::now() + options.patience;
  while (true) {
    Result<std::unique_ptr<Desk>> desk = Desk::open(folder, options.create, keys, options.fault);
    if (desk || desk.error().code != ErrorCode::busy || std::chrono::steady_clock::now() >= until) return desk;
    std::this_thread::sleep_for(kRetry);
  }
}

Status check_folder(const std::filesystem::path& folder, const OfficeOptions& options) {
  const bool makes_registers = options.create && options.registers != OpenMode::read_only;
  if (makes_registers || is_there(folder / "records")) return {};
  return Error{ErrorCode::not_found, folder.string() + " holds no registers"};
}

Status log_new_keys(Desk& desk, const KeyRing& keys) {
  AuditEvent event;
  event.kind = AuditKind::key_use;
  event.actor = own_actor();
  event.object = keys.id();
  event.token = "keys made:" + keys.id();
  event.details = AuditDetails().text("event", "made").json();
  return committed(desk.commit({}, {std::move(event)}));
}

}  // namespace

Result<std::unique_ptr<Office>> Office::open(const std::filesystem::path& folder, const OfficeOptions& options,
                                             const Progress& progress) {
  std::unique_ptr<Office> office(new Office);
  Impl& impl = *office->impl_;
  SEMAK_TRY_STATUS(check_folder(folder, options));
  if (options.create) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return Error{ErrorCode::io, folder.string() + " cannot be made: " + failed.message()};
  }
  SEMAK_TRY(impl.keys, open_keys(folder, options, impl.made_keys));
  SEMAK_TRY(impl.desk, open_desk(folder, options, *impl.keys));
  if (impl.made_keys) SEMAK_TRY_STATUS(log_new_keys(*impl.desk, *impl.keys));
  const bool creates = options.create && options.registers != OpenMode::read_only;
  SEMAK_TRY(impl.engine, Engine::open(folder, creates ? OpenMode::create : options.registers, progress, options.fault));
  impl.screeners = std::make_unique<ScreenerPool>(*impl.engine);
  impl.casework = std::make_unique<Casework>(*impl.desk);
  SEMAK_TRY_STATUS(impl.casework->take_up(own_actor()));
  SEMAK_TRY_STATUS(impl.read_policies());
  impl.monitor =
      std::make_unique<Monitor>(*impl.engine, *impl.desk, [&impl](std::string_view id) { return impl.policy_of(id); });
  SEMAK_TRY_STATUS(impl.log_unknown_loads());
  SEMAK_TRY_STATUS(impl.follow(own_actor(), progress));
  impl.batches = std::make_unique<Batches>(
      *impl.desk,
      [whole = office.get()](const Actor& actor, std::span<const CheckRequest> requests,
                             std::span<const std::string> ids,
                             std::string_view batch) { return whole->check_many(actor, requests, ids, batch); },
      [&impl] { impl.turns.yield(); });
  return office;
}

}  // namespace semak
