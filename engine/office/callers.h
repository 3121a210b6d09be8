// Programs and people who may ask: API keys with a role and a tenant. A key is shown once, when it is made; the desk
// keeps an Argon2id hash of it. Making, revoking and changing keys is audited.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/actor.h"
#include "engine/desk/desk.h"
#include "engine/result.h"

namespace semak {

struct CallerAllowance {
  std::uint32_t per_second = 0;     // requests, on average; 0: as the service's configuration says
  std::uint32_t burst = 0;          // requests at once; 0: likewise
  std::uint64_t lookups_a_day = 0;  // people asked about; 0: likewise
};

struct CallerKey {
  std::string id;  // 12 characters; stands in the key, in logs and as Actor::id
  std::string name;
  std::string tenant;
  Role role = Role::submitter;
  std::string made_by;
  std::int64_t made_ms = 0;
  std::int64_t expires_ms = 0;    // 0: never
  std::int64_t revoked_ms = 0;    // 0: in force
  std::int64_t last_used_ms = 0;  // to the minute; 0: never
  CallerAllowance allowance;

  Actor actor() const { return {id, tenant, role}; }
  bool usable(std::int64_t now_ms) const { return revoked_ms == 0 && (expires_ms == 0 || now_ms < expires_ms); }
};

struct NewCallerKey {
  std::string name;    // 1-100 characters: whose it is
  std::string tenant;  // 1-64 of a-z 0-9 - _ .
  Role role = Role::submitter;
  std::int64_t expires_ms = 0;
  CallerAllowance allowance;
};

// What a key has asked today: kept so that a restart does not give the day's quota twice.
struct CallerUsage {
  std::string id;
  std::int32_t day = 0;  // since 1970, UTC
  std::uint64_t lookups = 0;
};

class Callers {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970; for tests
  // `desk` outlives it. Errors: as the desk's reading; corruption.
  static Result<std::unique_ptr<Callers>> open(Desk& desk, Clock clock = {});
  ~Callers();
  Callers(const Callers&) = delete;
  Callers& operator=(const Callers&) = delete;

  // Those that a desk's database holds (Desk::open_to_read). Errors: as the database's; permission, of other keys.
  static Result<std::vector<CallerKey>> list_of(const Database& desk, const KeyRing& keys);

  // All are thread-safe.
  struct Made {
    CallerKey key;
    std::string secret;  // "semak_<id>_<52 characters>": the whole key, never to be seen again
  };
  // Errors: invalid_input, naming the field.
  Result<Made> make(const Actor& actor, const NewCallerKey& wanted);
  // At once, also where it is in use. Errors: not_found; invalid_input if revoked already.
  Result<CallerKey> revoke(const Actor& actor, std::string_view id);
  std::optional<CallerKey> find(std::string_view id) const;
  std::vector<CallerKey> list() const;  // by id, revoked ones too

  // Whose key this is. nullopt: nobody's, expired, revoked: no telling which. The first use after ten minutes costs an
  // Argon2id (20 ms); a wrong secret is refused by its keyed mark before that, so that guessing does not cost us time.
  Result<std::optional<CallerKey>> verify(std::string_view secret);
  // The same in a microsecond: nullopt also where only verify() can tell.
  std::optional<CallerKey> verify_quickly(std::string_view secret);
  // Whether verify() has a key of this mark: as quick, and almost surely it will say whose.
  bool has_mark_of(std::string_view secret) const;

  // Writes when keys were last used and what has been asked today (`usage` of all that have asked anything, also of
  // people who have no key here); called every few seconds and at the end. Not audited.
  Status flush(const std::vector<CallerUsage>& usage);
  Result<std::vector<CallerUsage>> usage() const;

 private:
  Callers();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
