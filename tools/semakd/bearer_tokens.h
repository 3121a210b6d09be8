// People who come with a bearer token of their organisation's own sign-in service (OpenID Connect): whose it is, as
// what role and of which tenant. The service only reads tokens; it neither issues nor fetches anything.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/keys/key_ring.h"
#include "engine/office/callers.h"
#include "engine/result.h"
#include "tools/semakd/token_keys.h"

namespace semak {

struct TokenOptions {
  std::string issuer, audience;  // must be `iss`, and be in `aud`
  std::filesystem::path keys_file;
  std::chrono::seconds leeway{30};
  std::chrono::hours lifetime_max{24};  // from nbf to exp
  // Names of claims; "a.b": b within a, where there is no claim "a.b".
  std::string role_claim, tenant_claim;
  // "value=role": the first whose value the claim has. Empty: the five roles by their own names.
  std::vector<std::string> roles;
  // "value=tenant". Empty: the claim's value is the tenant.
  std::vector<std::string> tenants;
  std::string tenant;  // of all tokens; empty: tenant_claim says
};

class BearerTokens {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970; for tests
  // Errors: as TokenKeys::read; invalid_input for options that make no sense, naming the setting.
  static Result<std::unique_ptr<BearerTokens>> open(TokenOptions options, const KeyRing& keys, Clock clock = {});
  ~BearerTokens();

  // All are thread-safe. The keys as the file has them now; tokens known so far are looked at again. On error nothing
  // changes.
  Status reload();

  // Tells a token from an API key by its looks.
  static bool is_token(std::string_view text);

  // A person stands as a caller's key does: id "jwt:" and the subject (a keyed mark of it where it could be an e-mail
  // address, an identity number or a name), role, tenant, when the token ends.
  struct Checked {
    std::optional<CallerKey> person;
    TokenRefusal refusal = TokenRefusal::malformed;  // if there is none
  };
  Checked verify(const std::string& token);
  // In microseconds: nothing also where only verify() can tell.
  std::optional<CallerKey> verify_quickly(std::string_view token);

 private:
  BearerTokens();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
