// What is held about a person, for an access request. Checks are found by the subject as given and by each identity
// number; records only where a number is the same, since a namesake's data are not the asker's to see.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/casework/subject_marks.h"
#include "engine/office/check_view.h"
#include "engine/office/office_impl.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kLookupsMax = 10'000;
constexpr int kRecordsMax = 50;  // of each register

json::object subject_json(const Subject& subject) {
  json::array names, numbers;
  for (const TypedName& name : subject.names) names.push_back({{"type", to_string(name.type)}, {"text", name.text}});
  for (const TypedNumber& number : subject.numbers) {
    numbers.push_back({{"kind", to_string(number.kind)}, {"text", number.text}});
  }
  return {{"names", std::move(names)},
          {"numbers", std::move(numbers)},
          {"date_of_birth", to_string(subject.dob)},
          {"sex", to_string(subject.sex)},
          {"state", subject.state}};
}

json::object case_json(const Case& the_case) {
  json::array events;
  for (const CaseEvent& event : the_case.events) {
    json::object line{{"time", utc_time(event.time_ms)}, {"event", to_string(event.kind)}, {"by", event.actor.id}};
    if (event.candidate >= 0) line["candidate"] = event.candidate;
    if (!event.text.empty()) line["text"] = event.text;
    events.push_back(std::move(line));
  }
  return {{"id", the_case.id}, {"state", to_string(the_case.state)}, {"events", std::move(events)}};
}

json::object record_json(const Hit& hit, const Record& record) {
  json::array names, numbers;
  for (const TypedName& name : record.names) names.emplace_back(name.text);
  for (const TypedNumber& number : record.numbers) numbers.emplace_back(number.text);
  json::object fields;
  for (const auto& [name, text] : record.fields) fields[name] = text;
  return {{"register", hit.register_name},  {"record_id", hit.record_id},
          {"revision", hit.revision.value}, {"names", std::move(names)},
          {"numbers", std::move(numbers)},  {"date_of_birth", to_string(record.dob)},
          {"sex", to_string(record.sex)},   {"nationality", record.nationality},
          {"state", record.state},          {"fields", std::move(fields)}};
}

bool has_same_number(const Hit& hit) {
  for (const Evidence& line : hit.evidence) {
    if (line.aspect == Aspect::number && line.agreement == Agreement::equal) return true;
  }
  return false;
}

Result<json::array> checks_json(const Casework& casework, const Subject& subject) {
  SEMAK_TRY(const auto checks, casework.checks_about(subject));
  json::array out;
  for (const Check& check : checks) {
    json::object line = check_json(check, View::outcome);
    line["asked_by"] = check.actor.tenant;
    line["subject"] = subject_json(check.request.subject);
    line["consent"] = check.request.subject.consent;
    if (!check.case_id.empty()) {
      SEMAK_TRY(const auto found, casework.find_case(check.case_id));
      if (found) line["case"] = case_json(*found);
    }
    out.push_back(std::move(line));
  }
  return out;
}

Result<json::array> lookups_json(const AuditLog& audit, const std::string& mark) {
  AuditFilter filter;
  filter.entries_max = kLookupsMax;
  filter.kind = AuditKind::lookup;
  filter.object = mark;
  SEMAK_TRY(const auto entries, audit.entries(filter));
  json::array out;
  for (const AuditEntry& entry : entries) {
    out.push_back({{"time", utc_time(entry.time_ms)},
                   {"by", entry.event.actor.id},
                   {"tenant", entry.event.actor.tenant},
                   {"audit_sequence", entry.sequence}});
  }
  return out;
}

json::array enrolments_json(const std::vector<Enrolment>& enrolments) {
  json::array out;
  for (const Enrolment& enrolment : enrolments) {
    out.push_back({{"id", enrolment.id},
                   {"tenant", enrolment.actor.tenant},
                   {"purpose", enrolment.subject.purpose},
                   {"since", utc_time(enrolment.since_ms)},
                   {"until", utc_time(enrolment.until_ms)},
                   {"ended", enrolment.ended}});
  }
  return out;
}

}  // namespace

Result<std::string> Office::subject_report(const Actor& actor, const Subject& subject) {
  if (subject.names.empty() && folded_numbers(subject).empty()) {
    return Error{ErrorCode::invalid_input, "a report needs the person's name and, to find more, identity numbers"};
  }
  const std::string mark = impl_->keys->mark(kSubjectMark, subject_fingerprint(subject));
  SEMAK_TRY(json::array checks, checks_json(*impl_->casework, subject));
  SEMAK_TRY(json::array lookups, lookups_json(impl_->desk->audit(), mark));
  SEMAK_TRY(const auto enrolments, impl_->monitor->enrolments_of(subject));

  const auto published = impl_->engine->store().published();
  LookupRequest everywhere;
  everywhere.subject = subject;
  everywhere.top = kRecordsMax;
  for (const auto& [name, entry] : published->registers) everywhere.registers.push_back(name);
  json::array records;
  if (!everywhere.registers.empty()) {
    SEMAK_TRY(const Policy policy, impl_->lookup_policy(everywhere));
    ScreenerPool::Lease screener = impl_->screeners->take();
    SEMAK_TRY(const Answer answer, impl_->answer(*screener, subject, policy, Detail::evidence, {}));
    for (const Hit& hit : answer.hits) {
      if (!has_same_number(hit)) continue;
      SEMAK_TRY(const RecordRevision revision, impl_->engine->store().revision(hit.revision));
      records.push_back(record_json(hit, revision.record));
    }
  }
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = actor;
  event.object = mark;
  event.details = AuditDetails()
                      .text("event", "subject report")
                      .number("checks", static_cast<std::int64_t>(checks.size()))
                      .number("enrolments", static_cast<std::int64_t>(enrolments.size()))
                      .number("lookups", static_cast<std::int64_t>(lookups.size()))
                      .number("records", static_cast<std::int64_t>(records.size()))
                      .json();
  SEMAK_TRY_STATUS(committed(impl_->desk->commit({}, {std::move(event)})));
  const json::object report{
      {"subject", subject_json(subject)}, {"time", utc_time(clock_ms())},  {"generation", published->generation.value},
      {"checks", std::move(checks)},      {"lookups", std::move(lookups)}, {"enrolments", enrolments_json(enrolments)},
      {"records", std::move(records)}};
  return json::serialize(report);
}

}  // namespace semak
