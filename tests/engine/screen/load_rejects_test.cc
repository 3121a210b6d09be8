#include "engine/screen/load_rejects.h"

#include <fstream>
#include <sstream>
#include <string>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

FileHeadings headings(std::vector<std::string> header, std::vector<std::string> fields) {
  return {0, "people.csv", std::move(header), std::move(fields)};
}

TEST_CASE("files with other headings have rejects of their own", "[engine][screen]") {
  const TemporaryFolder folder;
  LoadRejects rejects(folder / "r.csv");
  const FileHeadings first = headings({"id", "name"}, {"id", "name"}),
                     second = headings({"Nama", "No"}, {"name", "id"});
  REQUIRE(rejects.write(first, {{7, {"A1", ""}}, "name", "empty", "give one"}));
  REQUIRE(rejects.write(second, {{8, {"Devi", "A2"}}, "id", "bad", "good"}));
  REQUIRE(rejects.write(first, {{9, {"A3", ""}}, "name", "empty", "give one"}));
  REQUIRE(rejects.close());
  CHECK(rejects.rows() == 3);
  REQUIRE(rejects.files() == std::vector<std::filesystem::path>{folder / "r.csv", folder / "r-2.csv"});
  CHECK(text_of(folder / "r.csv").find("A3,,9,name") != std::string::npos);
  CHECK(text_of(folder / "r-2.csv").find("Devi,A2,8,id") != std::string::npos);
}

TEST_CASE("a duplicate is written with the cells that its record came from", "[engine][screen]") {
  const TemporaryFolder folder;
  LoadRejects rejects(folder / "r.csv");
  SourceRow row;
  row.line = 12;
  row.record.id = "A1";
  row.record.names = {
      {NameType::registered, "Faizal bin Abdullah"}, {NameType::known_as, "Ijal"}, {NameType::known_as, "Boy"}};
  row.record.numbers = {{NumberKind::unknown, "840302-14-5671", "", "", ""}};
  row.record.dob = PartialDate{1984, 3, 2};
  row.record.sex = Sex::male;
  row.record.nationality = "Malaysia";
  row.record.state = "Johor";
  row.record.fields = {{"court", "Muar, II"}};
  const FileHeadings file =
      headings({"ID", "N", "Al", "IC", "Lahir", "S", "W", "Ng", "Mahkamah", "x"},
               {"id", "name", "aliases", "id_number", "dob", "sex", "nationality", "state", "court", ""});
  REQUIRE(rejects.write_duplicate(file, row, "line 3"));
  REQUIRE(rejects.close());
  const std::string text = text_of(folder / "r.csv");
  INFO(text);
  CHECK(text.find("A1,Faizal bin Abdullah,Ijal|Boy,840302-14-5671,1984-03-02,M,Malaysia,Johor,\"Muar, II\",,12,id,"
                  "the id of line 12 is already that of line 3,") != std::string::npos);
}

TEST_CASE("the id of a rejected row is that of its id column", "[engine][screen]") {
  CHECK(id_of_rejected(headings({"n", "i"}, {"name", "id"}), {{1, {"Devi", "A2"}}, "", "", ""}) == "A2");
  CHECK(id_of_rejected(headings({"n", "i"}, {"name", "id"}), {{1, {"Devi"}}, "", "", ""}) == "");
  CHECK(id_of_rejected(headings({"n"}, {"name"}), {{1, {"Devi"}}, "", "", ""}) == "");
}

}  // namespace
}  // namespace semak
