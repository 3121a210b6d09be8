// Keys of an issuer of tokens, made here, and what is signed with them.
#pragma once

#include <cjose/base64.h>
#include <cjose/header.h>
#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace semak {

struct SigningKey {
  SigningKey(const std::string& name, bool elliptic, std::size_t bits = 2048)
      : kid(name), algorithm(elliptic ? "ES256" : "RS256") {
    cjose_err error{};
    static const std::uint8_t kExponent[] = {1, 0, 1};
    key = elliptic ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)
                   : cjose_jwk_create_RSA_random(bits, kExponent, sizeof kExponent, &error);
    REQUIRE(key != nullptr);
    REQUIRE(cjose_jwk_set_kid(key, kid.data(), kid.size(), &error));
  }
  ~SigningKey() { cjose_jwk_release(key); }
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  std::string json(bool with_private = false) const {
    cjose_err error{};
    char* text = cjose_jwk_to_json(key, with_private, &error);
    std::string copy(text);
    std::free(text);
    return copy;
  }

  std::string kid, algorithm;
  cjose_jwk_t* key = nullptr;
};

// `header`: further members of the header; a list stands in brackets.
inline std::string signed_by(const cjose_jwk_t* key, const std::string& algorithm, const std::string& kid,
                             const std::string& claims,
                             const std::vector<std::pair<std::string, std::string>>& header = {}) {
  cjose_err error{};
  cjose_header_t* fields = cjose_header_new(&error);
  REQUIRE(cjose_header_set(fields, "alg", algorithm.c_str(), &error));
  if (!kid.empty()) REQUIRE(cjose_header_set(fields, "kid", kid.c_str(), &error));
  for (const auto& [name, value] : header) {
    const auto set = value.starts_with('[') ? &cjose_header_set_raw : &cjose_header_set;
    REQUIRE(set(fields, name.c_str(), value.c_str(), &error));
  }
  cjose_jws_t* jws =
      cjose_jws_sign(key, fields, reinterpret_cast<const std::uint8_t*>(claims.data()), claims.size(), &error);
  cjose_header_release(fields);
  INFO(error.message);
  REQUIRE(jws != nullptr);
  const char* text = nullptr;
  REQUIRE(cjose_jws_export(jws, &text, &error));
  std::string token(text);
  cjose_jws_release(jws);
  return token;
}

inline std::string base64url(const std::string& bytes) {
  cjose_err error{};
  char* text = nullptr;
  std::size_t size = 0;
  REQUIRE(
      cjose_base64url_encode(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), &text, &size, &error));
  std::string copy(text, size);
  std::free(text);
  return copy;
}

}  // namespace semak
