// What the parts of Casework share: keys of the desk's families, reading, and putting a changed case away.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/casework/casework.h"
#include "engine/casework/casework_codec.h"
#include "engine/desk/desk.h"

namespace semak {

std::int64_t clock_ms();  // since 1970, UTC

// Keys of DeskFamily::check_index; an id follows each prefix.
std::string tenant_prefix(std::string_view tenant);  // then ~time: newest first
std::string subject_prefix(std::string_view mark);   // then ~time
std::string number_prefix(std::string_view mark);
std::string register_prefix(std::string_view register_name);
std::string record_prefix(std::string_view register_name, std::string_view record_id);
std::string newest_first(std::string prefix, std::int64_t time_ms, std::string_view id);
inline constexpr std::string_view kAllPrefix = "a", kRetainPrefix = "x", kSequencePrefix = "q";

// Keys of DeskFamily::case_index.
inline constexpr std::string_view kOpenPrefix = "o", kClosedPrefix = "c";
std::string queue_key(const Case& the_case);

struct Casework::Impl {
  explicit Impl(Desk& on) : desk(on) {}

  Desk& desk;
  // Where in the chain a check stands is known only after the commit that makes it durable: written with the next one;
  // what a dying process did not write is found in the chain.
  std::mutex sequences_mutex;
  std::map<std::string, std::uint64_t, std::less<>> sequences;

  const KeyRing& keys() const { return desk.keys(); }
  const Database& database() const { return desk.database(); }

  Result<std::optional<StoredCheck>> find_check(std::string_view id);
  Result<std::optional<Case>> find_case(std::string_view id) const;
  Result<StoredCheck> need_check(std::string_view id);
  // All keys below `prefix`, without it, at most `most`, from `after` (a whole key) on.
  Result<std::vector<std::string>> keys_below(DeskFamily which, std::string_view prefix, std::size_t most,
                                              std::string_view after = {}) const;

  // Changes and events of checks and of what a case has become. `before`: as it is on the desk; null: not there.
  void put_check(const StoredCheck& stored, WriteSet& changes);
  void put_new_check(const StoredCheck& stored, WriteSet& changes);
  void put_case(const Case& the_case, const Case* before, StoredCheck& stored, WriteSet& changes,
                std::vector<AuditEvent>& events);
  void put_pair(const StoredCheck& stored, const Case& the_case, int candidate, std::int64_t time_ms,
                WriteSet& changes);

  // The candidates of a referral with the verdicts that were taken over.
  Case make_case(const StoredCheck& stored, std::int64_t now_ms) const;
  Status take_over_verdicts(StoredCheck& stored);
  Status draft(Check& check, const Policy& policy, WriteSet& changes, std::vector<AuditEvent>& events);

  Status commit(WriteSet& changes, std::vector<AuditEvent> events);
  // Reads a case under its hold, lets `change` alter it, and commits. not_found, busy.
  Result<Case> change_case(std::string_view id, std::uint64_t version,
                           const std::function<Status(Case&, WriteSet&, const StoredCheck&)>& change);
  Result<bool> follow(const Actor& actor, std::string_view check_id, std::string_view register_name,
                      std::string_view record_id, const RecordNow& now, const Rejudge& rejudge);
  Status erase(const Actor& actor, std::string_view check_id, std::string_view reason, bool with_pairs);
};

}  // namespace semak
