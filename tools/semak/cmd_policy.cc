// semak policy: the policies in force, what one says, whether a file is one, and putting one in force.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/policies/policy_book.h"
#include "tools/semak/answer_text.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/policy_file.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::policy_db},      {"add", "FILE", Say::policy_add}, {"check", "FILE", Say::policy_check},
    {"show", "NAME", Say::policy_show}, {"as", "FILE", Say::option_as},   {"format", "text|json", Say::option_format},
};

std::string title_of(const Policy& policy) { return language() == Language::malay ? policy.title_ms : policy.title_en; }

std::string asks_in_words(const Policy& policy) {
  std::string text;
  const auto add = [&](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  for (const std::string& name : policy.registers) add(name);
  for (const RegisterKind kind : policy.kinds) add(to_string(kind));
  return text.empty() ? say(Say::policy_all_registers) : text;
}

boost::json::object policy_json(const Policy& policy) {
  boost::json::array registers, kinds, needs;
  for (const std::string& name : policy.registers) registers.emplace_back(name);
  for (const RegisterKind kind : policy.kinds) kinds.emplace_back(to_string(kind));
  for (const auto& line : policy.needs) {
    boost::json::array fields;
    for (const SubjectField field : line) fields.emplace_back(to_string(field));
    needs.push_back(std::move(fields));
  }
  boost::json::object sees;
  for (const Role role : {Role::submitter, Role::caseworker, Role::registrar, Role::auditor, Role::admin}) {
    sees[to_string(role)] = to_string(policy.sees[static_cast<std::size_t>(role)]);
  }
  return {{"name", policy.name},
          {"id", policy.id},
          {"title", boost::json::object{{"ms", policy.title_ms}, {"en", policy.title_en}}},
          {"registers", std::move(registers)},
          {"kinds", std::move(kinds)},
          {"standing", policy.standing},
          {"register_days_max", policy.register_days_max},
          {"needs", std::move(needs)},
          {"consent", policy.consent},
          {"top", policy.top},
          {"score_min_bits", policy.score_min.value()},
          {"score_min_with_number_bits", policy.score_min_with_number.value()},
          {"work_max", policy.work_max},
          {"refer_probability", policy.refer_probability},
          {"base_rate", policy.base_rate},
          {"valid_days", policy.valid_days},
          {"retain_days", policy.retain_days},
          {"case_days", policy.case_days},
          {"sees", std::move(sees)}};
}

std::string listed(const PolicyBook& book, bool json) {
  if (json) {
    boost::json::array all;
    for (const auto& [name, entry] : book.all()) all.push_back(policy_json(entry.policy));
    return json_text(boost::json::object{{"policies", std::move(all)}}) + "\n";
  }
  TextTable table({say(Say::policy_id), say(Say::policy_title), say(Say::policy_asks), say(Say::policy_refers),
                   say(Say::policy_valid)},
                  {false, false, false, true, true});
  for (const auto& [name, entry] : book.all()) {
    const Policy& policy = entry.policy;
    table.add({policy.id, title_of(policy), asks_in_words(policy), spell_percent(policy.refer_probability),
               std::to_string(policy.valid_days)});
  }
  return table.text(0, colours_on_output());
}

int show(const Arguments& arguments, const PolicyBook& book, const Office* office, bool json) {
  const std::string name = arguments.text("show");
  if (const auto found = book.all().find(name); found != book.all().end()) {
    const auto& [policy, toml] = found->second;
    print(json ? json_text(policy_json(policy)) + "\n" : "# " + policy.id + "\n" + toml);
    return kDone;
  }
  if (office != nullptr && name.find('@') != std::string::npos) {  // also one that is no longer in force
    SEMAK_DO(const Policy policy, office->policy_of(name));
    print(json_text(policy_json(policy)) + "\n");
    return kDone;
  }
  return misuse(arguments, book.find(name).error());
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  const bool json = format == "json";
  const int wishes = arguments.has("check") + arguments.has("show") + arguments.has("add");
  if (wishes > 1) return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::policy_one_wish)});
  if (arguments.has("add") && !arguments.has("db"))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::policy_add_needs_db)});
  if (arguments.has("check")) {
    SEMAK_DO(const PolicyFile file, read_policy_file(arguments.text("check")));
    print(json ? json_text(policy_json(file.policy)) + "\n" : say(Say::policy_good, file.policy.id) + "\n");
    return kDone;
  }
  std::unique_ptr<Office> office;
  if (arguments.has("db")) {
    ProgressBar bar;
    SEMAK_DO(office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  }
  if (arguments.has("add")) {
    SEMAK_DO(const PolicyFile file, read_policy_file(arguments.text("add")));
    SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::admin));
    SEMAK_DO(const Policy policy, office->put_policy(actor, file.toml, arguments.text("add")));
    print(json ? json_text(policy_json(policy)) + "\n" : say(Say::policy_in_force, policy.id) + "\n");
    return kDone;
  }
  const PolicyBook book = office ? office->policies() : PolicyBook::built_in();
  if (arguments.has("show")) return show(arguments, book, office.get(), json);
  print(listed(book, json));
  return kDone;
}

}  // namespace

const Verb kPolicy = {"policy", Say::policy_summary, kOptions, "", "semak policy --db register.db --add hostel.toml",
                      run};

}  // namespace semak
