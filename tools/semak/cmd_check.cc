// semak check: one person for a purpose, kept and audited, with a receipt to take home.
#include <boost/json/object.hpp>
#include <optional>

#include "engine/malaysian_time.h"
#include "engine/office/check_view.h"
#include "tools/semak/answer_text.h"
#include "tools/semak/code_words.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/output_file.h"
#include "tools/semak/session.h"
#include "tools/semak/subject_options.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"purpose", "P", Say::check_purpose, true},
    {"name", "NAME", Say::lookup_name},
    {"id", "NUMBER", Say::lookup_id},
    {"born", "YYYY[-MM[-DD]]", Say::lookup_born},
    {"sex", "M|F", Say::lookup_sex},
    {"state", "STATE", Say::lookup_state},
    {"reference", "R", Say::check_reference},
    {"consent", "", Say::option_consent},
    {"child", "REF", Say::check_child},
    {"child-born", "YYYY-MM-DD", Say::check_child_born},
    {"as-of", "YYYY-MM-DD", Say::check_as_of},
    {"receipt", "FILE", Say::check_receipt},
    {"role", "ROLE", Say::check_role},
    {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

constexpr std::string_view kRoles[] = {"submitter", "caseworker", "registrar", "auditor", "admin"};

std::string outcome_line(const Check& check, View view) {
  Answer now = check.answer;
  now.outcome = check.outcome;
  if (view < View::comparison && check.outcome == Outcome::refer) return say(Say::check_under_verification);
  return outcome_in_words(now);
}

std::string standing_text(const Standing& standing) {
  std::string text = in_words(standing.state);
  if (standing.valid_from.known() || standing.valid_to.known()) {
    text += fmt::format(" ({} .. {})", to_string(standing.valid_from), to_string(standing.valid_to));
  }
  return text;
}

std::string as_text(const Check& check, View view) {
  if (view == View::nothing) return say(Say::check_nothing_to_see) + "\n";
  std::string out = outcome_line(check, view) + "\n\n";
  const auto line = [&](Say label, const std::string& text) {
    if (!text.empty()) out += fmt::format("{:<14} {}\n", say(label), printable(text));
  };
  line(Say::check_id, check.id);
  line(Say::check_policy, check.policy_id);
  line(Say::check_time, say(Say::check_generation, malaysian_time(check.time_ms), check.answer.generation.value));
  if (check.valid_until_ms > 0) line(Say::check_valid_until, malaysian_time(check.valid_until_ms));
  if (check.answer.standing) line(Say::check_standing, standing_text(*check.answer.standing));
  line(Say::check_case, check.case_id);
  for (std::size_t i = 0; i < check.answer.hits.size(); ++i) {
    const Hit& hit = check.answer.hits[i];
    out += "\n" +
           say(Say::lookup_hit, i + 1, hit.register_name, printable(hit.record_id), spell_score(hit.score),
               spell_percent(hit.probability)) +
           "\n" + evidence_table(hit, 3, colours_on_output());
  }
  if (!check.answer.hits.empty()) out += "\n" + say(Say::name_is_no_proof) + "\n";
  return out;
}

Status write_receipt(OutputFile& file, const std::string& path, const Check& check, const Receipt& receipt) {
  const bool letter = path.ends_with(".html") || path.ends_with(".htm");
  const std::string tongue = language() == Language::malay ? "ms" : "en";
  SEMAK_TRY_STATUS(file.write(letter ? receipt_letter(receipt, check.request.subject, tongue, "", check.salt)
                                     : to_json(HeldReceipt{receipt, check.salt}) + "\n"));
  return file.commit();
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  std::optional<Role> role;
  if (arguments.has("role")) {
    SEMAK_ASK(const std::string wanted, arguments.choice("role", kRoles));
    role = role_from(wanted);
  }
  CheckRequest request;
  SEMAK_ASK(request.subject, subject_options(arguments));
  request.subject.purpose = arguments.text("purpose");
  request.subject.reference = arguments.text("reference");
  SEMAK_ASK(request.as_of, date_option(arguments, "as-of"));
  if (arguments.has("child") || arguments.has("child-born")) {
    ChildQuery child;
    child.reference = arguments.text("child");
    SEMAK_ASK(child.dob, date_option(arguments, "child-born"));
    request.child = child;
  }

  const std::string receipt_file = output_name(arguments, "receipt");
  std::optional<OutputFile> file;  // first: a check that is made and then not shown would be asked twice
  if (!receipt_file.empty()) {
    SEMAK_DO(file, OutputFile::create(receipt_file));
  }
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_ASK(const Policy policy, office->policies().find(request.subject.purpose));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, role));
  SEMAK_DO(const Check check, office->check(actor, request));
  bar.finish();
  const Receipt receipt = office->receipt(check);
  if (file) SEMAK_DO_STATUS(write_receipt(*file, receipt_file, check, receipt));

  const View view = Office::view(policy, actor.role);
  if (format == "json") {
    print(json_text(check_json(check, view, view == View::nothing ? nullptr : &receipt)) + "\n");
  } else {
    print(as_text(shaped(check, view), view));
    if (arguments.has("receipt")) print(say(Say::check_receipt_written, arguments.text("receipt")) + "\n");
  }
  return check.outcome == Outcome::incomplete ? kDoneWithFindings : kDone;
}

}  // namespace

const Verb kCheck = {"check",
                     Say::check_summary,
                     kOptions,
                     "",
                     "semak check --db register.db --purpose school_staff --name \"Siti Aminah bt Hassan\" "
                     "--id 850311-03-5228 --consent --reference HR-17 --receipt receipt.html",
                     run};

}  // namespace semak
