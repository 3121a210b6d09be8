// What makes two records say the same of a person.
#pragma once

#include <string>

#include "engine/record.h"

namespace semak {

// Hex BLAKE2b-128 of names with their types, numbers, birth date and sex, in a spelling without case, blanks and order
// (numbers also without separators); not of the record's id, its register or its other fields. Without a key: whoever
// stores it beside a person marks it first. It must not change from version to version, so no table of the normaliser
// is in it.
std::string person_fingerprint(const Record& record);

}  // namespace semak
