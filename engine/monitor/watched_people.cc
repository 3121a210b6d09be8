#include "engine/monitor/watched_people.h"

#include <limits>
#include <memory>
#include <tbb/task_group.h>
#include <utility>

#include "engine/check.h"

namespace semak {
namespace {

// A page as it is read and opened; filled by one task.
struct LoadedPage {
  std::vector<std::pair<std::string, std::string>> stored;  // enrolment id, bytes
  std::vector<WatchedPerson> people;
  std::vector<std::uint16_t> groups;
  std::unique_ptr<WatchPage> page = std::make_unique<WatchPage>();
  std::vector<std::pair<std::string, WatchEntry>> outdated;
  Status status;
};

Status open_page(LoadedPage& page, const Desk& desk, const Normalizer& normalizer) {
  for (std::size_t i = 0; i < page.stored.size(); ++i) {
    const auto& [id, bytes] = page.stored[i];
    SEMAK_TRY(WatchEntry entry, decode_watch_entry(id, bytes));
    Profile profile;
    if (entry.normalizer_version == normalizer.version()) {
      SEMAK_TRY(profile, open_profile(entry, id, desk.keys()));
    } else {
      SEMAK_TRY(const auto kept, desk.database().get(family(DeskFamily::enrolments), id));
      if (!kept) return Error{ErrorCode::corruption, "monitoring: enrolment " + id + " is watched and not on the desk"};
      SEMAK_TRY(const StoredEnrolment stored, decode_enrolment(id, *kept, desk.keys()));
      profile = make_profile(normalizer, stored.enrolment.subject);
      entry.normalizer_version = normalizer.version();
      entry.sealed_profile = seal_profile(profile, id, desk.keys());
      page.outdated.emplace_back(id, entry);
    }
    page.page->add(profile, page.groups[i]);
    page.people.push_back({id, entry.tenant, entry.until_ms, entry.matched, entry.matched_by, false});
  }
  page.stored.clear();
  page.stored.shrink_to_fit();
  return {};
}

}  // namespace

Result<std::optional<Policy>> policy_if_any(const PolicyOf& policy_of, std::string_view policy_id) {
  Result<Policy> policy = policy_of(policy_id);
  if (policy) return std::optional(std::move(policy).value());
  switch (policy.error().code) {
    case ErrorCode::not_found:
    case ErrorCode::invalid_input:
    case ErrorCode::version_mismatch:
    case ErrorCode::corruption: return std::optional<Policy>();
    default: return policy.error();
  }
}

Result<WatchedPeople> WatchedPeople::load(const Desk& desk, const Normalizer& normalizer, const PolicyOf& policy_of,
                                          std::vector<std::pair<std::string, WatchEntry>>* outdated,
                                          const Progress& progress) {
  WatchedPeople all;
  std::vector<std::unique_ptr<LoadedPage>> pages;
  Status failed;
  {
    tbb::task_group tasks;
    const auto open = [&] {
      if (pages.empty()) return;
      LoadedPage* page = pages.back().get();
      tasks.run([page, &desk, &normalizer] { page->status = open_page(*page, desk, normalizer); });
    };
    const std::string prefix = monitor_key::watched({});
    std::uint64_t read = 0;
    Cursor cursor = desk.database().cursor(family(DeskFamily::enrolment_index), Database::Access::scan);
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
      std::string id(cursor.key().substr(prefix.size()));
      if (pages.empty() || pages.back()->stored.size() == WatchPage::kPeopleMax) {
        open();
        pages.push_back(std::make_unique<LoadedPage>());
        if (progress) progress("opening the watch list", read, 0);
      }
      // The policy alone, so that groups are numbered in order.
      const Result<WatchEntry> entry = decode_watch_entry(id, cursor.value());
      const Result<std::uint16_t> group =
          entry ? all.group_of(entry->policy_id, policy_of) : Result<std::uint16_t>(entry.error());
      if (!group) {
        failed = group.error();
        break;
      }
      pages.back()->groups.push_back(*group);
      pages.back()->stored.emplace_back(std::move(id), std::string(cursor.value()));
      ++read;
    }
    if (failed && !cursor.status()) failed = cursor.status();
    open();
    tasks.wait();
  }
  if (!failed) return std::move(failed).error();
  for (std::unique_ptr<LoadedPage>& page : pages) {
    if (!page->status) return std::move(page->status).error();
    all.watched_ += page->people.size();
    all.list_.add_page(std::move(page->page));
    all.people_.push_back(std::move(page->people));
    if (outdated != nullptr) {
      outdated->insert(outdated->end(), std::make_move_iterator(page->outdated.begin()),
                       std::make_move_iterator(page->outdated.end()));
    }
  }
  for (std::uint32_t page = 0; page < all.people_.size(); ++page) {
    for (std::uint32_t person = 0; person < all.people_[page].size(); ++person) {
      all.places_.emplace(all.people_[page][person].enrolment_id, WatchList::Place{page, person});
    }
  }
  return all;
}

Result<std::uint16_t> WatchedPeople::group_of(const std::string& policy_id, const PolicyOf& policy_of) {
  const auto known = groups_.find(policy_id);
  if (known != groups_.end()) return known->second;
  SEMAK_TRY(std::optional<Policy> policy, policy_if_any(policy_of, policy_id));
  SEMAK_CHECK(policies_.size() < std::numeric_limits<std::uint16_t>::max());
  const auto group = static_cast<std::uint16_t>(policies_.size());
  policies_.push_back(std::move(policy));
  policy_ids_.push_back(policy_id);
  groups_.emplace(policy_id, group);
  return group;
}

Status WatchedPeople::add(std::string enrolment_id, const WatchEntry& entry, const Profile& profile,
                          const PolicyOf& policy_of) {
  SEMAK_TRY(const std::uint16_t group, group_of(entry.policy_id, policy_of));
  const WatchList::Place place = list_.add(profile, group);
  people_.resize(list_.pages());
  people_[place.page].push_back({enrolment_id, entry.tenant, entry.until_ms, entry.matched, entry.matched_by, false});
  places_.insert_or_assign(std::move(enrolment_id), place);
  ++watched_;
  return {};
}

void WatchedPeople::remove(WatchList::Place place) {
  WatchedPerson& person = people_[place.page][place.person];
  if (std::exchange(person.gone, true)) return;
  list_.remove(place);
  --watched_;
}

void WatchedPeople::remove(std::string_view enrolment_id) {
  const auto found = places_.find(std::string(enrolment_id));
  if (found != places_.end()) remove(found->second);
}

void WatchedPeople::expire(std::int64_t now_ms) {
  for (std::uint32_t page = 0; page < people_.size(); ++page) {
    for (std::uint32_t person = 0; person < people_[page].size(); ++person) {
      if (people_[page][person].until_ms <= now_ms) remove(WatchList::Place{page, person});
    }
  }
}

Status WatchedPeople::look_up_policies(const PolicyOf& policy_of) {
  for (std::size_t group = 0; group < policies_.size(); ++group) {
    SEMAK_TRY(policies_[group], policy_if_any(policy_of, policy_ids_[group]));
  }
  return {};
}

std::vector<WatchList::Place> WatchedPeople::not_matched_by(std::uint64_t matcher) const {
  std::vector<WatchList::Place> places;
  for (std::uint32_t page = 0; page < people_.size(); ++page) {
    for (std::uint32_t person = 0; person < people_[page].size(); ++person) {
      const WatchedPerson& one = people_[page][person];
      if (!one.gone && one.matched_by != matcher) places.push_back({page, person});
    }
  }
  return places;
}

std::vector<WatchList::Place> WatchedPeople::watched_under(std::string_view tenant, std::string_view policy_id) const {
  std::vector<WatchList::Place> places;
  for (std::uint32_t page = 0; page < people_.size(); ++page) {
    for (std::uint32_t person = 0; person < people_[page].size(); ++person) {
      const WatchedPerson& one = people_[page][person];
      const WatchList::Place place{page, person};
      if (!one.gone && one.tenant == tenant && policy_ids_[group(place)] == policy_id) places.push_back(place);
    }
  }
  return places;
}

Generation WatchedPeople::least_matched() const {
  Generation least{std::numeric_limits<std::uint64_t>::max()};
  for (const std::vector<WatchedPerson>& page : people_) {
    for (const WatchedPerson& person : page) {
      if (!person.gone && person.matched < least) least = person.matched;
    }
  }
  return least;
}

std::optional<WatchList::Place> WatchedPeople::find(std::string_view enrolment_id) const {
  const auto found = places_.find(std::string(enrolment_id));
  if (found == places_.end() || person(found->second).gone) return std::nullopt;
  return found->second;
}

const WatchList& WatchedPeople::filed() {
  list_.file();
  return list_;
}

}  // namespace semak
