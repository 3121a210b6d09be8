// What of a record matters to someone who was told of it.
#pragma once

#include <string>

#include "engine/bits.h"
#include "engine/record.h"

namespace semak {

// A hit that still is one is told again (`changed`) if the record says something else of the person, or of the matter:
// person_fingerprint, place, or one of the fields below; or if the score moved by so much, or became or ceased to be
// certain. Spelling in case and blanks, provenance and all other columns tell nobody anything.
inline constexpr Bits kScoreMatters = Bits::whole(1);  // judgement: odds doubled or halved

// Not blind: to be marked (KeyRing::mark) before it is kept.
std::string record_substance(RegisterKind kind, const Record& record);

}  // namespace semak
