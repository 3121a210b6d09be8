#include "engine/office/backup.h"

#include <atomic>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "engine/check.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {
namespace {

namespace fs = std::filesystem;

const Actor kAdmin{"cli:root", "agency", Role::admin};

// An office's folder with a register, a desk and keys.
struct Place {
  Place() {
    keys = std::move(KeyRing::create(folder / "semak.key", {})).value();
    engine = folder.open();
    desk = std::move(Desk::open(folder.db(), true, *keys)).value();
    folder.load(*engine, invented_people(50));
  }

  // A check as the desk sees it.
  Status add_check(const std::string& id) {
    WriteSet changes;
    changes.put(family(DeskFamily::checks), id, "check " + id);
    AuditEvent event;
    event.actor = kAdmin;
    event.object = id;
    const auto logged = desk->commit(changes, {event});
    return logged ? Status() : Status(logged.error());
  }

  Result<BackupManifest> back_up(const std::string& name, const std::optional<std::string>& passphrase = {}) {
    return make_backup(*engine, *desk, registers, kAdmin, folder / name, passphrase, {});
  }
  Result<VerifyReport> restore(const std::string& from, const std::string& to) const {
    return restore_backup(folder / from, folder / to, kAdmin, {folder / "semak.key", {}, false}, {});
  }
  std::unique_ptr<Desk> desk_of(const std::string& name) const {
    return std::move(Desk::open(folder / name, false, *keys)).value();
  }

  DatabaseFolder folder;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Desk> desk;
  std::mutex registers;
};

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A changed copy: the file may be a hard link to one of the office's own.
void write(const fs::path& file, const std::string& text) {
  fs::remove(file);
  std::ofstream(file, std::ios::binary) << text;
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::set<std::string> checks_of(const Desk& desk) {
  std::set<std::string> ids;
  Cursor cursor = desk.database().cursor(family(DeskFamily::checks), Database::Access::scan);
  for (cursor.seek(""); cursor.valid(); cursor.next()) ids.emplace(cursor.key());
  return ids;
}

// What was asked, answered and loaded, without what backing up and restoring add.
std::vector<std::string> chain_of(Desk& desk) {
  std::vector<std::string> objects;
  REQUIRE(desk.audit()
              .scan([&](const AuditEntry& entry) {
                if (entry.event.kind == AuditKind::check) objects.push_back(entry.event.object);
                return Status();
              })
              .ok());
  return objects;
}

}  // namespace

TEST_CASE("What is restored equals what was backed up: registers, desk and chain") {
  Place place;
  for (int i = 0; i < 20; ++i) REQUIRE(place.add_check("c" + std::to_string(i)).ok());
  const auto made = place.back_up("backup");
  REQUIRE(made.ok());
  CHECK(made->generation == place.engine->world()->generation);
  // What happens afterwards is not in it.
  REQUIRE(place.add_check("later").ok());
  place.folder.load(*place.engine, invented_people(30, 1000));
  const auto report = place.restore("backup", "restored");
  REQUIRE(report.ok());
  CHECK(report->clean());
  CHECK(report->generation == made->generation);
  CHECK(report->records == 50);
  const auto desk = place.desk_of("restored");
  CHECK(checks_of(*desk).size() == 20);
  CHECK_FALSE(checks_of(*desk).contains("later"));
  CHECK(chain_of(*desk).size() == 20);
  const AuditHead witness[] = {made->head};
  CHECK(desk->audit().verify(witness, place.keys->public_key(), {}).value().clean());
  const auto engine = Engine::open(place.folder / "restored", OpenMode::read_write, {});
  REQUIRE(engine.ok());
  for (const std::string& notice : (*engine)->notices()) FAIL_CHECK(notice);  // the index came along whole
  CHECK((*engine)->world()->registers.at("offenders").info.active == 50);
}

TEST_CASE("A restored office can be worked with and backed up again") {
  Place place;
  REQUIRE(place.back_up("one").ok());
  REQUIRE(place.restore("one", "restored").ok());
  {
    const auto engine = std::move(Engine::open(place.folder / "restored", OpenMode::read_write, {})).value();
    const auto desk = place.desk_of("restored");
    place.folder.load(*engine, invented_people(5, 2000));
    std::mutex registers;
    REQUIRE(make_backup(*engine, *desk, registers, kAdmin, place.folder / "two", {}, {}).ok());
  }
  CHECK(place.restore("two", "again").value().records == 55);
}

TEST_CASE("Backups made while checks are answered and registers loaded are each of one moment") {
  Place place;
  std::atomic<bool> stop = false;
  std::atomic<int> checked = 0;
  std::thread answering([&] {
    // Catch2 is for one thread.
    for (int i = 0; !stop; ++i, ++checked) SEMAK_CHECK(place.add_check("c" + std::to_string(1'000'000 + i)).ok());
  });
  std::thread loading([&] {
    for (int i = 0; !stop; ++i) {
      const std::lock_guard lock(place.registers);
      SEMAK_CHECK(ingest(*place.engine, place.folder.request(invented_people(3, 5000 + 10 * i)), {}).ok());
      // As the office does, a load is followed by what the desk says of it, before the registers may change again.
      SEMAK_CHECK(place.add_check("generation " + std::to_string(place.engine->world()->generation.value)).ok());
    }
  });
  for (int round = 0; round < 3; ++round) {
    const int before = checked;
    const std::string name = "backup" + std::to_string(round);
    const auto made = place.back_up(name);
    REQUIRE(made.ok());
    const std::string target = "restored" + std::to_string(round);
    const auto report = place.restore(name, target);
    INFO((report ? "" : report.error().message));
    REQUIRE(report.ok());
    CHECK(report->generation == made->generation);
    const auto desk = place.desk_of(target);
    const auto checks = checks_of(*desk);
    // Every answer that was given before is there, none twice, and each has its entry in the chain.
    for (int i = 0; i < before; ++i) CHECK(checks.contains("c" + std::to_string(1'000'000 + i)));
    const auto chain = chain_of(*desk);
    CHECK(chain.size() == checks.size());
    CHECK(std::set<std::string>(chain.begin(), chain.end()) == checks);
    // The desk knows the generation of the registers that came along, and no later one.
    if (made->generation.value > 1) CHECK(checks.contains("generation " + std::to_string(made->generation.value)));
    CHECK_FALSE(checks.contains("generation " + std::to_string(made->generation.value + 1)));
  }
  stop = true;
  answering.join();
  loading.join();
}

TEST_CASE("A backup with any file damaged, cut, missing or added is refused by the file's name") {
  Place place;
  REQUIRE(place.add_check("c1").ok());
  REQUIRE(place.back_up("backup").ok());
  const std::vector<fs::path> files = files_of(place.folder / "backup");
  REQUIRE(files.size() > 10);
  int n = 0;
  for (const fs::path& file : files) {
    const std::string whole = read(file);
    const auto refused = [&] {
      const auto report = place.restore("backup", "restored");
      INFO(file.string());
      REQUIRE_FALSE(report.ok());
      INFO(report.error().message);
      CHECK(report.error().message.find(file.filename().string()) != std::string::npos);
      CHECK_FALSE(fs::exists(place.folder / "restored"));
      CHECK_FALSE(fs::exists(place.folder / "restored.unfinished"));
    };
    if (!whole.empty()) {
      std::string flipped = whole;
      flipped[static_cast<std::size_t>(n++) * 7919 % whole.size()] ^= 0x10;
      write(file, flipped);
      // One character of the manifest may be the name of another file, which is then the one that is missing.
      if (file.filename() != "backup.sig" && file.filename() != "backup.json")
        refused();
      else
        CHECK_FALSE(place.restore("backup", "restored").ok());
      write(file, whole.substr(0, whole.size() / 2));
      refused();
    }
    fs::remove(file);
    refused();
    write(file, whole);
  }
  write(place.folder / "backup" / "index" / "offenders" / "stranger", "x");
  CHECK(place.restore("backup", "restored").error().message.find("stranger") != std::string::npos);
  fs::remove(place.folder / "backup" / "index" / "offenders" / "stranger");
  CHECK(place.restore("backup", "restored").ok());
}

TEST_CASE("A manifest that somebody else signed is refused") {
  Place place;
  REQUIRE(place.back_up("backup").ok());
  const auto thief = std::move(KeyRing::create(place.folder / "thief.key", {})).value();
  BackupManifest manifest = read_backup_manifest(place.folder / "backup").value();
  manifest.public_key = thief->public_key();
  manifest.key_id = thief->id();
  const std::string text = to_json(manifest);
  const Signature signature = thief->sign(text);
  write(place.folder / "backup" / "backup.json", text);
  write(place.folder / "backup" / "backup.sig", hex({reinterpret_cast<const char*>(signature.data()), 64}));
  CHECK(read_backup_manifest(place.folder / "backup").ok());
  CHECK(place.restore("backup", "restored").error().message.find("keys") != std::string::npos);
}

TEST_CASE("A manifest that names files outside is refused") {
  Place place;
  REQUIRE(place.back_up("backup").ok());
  for (const char* path : {"../outside", "/etc/passwd", "desk/../../outside", ""}) {
    BackupManifest manifest = read_backup_manifest(place.folder / "backup").value();
    manifest.files.push_back({path, 1, "00"});
    const std::string text = to_json(manifest);
    const Signature signature = place.keys->sign(text);
    TemporaryFolder other;
    write(other / "backup.json", text);
    write(other / "backup.sig", hex({reinterpret_cast<const char*>(signature.data()), 64}));
    CHECK(read_backup_manifest(other.path()).error().code == ErrorCode::corruption);
  }
}

TEST_CASE("Neither a backup nor a restore touches a folder that is there") {
  Place place;
  fs::create_directories(place.folder / "there");
  CHECK(place.back_up("there").error().code == ErrorCode::already_exists);
  REQUIRE(place.back_up("backup").ok());
  CHECK(place.back_up("backup").error().code == ErrorCode::already_exists);
  CHECK(place.restore("backup", "there").error().code == ErrorCode::already_exists);
  CHECK(fs::is_empty(place.folder / "there"));
  CHECK(place.restore("there", "restored").error().code == ErrorCode::not_found);
}

TEST_CASE("Keys are in a backup only if asked for, and then only with a passphrase") {
  Place place;
  REQUIRE(place.back_up("bare").ok());
  CHECK_FALSE(fs::exists(place.folder / "bare" / "keys"));
  const auto without = restore_backup(place.folder / "bare", place.folder / "r0", kAdmin, {}, {});
  CHECK(without.error().code == ErrorCode::invalid_input);
  CHECK(place.back_up("weak", "").error().code == ErrorCode::invalid_input);
  CHECK_FALSE(fs::exists(place.folder / "weak"));

  REQUIRE(place.back_up("whole", "correct horse battery").ok());
  const std::string copy = read(place.folder / "whole" / "keys" / "semak.key");
  REQUIRE_FALSE(copy.empty());
  CHECK(restore_backup(place.folder / "whole", place.folder / "r1", kAdmin, {{}, "wrong", false}, {}).error().code ==
        ErrorCode::invalid_input);
  CHECK(restore_backup(place.folder / "whole", place.folder / "r1", kAdmin, {{}, "correct horse battery", false}, {})
            .ok());
  const auto keys = KeyRing::open(place.folder / "r1" / "keys" / "semak.key", "correct horse battery");
  REQUIRE(keys.ok());
  CHECK((*keys)->public_key() == place.keys->public_key());
  const std::string sealed = place.keys->seal("data", "context");
  CHECK((*keys)->open_sealed(sealed, "context").value() == "data");
}

TEST_CASE("A restored folder gets the key file if that is asked for") {
  Place place;
  REQUIRE(place.back_up("backup").ok());
  REQUIRE(restore_backup(place.folder / "backup", place.folder / "restored", kAdmin,
                         {place.folder / "semak.key", {}, true}, {})
              .ok());
  CHECK(KeyRing::open(place.folder / "restored" / "keys" / "semak.key", {}).ok());
}

TEST_CASE("Backing up and restoring stand in the chain") {
  Place place;
  REQUIRE(place.back_up("backup").ok());
  REQUIRE(place.restore("backup", "restored").ok());
  AuditFilter filter;
  filter.kind = AuditKind::access;
  const auto entries = place.desk_of("restored")->audit().entries(filter).value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].event.details.find(R"("what":"restore")") != std::string::npos);
  CHECK(entries[1].event.details.find(R"("what":"backup")") != std::string::npos);
  CHECK(entries[0].event.actor.id == "cli:root");
}

}  // namespace semak
