// What the parts of Casework share: keys of the desk's families, reading, and putting a changed case away.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/casework/casework.h"
#include "engine/casework/casework_codec.h"
#include "engine/desk/desk.h"

namespace semak {

std::int64_t clock_ms();  // since 1970, UTC

// Of a check's entry in the chain.
std::string check_token(std::string_view check_id);

// Keys of DeskFamily::check_index; an id follows each prefix.
std::string tenant_prefix(std::string_view tenant);  // then ~time: newest first
std::string subject_prefix(std::string_view mark);   // then ~time
std::string number_prefix(std::string_view mark);
std::string register_prefix(std::string_view register_name);
std::string newest_first(std::string prefix, std::int64_t time_ms, std::string_view id);
inline constexpr std::string_view kAllPrefix = "a", kRetainPrefix = "x";

// Key of DeskFamily::meta; the id of a reopened case follows: what took verdicts over from it is still to be reopened.
inline constexpr std::string_view kReopenedPrefix = "casework/reopened/";

// Keys of DeskFamily::case_index.
inline constexpr std::string_view kOpenPrefix = "o", kClosedPrefix = "c";
std::string queue_key(const Case& the_case);

// Ids of checks that are being made: who makes the same one waits, nobody else does.
class IdsAtWork {
 public:
  class Lease {
   public:
    Lease(IdsAtWork& at_work, std::vector<std::string> ids) : at_work_(at_work), ids_(std::move(ids)) {
      at_work_.enter(ids_);
    }
    ~Lease() { at_work_.leave(ids_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

   private:
    IdsAtWork& at_work_;
    const std::vector<std::string> ids_;
  };

 private:
  void enter(const std::vector<std::string>& ids);
  void leave(const std::vector<std::string>& ids);

  std::mutex mutex_;
  std::condition_variable left_;
  std::set<std::string> ids_;
};

struct Casework::Impl {
  explicit Impl(Desk& on) : desk(on) {}

  Desk& desk;
  IdsAtWork at_work;

  const KeyRing& keys() const { return desk.keys(); }
  const Database& database() const { return desk.database(); }
  // Then the check's id. Blind: a record's id may be an identity number.
  std::string record_prefix(std::string_view register_name, std::string_view record_id) const;

  // Nothing is told of what the chain could not take, whatever the desk holds of it.
  Status may_tell() const;
  Result<std::optional<StoredCheck>> find_check(std::string_view id);
  // One that is in the chain; another was never answered, and is about to be, or is not at all.
  Result<std::optional<Check>> told_check(std::string_view id);
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

  Status commit(const WriteSet& changes, std::vector<AuditEvent> events);
  // Reads a case under its hold, lets `change` alter it, and commits. not_found, busy.
  Result<Case> change_case(std::string_view id, std::uint64_t version,
                           const std::function<Status(Case&, WriteSet&, const StoredCheck&)>& change);
  // Undoes what other checks of the subject took over from `cases`, which this case's reopening made doubtful. Begun in
  // the reopening's own write, so that what a dying process left is known.
  Status reopen_taken_over(const Actor& actor, std::string_view case_id, std::span<const std::string> cases);
  Status reopen_taken_over_by(const Actor& actor, std::string_view check_id, std::span<const std::string> cases);
  Result<bool> follow(const Actor& actor, std::string_view check_id, std::string_view register_name,
                      std::string_view record_id, const RecordNow& as_told, const Rejudge& rejudge);
  Status erase(const Actor& actor, std::string_view check_id, std::string_view basis);
  // What was erased goes from the disk too.
  Status leave_no_trace();
};

}  // namespace semak
