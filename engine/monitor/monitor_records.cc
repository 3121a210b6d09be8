#include "engine/monitor/monitor_records.h"

#include <utility>

#include "engine/desk/subject_codec.h"
#include "engine/monitor/profile_codec.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint64_t kSeed = 0x6d6f'6e69'746f'72;

std::string begun() { return std::string(1, static_cast<char>(kFormat)); }

std::string finished(std::string bytes, std::string_view key) {
  append_fixed64(bytes, hash_bytes(bytes, hash_bytes(key, kSeed)));
  return bytes;
}

// The body between format and checksum. `what` and `name` (an id) for the message.
Result<std::string_view> opened(std::string_view bytes, std::string_view key, std::string_view what) {
  const bool whole = bytes.size() >= 9;
  const std::string_view body = bytes.substr(0, whole ? bytes.size() - 8 : 0);
  if (!whole || ByteReader(bytes.substr(body.size())).fixed64() != hash_bytes(body, hash_bytes(key, kSeed))) {
    return Error{ErrorCode::corruption, "monitoring: " + std::string(what) + " on the desk is damaged"};
  }
  if (static_cast<std::uint8_t>(body.front()) != kFormat) {
    return Error{ErrorCode::version_mismatch,
                 "monitoring: " + std::string(what) + " on the desk was written by another version of Semak"};
  }
  return body.substr(1);
}

Error damaged(std::string_view what) {
  return Error{ErrorCode::corruption, "monitoring: " + std::string(what) + " on the desk is damaged"};
}

void append_time(std::string& out, std::int64_t time_ms) { append_fixed64(out, static_cast<std::uint64_t>(time_ms)); }
std::int64_t read_time(ByteReader& in) { return static_cast<std::int64_t>(in.fixed64()); }
void append_bits(std::string& out, Bits bits) { append_fixed32(out, static_cast<std::uint32_t>(bits.raw)); }
Bits read_bits(ByteReader& in) { return Bits{static_cast<std::int32_t>(in.fixed32())}; }
bool read_bool(ByteReader& in) { return in.varint_up_to(1) == 1; }

std::string subject_context(std::string_view id) { return "enrolments:" + std::string(id) + ":subject"; }
std::string record_context(std::string_view key) { return "monitor:" + std::string(key) + ":record"; }
std::string profile_context(std::string_view id) { return "enrolment_index:" + std::string(id) + ":profile"; }

// Text in front of something else: its length keeps keys apart.
std::string prefixed(char kind, std::string_view text) {
  std::string key(1, kind);
  append_text(key, text);
  return key;
}

}  // namespace

namespace monitor_key {

std::string watched(std::string_view enrolment_id) { return "w" + std::string(enrolment_id); }
std::string of_tenant(std::string_view tenant, std::string_view id) { return prefixed('t', tenant).append(id); }
std::string of_mark(std::string_view mark, std::string_view enrolment_id) {
  return prefixed('m', mark).append(enrolment_id);
}
std::string of_end(std::int64_t end_ms, std::string_view enrolment_id) {
  std::string key = "e";
  append_key64(key, static_cast<std::uint64_t>(end_ms));
  return key.append(enrolment_id);
}
std::string hit(RegisterId register_id, std::string_view record_mark, std::string_view enrolment_id) {
  std::string key = "h";
  append_key32(key, register_id.value);
  append_text(key, record_mark);
  return key.append(enrolment_id);
}
std::string hit_of_enrolment(std::string_view enrolment_id, RegisterId register_id, std::string_view record_mark) {
  std::string key = prefixed('r', enrolment_id);
  append_key32(key, register_id.value);
  return key.append(record_mark);
}
std::string watched_under(std::string_view tenant, std::string_view policy_id) {
  return prefixed('k', tenant).append(policy_id);
}
std::string obstacle_of_policy(std::string_view tenant, std::string_view policy_id) {
  return prefixed('o', tenant).append(policy_id);
}
std::string obstacle_of_person(std::string_view enrolment_id) { return "p" + std::string(enrolment_id); }
std::string alert_of_enrolment(std::string_view enrolment_id, std::string_view alert_id) {
  return prefixed('n', enrolment_id).append(alert_id);
}
std::string unacknowledged(std::string_view tenant, std::string_view alert_id) {
  return prefixed('u', tenant).append(alert_id);
}

}  // namespace monitor_key

bool read_hit_of_enrolment(std::string_view key, std::string_view enrolment_id, RegisterId& register_id,
                           std::string& record_mark) {
  const std::string prefix = prefixed('r', enrolment_id);
  if (!key.starts_with(prefix) || key.size() < prefix.size() + 4) return false;
  register_id.value = 0;
  for (const char c : key.substr(prefix.size(), 4)) {
    register_id.value = register_id.value << 8 | static_cast<unsigned char>(c);
  }
  record_mark = key.substr(prefix.size() + 4);
  return true;
}

bool read_policy_key(std::string_view key, std::string& tenant, std::string& policy_id) {
  ByteReader in(key);
  static_cast<void>(in.byte());
  tenant = in.text();
  policy_id = in.rest();
  return in.ok();
}

std::string record_mark(std::string_view record_id, const KeyRing& keys) {
  return keys.mark("watched_record_id", record_id);
}

std::string encode_enrolment(const StoredEnrolment& stored, const KeyRing& keys) {
  const Enrolment& enrolment = stored.enrolment;
  std::string out = begun();
  append_text(out, enrolment.actor.id);
  append_text(out, enrolment.actor.tenant);
  append_enum(out, enrolment.actor.role);
  append_text(out, enrolment.check_id);
  append_text(out, enrolment.policy_id);
  append_text(out, enrolment.subject.purpose);
  append_time(out, enrolment.since_ms);
  append_time(out, enrolment.until_ms);
  append_varint(out, enrolment.ended);
  append_varint(out, stored.erased);
  if (!stored.erased) {
    std::string subject;
    append_subject(subject, enrolment.subject);
    append_text(out, keys.seal(subject, subject_context(enrolment.id)));
  }
  return finished(std::move(out), enrolment.id);
}

Result<StoredEnrolment> decode_enrolment(std::string_view id, std::string_view bytes, const KeyRing& keys) {
  const std::string what = "enrolment " + std::string(id);
  SEMAK_TRY(const std::string_view body, opened(bytes, id, what));
  ByteReader in(body);
  StoredEnrolment stored;
  Enrolment& enrolment = stored.enrolment;
  enrolment.id = id;
  enrolment.actor.id = in.text();
  enrolment.actor.tenant = in.text();
  enrolment.actor.role = read_enum(in, Role::admin);
  enrolment.check_id = in.text();
  enrolment.policy_id = in.text();
  enrolment.subject.purpose = in.text();
  enrolment.since_ms = read_time(in);
  enrolment.until_ms = read_time(in);
  enrolment.ended = read_bool(in);
  stored.erased = read_bool(in);
  if (!stored.erased) {
    SEMAK_TRY(const std::string subject, keys.open_sealed(in.text(), subject_context(id)));
    ByteReader sealed(subject);
    enrolment.subject = read_subject(sealed);
    if (!sealed.at_end()) return damaged(what);
  }
  if (!in.at_end()) return damaged(what);
  return stored;
}

std::string seal_profile(const Profile& profile, std::string_view enrolment_id, const KeyRing& keys) {
  return keys.seal(encode_profile(profile), profile_context(enrolment_id));
}

Result<Profile> open_profile(const WatchEntry& entry, std::string_view enrolment_id, const KeyRing& keys) {
  SEMAK_TRY(const std::string bytes, keys.open_sealed(entry.sealed_profile, profile_context(enrolment_id)));
  return decode_profile(bytes);
}

std::string encode_watch_entry(const WatchEntry& entry, std::string_view enrolment_id) {
  std::string out = begun();
  append_text(out, entry.tenant);
  append_text(out, entry.policy_id);
  append_time(out, entry.until_ms);
  append_varint(out, entry.matched.value);
  append_fixed64(out, entry.normalizer_version);
  append_fixed64(out, entry.matched_by);
  append_text(out, entry.sealed_profile);
  return finished(std::move(out), monitor_key::watched(enrolment_id));
}

Result<WatchEntry> decode_watch_entry(std::string_view enrolment_id, std::string_view bytes) {
  const auto what = [&] { return "the watched profile of enrolment " + std::string(enrolment_id); };
  SEMAK_TRY(const std::string_view body, opened(bytes, monitor_key::watched(enrolment_id), what()));
  ByteReader in(body);
  WatchEntry entry;
  entry.tenant = in.text();
  entry.policy_id = in.text();
  entry.until_ms = read_time(in);
  entry.matched.value = in.varint();
  entry.normalizer_version = in.fixed64();
  entry.matched_by = in.fixed64();
  entry.sealed_profile = in.text();
  if (!in.at_end()) return damaged(what());
  return entry;
}

std::string encode_watched_hit(const WatchedHit& hit, std::string_view key, const KeyRing& keys) {
  std::string out = begun();
  append_varint(out, hit.revision.value);
  append_bits(out, hit.score);
  append_varint(out, hit.certain);
  append_text(out, hit.content);
  append_text(out, keys.seal(hit.record_id, record_context(key)));
  return finished(std::move(out), key);
}

Result<WatchedHit> decode_watched_hit(std::string_view key, std::string_view bytes, const KeyRing& keys) {
  SEMAK_TRY(const std::string_view body, opened(bytes, key, "a current hit"));
  ByteReader in(body);
  WatchedHit hit;
  hit.revision.value = in.varint();
  hit.score = read_bits(in);
  hit.certain = read_bool(in);
  hit.content = in.text();
  const std::string_view sealed = in.text();
  if (!in.at_end()) return damaged("a current hit");
  SEMAK_TRY(hit.record_id, keys.open_sealed(sealed, record_context(key)));
  return hit;
}

std::string encode_obstacle(const Obstacle& obstacle, std::string_view key) {
  std::string out = begun();
  append_text(out, obstacle.reason);
  append_varint(out, obstacle.people);
  return finished(std::move(out), key);
}

Result<Obstacle> decode_obstacle(std::string_view key, std::string_view bytes) {
  constexpr std::string_view kWhat = "why a watch cannot be decided";
  SEMAK_TRY(const std::string_view body, opened(bytes, key, kWhat));
  ByteReader in(body);
  Obstacle obstacle;
  obstacle.reason = in.text();
  obstacle.people = in.varint();
  if (!in.at_end()) return damaged(kWhat);
  return obstacle;
}

std::string encode_alert(const Alert& alert, const KeyRing& keys) {
  std::string out = begun();
  append_text(out, alert.enrolment_id);
  append_text(out, alert.tenant);
  append_enum(out, alert.kind);
  append_time(out, alert.time_ms);
  append_varint(out, alert.generation.value);
  append_text(out, alert.register_name);
  append_text(out, alert.record_id.empty() ? "" : keys.seal(alert.record_id, record_context(alert.id)));
  append_varint(out, alert.revision.value);
  append_bits(out, alert.score);
  append_bits(out, alert.score_before);
  append_text(out, alert.reason);
  append_text(out, alert.policy_id);
  append_varint(out, alert.people);
  append_varint(out, alert.acknowledged);
  append_text(out, alert.acknowledged_by);
  return finished(std::move(out), alert.id);
}

Result<Alert> decode_alert(std::string_view id, std::string_view bytes, const KeyRing& keys) {
  const std::string what = "alert " + std::string(id);
  SEMAK_TRY(const std::string_view body, opened(bytes, id, what));
  ByteReader in(body);
  Alert alert;
  alert.id = id;
  alert.enrolment_id = in.text();
  alert.tenant = in.text();
  alert.kind = read_enum(in, AlertKind::decidable);
  if (alert.kind == AlertKind{}) in.fail();
  alert.time_ms = read_time(in);
  alert.generation.value = in.varint();
  alert.register_name = in.text();
  const std::string_view sealed = in.text();
  alert.revision.value = in.varint();
  alert.score = read_bits(in);
  alert.score_before = read_bits(in);
  alert.reason = in.text();
  alert.policy_id = in.text();
  alert.people = in.varint();
  alert.acknowledged = read_bool(in);
  alert.acknowledged_by = in.text();
  if (!in.at_end()) return damaged(what);
  if (!sealed.empty()) {
    SEMAK_TRY(alert.record_id, keys.open_sealed(sealed, record_context(id)));
  }
  return alert;
}

std::string encode_position(MonitorPosition position) {
  std::string out = begun();
  append_varint(out, position.revision.value);
  append_varint(out, position.generation.value);
  append_fixed64(out, position.matched_by);
  return finished(std::move(out), kPositionKey);
}

Result<MonitorPosition> decode_position(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, opened(bytes, kPositionKey, "the position in the change log"));
  ByteReader in(body);
  MonitorPosition position;
  position.revision.value = in.varint();
  position.generation.value = in.varint();
  position.matched_by = in.fixed64();
  if (!in.at_end()) return damaged("the position in the change log");
  return position;
}

}  // namespace semak
