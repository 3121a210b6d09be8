// The door through which verbs that answer, decide or change come to the office, and who they come as.
#pragma once

#include <memory>
#include <string>

#include "engine/office/office.h"
#include "tools/semak/arguments.h"
#include "tools/semak/progress_bar.h"

namespace semak {

// Makes keys, desk and chain of a database that has none yet, and says so. `registers`: as OfficeOptions. The key file
// is the one in $SEMAK_KEYS, else <folder>/keys/semak.key; its passphrase, if it has one, is $SEMAK_PASSPHRASE.
Result<std::unique_ptr<Office>> open_office(const std::string& folder, OpenMode registers, ProgressBar& bar);

// "cli:" and --actor, else the login; of the agency.
Actor actor_option(const Arguments& arguments, Role role);

}  // namespace semak
