// A passphrase from the first line of a file: on the command line itself every process could read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "tools/semak/arguments.h"

namespace semak {

// Of the file that `option` names; without it of $SEMAK_PASSPHRASE, if `environment_too` and it is set.
Result<std::optional<std::string>> passphrase_option(const Arguments& arguments, std::string_view option,
                                                     bool environment_too);

}  // namespace semak
