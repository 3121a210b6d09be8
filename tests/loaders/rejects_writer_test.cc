#include <random>

#include "loaders/source.h"
#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::load;
using testing::records;
using testing::TempFolder;

// Loads, writes the rejects, and gives the path of the rejects file.
std::filesystem::path write_rejects(const TempFolder& folder, const testing::Loaded& loaded, const std::string& name) {
  const auto path = folder.path(name);
  RejectsWriter writer(path, loaded.header);
  for (const RejectedRow& row : loaded.rejected) REQUIRE(writer.write(row).ok());
  CHECK(writer.rows() == loaded.rejected.size());
  REQUIRE(writer.close().ok());
  return path;
}

void replace_all(const std::filesystem::path& path, const std::string& from, const std::string& to) {
  std::string text = testing::bytes_of(path);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  std::ofstream(path, std::ios::binary) << text;
}

TEST_CASE(
    "a rejects file holds personal data: its owner alone can read it, also where others could read an earlier one") {
  using std::filesystem::perms;
  const TempFolder folder;
  const auto loaded = load(folder.file("p.csv", "id,name,dob\n1,Ali,1980-02-30\n"), records());
  const auto mode = [](const std::filesystem::path& path) { return std::filesystem::status(path).permissions(); };
  const auto path = write_rejects(folder, loaded, "r.csv");
  CHECK(mode(path) == (perms::owner_read | perms::owner_write));
  std::ofstream(path) << std::string(5000, 'x');
  std::filesystem::permissions(path, perms(0644));
  write_rejects(folder, loaded, "r.csv");
  CHECK(mode(path) == (perms::owner_read | perms::owner_write));
  CHECK(testing::bytes_of(path).size() < 500);
}

TEST_CASE("a rejects file has the file's columns first, then what is wrong") {
  const TempFolder folder;
  const auto loaded = load(folder.file("p.csv", "id;Nama;dob\n1;Ali, \"Boy\";1980-02-30\n"), records());
  const auto path = write_rejects(folder, loaded, "r.csv");
  CHECK(testing::bytes_of(path) ==
        "\xEF\xBB\xBFid,Nama,dob,semak_line,semak_field,semak_reason,semak_cure\n"
        "1,\"Ali, \"\"Boy\"\"\",1980-02-30,2,dob,\"\"\"1980-02-30\"\" is no date that exists\","
        "\"write YYYY-MM-DD, DD/MM/YYYY or just the year\"\n");
}

TEST_CASE("no rejects, no file") {
  const TempFolder folder;
  RejectsWriter writer(folder.path("r.csv"), {"id"});
  CHECK(writer.close().ok());
  CHECK_FALSE(std::filesystem::exists(folder.path("r.csv")));
}

TEST_CASE("a rejects file that cannot be created is an error that names it") {
  RejectsWriter writer("/nonexistent/r.csv", {"id"});
  const Status status = writer.write({{1, {"x"}}, "", "r", "c"});
  REQUIRE_FALSE(status);
  CHECK(status.error().message.find("/nonexistent/r.csv") == 0);
}

TEST_CASE("rejects that are corrected and loaded again are read; uncorrected they are rejected again") {
  const TempFolder folder;
  const auto loaded = load(folder.file("p.csv",
                                       "id,name,dob\n"
                                       "1,Ali,1980-02-30\n"
                                       "2,Ali, bin Abu,1980\n"
                                       "3,\"A\" x,1980\n"),
                           records());
  REQUIRE(loaded.rejected.size() == 3);
  const auto path = write_rejects(folder, loaded, "r.csv");
  const auto again = load(path, records());
  CHECK(again.error == "");
  CHECK(again.rows.size() == 1);  // the third: its quotes are now doubled, so the cell is what it says
  REQUIRE(again.rejected.size() == 2);
  CHECK(again.rejected[1].reason.find("cells under") != std::string::npos);
  const auto second = write_rejects(folder, again, "r2.csv");
  CHECK(testing::bytes_of(second).find("semak_line,semak_field") == testing::bytes_of(second).rfind("semak_line,"));
  replace_all(second, "1980-02-30", "1980-02-29");
  const auto corrected = load(second, records());
  CHECK(corrected.rows.size() == 1);
  CHECK(corrected.rows[0].record.fields.empty());
}

TEST_CASE("cells with formulas, quotes, line ends and blanks come back as they were") {
  std::mt19937 random(7);
  const std::string alphabet = "a=+-@\"',;|\n\r\t ";
  const TempFolder folder;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> cells(3);
    for (std::string& cell : cells) {
      cell.assign(random() % 6, 'a');
      for (char& c : cell) c = alphabet[random() % alphabet.size()];
    }
    std::string text = "id,name,note\n";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      append_csv_cell(text, cells[i]);
    }
    text += ",surplus\n";
    const auto loaded = load(folder.file("p.csv", text), records());
    INFO(text);
    REQUIRE(loaded.rejected.size() == 1);
    const auto again = load(write_rejects(folder, loaded, "r.csv"), records());
    REQUIRE(again.rejected.size() == 1);
    for (std::size_t i = 0; i < cells.size(); ++i) CHECK(again.rejected[0].row.cells[i] == cells[i]);
  }
}

TEST_CASE("rejects of a mapped file load with the same mapping") {
  const TempFolder folder;
  SourceOptions options = records();
  options.mapping =
      folder.file("m.toml",
                  "header_row = 3\nseparator = \";\"\nencoding = \"windows-1252\"\n"
                  "[columns]\nid = \"Bil\"\nname = \"N\"\ndob = { heading = \"T\", date_format = \"DD/MM/YY\" }\n");
  const auto loaded = load(folder.file("p.csv", "Senarai\n\nBil;N;T\n1;Jos\xE9;31/02/80\n"), options);
  REQUIRE(loaded.rejected.size() == 1);
  const auto path = write_rejects(folder, loaded, "r.csv");
  replace_all(path, "31/02/80", "28/02/80");
  const auto again = load(path, options);
  CHECK(again.error == "");
  REQUIRE(again.rows.size() == 1);
  CHECK(again.rows[0].record.names[0].text == "José");
  CHECK(again.rows[0].record.dob == PartialDate{1980, 2, 28});
}

TEST_CASE("rejects of JSON Lines are whole lines in one cell and load again as CSV") {
  const TempFolder folder;
  const auto loaded =
      load(folder.file("p.jsonl",
                       "{\"id\":\"1\",\"name\":\"Ali\",\"dob\":\"1980-02-30\",\"aliases\":[\"A\",\"B\"]}\n"
                       "{broken\n{\"id\":\"3\",\"name\":\"Ana\"}\n"),
           records());
  REQUIRE(loaded.rejected.size() == 2);
  const auto path = write_rejects(folder, loaded, "r.csv");
  const auto uncorrected = load(path, records());
  CHECK(uncorrected.error == "");
  CHECK(uncorrected.rejected.size() == 2);
  replace_all(path, "\"\"1980-02-30\"\"", "\"\"1980-02-29\"\"");
  const auto again = load(path, records());
  REQUIRE(again.rows.size() == 1);
  CHECK(again.rows[0].record.names.size() == 3);
  REQUIRE(again.rejected.size() == 1);
  CHECK(again.rejected[0].row.cells[0] == "{broken");
}

}  // namespace
}  // namespace semak
