// Who is asking: what a handler knows of the caller.
#pragma once

#include <cstdint>
#include <string>

#include "engine/actor.h"
#include "engine/match/evidence_text.h"

namespace semak {

// ms or en, from Accept-Language; English where neither is asked for.
Language language_of(const std::string* accept_language);

struct Caller {
  Actor actor;         // id: of the key, or "jwt:..." of the person behind a bearer token
  std::string key_id;  // the same: what limits count by
  Language language = Language::en;
  std::string request_id;
  bool browser = false;  // came with a session cookie (and, for changes, its CSRF token)
};

}  // namespace semak
