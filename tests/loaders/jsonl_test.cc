#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::load_text;
using testing::records;
using testing::subjects;

testing::Loaded load_json(std::string_view text, const SourceOptions& options = records()) {
  return load_text(text, options, "p.jsonl");
}

TEST_CASE("a JSON object a line is a record; lists of names and numbers keep their types") {
  const auto loaded = load_json(
      R"({"id": 17, "names": ["Tan Mei Ling", {"type": "han", "text": "陈美玲"}, "Amy"], "dob": "1990-01-01",)"
      R"( "id_numbers": ["900101-14-0004", {"kind": "passport", "number": "A1234567", "issuer": "MYS", "valid_to": "2030-01-01"}],)"
      R"( "sex": "F", "active": true, "nothing": null, "extra": {"a": [1]}})"
      "\n\n"
      R"({"id":"R2","nama":"Ali bin Abu","alias":["Ali Boy","Boy"],"no_kp":850311035228,"old_ic":null})"
      "\r\n");
  CHECK(loaded.error == "");
  REQUIRE(loaded.rejected.empty());
  REQUIRE(loaded.rows.size() == 2);
  const Record& first = loaded.rows[0].record;
  CHECK(first.id == "17");
  REQUIRE(first.names.size() == 3);
  CHECK(first.names[0] == TypedName{NameType::registered, "Tan Mei Ling"});
  CHECK(first.names[1] == TypedName{NameType::han, "陈美玲"});
  CHECK(first.names[2] == TypedName{NameType::known_as, "Amy"});
  REQUIRE(first.numbers.size() == 2);
  CHECK(first.numbers[1] == TypedNumber{NumberKind::passport, "A1234567", "MYS", "", "2030-01-01"});
  CHECK(testing::field_of(first, "active") == "yes");
  CHECK(testing::field_of(first, "extra") == R"({"a":[1]})");
  const Record& second = loaded.rows[1].record;
  CHECK(loaded.rows[1].line == 3);
  CHECK(second.names.size() == 3);
  CHECK(second.numbers[0].text == "850311035228");
}

TEST_CASE("bad lines are rejects, each with its own reason, and the rest is read") {
  struct Case {
    const char* line;
    const char* field;
    const char* reason;
  };
  const Case cases[] = {
      {"{\"id\":\"1\",\"name\":", "", "not valid JSON"},
      {"{\"id\":\"1\",\"name\":\"Ali\",}", "", "not valid JSON"},
      {"[1,2]", "", "not a JSON object"},
      {"\"Ali\"", "", "not a JSON object"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"name\":\"Abu\"}", "", "a key is there twice"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"nama\":\"Abu\"}", "name", "two keys mean name"},
      {"{\"id\":\"1\"}", "name", "no name"},
      {"{\"name\":\"Ali\"}", "id", "no id"},
      {"{\"id\":\"1\",\"name\":[\"Ali\"]}", "name", "a list or object where a text belongs"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"dob\":{\"y\":1980}}", "dob", "a list or object"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"dob\":\"1980-02-30\"}", "dob", "\"1980-02-30\" is no date"},
      {"{\"id\":\"1\",\"names\":\"Ali\"}", "name", "names is no list"},
      {"{\"id\":\"1\",\"names\":[{\"type\":\"pet\",\"text\":\"Ali\"}]}", "name", "unknown type of name"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"id_numbers\":[{\"kind\":\"shoe\",\"number\":\"4\"}]}", "id_numbers",
       "unknown kind of number"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"ic\":850311035228123456789012}", "id_number",
       "digits of the number were lost"},
      {"{\"id\":\"1\",\"name\":\"Ali\",\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}", "", "not valid JSON"},
  };
  for (const Case& one : cases) {
    INFO(one.line);
    const auto loaded = load_json("{\"id\":\"0\",\"name\":\"Siti: {x}\",\"note\":\"a \\\" : b\"}\n" +
                                  std::string(one.line) + "\n{\"id\":\"2\",\"name\":\"Ana\"}\n");
    CHECK(loaded.error == "");
    CHECK(loaded.rows.size() == 2);
    REQUIRE(loaded.rejected.size() == 1);
    CHECK(loaded.rejected[0].row.line == 2);
    CHECK(loaded.rejected[0].field == one.field);
    CHECK(loaded.rejected[0].reason.find(one.reason) == 0);
    CHECK(loaded.rejected[0].row.cells == std::vector<std::string>{one.line});
  }
}

TEST_CASE("a JSON Lines file whose rows have no name at all is an error that lists the keys") {
  const auto loaded = load_json("{\"id\":1,\"umur\":3}\n{\"id\":2,\"kelas\":\"a\"}\n");
  CHECK(loaded.error.find("no column is the name; the headings are: id, umur, kelas") != std::string::npos);
}

TEST_CASE("JSON Lines of queries become subjects") {
  const auto loaded =
      load_json("{\"query_id\":\"Q1\",\"name\":\"Ali\",\"birth_year\":1980,\"consent\":true}\n", subjects());
  REQUIRE(loaded.rows.size() == 1);
  CHECK(loaded.rows[0].subject.dob == PartialDate{1980, 0, 0});
  CHECK(loaded.rows[0].subject.consent);
  const auto numbered = load_json("{\"name\":\"Ali\"}\n", subjects());
  REQUIRE(numbered.rows.size() == 1);
  CHECK(numbered.rows[0].id == "1");
}

TEST_CASE("an empty JSON Lines file is refused, a blank one has no rows") {
  CHECK(load_json("").error.find("the file is empty") != std::string::npos);
  CHECK(load_json("\n\n").warns("no rows"));
}

TEST_CASE("a JSON line over the limit is an error that names file and line") {
  const auto loaded =
      load_json("{\"id\":1,\"name\":\"Ali\"}\n{\"id\":2,\"name\":\"" + std::string(17 << 20, 'x') + "\"}\n");
  CHECK(loaded.error.find("p.jsonl:2: a line of more than 16777216 bytes") != std::string::npos);
}

}  // namespace
}  // namespace semak
