// A person ready to be compared: the same type, made by the same code, for a record and for a subject.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/record.h"
#include "engine/subject.h"
#include "normalize/identity_number.h"
#include "normalize/normalized_name.h"

namespace semak {

class Normalizer;

struct Profile {
  std::vector<NameForm> forms;  // of all names, duplicates removed; may be empty
  std::vector<IdentityNumber> numbers;
  PartialDate dob;         // as given; what the numbers imply stays in `numbers`
  Sex sex = Sex::unknown;  // as given, else implied by particle or title, else by a MyKad
  bool sex_given = false;  // true only if a sex field said so
  std::uint8_t state = 0;  // 1..16, 0 unknown
  bool cut_short = false;  // a name had more tokens or forms than are compared
};

Profile make_profile(const Normalizer& normalizer, const Record& record);
Profile make_profile(const Normalizer& normalizer, const Subject& subject);

}  // namespace semak
