// What the monitor keeps on the desk, as keys and bytes. Every value is versioned and checksummed together with its
// key. Whatever tells of a person is sealed, and so are the register's record ids, which may be identity numbers; ids,
// dates and scores are not.
//   enrolments       enrolment id -> Enrolment
//   enrolment_index  w enrolment id -> WatchEntry: those that are watched
//                    t tenant, enrolment id -> nothing
//                    m blind mark of a subject or number, enrolment id -> nothing
//                    e end of the watch, enrolment id -> nothing, until its personal data are erased
//                    h register, blind mark of the record id, enrolment id -> WatchedHit: the current hits
//                    r enrolment id, register, blind mark of the record id -> nothing: the same from the other side
//                    k tenant, policy id -> nothing: somebody is watched under it
//                    o tenant, policy id -> Obstacle: why nobody watched under it can be decided, as told
//                    p enrolment id -> Obstacle: why this one cannot be decided, as told
//   alerts           alert id -> Alert
//   alert_index      t tenant, alert id; n enrolment id, alert id; u tenant, alert id (not acknowledged) -> nothing
//   meta             monitor/position -> MonitorPosition
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/keys/key_ring.h"
#include "engine/monitor/monitor.h"
#include "normalize/profile.h"

namespace semak {

inline constexpr std::string_view kPositionKey = "monitor/position";

namespace monitor_key {
std::string watched(std::string_view enrolment_id);
std::string of_tenant(std::string_view tenant, std::string_view id);  // in both index families
std::string of_mark(std::string_view mark, std::string_view enrolment_id);
std::string of_end(std::int64_t end_ms, std::string_view enrolment_id);
std::string hit(RegisterId register_id, std::string_view record_mark, std::string_view enrolment_id);
std::string hit_of_enrolment(std::string_view enrolment_id, RegisterId register_id, std::string_view record_mark);
std::string watched_under(std::string_view tenant, std::string_view policy_id);
std::string obstacle_of_policy(std::string_view tenant, std::string_view policy_id);
std::string obstacle_of_person(std::string_view enrolment_id);
std::string alert_of_enrolment(std::string_view enrolment_id, std::string_view alert_id);
std::string unacknowledged(std::string_view tenant, std::string_view alert_id);
}  // namespace monitor_key
// The other way: false if `key` is none of those.
bool read_hit_of_enrolment(std::string_view key, std::string_view enrolment_id, RegisterId& register_id,
                           std::string& record_mark);
// Of watched_under and obstacle_of_policy.
bool read_policy_key(std::string_view key, std::string& tenant, std::string& policy_id);
std::string record_mark(std::string_view record_id, const KeyRing& keys);

// `erased`: the subject is gone for good.
struct StoredEnrolment {
  Enrolment enrolment;
  bool erased = false;
};
std::string encode_enrolment(const StoredEnrolment& stored, const KeyRing& keys);
Result<StoredEnrolment> decode_enrolment(std::string_view id, std::string_view bytes, const KeyRing& keys);

// All that matching needs of an enrolment.
struct WatchEntry {
  std::string tenant, policy_id;
  std::int64_t until_ms = 0;
  Generation matched;  // against the registers as of then when it was enrolled: later changes concern it
  std::uint64_t normalizer_version = 0;
  std::uint64_t matched_by = 0;  // version of what matched it with the registers as they stood; 0: is to be matched
  std::string sealed_profile;
};
std::string seal_profile(const Profile& profile, std::string_view enrolment_id, const KeyRing& keys);
// Corruption as KeyRing::open_sealed and decode_profile.
Result<Profile> open_profile(const WatchEntry& entry, std::string_view enrolment_id, const KeyRing& keys);
std::string encode_watch_entry(const WatchEntry& entry, std::string_view enrolment_id);
Result<WatchEntry> decode_watch_entry(std::string_view enrolment_id, std::string_view bytes);

// A current hit, and what of it was told last.
struct WatchedHit {
  RevisionId revision;
  Bits score;            // as told
  bool certain = false;  // as told: identity_is_certain
  std::string content;   // as told: blind mark of what the record says (record_substance.h)
  std::string record_id;
};
std::string encode_watched_hit(const WatchedHit& hit, std::string_view key, const KeyRing& keys);
Result<WatchedHit> decode_watched_hit(std::string_view key, std::string_view bytes, const KeyRing& keys);

// What keeps from deciding, as it was told.
struct Obstacle {
  std::string reason;  // Alert::reason
  std::uint64_t people = 0;
};
std::string encode_obstacle(const Obstacle& obstacle, std::string_view key);
Result<Obstacle> decode_obstacle(std::string_view key, std::string_view bytes);

std::string encode_alert(const Alert& alert, const KeyRing& keys);
Result<Alert> decode_alert(std::string_view id, std::string_view bytes, const KeyRing& keys);

// The change log is matched up to here.
struct MonitorPosition {
  RevisionId revision;
  Generation generation;  // that published it
  // Everybody who can be decided was matched by this version; another one than the current: some are to be.
  std::uint64_t matched_by = 0;
  auto operator<=>(const MonitorPosition&) const = default;
};
std::string encode_position(MonitorPosition position);
Result<MonitorPosition> decode_position(std::string_view bytes);

}  // namespace semak
