// semak verify: is the database whole, and do look-ups lose anything; with --audit, is the audit log whole.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/audit/audit_log.h"
#include "engine/desk/desk.h"
#include "engine/screen/verify.h"
#include "tools/semak/audit_text.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/key_options.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"recall", "N", Say::verify_recall},
    {"top", "K", Say::verify_top},
    {"seed", "S", Say::verify_seed},
    {"audit", "", Say::verify_audit},
    {"key", "HEX", Say::option_key},
    {"key-file", "FILE", Say::option_key_file},
    {"passphrase-file", "FILE", Say::option_passphrase_file},
    {"format", "text|json", Say::option_format},
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
  for (const std::string& finding : report.findings) out += fmt::format("! {}\n", printable(in_words(finding)));
  if (report.clean()) return out + say(Say::verify_clean, report.generation.value, spell_duration(seconds)) + "\n";
  return out + say(Say::verify_not_clean, group_digits(report.findings_total)) + "\n";
}

// The chain alone. Reads beside a process that writes; what the desk knows of the chain is its witness.
int verify_chain(const Arguments& arguments, const std::string& format) {
  const std::string db = arguments.text("db");
  std::error_code ignored;
  if (!std::filesystem::exists(db, ignored)) return fail(Error{ErrorCode::not_found, say(Say::no_database, db)});
  const std::filesystem::path folder = std::filesystem::path(db) / "audit";
  const bool has_desk = std::filesystem::exists(std::filesystem::path(db) / "desk", ignored);
  if (!has_desk && !std::filesystem::exists(folder, ignored)) {
    return fail(Error{ErrorCode::not_found, say(Say::no_audit_log, db)});
  }
  SEMAK_ASK(auto key, public_key_option(arguments));
  if (!key) {
    SEMAK_DO(const auto keys, open_keys(arguments, db));
    key = keys->public_key();
  }
  std::vector<AuditHead> witnesses;
  if (has_desk) {
    SEMAK_DO(witnesses.emplace_back(), Desk::noted_head(db));
  }
  const auto begun = std::chrono::steady_clock::now();
  ProgressBar bar;
  SEMAK_DO(const auto log, AuditLog::open_read_only(folder));
  SEMAK_DO(const AuditReport report, log->verify(witnesses, *key, bar.progress()));
  bar.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  print(format == "json" ? audit_report_json(report, true, seconds) : audit_report_text(report, true, seconds));
  return report.clean() ? kDone : kDoneWithFindings;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("audit")) return verify_chain(arguments, format);
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
