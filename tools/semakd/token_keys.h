// The public keys of whoever signs people's bearer tokens: a JSON Web Key Set (RFC 7517) from a file. Which algorithm a
// key is for is told by the key, never by the token: RS256 for RSA of 2048 bits or more, ES256 for P-256. The only
// place, with its .cc, that names cjose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "engine/result.h"

struct _cjose_jwk_int;

namespace semak {

inline constexpr std::size_t kTokenMax = 8192;  // bytes

// Why a token is none of ours: for log and metrics, never for whoever sent it.
enum class TokenRefusal : std::uint8_t {
  malformed,  // no compact JWS of a JSON object, too large, a critical header, of a type that is not for signing in
  algorithm,  // not RS256 or ES256, or not its key's
  key,        // names none, or one that the file does not have
  signature,
  issuer,
  audience,
  expired,
  early,     // before its nbf
  lifetime,  // exp is missing or too long after nbf, or nbf is missing
  subject,
  role,  // none that the configuration knows
  tenant,
};
inline constexpr std::size_t kTokenRefusals = 12;
const char* to_string(TokenRefusal refusal);

class TokenKeys {
 public:
  // Keys of other kinds and uses are left out. Errors: not_found; invalid_input: no JWK set, a private or symmetric
  // key, a kid twice, nothing that can be used.
  static Result<std::shared_ptr<const TokenKeys>> read(const std::filesystem::path& file);
  static Result<std::shared_ptr<const TokenKeys>> parse(std::string_view jwks, const std::string& name);

  // The claims, as JSON, of a token that one of the keys has signed. Thread-safe.
  std::variant<std::string, TokenRefusal> open(const std::string& token) const;
  std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string algorithm;
    std::shared_ptr<_cjose_jwk_int> key;
  };
  std::map<std::string, Key, std::less<>> keys_;  // by kid
};

}  // namespace semak
