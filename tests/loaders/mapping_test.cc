#include "loaders/mapping.h"

#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::records;
using testing::TempFolder;

testing::Loaded load_mapped(std::string_view mapping, std::string_view text, SourceOptions options = records(),
                            const std::string& name = "p.csv") {
  const TempFolder folder;
  options.mapping = folder.file("m.toml", mapping);
  return testing::load(folder.file(name, text), options);
}

TEST_CASE("a mapping names columns, constants, date orders, values and list separators") {
  const auto loaded =
      load_mapped(R"(
separator = ";"
header_row = 3
date_format = "DD/MM/YY"
ignore = ["Catatan"]
[columns]
id = "Bil"
name = ["Depan", "Bapa"]
id_number = ["KP 1", "KP 2"]
aliases = { heading = "Lain2", list_separator = "/" }
dob = "TL"
sex = { heading = "J", values = { "1" = "M", "2" = "F" } }
conviction_date = { heading = "Sabit", date_format = "MMM D, YYYY" }
court = { constant = "Mahkamah Sesyen Klang" }
[fields]
majikan = "Nama Majikan"
)",
                  "Senarai rasmi\n\n"
                  "Bil;Bapa;Depan;KP 1;KP 2;Lain2;TL;J;Sabit;Nama Majikan;Catatan;Negeri\n"
                  "7;bin Abu;Ali;850311-03-5228;A1234567;Ali Boy/Boy;11/03/85;1;Mac 4, 2020;Kedai;x;Johor\n",
                  records(RegisterKind::offender));
  CHECK(loaded.error == "");
  REQUIRE(loaded.rejected.empty());
  REQUIRE(loaded.rows.size() == 1);
  const Record& record = loaded.rows[0].record;
  CHECK(record.id == "7");
  REQUIRE(record.names.size() == 3);
  CHECK(record.names[0] == TypedName{NameType::registered, "Ali bin Abu"});
  CHECK(record.names[1].text == "Ali Boy");
  REQUIRE(record.numbers.size() == 2);
  CHECK(record.numbers[1].text == "A1234567");
  CHECK(record.dob == PartialDate{1985, 3, 11});
  CHECK(record.sex == Sex::male);
  CHECK(record.state == "Johor");
  CHECK(testing::field_of(record, "conviction_date") == "2020-03-04");
  CHECK(testing::field_of(record, "court") == "Mahkamah Sesyen Klang");
  CHECK(testing::field_of(record, "majikan") == "Kedai");
  CHECK(testing::field_of(record, "Catatan") == "");
}

TEST_CASE("one heading may feed two columns: a number that is also the id") {
  const auto loaded =
      load_mapped("[columns]\nid = \"No KP\"\nid_number = \"No KP\"\n", "No KP,Nama\n850311-03-5228,Ali\n");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].id == "850311-03-5228");
  CHECK(loaded.rows[0].record.numbers.size() == 1);
  CHECK(loaded.columns == std::vector<std::string>{"No KP -> id", "No KP -> id_number", "Nama -> name"});
}

TEST_CASE("without recognition, headings mean nothing by themselves") {
  const auto loaded = load_mapped("recognise = false\n[columns]\nid = \"A\"\nname = \"B\"\n", "A,B,Jantina\n1,Ali,L\n");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].record.sex == Sex::unknown);
  CHECK(testing::field_of(loaded.rows[0].record, "Jantina") == "L");
}

TEST_CASE("a mapping obeys the encoding it states") {
  const auto loaded = load_mapped("encoding = \"windows-1252\"\n", "id,name\n1,Jos\xC3\xA9\n");
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].record.names[0].text == "JosÃ©");
}

TEST_CASE("a mapped date that does not have the stated form is rejected with the form") {
  const auto loaded = load_mapped("[columns]\ndob = { heading = \"dob\", date_format = \"DD/MM/YYYY\" }\n",
                                  "id,name,dob\n1,Ali,1985-03-11\n2,Abu,11/03/1985\n3,Ana,-\n");
  CHECK(loaded.rows.size() == 2);
  REQUIRE(loaded.rejected.size() == 1);
  CHECK(loaded.rejected[0].cure == "write it as DD/MM/YYYY");
}

TEST_CASE("mapping errors name file, line, column and what is wrong") {
  struct Case {
    const char* toml;
    const char* message;
  };
  const Case cases[] = {
      {"sheet = ", "m.toml:1:"},
      {"shet = \"x\"", "m.toml:1:1: unknown key \"shet\"; known here are sheet"},
      {"sheet = 3", "m.toml:1:9: sheet must be a text in quotes"},
      {"header_row = 0", "m.toml:1:14: header_row must be a whole number from 1"},
      {"header_row = \"3\"", "header_row must be"},
      {"separator = \";;\"", "m.toml:1:13: separator must be one character"},
      {"separator = \"\"", "separator must be one character"},
      {"encoding = \"latin9\"", "m.toml:1:12: unknown encoding \"latin9\""},
      {"date_format = \"DD/MM\"", "m.toml:1:15: \"DD/MM\" is no date format"},
      {"recognise = \"yes\"", "recognise must be true or false"},
      {"columns = 3", "columns must be a table"},
      {"[columns]\nnmae = \"x\"", "m.toml:2:1: unknown column \"nmae\"; known are id, name"},
      {"[columns]\nsemak_line = \"x\"", "unknown column \"semak_line\""},
      {"[columns]\nquery_id = \"x\"", "unknown column \"query_id\""},
      {"[columns]\nname = \"x\"\nname = \"y\"", "m.toml:3:"},
      {"[columns]\ndob = [\"x\", \"y\"]", "m.toml:2:7: dob takes one heading"},
      {"[columns]\nname = [\"x\", \"X.\"]", "m.toml:2: \"x\" is given to name twice"},
      {"[columns]\nname = []", "empty list"},
      {"[columns]\nname = \"\"", "a heading is empty"},
      {"[columns]\nname = { headin = \"x\" }", "m.toml:2:10: unknown key \"headin\""},
      {"[columns]\nname = { }", "name needs either a heading or a constant"},
      {"[columns]\nname = { heading = \"x\", constant = \"y\" }", "name needs either"},
      {"[columns]\nsex = { heading = \"x\", values = { \"1\" = 2 } }", "a value must be a text"},
      {"[columns]\nsex = { heading = \"x\", values = \"1\" }", "values must be a table"},
      {"[fields]\ndob = \"x\"", "m.toml:2:1: \"dob\" is a canonical column; it belongs under [columns]"},
      {"ignore = [\"x\"]\n[columns]\nname = \"X\"", "m.toml:3: \"X\" is both mapped to name and ignored"},
      {"[columns]\nname = \"Nama Lengkap\"", "p.csv: no column \"Nama Lengkap\", which"},
  };
  for (const Case& one : cases) {
    INFO(one.toml);
    const auto loaded = load_mapped(one.toml, "id,name\n1,Ali\n");
    INFO(loaded.error);
    CHECK(loaded.error.find(one.message) != std::string::npos);
  }
  SourceOptions options = records();
  options.mapping = "/nonexistent/m.toml";
  CHECK(testing::load_text("id,name\n1,Ali\n", options).error.find("/nonexistent/m.toml: the mapping file") == 0);
}

TEST_CASE("date formats read what they say and only days that exist") {
  const auto read = [](std::string_view pattern, std::string_view text) {
    return DateFormat::parse(pattern)->read(text, 2026).value_or(PartialDate{});
  };
  CHECK(read("DD/MM/YYYY", "11/03/1985") == PartialDate{1985, 3, 11});
  CHECK(read("MM/DD/YYYY", "03/11/1985") == PartialDate{1985, 3, 11});
  CHECK(read("D.M.YY", "1.3.26") == PartialDate{2026, 3, 1});
  CHECK(read("D.M.YY", "1.3.27") == PartialDate{1927, 3, 1});
  CHECK(read("YYYYMMDD", "19850311") == PartialDate{1985, 3, 11});
  CHECK(read("YYYY-MM", "1985-03") == PartialDate{1985, 3, 0});
  CHECK(read("D MMM YYYY", "4 Ogos 1985") == PartialDate{1985, 8, 4});
  CHECK_FALSE(read("DD/MM/YYYY", "31/02/1985").known());
  CHECK_FALSE(read("DD/MM/YYYY", "00/02/1985").known());
  CHECK_FALSE(read("DD/MM/YYYY", "11/03/1985 ").known());
  CHECK_FALSE(read("DD/MM/YYYY", "11-03-1985").known());
  CHECK_FALSE(read("DD/MM/YYYY", "1/03/1985").known());
  for (const char* bad : {"", "DD/MM", "DD/YYYY", "YYYYY", "DD/MM/YYYY HH", "DD/DD/YYYY", "xx"})
    CHECK_FALSE(DateFormat::parse(bad).has_value());
}

}  // namespace
}  // namespace semak
