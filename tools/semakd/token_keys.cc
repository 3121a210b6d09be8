#include "tools/semakd/token_keys.h"

#include <algorithm>
#include <cjose/base64.h>
#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <jansson.h>

namespace semak {
namespace {

constexpr std::size_t kFileMax = std::size_t{1} << 20;
constexpr std::size_t kRsaBitsMin = 2048;

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

// A member that stands there twice means one thing to one reader and another to the next.
Json parse_json(std::string_view text) {
  json_error_t ignored;
  return {json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &ignored), &json_decref};
}

std::string_view text_of(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  return json_is_string(value) ? std::string_view(json_string_value(value), json_string_length(value))
                               : std::string_view();
}

bool has(const json_t* object, const char* name) { return json_object_get(object, name) != nullptr; }

bool holds(const json_t* list, std::string_view wanted) {
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const char* text = json_string_value(json_array_get(list, i));
    if (text != nullptr && text == wanted) return true;
  }
  return false;
}

// "" for what cannot sign people's tokens here.
std::string algorithm_of(const json_t* key) {
  const bool signs = (!has(key, "use") || text_of(key, "use") == "sig") &&
                     (!has(key, "key_ops") || holds(json_object_get(key, "key_ops"), "verify"));
  const std::string_view type = text_of(key, "kty");
  const std::string algorithm = type == "RSA" ? "RS256" : type == "EC" && text_of(key, "crv") == "P-256" ? "ES256" : "";
  return signs && (!has(key, "alg") || text_of(key, "alg") == algorithm) ? algorithm : "";
}

std::shared_ptr<_cjose_jwk_int> import_key(const json_t* key) {
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(key, JSON_COMPACT), &std::free);
  cjose_err error{};
  cjose_jwk_t* imported =
      text == nullptr ? nullptr : cjose_jwk_import(text.get(), std::string_view(text.get()).size(), &error);
  return imported == nullptr ? nullptr : std::shared_ptr<_cjose_jwk_int>(imported, &cjose_jwk_release);
}

std::string decoded(std::string_view base64url) {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  cjose_err error{};
  if (!cjose_base64url_decode(base64url.data(), base64url.size(), &bytes, &size, &error)) return {};
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> owned(bytes, &std::free);
  return {reinterpret_cast<const char*>(bytes), size};
}

bool is_compact(std::string_view token) {
  const auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return token.size() <= kTokenMax && std::count(token.begin(), token.end(), '.') == 2 &&
         std::all_of(token.begin(), token.end(), plain);
}

// RFC 8725 3.11: a token of another kind by the same issuer (of a logout, say) is no token of a person.
bool is_of_person(const json_t* header) {
  if (!has(header, "typ")) return true;
  std::string type(text_of(header, "typ"));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (type.starts_with("application/")) type.erase(0, 12);
  return type == "jwt" || type == "at+jwt";
}

}  // namespace

const char* to_string(TokenRefusal refusal) {
  switch (refusal) {
    case TokenRefusal::malformed: return "malformed";
    case TokenRefusal::algorithm: return "algorithm";
    case TokenRefusal::key: return "key";
    case TokenRefusal::signature: return "signature";
    case TokenRefusal::issuer: return "issuer";
    case TokenRefusal::audience: return "audience";
    case TokenRefusal::expired: return "expired";
    case TokenRefusal::early: return "early";
    case TokenRefusal::lifetime: return "lifetime";
    case TokenRefusal::subject: return "subject";
    case TokenRefusal::role: return "role";
    case TokenRefusal::tenant: return "tenant";
  }
  return "malformed";
}

Result<std::shared_ptr<const TokenKeys>> TokenKeys::read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error{ErrorCode::not_found,
                 fmt::format("{} cannot be read (tokens.keys_file): the JWK set of the issuer", file.string())};
  }
  std::string text(kFileMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse(text, file.string());
}

Result<std::shared_ptr<const TokenKeys>> TokenKeys::parse(std::string_view jwks, const std::string& name) {
  const auto bad = [&](std::string_view what) {
    return Error{ErrorCode::invalid_input, fmt::format("{}: {}", name, what)};
  };
  if (jwks.size() > kFileMax) return bad("is larger than a JWK set can be (1 MiB)");
  const Json root = parse_json(jwks);
  const json_t* list = json_object_get(root.get(), "keys");
  if (!json_is_array(list)) return bad("is no JWK set: {\"keys\":[...]}");
  auto made = std::make_shared<TokenKeys>();
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* each = json_array_get(list, i);
    const std::string kid(text_of(each, "kid"));
    if (has(each, "d") || has(each, "k") || text_of(each, "kty") == "oct") {
      return bad(fmt::format("key {} is private or symmetric. Only public keys belong here", i + 1));
    }
    const std::string algorithm = algorithm_of(each);
    if (algorithm.empty() || kid.empty()) continue;
    const auto key = import_key(each);
    cjose_err error{};
    const std::size_t bits = key == nullptr ? 0 : cjose_jwk_get_keysize(key.get(), &error);
    if (key == nullptr) return bad(fmt::format("key {} cannot be read", i + 1));
    if (algorithm == "RS256" && bits < kRsaBitsMin) return bad(fmt::format("key {} is of less than 2048 bits", i + 1));
    if (!made->keys_.emplace(kid, Key{algorithm, key}).second) return bad("two keys have the same kid");
  }
  if (made->keys_.empty()) return bad("has no key for RS256 (RSA) or ES256 (P-256) with a kid");
  return std::shared_ptr<const TokenKeys>(std::move(made));
}

std::variant<std::string, TokenRefusal> TokenKeys::open(const std::string& token) const {
  if (!is_compact(token)) return TokenRefusal::malformed;
  const Json header = parse_json(decoded(std::string_view(token).substr(0, token.find('.'))));
  if (!json_is_object(header.get()) || has(header.get(), "crit") || !is_of_person(header.get())) {
    return TokenRefusal::malformed;
  }
  const std::string_view algorithm = text_of(header.get(), "alg");
  if (algorithm != "RS256" && algorithm != "ES256") return TokenRefusal::algorithm;
  const auto found = keys_.find(text_of(header.get(), "kid"));
  if (found == keys_.end()) return TokenRefusal::key;
  if (found->second.algorithm != algorithm) return TokenRefusal::algorithm;

  cjose_err error{};
  const std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)> jws(
      cjose_jws_import(token.data(), token.size(), &error), &cjose_jws_release);
  if (jws == nullptr) return TokenRefusal::malformed;
  if (!cjose_jws_verify(jws.get(), found->second.key.get(), &error)) return TokenRefusal::signature;
  std::uint8_t* claims = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &claims, &size, &error)) return TokenRefusal::malformed;
  return std::string(reinterpret_cast<const char*>(claims), size);
}

}  // namespace semak
