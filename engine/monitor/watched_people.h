// Everyone who is watched, in memory: the matchable list (watch_list.h) and whose each place in it is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/desk/desk.h"
#include "engine/ids.h"
#include "engine/monitor/monitor_records.h"
#include "engine/monitor/watch_list.h"
#include "engine/policy.h"
#include "engine/progress.h"
#include "engine/result.h"
#include "normalize/normalizer.h"

namespace semak {

using PolicyOf = std::function<Result<Policy>(std::string_view policy_id)>;

// Nothing if there is no such policy, or none that this Semak can read: whoever is watched under it cannot be judged,
// and keeps nobody else from being. Other errors are the desk's.
Result<std::optional<Policy>> policy_if_any(const PolicyOf& policy_of, std::string_view policy_id);

struct WatchedPerson {
  std::string enrolment_id;
  std::string tenant;
  std::int64_t until_ms = 0;
  Generation matched;
  std::uint64_t matched_by = 0;  // WatchEntry
  bool gone = false;
};

class WatchedPeople {
 public:
  // Opens what is sealed on all cores. Profiles of another version of the normaliser are made anew from their subjects;
  // `outdated` gets the enrolments they are of, with their fresh entries, to be written back.
  // Errors: corruption; those of policy_if_any.
  static Result<WatchedPeople> load(const Desk& desk, const Normalizer& normalizer, const PolicyOf& policy_of,
                                    std::vector<std::pair<std::string, WatchEntry>>* outdated,
                                    const Progress& progress);

  Status add(std::string enrolment_id, const WatchEntry& entry, const Profile& profile, const PolicyOf& policy_of);
  void remove(std::string_view enrolment_id);
  // Leaves aside everyone whose watch ended by now.
  void expire(std::int64_t now_ms);

  std::uint64_t watched() const { return watched_; }
  // Looks up every policy again: what was gone may be back.
  Status look_up_policies(const PolicyOf& policy_of);
  // All were matched at this generation or later; a great one if nobody is watched.
  Generation least_matched() const;
  const WatchedPerson& person(WatchList::Place place) const { return people_[place.page][place.person]; }
  std::optional<WatchList::Place> find(std::string_view enrolment_id) const;  // not of those who are gone
  std::uint16_t group(WatchList::Place place) const { return list_.page(place.page).group(place.person); }
  std::span<const std::optional<Policy>> policies() const { return policies_; }  // by group; none: it is gone
  const std::string& policy_id(std::uint16_t group) const { return policy_ids_[group]; }
  // Of those who are watched:
  std::vector<WatchList::Place> not_matched_by(std::uint64_t matcher) const;
  std::vector<WatchList::Place> watched_under(std::string_view tenant, std::string_view policy_id) const;
  void set_matched_by(WatchList::Place place, std::uint64_t matcher) {
    people_[place.page][place.person].matched_by = matcher;
  }

  // Ready to be matched.
  const WatchList& filed();

 private:
  Result<std::uint16_t> group_of(const std::string& policy_id, const PolicyOf& policy_of);
  void remove(WatchList::Place place);

  WatchList list_;
  std::vector<std::vector<WatchedPerson>> people_;  // by page
  std::vector<std::optional<Policy>> policies_;     // by group, as the next
  std::vector<std::string> policy_ids_;
  std::unordered_map<std::string, std::uint16_t> groups_;  // by policy id
  std::unordered_map<std::string, WatchList::Place> places_;
  std::uint64_t watched_ = 0;
};

}  // namespace semak
