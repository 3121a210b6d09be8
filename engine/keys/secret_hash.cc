#include "engine/keys/secret_hash.h"

#include <array>
#include <sodium.h>

#include "engine/check.h"

namespace semak {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = std::size_t{19} << 20;

}  // namespace

std::string hash_secret(std::string_view secret) {
  SEMAK_CHECK(sodium_init() >= 0);
  std::array<char, crypto_pwhash_STRBYTES> text{};
  SEMAK_CHECK(crypto_pwhash_str_alg(text.data(), secret.data(), secret.size(), kPasses, kMemory,
                                    crypto_pwhash_ALG_ARGON2ID13) == 0);  // fails only for want of memory
  return text.data();
}

bool secret_matches(std::string_view secret, const std::string& hash) {
  SEMAK_CHECK(sodium_init() >= 0);
  return crypto_pwhash_str_verify(hash.c_str(), secret.data(), secret.size()) == 0;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace semak
