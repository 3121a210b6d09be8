// semak restore: a database from a backup, verified before it appears.
#include <boost/json/object.hpp>
#include <cstdlib>

#include "engine/office/backup.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/passphrase_option.h"
#include "tools/semak/session.h"
#include "tools/semak/text_table.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::restore_db, true},        {"from", "DIR", Say::restore_from, true},
    {"key-file", "FILE", Say::restore_key_file}, {"passphrase-file", "FILE", Say::option_passphrase_file},
    {"format", "text|json", Say::option_format},
};

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  RestoreOptions options;
  SEMAK_ASK(options.passphrase, passphrase_option(arguments, "passphrase-file", true));
  options.key_file = arguments.text("key-file");
  options.place_keys = true;
  const std::string folder = arguments.text("db");
  ProgressBar bar;
  SEMAK_DO(const VerifyReport report,
           restore_backup(arguments.text("from"), folder, login_actor(Role::admin), options, bar.progress()));
  bar.finish();
  if (format == "json") {
    print(json_text(boost::json::object{{"db", folder},
                                        {"generation", report.generation.value},
                                        {"registers", report.registers},
                                        {"records", report.records},
                                        {"clean", report.clean()}}) +
          "\n");
    return kDone;
  }
  print(say(Say::restore_done, folder, report.generation.value, group_digits(report.records),
            group_digits(report.registers)) +
        "\n");
  return kDone;
}

}  // namespace

const Verb kRestore = {"restore",
                       Say::restore_summary,
                       kOptions,
                       "",
                       "semak restore --from /mnt/backup/2026-11-20 --db register.db --key-file semak.key",
                       run};

}  // namespace semak
