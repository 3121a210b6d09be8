// semak load: files of records into a register.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/screen/ingest.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"register", "NAME", Say::load_register, true},
    {"kind", "offender|oyls|child|reference", Say::load_kind},
    {"mapping", "M.toml", Say::load_mapping},
    {"rejects", "FILE", Say::load_rejects},
    {"replace", "", Say::load_replace},
    {"complete", "", Say::load_complete},
    {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

constexpr std::pair<std::string_view, RegisterKind> kKinds[] = {{"offender", RegisterKind::offender},
                                                                {"oyls", RegisterKind::oyls},
                                                                {"child", RegisterKind::child},
                                                                {"reference", RegisterKind::reference}};

std::string as_json(const IngestRequest& request, const IngestReport& report) {
  boost::json::array columns, warnings;
  for (const std::string& line : report.columns) columns.emplace_back(line);
  for (const std::string& line : report.warnings) warnings.emplace_back(line);
  return json_text(boost::json::object{{"register", request.register_name},
                                       {"generation", report.generation.value},
                                       {"rows", report.rows},
                                       {"added", report.added},
                                       {"changed", report.changed},
                                       {"unchanged", report.unchanged},
                                       {"restored", report.restored},
                                       {"withdrawn", report.withdrawn},
                                       {"rejected", report.rejected},
                                       {"rejects_file", report.rejects_file.string()},
                                       {"columns", columns},
                                       {"warnings", warnings}}) +
         "\n";
}

std::string as_text(const IngestRequest& request, const IngestReport& report) {
  std::string out = say(Say::load_columns) + "\n";
  for (const std::string& line : report.columns) out += fmt::format("  {}\n", printable(in_words(line)));
  TextTable counts({say(Say::load_counts), ""}, {false, true});
  counts.add({say(Say::load_rows), group_digits(report.rows)});
  counts.add({say(Say::load_added), group_digits(report.added)});
  counts.add({say(Say::load_changed), group_digits(report.changed)});
  counts.add({say(Say::load_unchanged), group_digits(report.unchanged)});
  if (report.restored > 0) counts.add({say(Say::load_restored), group_digits(report.restored)});
  counts.add({say(Say::load_withdrawn), group_digits(report.withdrawn)});
  counts.add({say(Say::load_rejected), group_digits(report.rejected)});
  out += "\n" + counts.text(0, false) + "\n";
  out += say(Say::load_done, request.register_name, report.generation.value) + "\n";
  if (!report.rejects_file.empty()) out += say(Say::load_rejects_file, report.rejects_file.string()) + "\n";
  return out;
}

int confirm_complete(const Arguments& arguments, const std::string& format) {
  if (!arguments.positional().empty())
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::load_complete_alone)});
  const std::string name = arguments.text("register");
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_write, bar));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::registrar));
  SEMAK_DO_STATUS(office->confirm_complete(actor, name));
  bar.finish();
  const std::uint64_t generation = office->engine().world()->generation.value;
  print(format == "json"
            ? json_text(boost::json::object{{"register", name}, {"complete", true}, {"generation", generation}}) + "\n"
            : say(Say::load_completed, name) + "\n");
  return kDone;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("complete")) return confirm_complete(arguments, format);
  IngestRequest request;
  request.register_name = arguments.text("register");
  request.mapping = arguments.text("mapping");
  request.rejects = arguments.text("rejects");
  request.replace = arguments.has("replace");
  request.wording = in_words;
  if (arguments.has("kind")) {
    static constexpr std::string_view kNames[] = {"offender", "oyls", "child", "reference"};
    SEMAK_ASK(const std::string wanted, arguments.choice("kind", kNames));
    for (const auto& [name, kind] : kKinds)
      if (name == wanted) request.kind = kind;
  }
  if (arguments.positional().empty())
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::load_needs_file)});
  for (const std::string& file : arguments.positional()) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return fail(Error{ErrorCode::not_found, say(Say::no_file, file)});
    request.files.emplace_back(file);
  }

  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::create, bar));
  if (!request.kind && !office->engine().world()->registers.contains(request.register_name))
    return misuse(arguments, Error{ErrorCode::invalid_input, say(Say::load_new_needs_kind, request.register_name)});
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::registrar));
  SEMAK_DO(const IngestReport report, office->load(actor, request, bar.progress()));
  bar.finish();
  for (const std::string& warning : report.warnings) warn(printable(warning));
  print(format == "json" ? as_json(request, report) : as_text(request, report));
  return report.rejected > 0 ? kDoneWithFindings : kDone;
}

}  // namespace

const Verb kLoad = {"load",
                    Say::load_summary,
                    kOptions,
                    "FILE...",
                    "semak load --db register.db --register pesalah --kind offender pesalah.csv",
                    run};

}  // namespace semak
