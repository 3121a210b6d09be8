// semak monitor: people under watch, and what the registers' changes mean for them.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <vector>

#include "engine/malaysian_time.h"
#include "engine/office/check_view.h"
#include "normalize/date_parser.h"
#include "tools/semak/code_words.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/query_file.h"
#include "tools/semak/session.h"
#include "tools/semak/table_writer.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},    {"enrol", "FILE", Say::monitor_enrol},
    {"purpose", "P", Say::monitor_purpose}, {"until", "YYYY-MM-DD", Say::monitor_until},
    {"consent", "", Say::monitor_consent},  {"rejects", "FILE", Say::monitor_rejects},
    {"list", "", Say::monitor_list},        {"alerts", "", Say::monitor_alerts},
    {"after", "ID", Say::monitor_after},    {"count", "N", Say::monitor_count},
    {"open", "", Say::monitor_open},        {"acknowledge", "ID", Say::monitor_acknowledge},
    {"end", "ID", Say::monitor_end},        {"catch-up", "", Say::monitor_catch_up},
    {"as", "FILE", Say::option_as},         {"format", "text|json", Say::option_format},
};

constexpr std::uint64_t kCountMax = 1'000'000;

struct Rejection {
  std::string query_id, reason;
};

struct EnrolTotals {
  std::uint64_t rows = 0, enrolled = 0, alerts = 0;
  std::vector<Rejection> rejected;
};

Status enrol_file(Office& office, QueryFile& file, const Enrolment& like, const Progress& progress,
                  EnrolTotals& totals) {
  constexpr std::size_t kAtOnce = 8192;
  std::vector<Query> queries;
  std::vector<RejectedRow> bad;
  for (bool more = true; more;) {
    SEMAK_TRY(more, file.next(queries, bad, kAtOnce));
    std::vector<Enrolment> people;
    std::vector<std::string> ids;
    for (Query& query : queries) {
      ++totals.rows;
      if (!query.problem.empty()) {
        totals.rejected.push_back({query.id, in_words(query.problem)});
        continue;
      }
      people.push_back(like);
      people.back().subject = std::move(query.subject);
      people.back().subject.purpose = like.subject.purpose;
      people.back().subject.consent = like.subject.consent;
      people.back().subject.reference = query.id;
      ids.push_back(query.id);
    }
    SEMAK_TRY(const Monitor::EnrolReport report, office.monitor().enrol(people, {}));
    totals.enrolled += report.enrolled;
    totals.alerts += report.alerts;
    for (const auto& [at, reason] : report.errors) totals.rejected.push_back({ids[at], in_words(reason)});
    if (progress) progress("enrolling", totals.rows, 0);
  }
  return {};
}

Status write_rejects(const std::string& path, const std::vector<Rejection>& rejected) {
  SEMAK_TRY(const auto writer, TableWriter::create(path, "", {{"query_id"}, {"reason"}}));
  for (const Rejection& one : rejected) {
    const std::array<std::string, 2> cells = {one.query_id, one.reason};
    SEMAK_TRY_STATUS(writer->write(cells));
  }
  return writer->commit();
}

int run_enrol(const Arguments& arguments, const std::string& format) {
  for (const char* needed : {"purpose", "until"}) {
    if (!arguments.has(needed)) {
      return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::case_needs, "enrol", needed)});
    }
  }
  if (!arguments.has("consent")) {
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::monitor_needs_consent)});
  }
  const auto until = parse_date(arguments.text("until"));
  if (!until || !until->has_day()) {
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::monitor_bad_until, arguments.text("until"))});
  }
  SEMAK_DO(QueryFile file, QueryFile::open(arguments.text("enrol")));
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const Policy policy, office->policies().find(arguments.text("purpose")));
  Enrolment like;
  SEMAK_DO(like.actor, actor_of(*office, arguments, Role::caseworker));
  like.policy_id = policy.id;
  like.until_ms = end_of_malaysian_day_ms(*until);
  like.subject.purpose = policy.name;
  like.subject.consent = true;
  EnrolTotals totals;
  SEMAK_DO_STATUS(enrol_file(*office, file, like, bar.progress(), totals));
  bar.finish();
  const std::string rejects = arguments.text("rejects", arguments.text("enrol") + ".rejects.csv");
  if (!totals.rejected.empty()) SEMAK_DO_STATUS(write_rejects(rejects, totals.rejected));
  for (const std::string& warning : file.source().warnings()) warn(printable(warning));
  if (format == "json") {
    print(json_text(boost::json::object{{"rows", totals.rows},
                                        {"enrolled", totals.enrolled},
                                        {"alerts", totals.alerts},
                                        {"rejected", totals.rejected.size()},
                                        {"rejects_file", totals.rejected.empty() ? "" : rejects}}) +
          "\n");
  } else {
    print(say(Say::monitor_enrolled, totals.enrolled, totals.rows, totals.alerts) + "\n");
    if (!totals.rejected.empty()) print(say(Say::monitor_rejected, totals.rejected.size(), rejects) + "\n");
  }
  return totals.rejected.empty() ? kDone : kDoneWithFindings;
}

boost::json::object enrolment_json(const Enrolment& one) {
  return {{"id", one.id},
          {"tenant", one.actor.tenant},
          {"by", one.actor.id},
          {"purpose", one.subject.purpose},
          {"policy", one.policy_id},
          {"reference", one.subject.reference},
          {"since", utc_time(one.since_ms)},
          {"until", utc_time(one.until_ms)},
          {"ended", one.ended},
          {"undecidable", one.undecidable}};
}

// Ids, dates and the requester's own references; names stay sealed.
int run_list(const Arguments& arguments, const std::string& format, std::uint64_t count) {
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const std::vector<Enrolment> found, office->monitor().enrolments({}, arguments.text("after"), count));
  bar.finish();
  if (format == "json") {
    boost::json::array list;
    for (const Enrolment& one : found) list.push_back(enrolment_json(one));
    print(json_text(boost::json::object{{"enrolments", std::move(list)}}) + "\n");
    return kDone;
  }
  TextTable table({say(Say::monitor_heading), say(Say::case_purpose), say(Say::monitor_reference),
                   say(Say::monitor_heading_until), say(Say::case_state)});
  for (const Enrolment& one : found) {
    const std::string state = one.undecidable.empty()
                                  ? say(one.ended ? Say::monitor_ended : Say::monitor_watched)
                                  : say(Say::monitor_not_screened, alert_reason_in_words(one.undecidable));
    table.add({one.id, one.subject.purpose, printable(one.subject.reference), malaysian_time(one.until_ms), state});
  }
  print(found.empty() ? say(Say::monitor_none) + "\n" : table.text(0, colours_on_output()));
  return kDone;
}

// What those who enrolled them call them, by enrolment: alerts name people by that alone, names stay sealed.
Result<std::map<std::string, std::string>> references_of(const Monitor& monitor, const std::vector<Alert>& alerts) {
  std::map<std::string, std::string> references;
  for (const Alert& alert : alerts) {
    if (alert.enrolment_id.empty() || references.contains(alert.enrolment_id)) continue;
    SEMAK_TRY(const auto enrolment, monitor.enrolment(alert.enrolment_id));
    references.emplace(alert.enrolment_id, enrolment ? enrolment->subject.reference : std::string());
  }
  return references;
}

boost::json::object alert_json(const Alert& alert, const std::string& reference) {
  return {{"id", alert.id},
          {"enrolment", alert.enrolment_id},
          {"reference", reference},
          {"tenant", alert.tenant},
          {"kind", to_string(alert.kind)},
          {"time", utc_time(alert.time_ms)},
          {"generation", alert.generation.value},
          {"register", alert.register_name},
          {"record", alert.record_id},
          {"revision", alert.revision.value},
          {"score", alert.score.value()},
          {"score_before", alert.score_before.value()},
          {"reason", alert.reason},
          {"policy", alert.policy_id},
          {"people", alert.people},
          {"acknowledged", alert.acknowledged}};
}

int run_alerts(const Arguments& arguments, const std::string& format, std::uint64_t count) {
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  AlertFilter filter;
  filter.after = arguments.text("after");
  filter.alerts_max = count;
  filter.unacknowledged = arguments.has("open");
  SEMAK_DO(const std::vector<Alert> found, office->monitor().alerts(filter));
  SEMAK_DO(auto references, references_of(office->monitor(), found));
  bar.finish();
  if (format == "json") {
    boost::json::array list;
    for (const Alert& alert : found) list.push_back(alert_json(alert, references[alert.enrolment_id]));
    print(json_text(boost::json::object{{"alerts", std::move(list)}}) + "\n");
    return kDone;
  }
  TextTable table({say(Say::monitor_alert), say(Say::monitor_kind), say(Say::monitor_time), say(Say::monitor_heading),
                   say(Say::monitor_reference), say(Say::monitor_register), say(Say::heading_record),
                   say(Say::monitor_reason)});
  for (const Alert& alert : found) {
    const std::string whom =
        alert.enrolment_id.empty() ? say(Say::monitor_all_of, alert.people, alert.policy_id) : alert.enrolment_id;
    table.add({alert.id, in_words(alert.kind), malaysian_time(alert.time_ms), whom,
               printable(references[alert.enrolment_id]), alert.register_name, printable(alert.record_id),
               alert_reason_in_words(alert.reason)});
  }
  print(found.empty() ? say(Say::monitor_no_alerts) + "\n" : table.text(0, colours_on_output()));
  return kDone;
}

int run_catch_up(const Arguments& arguments, const std::string& format) {
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const MonitorReport report, office->monitor().catch_up(bar.progress()));
  SEMAK_DO(const WatchHealth health, office->monitor().health());
  bar.finish();
  if (format == "json") {
    print(json_text(boost::json::object{{"from", report.from.value},
                                        {"to", report.to.value},
                                        {"changes", report.changes},
                                        {"watched", report.enrolled},
                                        {"new_hits", report.new_hits},
                                        {"changed", report.changed},
                                        {"cleared", report.cleared},
                                        {"rematched", report.rematched},
                                        {"undecided", health.total()}}) +
          "\n");
  } else {
    print(
        say(Say::monitor_caught_up, report.changes, report.enrolled, report.new_hits, report.changed, report.cleared) +
        "\n");
    if (report.rematched > 0) print(say(Say::monitor_rematched, report.rematched) + "\n");
    for (const auto& [reason, people] : health.undecided) {
      print(say(Say::monitor_undecided, people, alert_reason_in_words(reason)) + "\n");
    }
  }
  return health.total() == 0 ? kDone : kDoneWithFindings;
}

int run_one(const Arguments& arguments) {
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::caseworker));
  if (arguments.has("end")) {
    SEMAK_DO_STATUS(office->monitor().end(actor, arguments.text("end")));
  } else {
    SEMAK_DO_STATUS(office->monitor().acknowledge(actor, arguments.text("acknowledge")));
  }
  return kDone;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(const std::uint64_t count, arguments.number("count", 100, 1, kCountMax));
  constexpr std::string_view kDoings[] = {"enrol", "list", "alerts", "acknowledge", "end", "catch-up"};
  const auto given = [&](std::string_view doing) { return arguments.has(doing); };
  if (std::count_if(std::begin(kDoings), std::end(kDoings), given) != 1) {
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::monitor_one_thing)});
  }
  if (arguments.has("enrol")) return run_enrol(arguments, format);
  if (arguments.has("list")) return run_list(arguments, format, count);
  if (arguments.has("alerts")) return run_alerts(arguments, format, count);
  if (arguments.has("catch-up")) return run_catch_up(arguments, format);
  return run_one(arguments);
}

}  // namespace

const Verb kMonitor = {
    "monitor",
    Say::monitor_summary,
    kOptions,
    "",
    "semak monitor --db register.db --enrol staff.csv --purpose school_staff --until 2027-12-31 --consent",
    run};

}  // namespace semak
