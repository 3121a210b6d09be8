#include "engine/store/database.h"

#include <fstream>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/store/bytes.h"
#include "engine/store/record_store.h"
#include "tests/catch.h"
#include "tests/engine/store/child_case.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, DatabaseMode mode) {
  return Database::open(folder, {.mode = mode, .families = {"a", "b"}, .fault = {}});
}

// The folder that a hidden case is to work in; empty where no case below runs it.
std::filesystem::path given_folder() { return ChildCase::setting("SEMAK_TEST_FOLDER"); }
ChildCase::Settings in_folder(const std::filesystem::path& folder) { return {{"SEMAK_TEST_FOLDER", folder.string()}}; }

TEST_CASE("changes of one write set are visible together and in their families", "[engine][store]") {
  const TemporaryFolder folder;
  auto database = open(folder.path(), DatabaseMode::create);
  REQUIRE(database);
  WriteSet changes;
  changes.put(0, "k1", "a1");
  changes.put(1, "k1", "b1");
  changes.put(0, "k2", "a2");
  changes.put(0, "k3", "a3");
  REQUIRE((*database)->write(changes, Durability::synced));
  WriteSet removals;
  removals.remove(1, "k1");
  removals.remove_range(0, "k2", "k3");
  REQUIRE((*database)->write(removals, Durability::buffered));
  CHECK(*(*database)->get(0, "k1") == "a1");
  CHECK(*(*database)->get(0, "k3") == "a3");
  CHECK_FALSE(*(*database)->get(1, "k1"));
  const std::string keys[] = {"k3", "k2", "k1"};
  const auto found = (*database)->multi_get(0, keys);
  REQUIRE(found);
  CHECK((*found)[0] == "a3");
  CHECK_FALSE((*found)[1]);
  CHECK((*found)[2] == "a1");
  Cursor cursor = (*database)->cursor(0, Database::Access::point);
  cursor.seek("k2");
  REQUIRE(cursor.valid());
  CHECK(cursor.key() == "k3");
  cursor.next();
  CHECK_FALSE(cursor.valid());
  CHECK(cursor.status());
}

TEST_CASE("sorted files enter all families or none", "[engine][store]") {
  const TemporaryFolder folder;
  auto database = open(folder / "db", DatabaseMode::create);
  REQUIRE(database);
  const auto file = [&](Family family, const std::string& name, const std::string& key) {
    auto made = (*database)->new_sorted_file(family, folder / name);
    REQUIRE(made);
    REQUIRE(made->put(key, "value"));
    REQUIRE(made->finish());
    return folder / name;
  };
  const IncomingFiles missing[] = {{0, {file(0, "1", "x")}}, {1, {folder / "not there"}}};
  CHECK_FALSE((*database)->ingest(missing));
  CHECK_FALSE(*(*database)->get(0, "x"));
  const IncomingFiles whole[] = {{0, {file(0, "2", "x"), file(0, "3", "y")}}, {1, {file(1, "4", "z")}}};
  REQUIRE((*database)->ingest(whole));
  CHECK((*database)->get(0, "y")->value() == "value");
  CHECK((*database)->get(1, "z")->value() == "value");
}

TEST_CASE("keys out of order are refused by a sorted file", "[engine][store]") {
  const TemporaryFolder folder;
  auto database = open(folder / "db", DatabaseMode::create);
  auto file = (*database)->new_sorted_file(0, folder / "f");
  REQUIRE(file);
  REQUIRE(file->put("b", ""));
  CHECK_FALSE(file->put("a", ""));
}

TEST_CASE("a database that is not there is not_found unless it is to be made", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(open(folder / "no", DatabaseMode::read_only).error().code == ErrorCode::not_found);
  CHECK(open(folder / "no", DatabaseMode::read_write).error().code == ErrorCode::not_found);
  CHECK(open(folder / "no", DatabaseMode::create));
}

TEST_CASE("child: write and hold the database", "[.]") {
  if (given_folder().empty()) return;
  auto writer = open(given_folder(), DatabaseMode::read_write);
  WriteSet changes;
  changes.put(0, "k", "v");
  const bool written = writer && (*writer)->write(changes, Durability::buffered).ok();
  char byte = written ? 'y' : 'n';
  const auto file = [](const char* name) { return std::atoi(ChildCase::setting(name).c_str()); };
  if (::write(file("SEMAK_TEST_READY"), &byte, 1) != 1 || ::read(file("SEMAK_TEST_DONE"), &byte, 1) != 1) ::_exit(1);
  ::_exit(0);
}

TEST_CASE("a second writer is told that the database is busy, a reader is let in", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(open(folder.path(), DatabaseMode::create));
  int ready[2], done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  ChildCase child("child: write and hold the database", {{"SEMAK_TEST_FOLDER", folder.path().string()},
                                                         {"SEMAK_TEST_READY", std::to_string(ready[1])},
                                                         {"SEMAK_TEST_DONE", std::to_string(done[0])}});
  ::close(std::exchange(ready[1], -1));  // or its death would be waited for in vain
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(byte == 'y');
  const auto second = open(folder.path(), DatabaseMode::read_write);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::busy);
  CHECK(second.error().message.find(folder.path().string()) != std::string::npos);
  const auto reader = open(folder.path(), DatabaseMode::read_only);
  REQUIRE(reader);
  CHECK((*reader)->get(0, "k")->value() == "v");
  REQUIRE(::write(done[1], &byte, 1) == 1);
  CHECK(child.wait() == 0);
  for (const int fd : {ready[0], done[0], done[1]}) ::close(fd);
}

TEST_CASE("families that this program does not know are another version's", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(Database::open(folder.path(), {.mode = DatabaseMode::create, .families = {"a", "b", "newer"}, .fault = {}}));
  const auto reopened = open(folder.path(), DatabaseMode::read_write);
  REQUIRE_FALSE(reopened);
  CHECK(reopened.error().code == ErrorCode::version_mismatch);
}

TEST_CASE("a store of another format is refused with a cure", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(RecordStore::open(folder.path(), DatabaseMode::create));
  {
    auto database = Database::open(
        folder / "records",
        {.mode = DatabaseMode::read_write, .families = {"meta", "revisions", "heads", "loads"}, .fault = {}});
    REQUIRE(database);
    std::string version;
    append_fixed32(version, RecordStore::kFormat + 1);
    WriteSet changes;
    changes.put(0, "format", version);
    REQUIRE((*database)->write(changes, Durability::synced));
  }
  const auto store = RecordStore::open(folder.path(), DatabaseMode::read_only);
  REQUIRE_FALSE(store);
  CHECK(store.error().code == ErrorCode::version_mismatch);
  CHECK(store.error().message.find("load the registers into a new folder") != std::string::npos);
}

TEST_CASE("a damaged file of the database is corruption", "[engine][store]") {
  const TemporaryFolder folder;
  {
    auto database = open(folder / "db", DatabaseMode::create);
    auto file = (*database)->new_sorted_file(0, folder / "f");
    for (int i = 1000; i < 3000; ++i) REQUIRE(file->put(std::to_string(i), "some value"));
    REQUIRE(file->finish());
    const IncomingFiles whole[] = {{0, {folder / "f"}}};
    REQUIRE((*database)->ingest(whole));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder / "db")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.write("damage", 6);
  }
  auto database = open(folder / "db", DatabaseMode::read_only);
  REQUIRE(database);
  const auto value = (*database)->get(0, "1000");
  REQUIRE_FALSE(value);
  CHECK(value.error().code == ErrorCode::corruption);
}

TEST_CASE("child: write more than the disk takes", "[.]") {
  if (given_folder().empty()) return;
  // A limit on the size of files stands in for the full disk.
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{200'000, 200'000};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  auto database = open(given_folder(), DatabaseMode::create);
  REQUIRE(database);
  WriteSet changes;
  changes.put(0, "k", std::string(1'000'000, 'x'));
  const Status written = (*database)->write(changes, Durability::synced);
  REQUIRE_FALSE(written);
  REQUIRE(written.error().code == ErrorCode::no_space);
}

TEST_CASE("a full disk is no_space", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(ChildCase("child: write more than the disk takes", in_folder(folder.path())).wait() == 0);
}

TEST_CASE("child: open what may not be opened", "[.]") {
  if (given_folder().empty()) return;
  if (::geteuid() == 0 && ::seteuid(65534) != 0) ::_exit(9);
  const auto denied = open(given_folder(), DatabaseMode::read_write);
  if (denied) ::_exit(1);
  const auto new_one = open("/proc/semak-test", DatabaseMode::create);
  if (new_one) ::_exit(2);
  ::_exit(denied.error().code == ErrorCode::permission ? 0 : 3);
}

TEST_CASE("a folder that may not be written or read is a matter of permission", "[engine][store]") {
  const TemporaryFolder folder;
  CHECK(open(folder / "db", DatabaseMode::create));
  std::filesystem::permissions(folder / "db", std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const int result = ChildCase("child: open what may not be opened", in_folder(folder / "db")).wait();
  std::filesystem::permissions(folder / "db", std::filesystem::perms::owner_all);
  if (result == 9) {
    WARN("skipped: cannot give up the rights of root here");
  } else {
    CHECK(result == 0);
  }
}

}  // namespace
}  // namespace semak
