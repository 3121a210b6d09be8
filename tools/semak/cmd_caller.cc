// semak caller: keys by which people and programs act under their own names, wherever they are logged in.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <system_error>

#include "engine/office/callers.h"
#include "engine/office/check_view.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/output_file.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true}, {"add", "NAME", Say::caller_add},
    {"role", "ROLE", Say::caller_role},  {"tenant", "T", Say::caller_tenant},
    {"out", "FILE", Say::caller_out},    {"revoke", "ID", Say::caller_revoke},
    {"as", "FILE", Say::option_as},      {"format", "text|json", Say::option_format},
};

constexpr std::string_view kRoles[] = {"submitter", "caseworker", "registrar", "auditor", "admin"};

boost::json::object key_json(const CallerKey& key) {
  return {{"id", key.id},
          {"name", key.name},
          {"tenant", key.tenant},
          {"role", to_string(key.role)},
          {"made_by", key.made_by},
          {"made", utc_time(key.made_ms)},
          {"revoked", key.revoked_ms != 0}};
}

// The secret alone, readable by nobody else.
Status write_secret(const std::string& path, const std::string& secret) {
  SEMAK_TRY(OutputFile file, OutputFile::create(path));
  SEMAK_TRY_STATUS(file.write(secret + "\n"));
  return file.commit();
}

int add(const Arguments& arguments, const Actor& actor, Callers& callers, bool json) {
  if (!arguments.has("role"))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::case_needs, "add", "role")});
  SEMAK_ASK(const std::string role, arguments.choice("role", kRoles));
  NewCallerKey wanted;
  wanted.name = arguments.text("add");
  wanted.tenant = arguments.text("tenant", "agency");
  wanted.role = *role_from(role);
  SEMAK_DO(const Callers::Made made, callers.make(actor, wanted));
  const std::string out = arguments.text("out");
  if (!out.empty()) SEMAK_DO_STATUS(write_secret(out, made.secret));
  if (json) {
    boost::json::object object = key_json(made.key);
    if (out.empty()) object["key"] = made.secret;
    print(json_text(object) + "\n");
    return kDone;
  }
  print(say(Say::caller_made, made.key.id, printable(made.key.name), role) + "\n");
  print(out.empty() ? made.secret + "\n" + say(Say::caller_once) + "\n" : say(Say::caller_written, out) + "\n");
  return kDone;
}

int list(Callers& callers, bool json) {
  boost::json::array lines;
  TextTable table({say(Say::caller_id), say(Say::caller_name), say(Say::caller_role_heading),
                   say(Say::caller_tenant_heading), say(Say::caller_made_by), say(Say::case_state)});
  for (const CallerKey& key : callers.list()) {
    lines.push_back(key_json(key));
    table.add({key.id, printable(key.name), to_string(key.role), key.tenant, printable(key.made_by),
               say(key.revoked_ms != 0 ? Say::caller_revoked : Say::caller_in_force)});
  }
  const bool none = lines.empty();
  print(json ? json_text(boost::json::object{{"keys", std::move(lines)}}) + "\n"
             : (none ? say(Say::caller_none) + "\n" : table.text(0, colours_on_output())));
  return kDone;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("add") && arguments.has("revoke"))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::caller_one_thing)});
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  bar.finish();
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::admin));
  SEMAK_DO(const auto callers, Callers::open(office->desk()));
  if (arguments.has("add")) return add(arguments, actor, *callers, format == "json");
  if (!arguments.has("revoke")) return list(*callers, format == "json");
  SEMAK_DO(const CallerKey key, callers->revoke(actor, arguments.text("revoke")));
  print(format == "json" ? json_text(key_json(key)) + "\n"
                         : say(Say::caller_revoked_now, key.id, printable(key.name)) + "\n");
  return kDone;
}

}  // namespace

const Verb kCaller = {"caller",
                      Say::caller_summary,
                      kOptions,
                      "",
                      "semak caller --db register.db --add aminah --role caseworker --out aminah.key",
                      run};

}  // namespace semak
