#include "engine/screen/verify.h"

#include <fstream>
#include <string>

#include "engine/screen/database_info.h"
#include "engine/store/bytes.h"
#include "engine/store/database.h"
#include "tests/catch.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {
namespace {

VerifyReport verified(const Engine& engine, std::uint64_t subjects = 0) {
  VerifyOptions options;
  options.recall_subjects = subjects;
  auto report = verify(engine, options, {});
  INFO((report ? "" : report.error().message));
  REQUIRE(report);
  return std::move(report).value();
}

std::string text_of(const VerifyReport& report) {
  std::string text;
  for (const std::string& finding : report.findings) text += finding + "\n";
  return text;
}

// A database with changes, withdrawals and a second register.
void fill(const DatabaseFolder& folder) {
  const auto engine = folder.open();
  folder.load(*engine, invented_people(400));
  folder.load(*engine, invented_people(50, 20, 1960));
  IngestRequest replace = folder.request(invented_people(300));
  replace.replace = true;
  folder.load(*engine, replace);
  IngestRequest other = folder.request(invented_people(100, 5000));
  other.register_name = "corpus";
  other.kind = RegisterKind::reference;
  folder.load(*engine, other);
}

// Changes the store behind its back.
void tamper(const DatabaseFolder& folder, const WriteSet& changes) {
  auto database = Database::open(
      folder.db() / "records",
      {.mode = DatabaseMode::read_write, .families = {"meta", "revisions", "heads", "loads"}, .fault = {}});
  REQUIRE(database);
  REQUIRE((*database)->write(changes, Durability::synced));
}

std::string key64(std::uint64_t value) {
  std::string key;
  append_key64(key, value);
  return key;
}

TEST_CASE("a sound database has no findings and loses nothing", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  const auto engine = folder.open(OpenMode::read_only);
  const VerifyReport report = verified(*engine, 60);
  INFO(text_of(report));
  CHECK(report.clean());
  CHECK(report.registers == 2);
  CHECK(report.records == 500);
  CHECK(report.revisions == 400 + 50 + 50 + 100 + 100);
  CHECK(report.loads == 4);
  CHECK(report.indexed_people == 400);
  CHECK(report.recall_subjects >= 59);
  CHECK(report.recall_hits > 60);
  CHECK(report.recall_missing == 0);
}

TEST_CASE("a missing revision is found", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  WriteSet changes;
  changes.remove(1, key64(37));
  tamper(folder, changes);
  const std::string found = text_of(verified(*folder.open()));
  INFO(found);
  CHECK(found.find("revisions 37 to 37 are missing") != std::string::npos);
  CHECK(found.find("a head names revision 37") != std::string::npos);
}

TEST_CASE("a damaged revision is found", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  WriteSet changes;
  changes.put(1, key64(37), "not a revision");
  tamper(folder, changes);
  CHECK(text_of(verified(*folder.open())).find("revision 37 is damaged") != std::string::npos);
}

TEST_CASE("a head that names another state is found", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  std::string key;
  append_key32(key, 1);
  key += std::string("P7\0\1", 4) + key64(~std::uint64_t{8});
  std::string value(1, '\1');  // withdrawn
  append_fixed64(value, 0);
  WriteSet changes;
  changes.put(2, key, value);
  tamper(folder, changes);
  const std::string found = text_of(verified(*folder.open()));
  INFO(found);
  CHECK(found.find("revision 8 is not what its head says") != std::string::npos);
  CHECK(found.find("counts 300 active and 100 withdrawn records and has 299 and 101") != std::string::npos);
  CHECK(found.find("the index of offenders has revision 8") != std::string::npos);
}

TEST_CASE("a missing load is found", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  WriteSet changes;
  changes.remove(3, key64(2));
  tamper(folder, changes);
  CHECK(text_of(verified(*folder.open())).find("load 2 is missing") != std::string::npos);
}

TEST_CASE("a segment that changes under an open engine is found", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  const auto engine = folder.open(OpenMode::read_only);
  const std::string file = engine->world()->registers.at("offenders").index->manifest().segments.front().file;
  std::filesystem::copy_file(engine->index_folder("offenders") / file, folder / "copy");
  std::fstream damaged(folder / "copy", std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(static_cast<std::streamoff>(std::filesystem::file_size(folder / "copy") / 2));
  damaged.put('\x5a');
  damaged.close();
  std::filesystem::rename(folder / "copy", engine->index_folder("offenders") / file);
  CHECK(text_of(verified(*engine)).find("the index of offenders") != std::string::npos);
}

TEST_CASE("the information on a database adds up", "[engine][screen]") {
  const DatabaseFolder folder;
  fill(folder);
  const auto engine = folder.open(OpenMode::read_only);
  const auto info = database_info(*engine);
  REQUIRE(info);
  CHECK(info->generation.value == 4);
  CHECK(info->revision.value == 700);
  REQUIRE(info->registers.size() == 2);
  CHECK(info->registers[0].info.name == "corpus");
  CHECK(info->registers[1].indexed_people == 300);
  CHECK(info->registers[1].info.withdrawn == 100);
  CHECK(info->loads.size() == 4);
  CHECK(info->loads[2].withdrawn == 100);
  CHECK(info->records_bytes > 10'000);
  CHECK(info->index_bytes >= info->registers[0].index_bytes + info->registers[1].index_bytes);
  CHECK(info->normalizer_version == engine->normalizer().version());
}

}  // namespace
}  // namespace semak
