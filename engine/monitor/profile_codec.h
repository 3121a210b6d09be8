// Bytes of a Profile, to be sealed: so that people under watch need not be normalised anew by every process. Good for
// one Normalizer::version() only; who keeps them keeps that beside them.
#pragma once

#include <string>
#include <string_view>

#include "engine/result.h"
#include "normalize/profile.h"

namespace semak {

std::string encode_profile(const Profile& profile);
// decode(encode(x)) is x; anything else is corruption.
Result<Profile> decode_profile(std::string_view bytes);

}  // namespace semak
