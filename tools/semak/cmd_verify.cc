// semak verify: is the database whole, and do look-ups lose anything.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/screen/verify.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true}, {"recall", "N", Say::verify_recall},         {"top", "K", Say::verify_top},
    {"seed", "S", Say::verify_seed},     {"format", "text|json", Say::option_format},
};

std::string as_json(const VerifyReport& report, double seconds) {
  boost::json::array findings;
  for (const std::string& finding : report.findings) findings.emplace_back(finding);
  return json_text(boost::json::object{{"clean", report.clean()},
                                       {"generation", report.generation.value},
                                       {"registers", report.registers},
                                       {"records", report.records},
                                       {"revisions", report.revisions},
                                       {"loads", report.loads},
                                       {"indexed_people", report.indexed_people},
                                       {"recall_subjects", report.recall_subjects},
                                       {"recall_hits", report.recall_hits},
                                       {"recall_missing", report.recall_missing},
                                       {"recall_too_vague", report.recall_too_vague},
                                       {"findings_total", report.findings_total},
                                       {"findings", findings},
                                       {"seconds", seconds}}) +
         "\n";
}

std::string as_text(const VerifyReport& report, double seconds) {
  TextTable table({say(Say::verify_checked), ""}, {false, true});
  table.add({say(Say::verify_registers), group_digits(report.registers)});
  table.add({say(Say::verify_records), group_digits(report.records)});
  table.add({say(Say::verify_revisions), group_digits(report.revisions)});
  table.add({say(Say::verify_loads), group_digits(report.loads)});
  table.add({say(Say::verify_indexed), group_digits(report.indexed_people)});
  if (report.recall_subjects > 0) {
    table.add({say(Say::verify_recall_subjects), group_digits(report.recall_subjects)});
    table.add({say(Say::verify_recall_hits), group_digits(report.recall_hits)});
    table.add({say(Say::verify_recall_missing), group_digits(report.recall_missing)});
    table.add({say(Say::verify_recall_too_vague), group_digits(report.recall_too_vague)});
  }
  std::string out = table.text(0, colours_on_output()) + "\n";
  for (const std::string& finding : report.findings) out += fmt::format("! {}\n", printable(finding));
  if (report.clean()) return out + say(Say::verify_clean, report.generation.value, spell_duration(seconds)) + "\n";
  return out + say(Say::verify_not_clean, group_digits(report.findings_total)) + "\n";
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  VerifyOptions options;
  SEMAK_ASK(options.recall_subjects, arguments.number("recall", 0, 0, 10'000'000));
  SEMAK_ASK(options.seed, arguments.number("seed", options.seed, 0, UINT64_MAX));
  SEMAK_ASK(const std::uint64_t top, arguments.number("top", static_cast<std::uint64_t>(options.top), 1, 1000));
  options.top = static_cast<int>(top);
  const auto begun = std::chrono::steady_clock::now();
  ProgressBar bar;
  SEMAK_DO(const auto engine, open_database(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const VerifyReport report, verify(*engine, options, bar.progress()));
  bar.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  print(format == "json" ? as_json(report, seconds) : as_text(report, seconds));
  return report.clean() ? kDone : kDoneWithFindings;
}

}  // namespace

const Verb kVerify = {"verify", Say::verify_summary, kOptions, "", "semak verify --db register.db --recall 1000", run};

}  // namespace semak
