// The overview: checks a day, outcomes, referrals' age, register freshness.
#include <array>
#include <boost/json/array.hpp>
#include <map>

#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

struct AgeClass {
  const char* label;
  std::int64_t from, to;  // days; to -1: open
};
constexpr std::array<AgeClass, 5> kAges = {
    {{"0-1", 0, 1}, {"2-3", 2, 3}, {"4-5", 4, 5}, {"6-10", 6, 10}, {"11+", 11, -1}}};
constexpr std::size_t kCasesMax = 5000;  // of the queue, for their ages

json::object counts_json(const DayCount& count) {
  return {{"no_record", count.no_record},
          {"under_verification", count.refer},
          {"record", count.record},
          {"incomplete", count.incomplete}};
}

Status add_days(Room& room, const Caller& caller, std::int64_t days, json::object& overview) {
  const std::int64_t today = malaysian_day_number(now_ms());
  const std::int64_t first = today - days + 1;
  SEMAK_TRY(const auto counts, room.daily.counts(first, visible_tenant(caller)));
  json::array all;
  DayCount sum;
  for (std::int64_t day = first; day <= today; ++day) {
    const auto at = counts.find(day);
    const DayCount count = at == counts.end() ? DayCount{} : at->second;
    json::object one = counts_json(count);
    one["date"] = to_string(date_of_day(day));
    one["total"] = count.total();
    all.push_back(std::move(one));
    sum.no_record += count.no_record;
    sum.refer += count.refer;
    sum.record += count.record;
    sum.incomplete += count.incomplete;
  }
  overview["days"] = std::move(all);
  overview["outcomes"] = counts_json(sum);
  return {};
}

// Oldest first would be cheaper to know; the queue is by priority, so it is read as far as is sensible.
Status add_cases(Room& room, json::object& overview) {
  SEMAK_TRY(const CaseCounts counts, room.office.casework().counts());
  overview["cases"] = case_counts_json(counts);
  std::array<std::uint64_t, kAges.size()> by_age{};
  CaseFilter filter;
  filter.cases_max = 500;
  const std::int64_t now = now_ms();
  for (std::size_t read = 0; read < kCasesMax;) {
    SEMAK_TRY(const auto cases, room.office.casework().queue(filter));
    for (const Case& item : cases) {
      const std::int64_t days = (now - item.opened_ms) / kDayMs;
      for (std::size_t i = 0; i < kAges.size(); ++i)
        if (days >= kAges[i].from && (kAges[i].to < 0 || days <= kAges[i].to)) ++by_age[i];
    }
    read += cases.size();
    if (cases.size() < filter.cases_max) break;
    filter.after = cases.back().id;
  }
  json::array ages;
  for (std::size_t i = 0; i < kAges.size(); ++i) {
    json::object one{{"label", kAges[i].label}, {"days_from", kAges[i].from}, {"cases", by_age[i]}};
    if (kAges[i].to >= 0) one["days_to"] = kAges[i].to;
    ages.push_back(std::move(one));
  }
  overview["referral_ages"] = std::move(ages);
  return {};
}

Status add_registers(Room& room, json::object& overview) {
  const auto world = room.office.engine().world();
  SEMAK_TRY(const auto loads, room.office.engine().store().loads());
  std::map<std::string, std::int64_t, std::less<>> updated;  // ms
  for (const LoadInfo& load : loads) updated[load.register_name] = load.time * kSecondMs;
  json::array registers;
  for (const auto& [name, part] : world->registers) {
    json::object one{{"name", name}, {"kind", to_string(part.info.kind)}, {"active", part.info.active}};
    if (const auto at = updated.find(name); at != updated.end()) one["updated"] = rfc3339(at->second);
    if (part.loaded > 0) one["age_days"] = std::max<std::int64_t>(0, (now_ms() - part.loaded * kSecondMs) / kDayMs);
    registers.push_back(std::move(one));
  }
  overview["registers"] = std::move(registers);
  return {};
}

}  // namespace

Response get_overview(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const std::int64_t days = query.integer("days", 1, 366).value_or(30);
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  json::object overview{{"time", rfc3339(now_ms())}, {"generation", room.office.engine().world()->generation.value}};
  if (auto done = add_days(room, caller, days, overview); !done) return problem_response(done.error(), caller);
  if (sees_all_tenants(caller)) {
    if (auto done = add_cases(room, overview); !done) return problem_response(done.error(), caller);
    if (auto done = add_registers(room, overview); !done) return problem_response(done.error(), caller);
    overview["batches_waiting"] = room.office.batches().queue_depth();
  }
  const Role role = caller.actor.role;
  if (role == Role::submitter || role == Role::caseworker) {
    AlertFilter filter;
    filter.tenant = visible_tenant(caller);
    filter.unacknowledged = true;
    filter.alerts_max = 1000;
    const auto alerts = room.office.monitor().alerts(filter);
    if (!alerts) return problem_response(alerts.error(), caller);
    overview["alerts_unacknowledged"] = alerts->size();
  }
  return json_ok(overview);
}

}  // namespace semak
