// Who is asked about, as sent.
#pragma once

#include <string>
#include <vector>

#include "engine/partial_date.h"
#include "engine/person.h"

namespace semak {

struct Subject {
  std::vector<TypedName> names;
  std::vector<TypedNumber> numbers;
  PartialDate dob;  // partial allowed
  Sex sex = Sex::unknown;
  std::string state;
  std::string purpose;
  std::string reference;  // the requester's own
  bool consent = false;
};

}  // namespace semak
