// Hashes of secrets that only their owner knows, for keeping: Argon2id, 19 MiB and two passes (OWASP's least), so that
// a stolen database does not give the secrets away. Some 20 ms each, by design.
#pragma once

#include <string>
#include <string_view>

namespace semak {

std::string hash_secret(std::string_view secret);  // self-describing text, with its salt
bool secret_matches(std::string_view secret, const std::string& hash);
// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace semak
