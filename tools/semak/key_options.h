// The options that say which keys a verb works with: --key-file, --passphrase-file; or --key, a public key alone.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/keys/key_ring.h"
#include "tools/semak/arguments.h"

namespace semak {

// The keys of the database in `folder`: of --key-file, else $SEMAK_KEYS, else keys/semak.key in the folder; the
// passphrase is the first line of --passphrase-file, else $SEMAK_PASSPHRASE. Errors: as KeyRing::open; of that file.
Result<std::unique_ptr<KeyRing>> open_keys(const Arguments& arguments, const std::string& folder);

// --key HEX. Errors: invalid_input.
Result<std::optional<PublicKey>> public_key_option(const Arguments& arguments);

}  // namespace semak
