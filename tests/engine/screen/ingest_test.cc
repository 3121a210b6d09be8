#include "engine/screen/ingest.h"

#include <fstream>
#include <sstream>
#include <string>

#include "tests/catch.h"
#include "tests/engine/screen/database_folder.h"

namespace semak {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

RecordRevision newest(const Engine& engine, const std::string& id) {
  const auto history = engine.store().history(RegisterId{1}, id);
  REQUIRE(history);
  REQUIRE_FALSE(history->empty());
  return history->front();
}

TEST_CASE("a loaded person is found, with the provenance of the row", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const IngestReport report =
      folder.load(*engine, "id,name,dob\nA1,Faizal bin Abdullah,1984-03-02\nA2,Tan Mei Ling,\n");
  CHECK(report.rows == 2);
  CHECK(report.added == 2);
  CHECK(report.generation.value == 1);
  CHECK(hits_of(*engine, "Faizal bin Abdullah").contains("A1"));
  CHECK(hits_of(*engine, "Mei Ling Tan").contains("A2"));
  const RecordRevision revision = newest(*engine, "A2");
  CHECK(revision.provenance.file == "people.csv");
  CHECK(revision.provenance.file_hash.size() == 32);
  CHECK(revision.provenance.line == 3);
  CHECK(revision.provenance.batch == 1);
  const auto info = engine->world()->registers.at("offenders").info;
  CHECK(info.active == 2);
  CHECK(info.kind == RegisterKind::offender);
}

TEST_CASE("loading the same file twice changes nothing", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const std::string csv = invented_people(300);
  folder.load(*engine, csv);
  for (const bool replace : {false, true}) {
    IngestRequest again = folder.request(csv);
    again.replace = replace;
    const IngestReport report = folder.load(*engine, again);
    CHECK(report.unchanged == 300);
    CHECK(report.added + report.changed + report.withdrawn == 0);
    CHECK(report.generation.value == 1);
  }
  CHECK(engine->store().published()->revision.value == 300);
  CHECK(engine->store().loads()->size() == 1);
}

TEST_CASE("a changed row is a new revision and the old name is no longer found", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name\nA1,Zarul bin Qasim\nA2,Devi a/p Raman\n");
  const IngestReport report =
      folder.load(*engine, "id,name\nA1,Mokhtar bin Jamil\nA2,Devi a/p Raman\nA3,Ong Kim Huat\n");
  CHECK(report.changed == 1);
  CHECK(report.unchanged == 1);
  CHECK(report.added == 1);
  CHECK(report.generation.value == 2);
  const auto hits = hits_of(*engine, "Mokhtar bin Jamil");
  CHECK(hits.contains("A1"));
  CHECK(hits.at("A1") > 0);
  for (const auto& [id, score] : hits_of(*engine, "Zarul bin Qasim")) CHECK(score < 0);
  CHECK(newest(*engine, "A1").previous.value == 1);
  CHECK(engine->world()->registers.at("offenders").index->people() == 3);
}

TEST_CASE("replacing withdraws what is missing and a later load restores it", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name\nA1,Faizal bin Abdullah\nA2,Devi a/p Raman\nA3,Ong Kim Huat\n");
  IngestRequest replace = folder.request("id,name\nA2,Devi a/p Raman\n");
  replace.replace = true;
  const IngestReport report = folder.load(*engine, replace);
  CHECK(report.withdrawn == 2);
  CHECK(report.unchanged == 1);
  const auto info = engine->world()->registers.at("offenders").info;
  CHECK(info.active == 1);
  CHECK(info.withdrawn == 2);
  CHECK_FALSE(hits_of(*engine, "Faizal bin Abdullah").contains("A1"));
  const RecordRevision gone = newest(*engine, "A1");
  CHECK(gone.state == RecordState::withdrawn);
  CHECK(gone.record.names.front().text == "Faizal bin Abdullah");  // the content stays

  const IngestReport back = folder.load(*engine, "id,name\nA1,Faizal bin Abdullah\n");
  CHECK(back.restored == 1);
  CHECK(back.added == 0);
  CHECK(hits_of(*engine, "Faizal bin Abdullah").contains("A1"));
  CHECK(engine->world()->registers.at("offenders").info.withdrawn == 1);
}

TEST_CASE("replacing everybody leaves nobody, and the next load starts again", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, invented_people(50));
  IngestRequest replace = folder.request(invented_people(20, 1000));
  replace.replace = true;
  CHECK(folder.load(*engine, replace).withdrawn == 50);
  CHECK(engine->world()->registers.at("offenders").index->people() == 20);
  const IngestReport report = folder.load(*engine, invented_people(50));
  CHECK(report.restored == 50);
  CHECK(engine->world()->registers.at("offenders").index->people() == 70);
}

TEST_CASE("replacing by a file without a readable row is refused", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, invented_people(5));
  IngestRequest replace = folder.request("id,name\n");
  replace.replace = true;
  const auto report = ingest(*engine, replace, {});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::invalid_input);
  CHECK(engine->world()->registers.at("offenders").info.active == 5);
}

TEST_CASE("a record whose row was rejected is not withdrawn", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name,dob\nA1,Faizal bin Abdullah,1984\nA2,Devi a/p Raman,1990\n");
  IngestRequest replace = folder.request("id,name,dob\nA1,Faizal bin Abdullah,1984-99-99\nA3,Ong Kim Huat,1970\n");
  replace.replace = true;
  const IngestReport report = folder.load(*engine, replace);
  CHECK(report.rejected == 1);
  CHECK(report.withdrawn == 1);
  CHECK(newest(*engine, "A1").state == RecordState::active);

  const auto file = GENERATE(table<std::string, std::string>({
      {"a.csv", "Nama,dob,ID\nFaizal bin Abdullah,1984-99-99, A1 \n"},
      {"b.csv", "id,name\nA1,Faizal, bin Abdullah\n"},
      {"c.jsonl", "{\"name\": \"Faizal bin Abdullah\", \"dob\": \"1984-99-99\", \"id\": \"A1\"}\n"},
      {"d.jsonl", "{\"names\": \"no list\", \"id\": \"A1\"}\n{\"names\": [\"Ratna\"], \"id\": \"A5\"}\n"},
  }));
  INFO(std::get<0>(file));
  replace.files = {folder.write(std::get<0>(file), std::get<1>(file)),
                   folder.write("rest.csv", "id,name\nA4,Ong Kim Huat\n")};
  CHECK(folder.load(*engine, replace).rejected == 1);
  CHECK(newest(*engine, "A1").state == RecordState::active);
}

TEST_CASE("the second row of an id is rejected with both lines, even if it says the same", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const IngestReport report = folder.load(
      *engine,
      "id,Nama,dob,court\nA1,Faizal bin Abdullah,1984,KL\nA2,\"Raman, Devi\",1990-02,\nA1,Faizal bin Abdullah,1984,KL\n"
      "A2,Someone Else,,Ipoh\n");
  CHECK(report.rows == 4);
  CHECK(report.added == 2);
  CHECK(report.rejected == 2);
  REQUIRE(report.rejects_file == folder / "people.csv.rejects.csv");
  const std::string rejects = text_of(report.rejects_file);
  INFO(rejects);
  CHECK(rejects.find("A1,Faizal bin Abdullah,1984,KL,4,id,the id of line 4 is already that of line 2") !=
        std::string::npos);
  CHECK(rejects.find("A2,Someone Else,,Ipoh,5,id,the id of line 5 is already that of line 3") != std::string::npos);
  CHECK(newest(*engine, "A2").record.names.front().text == "Raman, Devi");
}

TEST_CASE("rows of an id that is already taken are written verbatim", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  IngestRequest request = folder.request(
      "id,Nama,nama lain,No KP,Tarikh Lahir\nK1,Faizal bin Abdullah,,,1984\n"
      "K1,\" DEVI  a/p Raman\",Dev|born: Ratna,\"840302-14-5671, A 123\",02/03/1984\n");
  request.files.push_back(folder.write("more.jsonl", "{\"id\": \"K1\",  \"name\": \"Ong Kim Huat\"}\n"));
  const IngestReport report = folder.load(*engine, request);
  CHECK(report.added == 1);
  CHECK(report.rejected == 2);
  const std::string rejects = text_of(report.rejects_file);
  INFO(rejects);
  CHECK(rejects.find("K1,\" DEVI  a/p Raman\",Dev|born: Ratna,\"840302-14-5671, A 123\",02/03/1984,3,id,"
                     "the id of line 3 is already that of line 2,") != std::string::npos);
  const std::string json = text_of(folder / "people.csv.rejects-2.csv");
  INFO(json);
  CHECK(json.find("\"{\"\"id\"\": \"\"K1\"\",  \"\"name\"\": \"\"Ong Kim Huat\"\"}\",1,id,"
                  "the id of line 1 is already that of line 2 of file 1,") != std::string::npos);
}

TEST_CASE("a load that is published but cannot be taken up is a report with a warning", "[engine][screen]") {
  const DatabaseFolder folder;
  bool armed = false, failing = false;
  const auto fault = [&](std::string_view operation) -> Status {
    if (failing) return Error{ErrorCode::io, "the disk is gone"};
    if (armed && operation == "write") {  // of the commit: it still succeeds, and nothing does after it
      failing = true;
      std::filesystem::remove_all(folder.db() / "index" / "offenders");
    }
    return {};
  };
  auto opened = Engine::open(folder.db(), OpenMode::create, {}, fault);
  REQUIRE(opened);
  const std::unique_ptr<Engine> engine = std::move(opened).value();
  folder.load(*engine, "id,name\nA1,Faizal bin Abdullah\n");
  armed = true;
  const IngestReport report = folder.load(*engine, "id,name\nA2,Devi a/p Raman\n");
  CHECK(failing);
  CHECK(report.generation.value == 2);
  CHECK(report.added == 1);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings.front().find("the load is published") == 0);
  CHECK(engine->world()->generation.value == 1);
  armed = failing = false;
  REQUIRE(engine->refresh({}));
  CHECK(engine->world()->generation.value == 2);
  CHECK(hits_of(*engine, "Devi a/p Raman").contains("A2"));
}

TEST_CASE("several files are one load", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  IngestRequest request = folder.request("id,name\nA1,Faizal bin Abdullah\n", "a.csv");
  request.files.push_back(folder.write("b.csv", "nama,id\nDevi a/p Raman,A2\nFaizal bin Abdullah,A1\n"));
  const IngestReport report = folder.load(*engine, request);
  CHECK(report.added == 2);
  CHECK(report.rejected == 1);
  CHECK(report.generation.value == 1);
  CHECK(newest(*engine, "A2").provenance.file == "b.csv");
  CHECK(text_of(report.rejects_file)
            .find("Faizal bin Abdullah,A1,3,id,the id of line 3 is already that of line 2 of file 1") !=
        std::string::npos);
  CHECK(engine->store().loads()->front().files.size() == 2);
}

TEST_CASE("a load in many small steps and one large load give the same answers", "[engine][screen]") {
  const DatabaseFolder steps, whole;
  const auto stepwise = steps.open(), at_once = whole.open();
  for (int from = 0; from < 400; from += 40) {
    steps.load(*stepwise, invented_people(40, from, 1950));
    if (from % 80 == 0) steps.load(*stepwise, invented_people(40, from));
  }
  steps.load(*stepwise, invented_people(400));
  whole.load(*at_once, invented_people(400));
  const auto count = [](const Engine& engine) { return engine.world()->registers.at("offenders").index->people(); };
  CHECK(count(*stepwise) == 400);
  CHECK(count(*at_once) == 400);
  for (const char* name : {"Faizal abun bin Hassan", "Mei Ling zzun bin Ganesan", "Devi", "Kumar xaun bin Raman"}) {
    std::string a, b;
    for (const auto& [id, score] : hits_of(*stepwise, name, 400)) a += id + " ";
    for (const auto& [id, score] : hits_of(*at_once, name, 400)) b += id + " ";
    CHECK(a == b);
  }
}

TEST_CASE("a request that cannot be meant is refused with its cure", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const auto refused = [&](const IngestRequest& request) {
    const auto report = ingest(*engine, request, {});
    REQUIRE_FALSE(report);
    return report.error();
  };
  IngestRequest request = folder.request("id,name\nA1,Faizal\n");
  request.kind.reset();
  CHECK(refused(request).message.find("say its kind") != std::string::npos);
  request = folder.request("id,name\nA1,Faizal\n");
  request.register_name = "../evil";
  CHECK(refused(request).code == ErrorCode::invalid_input);
  request = folder.request("id,name\nA1,Faizal\n");
  request.files = {folder / "missing.csv"};
  refused(request);
  request.files.clear();
  CHECK(refused(request).code == ErrorCode::invalid_input);
  request = folder.request("id,name\nA1,Faizal\n");
  request.rejects = request.files.front();
  CHECK(refused(request).message.find("cannot take the rejected rows") != std::string::npos);
  folder.load(*engine, "id,name\nA1,Faizal\n");
  request = folder.request("id,name\nA1,Faizal\n");
  request.kind = RegisterKind::oyls;
  CHECK(refused(request).message.find("has the kind offender") != std::string::npos);
  CHECK(engine->world()->generation.value == 1);
  CHECK_FALSE(std::filesystem::exists(folder.db().parent_path() / "evil"));
}

TEST_CASE("registers of one database are apart", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  folder.load(*engine, "id,name\nA1,Faizal bin Abdullah\n");
  IngestRequest other = folder.request("id,name\nA1,Devi a/p Raman\n");
  other.register_name = "corpus";
  other.kind = RegisterKind::reference;
  folder.load(*engine, other);
  CHECK(engine->world()->registers.size() == 2);
  CHECK(engine->store().published()->registers.at("corpus").info.id.value == 2);
  CHECK(newest(*engine, "A1").record.names.front().text == "Faizal bin Abdullah");
  IngestRequest replace = folder.request("id,name\nA9,Tan Mei Ling\n");
  replace.replace = true;
  CHECK(folder.load(*engine, replace).withdrawn == 1);
  CHECK(engine->world()->registers.at("corpus").info.active == 1);
}

TEST_CASE("names that cannot be read are kept and counted", "[engine][screen]") {
  const DatabaseFolder folder;
  const auto engine = folder.open();
  const IngestReport report = folder.load(*engine, "id,name\nA1,???\nA2,Devi a/p Raman\n");
  std::string warnings;
  for (const std::string& warning : report.warnings) warnings += warning + "\n";
  INFO(warnings);
  CHECK((report.rejected == 1 ||
         warnings.find("records without a readable name, to be found by number only: 1") != std::string::npos));
}

}  // namespace
}  // namespace semak
