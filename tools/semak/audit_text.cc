#include "tools/semak/audit_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "tools/semak/json_text.h"
#include "tools/semak/messages.h"
#include "tools/semak/progress_bar.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"

namespace semak {

std::string hash_text(const Hash256& hash) { return hex({reinterpret_cast<const char*>(hash.data()), hash.size()}); }

std::string audit_report_json(const AuditReport& report, bool key_told, double seconds) {
  boost::json::array findings;
  for (const std::string& finding : report.findings) findings.emplace_back(finding);
  return json_text(boost::json::object{
             {"clean", report.clean()},
             {"entries", report.entries},
             {"checkpoints", report.checkpoints},
             {"head", boost::json::object{{"sequence", report.head.sequence}, {"hash", hash_text(report.head.hash)}}},
             {"key_told", key_told},
             {"findings_total", report.findings_total},
             {"findings", findings},
             {"seconds", seconds}}) +
         "\n";
}

std::string audit_report_text(const AuditReport& report, bool key_told, double seconds) {
  TextTable table({say(Say::verify_checked), ""}, {false, true});
  table.add({say(Say::audit_entries), group_digits(report.entries)});
  table.add({say(Say::audit_checkpoints), group_digits(report.checkpoints)});
  std::string out = table.text(0, colours_on_output()) + "\n";
  for (const std::string& finding : report.findings) out += fmt::format("! {}\n", printable(in_words(finding)));
  if (!key_told) out += say(Say::audit_key_not_told) + "\n";
  if (!report.clean()) return out + say(Say::verify_not_clean, group_digits(report.findings_total)) + "\n";
  return out + say(Say::audit_clean, spell_duration(seconds)) + "\n" +
         say(Say::audit_head_is, report.head.sequence, hash_text(report.head.hash)) + "\n";
}

}  // namespace semak
