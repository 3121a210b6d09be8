// semak info: what a database holds.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "engine/malaysian_time.h"
#include "engine/office/check_view.h"
#include "engine/screen/database_info.h"
#include "tools/semak/database.h"
#include "tools/semak/json_text.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db, true},
    {"format", "text|json", Say::option_format},
};

std::string as_json(const DatabaseInfo& info) {
  boost::json::array registers, loads;
  for (const auto& one : info.registers)
    registers.push_back(boost::json::object{{"name", one.info.name},
                                            {"kind", to_string(one.info.kind)},
                                            {"records", one.info.active},
                                            {"withdrawn", one.info.withdrawn},
                                            {"indexed_people", one.indexed_people},
                                            {"index_segments", one.index_segments},
                                            {"index_tombstones", one.index_tombstones},
                                            {"index_bytes", one.index_bytes}});
  for (const LoadInfo& load : info.loads) {
    boost::json::array files;
    for (const LoadInfo::File& file : load.files)
      files.push_back(
          boost::json::object{{"name", file.name}, {"hash", file.hash}, {"bytes", file.bytes}, {"rows", file.rows}});
    loads.push_back(boost::json::object{{"batch", load.batch},
                                        {"generation", load.generation.value},
                                        {"time", utc_time(load.time * 1000)},
                                        {"register", load.register_name},
                                        {"files", std::move(files)},
                                        {"rows", load.rows},
                                        {"added", load.added},
                                        {"changed", load.changed},
                                        {"unchanged", load.unchanged},
                                        {"restored", load.restored},
                                        {"withdrawn", load.withdrawn},
                                        {"rejected", load.rejected}});
  }
  return json_text(boost::json::object{{"generation", info.generation.value},
                                       {"newest_revision", info.revision.value},
                                       {"format", info.format},
                                       {"normalizer_version", fmt::format("{:016x}", info.normalizer_version)},
                                       {"model_version", fmt::format("{:016x}", info.model_version)},
                                       {"records_bytes", info.records_bytes},
                                       {"index_bytes", info.index_bytes},
                                       {"registers", std::move(registers)},
                                       {"loads", std::move(loads)}}) +
         "\n";
}

std::string as_text(const DatabaseInfo& info) {
  const bool bold = colours_on_output();
  TextTable registers({say(Say::info_register), say(Say::info_kind), say(Say::info_records), say(Say::info_withdrawn),
                       say(Say::info_index)},
                      {false, false, true, true, true});
  for (const auto& one : info.registers)
    registers.add({one.info.name, kind_in_words(one.info.kind), group_digits(one.info.active),
                   group_digits(one.info.withdrawn), spell_bytes(one.index_bytes)});
  std::string out = registers.text(0, bold);
  out += "\n" + say(Say::info_generation, info.generation.value, group_digits(info.revision.value)) + "\n";
  out += say(Say::info_sizes, spell_bytes(info.records_bytes), spell_bytes(info.index_bytes)) + "\n";
  out += say(Say::info_versions, info.format, fmt::format("{:016x}", info.normalizer_version),
             fmt::format("{:016x}", info.model_version)) +
         "\n";
  if (info.loads.empty()) return out;
  TextTable loads(
      {say(Say::info_load), say(Say::info_time), say(Say::info_register), say(Say::info_files), say(Say::load_rows),
       say(Say::load_added), say(Say::load_changed), say(Say::load_withdrawn), say(Say::load_rejected)},
      {true, false, false, false, true, true, true, true, true});
  constexpr std::size_t kShown = 10;
  for (std::size_t i = info.loads.size() > kShown ? info.loads.size() - kShown : 0; i < info.loads.size(); ++i) {
    const LoadInfo& load = info.loads[i];
    std::string files = load.files.empty() ? "" : load.files.front().name;
    if (load.files.size() > 1) files += fmt::format(" +{}", load.files.size() - 1);
    loads.add({std::to_string(load.batch), malaysian_time(load.time * 1000), load.register_name, files,
               group_digits(load.rows), group_digits(load.added), group_digits(load.changed),
               group_digits(load.withdrawn), group_digits(load.rejected)});
  }
  return out + "\n" + loads.text(0, bold);
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  ProgressBar bar;
  SEMAK_DO(const auto engine, open_database(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const DatabaseInfo info, database_info(*engine));
  bar.finish();
  print(format == "json" ? as_json(info) : as_text(info));
  return kDone;
}

}  // namespace

const Verb kInfo = {"info", Say::info_summary, kOptions, "", "semak info --db register.db", run};

}  // namespace semak
