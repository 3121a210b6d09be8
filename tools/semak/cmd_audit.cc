// semak audit: shows the audit log, exports it, verifies an export.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>

#include "engine/audit/audit_log.h"
#include "engine/malaysian_time.h"
#include "tools/semak/actor_names.h"
#include "tools/semak/audit_text.h"
#include "tools/semak/json_text.h"
#include "tools/semak/key_options.h"
#include "tools/semak/office_door.h"
#include "tools/semak/progress_bar.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db},
    {"kind", "KIND", Say::audit_kind},
    {"object", "ID", Say::audit_object},
    {"by", "ID", Say::audit_actor},
    {"before", "SEQUENCE", Say::audit_before},
    {"top", "K", Say::audit_top},
    {"export", "FILE", Say::audit_export},
    {"verify-export", "FILE", Say::audit_verify_export},
    {"key", "HEX", Say::option_key},
    {"witness", "SEQUENCE:HASH", Say::audit_witness},
    {"key-file", "FILE", Say::option_key_file},
    {"passphrase-file", "FILE", Say::option_passphrase_file},
    {"format", "text|json", Say::option_format},
};

Result<AuditKind> kind_from(const std::string& text) {
  std::string all;
  for (int i = static_cast<int>(AuditKind::check); i <= static_cast<int>(AuditKind::recovery); ++i) {
    const auto kind = static_cast<AuditKind>(i);
    if (text == to_string(kind)) return kind;
    all += (all.empty() ? "" : ", ") + std::string(to_string(kind));
  }
  return Error{ErrorCode::invalid_input, say(Say::not_a_choice, "kind", text, all)};
}

Result<std::vector<AuditHead>> witnesses_option(const Arguments& arguments) {
  std::vector<AuditHead> witnesses;
  const std::string text = arguments.text("witness");
  if (text.empty()) return witnesses;
  const auto colon = text.find(':');
  const std::string digits = text.substr(0, colon);
  const auto hash = colon == std::string::npos ? std::nullopt : from_hex(text.substr(colon + 1));
  AuditHead& head = witnesses.emplace_back();
  const bool number =
      !digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number || !hash || hash->size() != head.hash.size()) {
    return Error{ErrorCode::invalid_input, say(Say::not_a_witness, text)};
  }
  head.sequence = std::stoull(digits);
  std::copy(hash->begin(), hash->end(), head.hash.begin());
  return witnesses;
}

std::string as_json(const std::vector<AuditEntry>& entries) {
  boost::json::array list;
  for (const AuditEntry& entry : entries) {
    const AuditEvent& event = entry.event;
    list.push_back(boost::json::object{{"sequence", entry.sequence},
                                       {"time_ms", entry.time_ms},
                                       {"kind", to_string(event.kind)},
                                       {"actor", event.actor.id},
                                       {"tenant", event.actor.tenant},
                                       {"role", to_string(event.actor.role)},
                                       {"object", event.object},
                                       {"details", boost::json::parse(event.details)},
                                       {"hash", hash_text(entry.hash)}});
  }
  return json_text(boost::json::object{{"entries", std::move(list)}}) + "\n";
}

// Nobody, where the keys are not at hand: whoever reads the chain alone reads ids.
ActorNames names_beside(const Arguments& arguments) {
  const std::string db = arguments.text("db");
  const auto keys = open_keys(arguments, db);
  const auto desk = Desk::open_to_read(db);
  if (!keys || !desk) return {};
  const auto callers = Callers::list_of(**desk, **keys);
  return callers ? ActorNames(*callers) : ActorNames();
}

std::string as_text(const std::vector<AuditEntry>& entries, const ActorNames& names) {
  TextTable table({say(Say::audit_heading_entry), say(Say::audit_heading_time), say(Say::audit_heading_kind),
                   say(Say::audit_heading_actor), say(Say::audit_heading_object), say(Say::audit_heading_details)},
                  {true});
  for (const AuditEntry& entry : entries) {
    const AuditEvent& event = entry.event;
    table.add({std::to_string(entry.sequence), malaysian_time(entry.time_ms), to_string(event.kind),
               names.text(event.actor.id), printable(event.object), printable(event.details)});
  }
  return table.text(0, colours_on_output());
}

// The folder of the log, or an error that says what is missing.
Result<std::filesystem::path> log_folder(const Arguments& arguments) {
  const std::string db = arguments.text("db");
  std::error_code ignored;
  if (db.empty()) return Error{ErrorCode::invalid_input, say(Say::option_missing, "db", "DIR")};
  if (!std::filesystem::exists(db, ignored)) return Error{ErrorCode::not_found, say(Say::no_database, db)};
  const std::filesystem::path folder = std::filesystem::path(db) / "audit";
  if (!std::filesystem::exists(folder, ignored)) return Error{ErrorCode::not_found, say(Say::no_audit_log, db)};
  return folder;
}

int list(const Arguments& arguments, const std::string& format) {
  AuditFilter filter;
  if (arguments.has("kind")) {
    SEMAK_ASK(filter.kind, kind_from(arguments.text("kind")));
  }
  filter.object = arguments.text("object");
  filter.actor = arguments.text("by");
  SEMAK_ASK(filter.before, arguments.number("before", 0, 1, UINT64_MAX));
  SEMAK_ASK(filter.entries_max, arguments.number("top", 50, 1, 1'000'000));
  SEMAK_DO(const std::filesystem::path folder, log_folder(arguments));
  SEMAK_DO(const auto log, AuditLog::open_read_only(folder));
  SEMAK_DO(const auto entries, log->entries(filter));
  print(format == "json" ? as_json(entries) : as_text(entries, names_beside(arguments)));
  return kDone;
}

// The log with this export in it; or, if another process has it open, the log as it is.
Result<std::unique_ptr<AuditLog>> open_for_export(const std::filesystem::path& folder, const KeyRing& keys,
                                                  Actor actor) {
  auto log = AuditLog::open(folder, false, keys);
  if (!log && (log.error().code == ErrorCode::busy || log.error().code == ErrorCode::permission)) {
    warn(say(Say::audit_export_not_logged));
    return AuditLog::open_read_only(folder);
  }
  if (!log) return log;
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = std::move(actor);
  event.object = "audit";
  event.details = R"({"what":"export"})";
  SEMAK_TRY_STATUS((*log)->append(std::vector{event}));
  return log;
}

int write_export(const Arguments& arguments, const std::string& format) {
  SEMAK_DO(const std::filesystem::path folder, log_folder(arguments));
  SEMAK_DO(const auto keys, open_keys(arguments, arguments.text("db")));
  SEMAK_DO(const auto log, open_for_export(folder, *keys, login_actor(Role::auditor)));
  const std::string file = arguments.text("export");
  SEMAK_DO_STATUS(log->export_to(file, keys->public_key()));
  const AuditHead head = log->head();
  const std::string key = hex({reinterpret_cast<const char*>(keys->public_key().data()), keys->public_key().size()});
  if (format == "json") {
    print(json_text(boost::json::object{{"file", file},
                                        {"entries", head.sequence},
                                        {"head", hash_text(head.hash)},
                                        {"key_id", keys->id()},
                                        {"public_key", key}}) +
          "\n");
  } else {
    print(say(Say::audit_exported, group_digits(head.sequence), file) + "\n" +
          say(Say::audit_head_is, head.sequence, hash_text(head.hash)) + "\n" + say(Say::audit_public_key_is, key) +
          "\n");
  }
  return kDone;
}

int check_export(const Arguments& arguments, const std::string& format) {
  SEMAK_ASK(const auto key, public_key_option(arguments));
  SEMAK_ASK(const auto witnesses, witnesses_option(arguments));
  const auto begun = std::chrono::steady_clock::now();
  ProgressBar bar;
  SEMAK_DO(const AuditReport report,
           verify_audit_export(arguments.text("verify-export"), key, witnesses, bar.progress()));
  bar.finish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  print(format == "json" ? audit_report_json(report, key.has_value(), seconds)
                         : audit_report_text(report, key.has_value(), seconds));
  return report.clean() ? kDone : kDoneWithFindings;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("verify-export")) return check_export(arguments, format);
  if (!arguments.has("db")) {
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::option_missing, "db", "DIR")});
  }
  return arguments.has("export") ? write_export(arguments, format) : list(arguments, format);
}

}  // namespace

const Verb kAudit = {"audit", Say::audit_summary, kOptions, "", "semak audit --db register.db --kind check --top 20",
                     run};

}  // namespace semak
