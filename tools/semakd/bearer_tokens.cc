#include "tools/semakd/bearer_tokens.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <jansson.h>
#include <map>
#include <mutex>

namespace semak {
namespace {

constexpr std::size_t kKnownMax = 20'000;  // tokens remembered as verified
constexpr std::size_t kPlainSubjectMax = 64;
constexpr std::size_t kDigitsInARowMax = 9;

using Json = std::unique_ptr<json_t, decltype(&json_decref)>;

bool is_tenant(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

const json_t* claim(const json_t* claims, const std::string& name) {
  if (const json_t* whole = json_object_get(claims, name.c_str())) return whole;
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return nullptr;
  return claim(json_object_get(claims, name.substr(0, dot).c_str()), name.substr(dot + 1));
}

std::string_view text_of(const json_t* value) {
  return json_is_string(value) ? std::string_view(json_string_value(value), json_string_length(value))
                               : std::string_view();
}

// A text, or one of a list of texts.
bool holds(const json_t* value, std::string_view wanted) {
  if (wanted.empty()) return false;
  if (text_of(value) == wanted) return true;
  for (std::size_t i = 0; i < json_array_size(value); ++i) {
    if (text_of(json_array_get(value, i)) == wanted) return true;
  }
  return false;
}

// NumericDate of RFC 7519, in milliseconds.
std::optional<std::int64_t> time_of(const json_t* value) {
  if (!json_is_number(value)) return std::nullopt;
  const double seconds = std::floor(json_number_value(value));
  if (!(seconds >= 0 && seconds < 1e11)) return std::nullopt;
  return static_cast<std::int64_t>(seconds) * 1000;
}

// Issuers' own ids mean nothing: letters and digits. Whatever else stands there may name the person: an e-mail address,
// a name (no digit), an identity number (many digits in a row, hyphens between them or not).
bool is_plain(std::string_view subject) {
  std::size_t digits = 0, row = 0, longest = 0;
  for (const char c : subject) {
    const bool digit = c >= '0' && c <= '9', letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!digit && !letter && c != '-' && c != '_') return false;
    if (letter || c == '_') row = 0;
    digits += digit;
    row += digit;
    longest = std::max(longest, row);
  }
  return subject.size() <= kPlainSubjectMax && digits > 0 && longest < kDigitsInARowMax;
}

Error wrong(std::string_view setting, std::string_view what) {
  return {ErrorCode::invalid_input, fmt::format("tokens.{}: {}", setting, what)};
}

std::optional<std::pair<std::string, std::string>> pair_of(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) return std::nullopt;
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace

struct BearerTokens::Impl {
  Impl(TokenOptions given, const KeyRing& ring) : options(std::move(given)), marks(ring) {}

  TokenOptions options;
  const KeyRing& marks;
  Clock clock;
  std::vector<std::pair<std::string, Role>> roles;
  std::vector<std::pair<std::string, std::string>> tenants;

  std::mutex mutex;  // of what follows
  std::shared_ptr<const TokenKeys> keys;
  std::map<std::string, CallerKey, std::less<>> known;  // by mark of the token

  Status read_options();
  std::optional<TokenRefusal> read_claims(const std::string& text, CallerKey& person) const;
  std::optional<TokenRefusal> read_times(const json_t* claims, CallerKey& person) const;
  std::optional<Role> role_in(const json_t* claims) const;
  std::string tenant_in(const json_t* claims) const;
  void remember(const std::string& token, const CallerKey& person, const std::shared_ptr<const TokenKeys>& by);
};

Status BearerTokens::Impl::read_options() {
  if (options.issuer.empty()) return wrong("issuer", "who signs the tokens must be named");
  if (options.audience.empty()) return wrong("audience", "what tokens for this service name as `aud` must be given");
  for (const std::string& each : options.roles) {
    const auto pair = pair_of(each);
    const auto role = pair ? role_from(pair->second) : std::nullopt;
    if (!role) return wrong("roles", fmt::format("'{}' must be \"value=role\" with one of the five roles", each));
    roles.emplace_back(pair->first, *role);
  }
  if (roles.empty()) {
    for (const Role role : {Role::submitter, Role::caseworker, Role::registrar, Role::auditor, Role::admin}) {
      roles.emplace_back(to_string(role), role);
    }
  }
  for (const std::string& each : options.tenants) {
    auto pair = pair_of(each);
    if (!pair || !is_tenant(pair->second)) {
      return wrong("tenants", fmt::format("'{}' must be \"value=tenant\", the tenant of a-z 0-9 - _ .", each));
    }
    tenants.push_back(std::move(*pair));
  }
  if (!options.tenant.empty() && !is_tenant(options.tenant)) return wrong("tenant", "must be 1 to 64 of a-z 0-9 - _ .");
  return {};
}

std::optional<TokenRefusal> BearerTokens::Impl::read_times(const json_t* claims, CallerKey& person) const {
  const auto begin = time_of(json_object_get(claims, "nbf")), end = time_of(json_object_get(claims, "exp"));
  const std::int64_t leeway = std::chrono::milliseconds(options.leeway).count();
  if (!begin || !end || *end - *begin > std::chrono::milliseconds(options.lifetime_max).count()) {
    return TokenRefusal::lifetime;
  }
  const std::int64_t now = clock();
  if (now >= *end + leeway) return TokenRefusal::expired;
  if (now < *begin - leeway) return TokenRefusal::early;
  person.made_ms = *begin;
  person.expires_ms = *end + leeway;
  return std::nullopt;
}

std::optional<Role> BearerTokens::Impl::role_in(const json_t* claims) const {
  const json_t* value = claim(claims, options.role_claim);
  for (const auto& [name, role] : roles) {
    if (holds(value, name)) return role;
  }
  return std::nullopt;
}

// Empty: none.
std::string BearerTokens::Impl::tenant_in(const json_t* claims) const {
  if (!options.tenant.empty()) return options.tenant;
  const json_t* value = claim(claims, options.tenant_claim);
  for (const auto& [name, tenant] : tenants) {
    if (holds(value, name)) return tenant;
  }
  const std::string_view own = text_of(value);
  return tenants.empty() && is_tenant(own) ? std::string(own) : std::string();
}

std::optional<TokenRefusal> BearerTokens::Impl::read_claims(const std::string& text, CallerKey& person) const {
  json_error_t ignored;
  const Json claims(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &ignored), &json_decref);
  if (!json_is_object(claims.get())) return TokenRefusal::malformed;
  if (text_of(json_object_get(claims.get(), "iss")) != options.issuer) return TokenRefusal::issuer;
  if (!holds(json_object_get(claims.get(), "aud"), options.audience)) return TokenRefusal::audience;
  if (const auto refusal = read_times(claims.get(), person)) return refusal;

  const std::string_view subject = text_of(json_object_get(claims.get(), "sub"));
  if (subject.empty() || subject.size() > 255) return TokenRefusal::subject;
  person.id = "jwt:";
  person.id += is_plain(subject) ? std::string(subject) : "~" + marks.mark("token_subject", subject);
  const auto role = role_in(claims.get());
  if (!role) return TokenRefusal::role;
  person.role = *role;
  person.tenant = tenant_in(claims.get());
  if (person.tenant.empty()) return TokenRefusal::tenant;
  return std::nullopt;
}

void BearerTokens::Impl::remember(const std::string& token, const CallerKey& person,
                                  const std::shared_ptr<const TokenKeys>& by) {
  const std::string mark = marks.mark("bearer_token", token);
  const std::int64_t now = clock();
  const std::lock_guard lock(mutex);
  if (keys != by) return;  // reloaded meanwhile
  if (known.size() >= kKnownMax) {
    std::erase_if(known, [now](const auto& each) { return now >= each.second.expires_ms; });
    if (known.size() >= kKnownMax) known.clear();
  }
  known[mark] = person;
}

BearerTokens::BearerTokens() = default;
BearerTokens::~BearerTokens() = default;

Result<std::unique_ptr<BearerTokens>> BearerTokens::open(TokenOptions options, const KeyRing& keys, Clock clock) {
  std::unique_ptr<BearerTokens> tokens(new BearerTokens);
  tokens->impl_ = std::make_unique<Impl>(std::move(options), keys);
  tokens->impl_->clock = clock ? std::move(clock) : [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  };
  SEMAK_TRY_STATUS(tokens->impl_->read_options());
  SEMAK_TRY_STATUS(tokens->reload());
  return tokens;
}

Status BearerTokens::reload() {
  SEMAK_TRY(auto keys, TokenKeys::read(impl_->options.keys_file));
  const std::lock_guard lock(impl_->mutex);
  impl_->keys = std::move(keys);
  impl_->known.clear();
  return {};
}

bool BearerTokens::is_token(std::string_view text) {
  return !text.starts_with("semak_") && std::count(text.begin(), text.end(), '.') == 2;
}

std::optional<CallerKey> BearerTokens::verify_quickly(std::string_view token) {
  const std::string mark = impl_->marks.mark("bearer_token", token);
  const std::int64_t now = impl_->clock();
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->known.find(mark);
  if (found == impl_->known.end()) return std::nullopt;
  if (now < found->second.expires_ms) return found->second;
  impl_->known.erase(found);
  return std::nullopt;
}

BearerTokens::Checked BearerTokens::verify(const std::string& token) {
  std::shared_ptr<const TokenKeys> keys;
  {
    const std::lock_guard lock(impl_->mutex);
    keys = impl_->keys;
  }
  const auto opened = keys->open(token);
  if (const auto* refusal = std::get_if<TokenRefusal>(&opened)) return {std::nullopt, *refusal};
  CallerKey person;
  if (const auto refusal = impl_->read_claims(std::get<std::string>(opened), person)) return {std::nullopt, *refusal};
  impl_->remember(token, person, keys);
  return {std::move(person), {}};
}

}  // namespace semak
