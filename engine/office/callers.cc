#include "engine/office/callers.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "engine/keys/secret_hash.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

// Family `callers`:  "k" id -> sealed record (below)    "u" id -> usage: varints version, minute, day, lookups; also of
// people who have no key here, for the day
constexpr std::uint64_t kRecordVersion = 1, kUsageVersion = 1;
constexpr std::int64_t kTrustMs = 10 * 60 * 1000;  // for which a verified key is not hashed again
constexpr std::int64_t kMinuteMs = 60 * 1000, kDayMs = 24 * 60 * kMinuteMs;
constexpr std::size_t kIdSize = 12, kSecretSize = 52;
constexpr std::string_view kPrefix = "semak_";

// Crockford's base 32 in lower case: five bits a character, the last one padded with zero bits.
std::string base32(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) text += kDigits[bits >> (count - 5) & 31];
  }
  if (count > 0) text += kDigits[bits << (5 - count) & 31];
  return text;
}

// The id within a key's text; empty if it is no such text.
std::string_view id_in(std::string_view secret) {
  if (secret.size() != kPrefix.size() + kIdSize + 1 + kSecretSize || !secret.starts_with(kPrefix)) return {};
  return secret.substr(kPrefix.size(), kIdSize);
}

std::string context_of(std::string_view id) { return "callers/" + std::string(id); }
std::string record_key(std::string_view id) { return "k" + std::string(id); }
std::string usage_key(std::string_view id) { return "u" + std::string(id); }

struct Entry {
  CallerKey key;
  std::string mark;  // KeyRing::mark of the whole secret: refuses wrong ones in a microsecond
  std::string hash;  // Argon2id: what proves it
  std::int64_t trusted_until_ms = 0;
  std::string written;  // its usage, as the desk has it
};

std::string encode(const Entry& entry) {
  const CallerKey& key = entry.key;
  std::string out;
  append_varint(out, kRecordVersion);
  append_text(out, key.name);
  append_text(out, key.tenant);
  append_varint(out, static_cast<std::uint64_t>(key.role));
  append_text(out, key.made_by);
  for (const std::int64_t time : {key.made_ms, key.expires_ms, key.revoked_ms}) {
    append_varint(out, static_cast<std::uint64_t>(time));
  }
  append_varint(out, key.allowance.per_second);
  append_varint(out, key.allowance.burst);
  append_varint(out, key.allowance.lookups_a_day);
  append_text(out, entry.mark);
  append_text(out, entry.hash);
  return out;
}

Result<Entry> decode(std::string_view id, std::string_view bytes) {
  ByteReader in(bytes);
  Entry entry;
  CallerKey& key = entry.key;
  if (in.varint() != kRecordVersion) {
    return Error{ErrorCode::version_mismatch,
                 "the key " + std::string(id) + " was written by another version of Semak"};
  }
  key.id = id;
  key.name = in.text();
  key.tenant = in.text();
  key.role = read_enum(in, Role::admin);
  key.made_by = in.text();
  for (std::int64_t* time : {&key.made_ms, &key.expires_ms, &key.revoked_ms}) {
    *time = static_cast<std::int64_t>(in.varint());
  }
  key.allowance.per_second = static_cast<std::uint32_t>(in.varint_up_to(UINT32_MAX));
  key.allowance.burst = static_cast<std::uint32_t>(in.varint_up_to(UINT32_MAX));
  key.allowance.lookups_a_day = in.varint();
  entry.mark = in.text();
  entry.hash = in.text();
  if (!in.at_end() || static_cast<int>(key.role) == 0) {
    return Error{ErrorCode::corruption, "the key " + std::string(id) + " on the desk is not what was written"};
  }
  return entry;
}

std::string encode_usage(std::int64_t last_used_ms, const CallerUsage& usage) {
  std::string value;
  append_varint(value, kUsageVersion);
  append_varint(value, static_cast<std::uint64_t>(last_used_ms / kMinuteMs));
  append_varint(value, static_cast<std::uint64_t>(usage.day));
  append_varint(value, usage.lookups);
  return value;
}

Status check_wanted(const NewCallerKey& wanted, std::int64_t now_ms) {
  const auto bad = [](const std::string& text) { return Error{ErrorCode::invalid_input, text}; };
  if (wanted.name.empty() || wanted.name.size() > 100) return bad("name: 1 to 100 bytes that say whose key it is");
  const bool plain = std::all_of(wanted.tenant.begin(), wanted.tenant.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  if (wanted.tenant.empty() || wanted.tenant.size() > 64 || !plain) {
    return bad("tenant: 1 to 64 of a-z 0-9 - _ .");
  }
  if (wanted.expires_ms != 0 && wanted.expires_ms <= now_ms) return bad("expires: lies in the past");
  return {};
}

using Entries = std::map<std::string, Entry, std::less<>>;

Result<Entries> read_entries(const Database& desk, const KeyRing& keys) {
  Entries entries;
  Cursor cursor = desk.cursor(family(DeskFamily::callers), Database::Access::point);
  for (cursor.seek("k"); cursor.valid() && cursor.key().starts_with("k"); cursor.next()) {
    const std::string id(cursor.key().substr(1));
    SEMAK_TRY(const std::string bytes, keys.open_sealed(cursor.value(), context_of(id)));
    SEMAK_TRY(Entry entry, decode(id, bytes));
    entries.emplace(id, std::move(entry));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return entries;
}

std::string details(std::string_view action, const CallerKey& key) {
  // Sorted by name; all values are of plain characters.
  return std::string("{\"action\":\"") + std::string(action) + "\",\"role\":\"" + to_string(key.role) +
         "\",\"tenant\":\"" + key.tenant + "\"}";
}

}  // namespace

struct Callers::Impl {
  Desk* desk = nullptr;
  Clock clock;
  mutable std::shared_mutex mutex;  // of entries
  Entries entries;
  std::map<std::string, std::string, std::less<>> others;  // usage of ids that are no keys, as the desk has it
  std::mutex hashing;                                      // one Argon2id at a time: each takes 19 MiB and a core

  std::optional<CallerKey> known(std::string_view secret, bool trusted_only, std::string* hash);
  Status load();
};

Callers::Callers() : impl_(std::make_unique<Impl>()) {}
Callers::~Callers() = default;

Result<std::unique_ptr<Callers>> Callers::open(Desk& desk, Clock clock) {
  std::unique_ptr<Callers> callers(new Callers);
  callers->impl_->desk = &desk;
  callers->impl_->clock = clock ? std::move(clock) : [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  };
  SEMAK_TRY_STATUS(callers->impl_->load());
  return callers;
}

Result<std::vector<CallerKey>> Callers::list_of(const Database& desk, const KeyRing& keys) {
  SEMAK_TRY(const auto entries, read_entries(desk, keys));
  std::vector<CallerKey> all;
  for (const auto& [id, entry] : entries) all.push_back(entry.key);
  return all;
}

Status Callers::Impl::load() {
  SEMAK_TRY(entries, read_entries(desk->database(), desk->keys()));
  Cursor cursor = desk->database().cursor(family(DeskFamily::callers), Database::Access::point);
  for (cursor.seek("u"); cursor.valid() && cursor.key().starts_with("u"); cursor.next()) {
    const auto found = entries.find(cursor.key().substr(1));
    ByteReader in(cursor.value());
    if (found == entries.end()) {
      others.emplace(cursor.key().substr(1), cursor.value());
      continue;
    }
    if (in.varint() != kUsageVersion) continue;
    found->second.written = cursor.value();
    found->second.key.last_used_ms = static_cast<std::int64_t>(in.varint()) * kMinuteMs;
  }
  return cursor.status();
}

Result<Callers::Made> Callers::make(const Actor& actor, const NewCallerKey& wanted) {
  const std::int64_t now = impl_->clock();
  SEMAK_TRY_STATUS(check_wanted(wanted, now));
  Entry entry;
  entry.key.id = base32(random_bytes(8)).substr(0, kIdSize);
  entry.key.name = wanted.name;
  entry.key.tenant = wanted.tenant;
  entry.key.role = wanted.role;
  entry.key.made_by = actor.id;
  entry.key.made_ms = now;
  entry.key.expires_ms = wanted.expires_ms;
  entry.key.allowance = wanted.allowance;
  const std::string secret = std::string(kPrefix) + entry.key.id + "_" + base32(random_bytes(32));
  entry.mark = impl_->desk->keys().mark("api_key", secret);
  {
    const std::lock_guard lock(impl_->hashing);
    entry.hash = hash_secret(secret);
  }
  WriteSet changes;
  changes.put(family(DeskFamily::callers), record_key(entry.key.id),
              impl_->desk->keys().seal(encode(entry), context_of(entry.key.id)));
  AuditEvent event{AuditKind::key_use, actor, entry.key.id, details("made", entry.key), {}};
  SEMAK_TRY([[maybe_unused]] const auto sequence, impl_->desk->commit(changes, {std::move(event)}));
  Made made{entry.key, secret};
  const std::unique_lock lock(impl_->mutex);
  impl_->entries.emplace(entry.key.id, std::move(entry));
  return made;
}

Result<CallerKey> Callers::revoke(const Actor& actor, std::string_view id) {
  const Desk::Hold hold = impl_->desk->hold(context_of(id));
  Entry entry;
  {
    const std::shared_lock lock(impl_->mutex);
    const auto found = impl_->entries.find(id);
    if (found == impl_->entries.end()) return Error{ErrorCode::not_found, "there is no such key"};
    entry = found->second;
  }
  if (entry.key.revoked_ms != 0) return Error{ErrorCode::invalid_input, "this key is revoked already"};
  entry.key.revoked_ms = impl_->clock();
  WriteSet changes;
  changes.put(family(DeskFamily::callers), record_key(id), impl_->desk->keys().seal(encode(entry), context_of(id)));
  AuditEvent event{AuditKind::key_use, actor, std::string(id), details("revoked", entry.key), {}};
  SEMAK_TRY([[maybe_unused]] const auto sequence, impl_->desk->commit(changes, {std::move(event)}));
  const std::unique_lock lock(impl_->mutex);
  Entry& kept = impl_->entries.find(id)->second;
  kept.key.revoked_ms = entry.key.revoked_ms;
  kept.trusted_until_ms = 0;
  return kept.key;
}

std::optional<CallerKey> Callers::find(std::string_view id) const {
  const std::shared_lock lock(impl_->mutex);
  const auto found = impl_->entries.find(id);
  if (found == impl_->entries.end()) return std::nullopt;
  return found->second.key;
}

std::vector<CallerKey> Callers::list() const {
  const std::shared_lock lock(impl_->mutex);
  std::vector<CallerKey> keys;
  for (const auto& [id, entry] : impl_->entries) keys.push_back(entry.key);
  return keys;
}

// `hash`: receives what the secret must match where it is not trusted.
std::optional<CallerKey> Callers::Impl::known(std::string_view secret, bool trusted_only, std::string* hash) {
  const std::string_view id = id_in(secret);
  const std::string mark = desk->keys().mark("api_key", secret);  // also for ids that do not exist: no telling by time
  const std::int64_t now = clock();
  bool same_minute = false;
  std::optional<CallerKey> key;
  {
    const std::shared_lock lock(mutex);
    const auto found = entries.find(id);
    if (found == entries.end() || !same_secret(mark, found->second.mark) || !found->second.key.usable(now)) {
      return std::nullopt;
    }
    const bool trusted = now < found->second.trusted_until_ms;
    if (!trusted && trusted_only) return std::nullopt;
    if (!trusted && hash != nullptr) *hash = found->second.hash;
    key = found->second.key;
    same_minute = !trusted || key->last_used_ms / kMinuteMs == now / kMinuteMs;
  }
  if (!same_minute) {
    const std::unique_lock lock(mutex);
    entries.find(id)->second.key.last_used_ms = now / kMinuteMs * kMinuteMs;
  }
  return key;
}

std::optional<CallerKey> Callers::verify_quickly(std::string_view secret) {
  return impl_->known(secret, true, nullptr);
}

bool Callers::has_mark_of(std::string_view secret) const { return impl_->known(secret, false, nullptr).has_value(); }

Result<std::optional<CallerKey>> Callers::verify(std::string_view secret) {
  std::string hash;
  std::optional<CallerKey> key = impl_->known(secret, false, &hash);
  if (!key || hash.empty()) return key;
  {
    const std::lock_guard lock(impl_->hashing);
    if (!impl_->known(secret, true, nullptr) && !secret_matches(secret, hash)) return std::optional<CallerKey>();
  }
  if (key->last_used_ms == 0) {
    AuditEvent event{AuditKind::key_use, key->actor(), key->id, details("first_used", *key), "first_used/" + key->id};
    SEMAK_TRY([[maybe_unused]] const auto sequence, impl_->desk->commit({}, {std::move(event)}));
  }
  const std::int64_t now = impl_->clock();
  const std::unique_lock lock(impl_->mutex);
  Entry& entry = impl_->entries.find(key->id)->second;
  if (!entry.key.usable(now)) return std::optional<CallerKey>();  // revoked meanwhile
  entry.trusted_until_ms = now + kTrustMs;
  entry.key.last_used_ms = now / kMinuteMs * kMinuteMs;
  return std::optional<CallerKey>(entry.key);
}

Status Callers::flush(const std::vector<CallerUsage>& usage) {
  const std::int64_t today = impl_->clock() / kDayMs;
  std::map<std::string, CallerUsage, std::less<>> by_id;
  for (const CallerUsage& each : usage) by_id[each.id] = each;
  WriteSet changes;
  std::vector<std::pair<std::string, std::string>> written;  // empty: removed
  {
    const std::shared_lock lock(impl_->mutex);
    for (const auto& [id, entry] : impl_->entries) {
      const auto used = by_id.find(id);
      if (entry.key.last_used_ms == 0 && used == by_id.end()) continue;
      std::string value = encode_usage(entry.key.last_used_ms, used == by_id.end() ? CallerUsage() : used->second);
      if (value != entry.written) written.emplace_back(id, std::move(value));
    }
    for (const auto& [id, used] : by_id) {
      if (impl_->entries.contains(id) || used.day < today) continue;
      std::string value = encode_usage(0, used);
      const auto other = impl_->others.find(id);
      if (other == impl_->others.end() || other->second != value) written.emplace_back(id, std::move(value));
    }
    for (const auto& [id, value] : impl_->others) {
      const auto used = by_id.find(id);
      if (used == by_id.end() || used->second.day < today) written.emplace_back(id, std::string());
    }
  }
  if (written.empty()) return {};
  for (const auto& [id, value] : written) {
    if (value.empty()) {
      changes.remove(family(DeskFamily::callers), usage_key(id));
    } else {
      changes.put(family(DeskFamily::callers), usage_key(id), value);
    }
  }
  SEMAK_TRY([[maybe_unused]] const auto sequence, impl_->desk->commit(changes, {}));
  const std::unique_lock lock(impl_->mutex);
  for (auto& [id, value] : written) {
    const auto entry = impl_->entries.find(id);
    if (entry != impl_->entries.end()) {
      entry->second.written = std::move(value);
    } else if (value.empty()) {
      impl_->others.erase(id);
    } else {
      impl_->others[id] = std::move(value);
    }
  }
  return {};
}

Result<std::vector<CallerUsage>> Callers::usage() const {
  std::vector<CallerUsage> usage;
  Cursor cursor = impl_->desk->database().cursor(family(DeskFamily::callers), Database::Access::point);
  for (cursor.seek("u"); cursor.valid() && cursor.key().starts_with("u"); cursor.next()) {
    ByteReader in(cursor.value());
    if (in.varint() != kUsageVersion) continue;
    in.varint();
    CallerUsage each;
    each.id = cursor.key().substr(1);
    each.day = static_cast<std::int32_t>(in.varint_up_to(INT32_MAX));
    each.lookups = in.varint();
    if (in.at_end() && each.day > 0) usage.push_back(std::move(each));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return usage;
}

}  // namespace semak
