// What the index takes in: one active revision of one record, normalised.
#pragma once

#include "engine/ids.h"
#include "normalize/profile.h"

namespace semak {

struct IndexedPerson {
  RevisionId revision;
  Profile profile;
};

}  // namespace semak
