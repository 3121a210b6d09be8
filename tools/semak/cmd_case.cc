// semak case: referrals on their way to a decision.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/casework/different_people.h"
#include "engine/malaysian_time.h"
#include "engine/office/check_view.h"
#include "tools/semak/actor_names.h"
#include "tools/semak/answer_text.h"
#include "tools/semak/code_words.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},     {"show", "ID", Say::case_show},
    {"assign", "ID", Say::case_assign},      {"to", "NAME", Say::case_to},
    {"note", "ID", Say::case_note},          {"decide", "ID", Say::case_decide},
    {"candidate", "N", Say::case_candidate}, {"verdict", "same|not-same|need-more", Say::case_verdict},
    {"reopen", "ID", Say::case_reopen},      {"reason", "TEXT", Say::case_reason},
    {"closed", "", Say::case_closed},        {"count", "N", Say::case_count},
    {"as", "FILE", Say::option_as},          {"format", "text|json", Say::option_format},
};

constexpr std::string_view kDeeds[] = {"show", "assign", "note", "decide", "reopen"};
constexpr std::string_view kVerdicts[] = {"same", "not-same", "need-more"};
constexpr Verdict kMeant[] = {Verdict::same_person, Verdict::not_same, Verdict::need_more};

boost::json::object case_json(const Case& the_case) {
  boost::json::array candidates, events;
  for (const Case::Candidate& candidate : the_case.candidates) {
    boost::json::object line = hit_json(candidate.hit);
    line["verdict"] = candidate.decided ? to_string(candidate.verdict) : "";
    line["proposed_by"] = candidate.proposed_by;
    line["earlier_case"] = candidate.earlier_case;
    line["gone"] = candidate.gone;
    candidates.push_back(std::move(line));
  }
  for (const CaseEvent& event : the_case.events) {
    events.push_back(boost::json::object{{"event", to_string(event.kind)},
                                         {"time", utc_time(event.time_ms)},
                                         {"by", event.actor.id},
                                         {"candidate", event.candidate},
                                         {"verdict", event.candidate < 0 ? "" : to_string(event.verdict)},
                                         {"text", event.text}});
  }
  return {{"id", the_case.id},
          {"check_id", the_case.check_id},
          {"tenant", the_case.tenant},
          {"purpose", the_case.purpose},
          {"reference", the_case.reference},
          {"state", to_string(the_case.state)},
          {"assignee", the_case.assignee},
          {"opened", utc_time(the_case.opened_ms)},
          {"due", utc_time(the_case.due_ms)},
          {"priority", the_case.priority},
          {"version", the_case.version},
          {"candidates", std::move(candidates)},
          {"events", std::move(events)}};
}

std::string candidate_text(const Case::Candidate& candidate, std::size_t number, const ActorNames& names) {
  const Hit& hit = candidate.hit;
  std::string out = say(Say::lookup_hit, number, hit.register_name, printable(hit.record_id), spell_score(hit.score),
                        spell_percent(hit.probability)) +
                    "\n";
  if (candidate.gone) out += "   " + say(Say::case_gone) + "\n";
  if (hit.under_appeal) out += "   " + say(Say::case_under_appeal) + "\n";
  if (candidate.decided) out += fmt::format("   {}\n", in_words(candidate.verdict));
  if (!candidate.proposed_by.empty()) out += "   " + say(Say::case_proposed, names.text(candidate.proposed_by)) + "\n";
  return out + evidence_table(hit, 3, colours_on_output());
}

std::string case_text(const Case& the_case, const ActorNames& names) {
  std::string out = fmt::format("{} {}: {}\n", say(Say::case_heading), the_case.id, in_words(the_case.state));
  const auto line = [&](Say label, const std::string& text) {
    if (!text.empty()) out += fmt::format("  {:<12} {}\n", say(label), printable(text));
  };
  line(Say::check_id, the_case.check_id);
  line(Say::case_purpose, the_case.purpose);
  line(Say::case_reference, the_case.reference);
  line(Say::case_priority, priority_in_words(the_case.priority));
  line(Say::case_assignee, names.text(the_case.assignee));
  line(Say::case_due, malaysian_time(the_case.due_ms));
  for (std::size_t i = 0; i < the_case.candidates.size(); ++i) {
    out += "\n" + candidate_text(the_case.candidates[i], i + 1, names);
  }
  out += "\n";
  for (const CaseEvent& event : the_case.events) {
    const std::string what = in_words(event.kind);
    out += malaysian_time(event.time_ms) + "  " +
           (event.candidate < 0 ? what
                                : say(Say::case_event_candidate, what, event.candidate + 1, in_words(event.verdict)));
    out += fmt::format(" {} {}", say(Say::case_by), names.text(event.actor.id));
    const bool whom = event.kind == CaseEvent::Kind::assigned;
    if (!event.text.empty()) out += ": " + (whom ? names.text(event.text) : printable(event.text));
    out += "\n";
  }
  return out;
}

int list(Office& office, const Arguments& arguments, const std::string& format) {
  CaseFilter filter;
  filter.closed = arguments.has("closed");
  SEMAK_ASK(filter.cases_max, arguments.number("count", 50, 1, 10'000));
  SEMAK_DO(const auto cases, office.casework().queue(filter));
  SEMAK_DO(const CaseCounts counts, office.casework().counts());
  SEMAK_DO(const ActorNames names, actor_names(office.desk()));
  if (format == "json") {
    boost::json::array lines;
    for (const Case& one : cases) lines.push_back(case_json(one));
    print(json_text(boost::json::object{{"open", counts.open},
                                        {"awaiting_second", counts.awaiting_second},
                                        {"needs_more", counts.needs_more},
                                        {"overdue", counts.overdue},
                                        {"cases", std::move(lines)}}) +
          "\n");
    return kDone;
  }
  if (cases.empty()) return print(say(Say::case_none) + "\n"), kDone;
  TextTable table({say(Say::case_heading), say(Say::case_state), say(Say::case_priority), say(Say::case_due),
                   say(Say::case_purpose), say(Say::case_assignee)},
                  {false, false, false, false, false, false});
  for (const Case& one : cases) {
    table.add({one.id, in_words(one.state), priority_in_words(one.priority), malaysian_time(one.due_ms), one.purpose,
               names.text(one.assignee)});
  }
  print(table.text(0, colours_on_output()) + "\n" +
        say(Say::case_counts, counts.open, counts.awaiting_second, counts.needs_more, counts.overdue) + "\n");
  return kDone;
}

Result<int> candidate_of(const Arguments& arguments, const Case& the_case) {
  const std::size_t count = the_case.candidates.size();
  if (!arguments.has("candidate")) {
    if (count == 1) return 0;
    return Error{ErrorCode::invalid_input, say(Say::case_which_candidate, count)};
  }
  SEMAK_TRY(const std::uint64_t number, arguments.number("candidate", 1, 1, std::max<std::size_t>(count, 1)));
  return static_cast<int>(number) - 1;
}

Result<Verdict> verdict_of(const Arguments& arguments) {
  if (!arguments.has("verdict")) return Error{ErrorCode::invalid_input, say(Say::case_needs, "decide", "verdict")};
  SEMAK_TRY(const std::string word, arguments.choice("verdict", kVerdicts));
  std::size_t i = 0;
  while (kVerdicts[i] != word) ++i;
  return kMeant[i];
}

Result<Case> change(Office& office, const Arguments& arguments, std::string_view deed, const Case& the_case) {
  Casework& casework = office.casework();
  SEMAK_TRY(const Actor actor, actor_of(office, arguments, Role::caseworker));
  const std::string reason = arguments.text("reason");
  if (deed == "assign") {
    std::string assignee(person_of(actor.id));
    if (arguments.has("to")) {
      SEMAK_TRY(assignee, person_named(office, arguments.text("to")));
    }
    return casework.assign(actor, the_case.id, the_case.version, std::move(assignee));
  }
  if (reason.empty()) return Error{ErrorCode::invalid_input, say(Say::case_needs, deed, "reason")};
  if (deed == "note") return casework.note(actor, the_case.id, the_case.version, reason);
  if (deed == "reopen") return casework.reopen(actor, the_case.id, the_case.version, reason);
  SEMAK_TRY(const Verdict verdict, verdict_of(arguments));
  SEMAK_TRY(const int candidate, candidate_of(arguments, the_case));
  return casework.decide(actor, the_case.id, the_case.version, candidate, verdict, reason);
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  std::string_view deed;
  for (const std::string_view each : kDeeds) {
    if (!arguments.has(each)) continue;
    if (!deed.empty()) return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::case_one_thing)});
    deed = each;
  }
  for (const std::string& word : arguments.positional()) {
    if (word != "list" || !deed.empty())
      return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::case_one_thing)});
  }
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  bar.finish();
  if (deed.empty()) return list(*office, arguments, format);
  const std::string id = arguments.text(deed);
  SEMAK_DO(auto found, office->casework().find_case(id));
  if (!found) return fail(Error{ErrorCode::not_found, say(Say::case_unknown, id)});
  if (deed != "show") {
    SEMAK_DO(found, change(*office, arguments, deed, *found));
  }
  SEMAK_DO(const ActorNames names, actor_names(office->desk()));
  print(format == "json" ? json_text(case_json(*found)) + "\n" : case_text(*found, names));
  return kDone;
}

}  // namespace

const Verb kCase = {"case",
                    Say::case_summary,
                    kOptions,
                    "[list]",
                    "semak case --db register.db --decide 01JD... --verdict same --reason \"same MyKad and photo\" "
                    "--as aminah.key",
                    run};

}  // namespace semak
