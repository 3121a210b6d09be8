// semak history: every revision of one record.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "tools/semak/code_words.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"register", "NAME", Say::history_register, true},
    {"record", "ID", Say::history_record, true},
    {"format", "text|json", Say::option_format},
};

using Lines = std::vector<std::pair<std::string, std::string>>;

// A record as names and texts, in a fixed order, so that two revisions can be compared line by line.
Lines lines_of(const Record& record) {
  Lines lines;
  for (const TypedName& name : record.names) lines.emplace_back(std::string("name.") + to_string(name.type), name.text);
  for (const TypedNumber& number : record.numbers)
    lines.emplace_back(std::string("number.") + to_string(number.kind), number.text);
  lines.emplace_back("dob", to_string(record.dob));
  lines.emplace_back("sex", to_string(record.sex));
  lines.emplace_back("nationality", record.nationality);
  lines.emplace_back("state", record.state);
  for (const auto& [name, text] : record.fields) lines.emplace_back(name, text);
  std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
  return lines;
}

// The same for people; a register's own columns keep their names.
Lines lines_in_words(const Record& record) {
  Lines lines;
  for (const TypedName& name : record.names) lines.emplace_back(in_words(name.type), name.text);
  for (const TypedNumber& number : record.numbers) lines.emplace_back(in_words(number.kind), number.text);
  lines.emplace_back(say(Say::label_born), to_string(record.dob));
  lines.emplace_back(say(Say::label_sex), in_words(record.sex));
  lines.emplace_back(say(Say::label_nationality), record.nationality);
  lines.emplace_back(say(Say::label_state), record.state);
  for (const auto& [name, text] : record.fields) lines.emplace_back(name, text);
  std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
  return lines;
}

boost::json::object as_json(const RecordRevision& revision) {
  boost::json::array lines;
  for (const auto& [name, text] : lines_of(revision.record))
    lines.push_back(boost::json::object{{"field", name}, {"text", text}});
  return {{"revision", revision.revision.value},
          {"previous", revision.previous.value},
          {"state", revision.state == RecordState::active ? "active" : "withdrawn"},
          {"file", revision.provenance.file},
          {"file_hash", revision.provenance.file_hash},
          {"line", revision.provenance.line},
          {"batch", revision.provenance.batch},
          {"content", std::move(lines)}};
}

// What `newer` says that `older` does not ('+') and the other way round ('-'); everything for the first revision.
std::string changes(const RecordRevision& newer, const RecordRevision* older) {
  std::string out;
  const Lines now = lines_in_words(newer.record);
  const Lines before = older ? lines_in_words(older->record) : Lines{};
  for (const auto& line : before)
    if (std::find(now.begin(), now.end(), line) == now.end())
      out += fmt::format("   - {}: {}\n", line.first, printable(line.second));
  for (const auto& line : now)
    if (std::find(before.begin(), before.end(), line) == before.end())
      out += fmt::format("   + {}: {}\n", line.first, printable(line.second));
  return out;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  ProgressBar bar;
  SEMAK_DO(const auto engine, open_database(arguments.text("db"), OpenMode::read_only, bar));
  const auto world = engine->world();
  const std::string name = arguments.text("register"), id = arguments.text("record");
  SEMAK_DO_STATUS(check_register(*world, name));
  const RegisterId register_id = world->registers.find(name)->second.info.id;
  SEMAK_DO(const auto revisions, engine->store().history(register_id, id));
  bar.finish();
  if (revisions.empty()) return fail(Error{ErrorCode::not_found, say(Say::no_record_of_id, id, name)});
  if (format == "json") {
    boost::json::array list;
    for (const RecordRevision& revision : revisions) list.push_back(as_json(revision));
    print(json_text(boost::json::object{{"register", name}, {"record_id", id}, {"revisions", list}}) + "\n");
    return kDone;
  }
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const RecordRevision& revision = revisions[i];
    const std::string state = say(revision.state == RecordState::active ? Say::state_active : Say::state_withdrawn);
    print(say(Say::history_line, revision.revision.value, state, printable(revision.provenance.file),
              revision.provenance.line, revision.provenance.batch) +
          "\n" + changes(revision, i + 1 < revisions.size() ? &revisions[i + 1] : nullptr));
  }
  return kDone;
}

}  // namespace

const Verb kHistory = {"history",
                       Say::history_summary,
                       kOptions,
                       "",
                       "semak history --db register.db --register pesalah --record P00000001",
                       run};

}  // namespace semak
