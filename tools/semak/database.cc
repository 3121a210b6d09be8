#include "tools/semak/database.h"

#include <filesystem>

#include "tools/semak/messages.h"
#include "tools/semak/session.h"
#include "tools/semak/translation.h"

namespace semak {

Status check_database_folder(const std::string& folder, OpenMode mode) {
  std::error_code ignored;
  if (mode != OpenMode::create && !std::filesystem::exists(folder, ignored))
    return Error{ErrorCode::not_found, say(Say::no_database, folder)};
  if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_directory(folder, ignored))
    return Error{ErrorCode::not_found, say(Say::database_is_file, folder)};
  if (mode == OpenMode::create && std::filesystem::is_directory(folder, ignored) &&
      !std::filesystem::is_empty(folder, ignored) && !std::filesystem::exists(folder + "/records", ignored))
    return Error{ErrorCode::already_exists, say(Say::folder_is_no_database, folder)};
  if (mode != OpenMode::create && !std::filesystem::exists(folder + "/records", ignored))
    return Error{ErrorCode::not_found, say(Say::folder_holds_no_database, folder)};
  return {};
}

Result<std::unique_ptr<Engine>> open_database(const std::string& folder, OpenMode mode, ProgressBar& bar) {
  SEMAK_TRY_STATUS(check_database_folder(folder, mode));
  auto engine = Engine::open(folder, mode, bar.progress());
  if (!engine) {
    Error error = engine.error();
    error.message = in_words(error.message);  // before a cure stands behind it
    if (error.code == ErrorCode::busy) error.message += say(Say::cure_busy);
    if (error.code == ErrorCode::not_found) error.message += say(Say::cure_not_a_database);
    if (error.code == ErrorCode::permission) error.message += say(Say::cure_permission);
    return error;
  }
  for (const std::string& notice : (*engine)->notices()) warn(notice);
  return engine;
}

Status check_register(const World& world, const std::string& name) {
  if (name.empty() || world.registers.contains(name)) return {};
  std::string names;
  for (const auto& [known, part] : world.registers) {
    if (!names.empty()) names += ", ";
    names += known;
  }
  if (names.empty()) return Error{ErrorCode::not_found, say(Say::no_registers)};
  return Error{ErrorCode::invalid_input, say(Say::unknown_register, name, names)};
}

std::string kind_in_words(RegisterKind kind) {
  switch (kind) {
    case RegisterKind::offender: return say(Say::kind_offender);
    case RegisterKind::oyls: return say(Say::kind_oyls);
    case RegisterKind::child: return say(Say::kind_child);
    case RegisterKind::reference: return say(Say::kind_reference);
  }
  return "?";
}

}  // namespace semak
