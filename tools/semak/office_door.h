// The door through which verbs that answer, decide or change come to the office, and who they come as.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/office/office.h"
#include "tools/semak/arguments.h"
#include "tools/semak/progress_bar.h"

namespace semak {

// Makes keys, desk and chain of a database that has none yet, and says so. `registers`: as OfficeOptions. The key file
// is the one in $SEMAK_KEYS, else <folder>/keys/semak.key; its passphrase, if it has one, is $SEMAK_PASSPHRASE.
Result<std::unique_ptr<Office>> open_office(const std::string& folder, OpenMode registers, ProgressBar& bar);

// "cli:" and the login, of the agency: nobody says who they are, the system does.
Actor login_actor(Role role);
// With --as FILE whoever holds the caller's key in that file (semak caller): "<key id>/cli:<login>", so that both stand
// in every entry of the chain. Errors: not_found, permission (no such key in force, or of another role).
// `role`: what the verb is for; nothing: that of the key.
Result<Actor> actor_of(Office& office, const Arguments& arguments, std::optional<Role> role);
// The id by which the holder of a key, else a login, is assigned a case.
Result<std::string> person_named(Office& office, const std::string& name);

}  // namespace semak
