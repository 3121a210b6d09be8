#include "engine/office/check_view.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace semak {
namespace {

boost::json::object evidence_json(const Evidence& line) {
  return {{"aspect", to_string(line.aspect)},
          {"agreement", to_string(line.agreement)},
          {"subject", line.subject_value},
          {"record", line.record_value},
          {"weight_centibits", std::lround(line.weight.value() * 100)}};
}

boost::json::object standing_json(const Standing& standing, View view) {
  boost::json::object out{{"state", to_string(standing.state)}, {"as_of", to_string(standing.as_of)}};
  if (standing.valid_from.known()) out["valid_from"] = to_string(standing.valid_from);
  if (standing.valid_to.known()) out["valid_to"] = to_string(standing.valid_to);
  if (!standing.child_reference.empty()) out["child_reference"] = standing.child_reference;
  if (view < View::comparison || standing.record_id.empty()) return out;
  out["register"] = standing.register_name;
  out["record_id"] = standing.record_id;
  out["revision"] = standing.revision.value;
  if (!standing.order.empty()) out["order"] = standing.order;
  if (!standing.section.empty()) out["section"] = standing.section;
  return out;
}

bool under_verification(const Check& check) { return check.outcome == Outcome::refer; }

}  // namespace

std::string_view shown_outcome(const Check& check) {
  return under_verification(check) ? "under_verification" : to_string(check.outcome);
}

std::string utc_time(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(time_ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

Check shaped(const Check& check, View view) {
  if (view == View::nothing) {
    Check nothing;
    nothing.id = check.id;
    return nothing;
  }
  Check out = check;
  if (view >= View::comparison) return out;
  out.answer.hits.clear();
  out.answer.outcome = out.outcome;
  if (out.outcome != Outcome::incomplete) out.answer.reason = IncompleteReason::none;
  out.case_id.clear();
  out.subject_mark.clear();
  if (out.answer.standing) {
    Standing& standing = *out.answer.standing;
    standing.register_name.clear();
    standing.record_id.clear();
    standing.revision = {};
    standing.order.clear();
    standing.section.clear();
  }
  return out;
}

boost::json::object hit_json(const Hit& hit) {
  boost::json::array evidence;
  for (const Evidence& line : hit.evidence) evidence.push_back(evidence_json(line));
  return {{"register", hit.register_name},
          {"record_id", hit.record_id},
          {"revision", hit.revision.value},
          {"score_centibits", std::lround(hit.score.value() * 100)},
          {"probability_bp", std::lround(hit.probability * 10'000)},
          {"refers", hit.refers},
          {"under_appeal", hit.under_appeal},
          {"evidence", std::move(evidence)}};
}

boost::json::object check_json(const Check& whole, View view, const Receipt* receipt) {
  const Check check = shaped(whole, view);
  boost::json::object out{{"id", check.id}};
  if (view == View::nothing) return out;
  out["outcome"] = shown_outcome(check);
  if (check.outcome == Outcome::incomplete) out["reason"] = to_string(check.answer.reason);
  out["as_of"] = boost::json::object{{"generation", check.answer.generation.value}, {"time", utc_time(check.time_ms)}};
  out["policy"] = check.policy_id;
  out["purpose"] = check.request.subject.purpose;
  out["reference"] = check.request.subject.reference;
  if (check.valid_until_ms > 0) out["valid_until"] = utc_time(check.valid_until_ms);
  if (check.answer.standing) out["standing"] = standing_json(*check.answer.standing, view);
  if (!check.batch_id.empty()) out["batch_id"] = check.batch_id;
  if (check.erased) out["erased"] = true;
  if (view >= View::comparison) {
    boost::json::array hits;
    for (const Hit& hit : check.answer.hits) hits.push_back(hit_json(hit));
    out["hits"] = std::move(hits);
    if (!check.case_id.empty()) out["case_id"] = check.case_id;
  }
  if (receipt != nullptr) out["receipt"] = boost::json::parse(to_json(*receipt));
  return out;
}

}  // namespace semak
