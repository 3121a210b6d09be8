// semak policy: the policies there are, what one says, and whether a file is one.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/policies/policy_book.h"
#include "tools/semak/answer_text.h"
#include "tools/semak/json_text.h"
#include "tools/semak/policy_file.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"check", "FILE", Say::policy_check},
    {"show", "NAME", Say::policy_show},
    {"format", "text|json", Say::option_format},
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

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  const bool json = format == "json";
  if (arguments.has("check")) {
    SEMAK_DO(const PolicyFile file, read_policy_file(arguments.text("check")));
    print(json ? json_text(policy_json(file.policy)) + "\n" : say(Say::policy_good, file.policy.id) + "\n");
    return kDone;
  }
  const PolicyBook& book = PolicyBook::built_in();
  if (arguments.has("show")) {
    const auto found = book.all().find(arguments.text("show"));
    if (found == book.all().end()) return misuse(arguments, book.find(arguments.text("show")).error());
    print(json ? json_text(policy_json(found->second.policy)) + "\n"
               : "# " + found->second.policy.id + "\n" + found->second.toml);
    return kDone;
  }
  print(listed(book, json));
  return kDone;
}

}  // namespace

const Verb kPolicy = {"policy", Say::policy_summary, kOptions, "", "semak policy --show school_staff", run};

}  // namespace semak
