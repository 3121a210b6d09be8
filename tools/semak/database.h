// Opening a database for a verb, with errors that name folder and cure.
#pragma once

#include <memory>
#include <string>

#include "engine/screen/engine.h"
#include "tools/semak/progress_bar.h"

namespace semak {

// Whether a database is there, or may be made there.
Status check_database_folder(const std::string& folder, OpenMode mode);

Result<std::unique_ptr<Engine>> open_database(const std::string& folder, OpenMode mode, ProgressBar& bar);

// Error unless `name` is a register of `world` (not_found, with the list), or `name` is empty.
Status check_register(const World& world, const std::string& name);

std::string kind_in_words(RegisterKind kind);

}  // namespace semak
