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

TEST_CASE("files with other headings have rejects of their own", "[engine][screen]") {
  const TemporaryFolder folder;
  LoadRejects rejects(folder / "r.csv");
  const FileHeadings first = {0, {"id", "name"}}, second = {1, {"Nama", "No"}};
  REQUIRE(rejects.write(first, {{7, {"A1", ""}}, "name", "empty", "give one"}));
  REQUIRE(rejects.write(second, {{8, {"Devi", "A2"}}, "id", "bad", "good"}));
  REQUIRE(rejects.write(first, {{9, {"A3", ""}}, "name", "empty", "give one"}));
  REQUIRE(rejects.close());
  CHECK(rejects.rows() == 3);
  REQUIRE(rejects.files() == std::vector<std::filesystem::path>{folder / "r.csv", folder / "r-2.csv"});
  CHECK(text_of(folder / "r.csv").find("A3,,9,name") != std::string::npos);
  CHECK(text_of(folder / "r-2.csv").find("Devi,A2,8,id") != std::string::npos);
}

}  // namespace
}  // namespace semak
