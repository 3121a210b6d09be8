// The columns that a kind of register adds to a person.
#pragma once

#include <string>
#include <string_view>

#include "engine/record.h"
#include "tools/gen/population.h"

namespace semak {

std::string_view kind_headings(RegisterKind kind);  // begins with a comma unless empty
void append_kind_cells(RegisterKind kind, const GeneratedPerson& person, Random& random, std::string& out);

}  // namespace semak
