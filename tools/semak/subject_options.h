// The options that say who is asked about: --name, --id, --born, --sex, --state, --consent.
#pragma once

#include "engine/result.h"
#include "engine/subject.h"
#include "tools/semak/arguments.h"

namespace semak {

// Errors: invalid_input (neither a name nor a number; not a date; not a sex).
Result<Subject> subject_options(const Arguments& arguments);

// A date of an option, unknown if it is not given. Errors: invalid_input.
Result<PartialDate> date_option(const Arguments& arguments, std::string_view name);

}  // namespace semak
