// semak lookup: one person against the registers, for a person to read.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tools/semak/answer_text.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/policy_option.h"
#include "tools/semak/session.h"
#include "tools/semak/subject_options.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"name", "NAME", Say::lookup_name},
    {"id", "NUMBER", Say::lookup_id},
    {"born", "YYYY[-MM[-DD]]", Say::lookup_born},
    {"sex", "M|F", Say::lookup_sex},
    {"state", "STATE", Say::lookup_state},
    {"register", "NAME", Say::lookup_register},
    {"top", "K", Say::option_top},
    {"min-bits", "B", Say::option_min_bits},
    {"policy", "NAME", Say::option_policy},
    {"consent", "", Say::option_consent},
    {"explain", "", Say::lookup_explain},
    {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

boost::json::object record_json(const Record& record) {
  boost::json::array names, numbers;
  for (const TypedName& name : record.names)
    names.push_back(boost::json::object{{"type", to_string(name.type)}, {"text", name.text}});
  for (const TypedNumber& number : record.numbers)
    numbers.push_back(boost::json::object{{"kind", to_string(number.kind)}, {"text", number.text}});
  boost::json::object fields;
  for (const auto& [name, text] : record.fields) fields[name] = text;
  return {{"id", record.id},
          {"names", names},
          {"numbers", numbers},
          {"date_of_birth", to_string(record.dob)},
          {"sex", to_string(record.sex)},
          {"nationality", record.nationality},
          {"state", record.state},
          {"fields", fields}};
}

std::string record_text(const Record& record) {
  std::string out;
  auto line = [&](Say label, const std::string& text) {
    if (!text.empty()) out += fmt::format("   {:<14} {}\n", say(label), printable(text));
  };
  for (std::size_t i = 0; i < record.names.size(); ++i)
    line(i == 0 ? Say::label_name : Say::label_also, record.names[i].text);
  for (const TypedNumber& number : record.numbers) line(Say::label_number, number.text);
  line(Say::label_born, to_string(record.dob));
  line(Say::label_sex, to_string(record.sex));
  line(Say::label_state, record.state);
  return out;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(const Subject subject, subject_options(arguments));

  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_ASK(Policy policy, policy_option(arguments, office->policies()));
  const auto world = office->engine().world();
  SEMAK_DO_STATUS(check_register(*world, arguments.text("register")));
  ask_only(policy, *world, arguments.text("register"));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::caseworker));
  SEMAK_DO(const auto answers, office->lookup_many(actor, policy, {&subject, 1}));
  const Answer& answer = answers.front();
  bar.finish();

  boost::json::array hits;
  std::string text = outcome_in_words(answer) + "\n";
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    const Hit& hit = answer.hits[i];
    SEMAK_DO(const RecordRevision revision, office->engine().store().revision(hit.revision));
    if (format == "json") {
      boost::json::object object = hit_json(hit, static_cast<int>(i + 1));
      object["record"] = record_json(revision.record);
      hits.push_back(std::move(object));
      continue;
    }
    text += "\n" +
            say(Say::lookup_hit, i + 1, hit.register_name, printable(hit.record_id), spell_score(hit.score),
                spell_percent(hit.probability)) +
            "\n" + record_text(revision.record);
    if (arguments.has("explain")) text += "\n" + evidence_table(hit, 3, colours_on_output());
  }
  if (format == "json") {
    text = json_text(boost::json::object{{"outcome", to_string(answer.outcome)},
                                         {"reason", to_string(answer.reason)},
                                         {"generation", answer.generation.value},
                                         {"policy", policy.name},
                                         {"hits", std::move(hits)}}) +
           "\n";
  } else if (!answer.hits.empty()) {
    text += "\n" + say(Say::name_is_no_proof) + "\n";
    if (!arguments.has("explain")) text += say(Say::lookup_try_explain) + "\n";
  }
  print(text);
  return answer.outcome == Outcome::incomplete ? kDoneWithFindings : kDone;
}

}  // namespace

const Verb kLookup = {"lookup",
                      Say::lookup_summary,
                      kOptions,
                      "",
                      "semak lookup --db register.db --name \"Siti Aminah bt Hassan\" --born 1985 --explain",
                      run};

}  // namespace semak
