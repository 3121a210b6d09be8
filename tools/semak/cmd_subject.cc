// semak subject-report and semak erase: what is held about a person, and its end.
#include <boost/json/object.hpp>
#include <chrono>

#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/output_file.h"
#include "tools/semak/session.h"
#include "tools/semak/subject_options.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kReportOptions[] = {
    {"db", "DIR", Say::option_db, true}, {"name", "NAME", Say::lookup_name},
    {"id", "NUMBER", Say::lookup_id},    {"born", "YYYY[-MM[-DD]]", Say::lookup_born},
    {"sex", "M|F", Say::lookup_sex},     {"out", "FILE", Say::report_out},
    {"as", "FILE", Say::option_as},      {"format", "text|json", Say::report_format},
};

constexpr Option kEraseOptions[] = {
    {"db", "DIR", Say::option_db, true},         {"check", "ID", Say::erase_check},
    {"reason", "TEXT", Say::case_reason},        {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int run_report(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(const Subject subject, subject_options(arguments));
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::registrar));
  SEMAK_DO(const std::string report, office->subject_report(actor, subject));
  bar.finish();
  const std::string out = output_name(arguments, "out");
  SEMAK_DO(OutputFile file, OutputFile::create(out.empty() ? "-" : out));
  SEMAK_DO_STATUS(file.write(report + "\n"));
  SEMAK_DO_STATUS(file.commit());
  if (out.empty() || out == "-") return kDone;
  print((format == "json" ? json_text(boost::json::object{{"report", out}}) : say(Say::report_done, out)) + "\n");
  return kDone;
}

int run_erase(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("check") && arguments.text("reason").empty())
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::case_needs, "check", "reason")});
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::registrar));
  std::uint64_t erased = 1;
  if (arguments.has("check")) {
    SEMAK_DO_STATUS(office->casework().erase(actor, arguments.text("check"), arguments.text("reason")));
  } else {
    SEMAK_DO(erased, office->erase_due(actor, now_ms()));
  }
  bar.finish();
  print(format == "json" ? json_text(boost::json::object{{"erased", erased}}) + "\n"
                         : say(Say::erase_done, erased) + "\n");
  return kDone;
}

}  // namespace

const Verb kSubjectReport = {
    "subject-report",
    Say::report_summary,
    kReportOptions,
    "",
    "semak subject-report --db register.db --name \"Siti Aminah bt Hassan\" --id 850311-03-5228 --out report.json",
    run_report};

const Verb kErase = {"erase", Say::erase_summary, kEraseOptions, "", "semak erase --db register.db", run_erase};

}  // namespace semak
