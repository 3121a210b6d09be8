// semak backup: everything of a database at one moment, signed.
#include <boost/json/object.hpp>

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
    {"db", "DIR", Say::option_db, true},
    {"out", "DIR", Say::backup_out, true},
    {"keys-passphrase-file", "FILE", Say::backup_keys},
    {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

// semakd makes backups itself, of the very database that it has open.
Result<std::unique_ptr<Office>> open_to_back_up(const std::string& folder, ProgressBar& bar) {
  auto office = open_office(folder, OpenMode::read_write, bar);
  if (office || office.error().code != ErrorCode::busy) return office;
  return Error{office.error().code, office.error().message + say(Say::backup_cure_busy)};
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  SEMAK_ASK(const auto passphrase, passphrase_option(arguments, "keys-passphrase-file", false));
  const std::string target = arguments.text("out");
  ProgressBar bar;
  SEMAK_DO(const auto office, open_to_back_up(arguments.text("db"), bar));
  SEMAK_DO(const Actor actor, actor_of(*office, arguments, Role::admin));
  SEMAK_DO_STATUS(office->backup(actor, target, bar.progress(), passphrase));
  SEMAK_DO(const BackupManifest manifest, read_backup_manifest(target));
  bar.finish();
  std::uint64_t bytes = 0;
  for (const BackupManifest::File& file : manifest.files) bytes += file.bytes;
  if (format == "json") {
    print(json_text(boost::json::object{{"backup", target},
                                        {"generation", manifest.generation.value},
                                        {"audit_sequence", manifest.head.sequence},
                                        {"files", manifest.files.size()},
                                        {"bytes", bytes},
                                        {"key_id", manifest.key_id},
                                        {"keys_inside", passphrase.has_value()}}) +
          "\n");
    return kDone;
  }
  print(say(Say::backup_done, target, manifest.generation.value, manifest.head.sequence, manifest.files.size(),
            spell_bytes(bytes)) +
        "\n" + say(passphrase ? Say::backup_with_keys : Say::backup_without_keys, manifest.key_id) + "\n");
  return kDone;
}

}  // namespace

const Verb kBackup = {
    "backup", Say::backup_summary, kOptions, "", "semak backup --db register.db --out /mnt/backup/2026-11-20", run};

}  // namespace semak
