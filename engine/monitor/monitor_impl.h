// What a Monitor is made of; for engine/monitor/*.cc.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/monitor/alert_book.h"
#include "engine/monitor/monitor.h"
#include "engine/monitor/monitor_records.h"
#include "engine/monitor/referral_terms.h"
#include "engine/monitor/watched_people.h"

namespace semak {

struct Monitor::Impl {
  const Engine& engine;
  Desk& desk;
  PolicyOf policy_of;
  std::function<std::int64_t()> clock;  // ms since 1970
  std::uint64_t matcher = 0;            // version of what matches: weights, normaliser, code

  // Held by whatever changes who is watched or how far the change log is matched: an enrolment and a catching-up side
  // by side could each leave a change to the other.
  std::mutex working;
  std::optional<WatchedPeople> people;  // once they were needed
  std::optional<AlertIds> ids;

  const KeyRing& keys() const { return desk.keys(); }
  Result<std::optional<MonitorPosition>> position() const;
  Status load_people(const Progress& progress);
  Status load_ids();
  std::string content_mark(RegisterKind kind, const Record& record) const;
  // Blind marks by which the enrolments of a subject are found.
  std::vector<std::string> subject_marks(const Subject& subject) const;
  Result<std::optional<StoredEnrolment>> stored(std::string_view id) const;
  Result<std::string> obstacle_of(const Enrolment& enrolment) const;  // as told; empty: none
};

// A canonical JSON object of an audit event: numbers and ids.
class EventDetails {
 public:
  EventDetails& number(std::string_view name, std::uint64_t value);
  EventDetails& id(std::string_view name, std::string_view value);  // letters, digits and -_@. ; empty: left out
  std::string json() const;

 private:
  std::map<std::string, std::string, std::less<>> members_;
};

}  // namespace semak
