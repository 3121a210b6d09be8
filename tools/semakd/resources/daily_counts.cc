#include "tools/semakd/resources/daily_counts.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <limits>

#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 2000;

void count(const AuditEntry& entry, DayCount& day) {
  boost::system::error_code failed;
  const json::value details = json::parse(entry.event.details, failed);
  if (failed || !details.is_object()) return;
  const json::value* outcome = details.get_object().if_contains("outcome");
  if (outcome == nullptr || !outcome->is_string()) return;
  const std::string_view said(outcome->get_string());
  if (said == "no_record") ++day.no_record;
  if (said == "refer" || said == "under_verification") ++day.refer;
  if (said == "record") ++day.record;
  if (said == "incomplete") ++day.incomplete;
}

}  // namespace

Status DailyCounts::catch_up(std::int64_t first_day) {
  const auto take = [&](const AuditEntry& entry) {
    const std::int64_t day = malaysian_day_number(entry.time_ms);
    count(entry, by_day_[{day, entry.event.actor.tenant}]);
  };
  const std::uint64_t head = log_.head().sequence;
  AuditFilter filter;
  filter.kind = AuditKind::check;
  filter.entries_max = kPage;
  // What came since, down to what is counted.
  for (bool more = head > newest_ && newest_ != 0; more;) {
    SEMAK_TRY(const auto entries, log_.entries(filter));
    more = !entries.empty();
    for (const AuditEntry& entry : entries) {
      if (entry.sequence > head) continue;  // next time
      if (entry.sequence <= newest_) {
        more = false;
        break;
      }
      take(entry);
      filter.before = entry.sequence;
    }
    if (!entries.empty()) filter.before = entries.back().sequence;
  }
  if (newest_ == 0) {
    oldest_ = head + 1;
    oldest_day_ = std::numeric_limits<std::int64_t>::max();
  }
  newest_ = head;
  // What lies before it, as far back as is asked for.
  while (!whole_ && oldest_day_ >= first_day && oldest_ > 1) {
    filter.before = oldest_;
    SEMAK_TRY(const auto entries, log_.entries(filter));
    if (entries.empty()) {
      whole_ = true;
      break;
    }
    for (const AuditEntry& entry : entries) take(entry);
    oldest_ = entries.back().sequence;
    oldest_day_ = malaysian_day_number(entries.back().time_ms);
  }
  return {};
}

Result<std::map<std::int64_t, DayCount>> DailyCounts::counts(std::int64_t first_day, const std::string& tenant) {
  const std::lock_guard lock(mutex_);
  SEMAK_TRY_STATUS(catch_up(first_day));
  std::map<std::int64_t, DayCount> days;
  for (auto at = by_day_.lower_bound({first_day, std::string()}); at != by_day_.end(); ++at) {
    if (!tenant.empty() && at->first.second != tenant) continue;
    DayCount& day = days[at->first.first];
    day.no_record += at->second.no_record;
    day.refer += at->second.refer;
    day.record += at->second.record;
    day.incomplete += at->second.incomplete;
  }
  return days;
}

}  // namespace semak
