// The command line end to end: the real program on real files.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <set>
#include <signal.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/tools/run_semak.h"

namespace semak {
namespace {

std::int64_t count(const boost::json::object& object, const char* key) {
  CAPTURE(key);
  REQUIRE(object.contains(key));
  return object.at(key).to_number<std::int64_t>();
}

// A small world, made once: 400 people of an offender register and queries about them and others.
struct World {
  TestFolder folder;
  std::string db, people, queries, truth;
  World() : db(folder / "db"), people(folder / "people.csv"), queries(folder / "q.csv"), truth(folder / "t.csv") {
    const Ran made = run_semak({"generate", "--people", "400", "--kind", "offender", "--seed", "5", "--out", people,
                                "--queries", "60", "--queries-out", queries, "--truth-out", truth});
    CAPTURE(made.err);
    REQUIRE(made.status == 0);
    const Ran loaded = run_semak({"load", "--db", db, "--register", "pesalah", "--kind", "offender", people});
    CAPTURE(loaded.err, loaded.out);
    REQUIRE(loaded.status == 0);
  }
};
const World& world() {
  static const World made;
  return made;
}

TEST_CASE("generate, load, screen, verify: members are found and nothing is wrong") {
  const World& w = world();
  const TestFolder folder;
  const Ran screened =
      run_semak({"screen", "--db", w.db, "--in", w.queries, "--out", folder / "r.csv", "--register", "pesalah"});
  CAPTURE(screened.err);
  CHECK(screened.status <= 1);
  std::set<std::pair<std::string, std::string>> found;
  std::vector<std::string> order;
  const auto rows = lines_of(read_text(folder / "r.csv"));
  REQUIRE_FALSE(rows.empty());
  CHECK(rows.front() == "query_id,rank,register,record_id,score,probability,outcome,evidence");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto cells = cells_of(rows[i]);
    found.emplace(cells[0], cells[3]);
    if (order.empty() || order.back() != cells[0]) order.push_back(cells[0]);
    CHECK(std::set<std::string>{"no_record", "refer", "incomplete"}.contains(cells[6]));
  }
  std::vector<std::string> asked;
  int members = 0, hits = 0;
  const auto truth = lines_of(read_text(w.truth));
  for (std::size_t i = 1; i < truth.size(); ++i) {
    const auto cells = cells_of(truth[i]);
    asked.push_back(cells[0]);
    if (cells[1].empty()) continue;
    ++members;
    hits += found.contains({cells[0], cells[1]});
  }
  CHECK(order == asked);
  CHECK(hits >= members * 8 / 10);

  const Ran verified = run_semak({"verify", "--db", w.db, "--recall", "40", "--format", "json"});
  const auto report = json_of(verified);
  CHECK(verified.status == 0);
  CHECK(report.at("clean").as_bool());
  CHECK(count(report, "recall_missing") == 0);
  CHECK(count(report, "records") == 400);
}

TEST_CASE("the result does not depend on the number of threads") {
  const TestFolder folder;
  for (const char* threads : {"1", "3"})
    run_semak({"screen", "--db", world().db, "--in", world().queries, "--out", folder / threads, "--out-format", "csv",
               "--threads", threads});
  CHECK(read_text(folder / "1") == read_text(folder / "3"));
  CHECK(lines_of(read_text(folder / "1")).size() > 60);
}

TEST_CASE("results are written as the ending asks") {
  const TestFolder folder;
  const World& w = world();
  CHECK(run_semak({"screen", "--db", w.db, "--in", w.queries, "--out", folder / "r.jsonl"}).status <= 1);
  for (const std::string& line : lines_of(read_text(folder / "r.jsonl"))) {
    boost::json::error_code error;
    const auto row = boost::json::parse(line, error);
    REQUIRE_FALSE(error);
    CHECK(row.as_object().at("evidence").is_array());
    CHECK(row.as_object().at("query_id").is_string());
  }
  CHECK(run_semak({"screen", "--db", w.db, "--in", w.queries, "--out", folder / "r.xlsx"}).status <= 1);
  CHECK(read_text(folder / "r.xlsx").substr(0, 2) == "PK");
  CHECK(run_semak({"screen", "--db", w.db, "--in", w.queries, "--out", folder / "r.tsv"}).status <= 1);
  CHECK(has(read_text(folder / "r.tsv"), "query_id\trank\tregister"));
  const Ran piped = run_semak({"screen", "--db", w.db, "--in", w.queries, "--out", "-"});
  CHECK(has(piped.out, "query_id,rank,register"));
  CHECK_FALSE(has(piped.out, "Outcome"));
}

TEST_CASE("a bad row is answered as incomplete, kept in a rejects file, and the status says so") {
  const TestFolder folder;
  write_text(folder / "q.csv",
             "query_id,name,dob\nA,Ahmad bin Ali,1980-01-01\nB,Siti binti Omar,1980-13-77\nC,Tan Ah Kow,\n");
  const Ran ran = run_semak({"screen", "--db", world().db, "--in", folder / "q.csv", "--out", folder / "r.csv"});
  CHECK(ran.status == 1);
  std::vector<std::string> ids;
  for (const auto& line : lines_of(read_text(folder / "r.csv"))) {
    const auto cells = cells_of(line);
    if (ids.empty() || ids.back() != cells[0]) ids.push_back(cells[0]);
    if (cells[0] == "B") {
      CHECK(cells[3].empty());
      CHECK(cells[6] == "incomplete");
      CHECK(has(line, "dob"));
    }
  }
  CHECK(ids == std::vector<std::string>{"query_id", "A", "B", "C"});
  CHECK(has(read_text(folder / "r.csv.rejects.csv"), "1980-13-77"));
  CHECK(has(ran.out, "r.csv.rejects.csv"));
}

TEST_CASE("a query_id that stands twice is told in both languages, and both rows are answered") {
  const TestFolder folder;
  write_text(folder / "q.csv", "query_id,name\nA,Ahmad bin Ali\nB,Tan Ah Kow\nA,Muthu a/l Raman\n");
  const std::vector<std::string> words = {"screen", "--db", world().db, "--in", folder / "q.csv", "--out", "-"};
  const Ran ran = run_semak(words);
  CHECK(has(ran.err, "q.csv: rows with the query_id of an earlier row: 1, in lines 4 (2)"));
  CHECK(has(ran.err, "give every row a query_id of its own"));
  std::vector<std::string> ids;
  for (const auto& line : lines_of(ran.out)) {
    const auto cells = cells_of(line);
    if (cells[1] == "rank" || cells[1].empty() || cells[1] == "1") ids.push_back(cells[0]);
  }
  CHECK(ids == std::vector<std::string>{"query_id", "A", "B", "A"});
  CHECK(has(run_semak(words, "ms_MY.UTF-8").err,
            "q.csv: baris yang query_id-nya sama dengan baris terdahulu: 1, pada baris 4 (2)"));
}

TEST_CASE("results, rejects and databases are nobody else's to read, whatever the umask") {
  using std::filesystem::perms;
  const TestFolder folder;
  const auto mode = [&](const std::string& name) { return std::filesystem::status(folder / name).permissions(); };
  write_text(folder / "q.csv", "query_id,name,dob\nA,Ahmad bin Ali,\nB,Siti,1980-13-77\n");
  const ::mode_t before = ::umask(0);
  for (const std::string ending : {"csv", "tsv", "jsonl", "xlsx"}) {
    write_text(folder / "r." + ending, "older, and readable by all");
    run_semak({"screen", "--db", world().db, "--in", folder / "q.csv", "--out", folder / "r." + ending});
    CHECK(mode("r." + ending) == (perms::owner_read | perms::owner_write));
    CHECK(mode("r." + ending + ".rejects.csv") == (perms::owner_read | perms::owner_write));
  }
  run_semak({"load", "--db", folder / "db", "--register", "r", "--kind", "reference", world().people});
  ::umask(before);
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder / "db")) {
    INFO(file.path());
    CHECK((file.status().permissions() & perms::others_all) == perms::none);
  }
}

TEST_CASE("cells that a spreadsheet would calculate are made harmless, ids that programs need are not") {
  const TestFolder folder;
  write_text(folder / "p.csv",
             "id,name\n-17,Zulhilmi bin Borhanuddin\n\"=HYPERLINK(\"\"x\"\")\",Zulhilmi bin Borhanuddin\n");
  CHECK(run_semak({"load", "--db", folder / "db", "--register", "r", "--kind", "reference", folder / "p.csv"}).status ==
        0);
  write_text(folder / "q.csv", "query_id,name\n+1,Zulhilmi bin Borhanuddin\n");
  CHECK(run_semak({"screen", "--db", folder / "db", "--in", folder / "q.csv", "--out", folder / "r.csv"}).status == 0);
  const std::string csv = read_text(folder / "r.csv");
  CHECK(has(csv, "+1,1,r,-17,"));
  CHECK(has(csv, "\"'=HYPERLINK"));
  CHECK(run_semak({"screen", "--db", folder / "db", "--in", folder / "q.csv", "--out", folder / "r.jsonl"}).status ==
        0);
  CHECK(has(read_text(folder / "r.jsonl"), "\"record_id\":\"=HYPERLINK"));
}

TEST_CASE("lookup shows records, and with --explain the evidence and its sum") {
  const auto first = cells_of(lines_of(read_text(world().people))[1]);
  const Ran plain = run_semak({"lookup", "--db", world().db, "--name", first[1], "--id", first[3], "--explain"});
  CAPTURE(plain.out, plain.err);
  CHECK(plain.status == 0);
  CHECK(has(plain.out, "REFER"));
  CHECK(has(plain.out, first[0]));
  CHECK(has(plain.out, "Compared"));
  CHECK(has(plain.out, "Sum"));
  const Ran malay =
      run_semak({"lookup", "--db", world().db, "--name", first[1], "--id", first[3], "--explain", "--lang", "ms"});
  CHECK(has(malay.out, "RUJUK"));
  CHECK(has(malay.out, "Jumlah"));
  const auto answer = json_of(run_semak({"lookup", "--db", world().db, "--id", first[3], "--format", "json"}));
  CHECK(answer.at("outcome").as_string() == "refer");
  const auto& hit = answer.at("hits").as_array().at(0).as_object();
  CHECK(hit.at("record_id").as_string() == first[0]);
  CHECK(hit.at("probability").to_number<double>() > 0.5);
  CHECK(hit.at("evidence").as_array().at(0).as_object().contains("bits"));
}

TEST_CASE("a look-up that could not be made says so and never reads as clear") {
  const Ran ran = run_semak({"lookup", "--db", world().db, "--name", "--"});
  CHECK(ran.status == 1);
  CHECK(has(ran.out, "NOT SCREENED"));
}

TEST_CASE("load says what became what, counts, and what it rejected") {
  const TestFolder folder;
  write_text(folder / "p.csv",
             "No,Nama,No KP,Tarikh Lahir,Jantina\n1,Ali bin Abu,800101-01-5551,1980-01-01,L\n2,,,,\n3,Abu bin "
             "Ali,,31/02/1980,L\n");
  write_text(
      folder / "q.csv",
      "id,name,id_number,dob,sex\n1,Ali bin Abu,800101-01-5551,1980-01-01,M\n3,,,,\n4,Abu bin Ali,,31/02/1980,M\n");
  const Ran ran = run_semak({"load", "--db", folder / "db", "--register", "r", "--kind", "reference", "--rejects",
                             folder / "bad.csv", folder / "q.csv"});
  CAPTURE(ran.out, ran.err);
  CHECK(ran.status == 1);
  CHECK(has(ran.out, "dob -> dob"));
  CHECK(has(read_text(folder / "bad.csv"), "31/02/1980"));
  const auto again = json_of(run_semak({"load", "--db", folder / "db", "--register", "r", "--format", "json",
                                        "--rejects", folder / "bad.csv", folder / "q.csv"}));
  CHECK(count(again, "rows") == 3);
  CHECK(count(again, "unchanged") == 1);
  CHECK(count(again, "rejected") == 2);
  CHECK(again.at("columns").as_array().size() == 5);
}

TEST_CASE("replace withdraws what the new file lacks, and history tells the record's story") {
  const TestFolder folder;
  write_text(folder / "1.csv", "id,name\nA,Ali bin Abu\nB,Siti binti Omar\n");
  write_text(folder / "2.csv", "id,name\nA,Ali bin Abu Bakar\n");
  CHECK(run_semak({"load", "--db", folder / "db", "--register", "r", "--kind", "offender", folder / "1.csv"}).status ==
        0);
  const auto report = json_of(
      run_semak({"load", "--db", folder / "db", "--register", "r", "--replace", "--format", "json", folder / "2.csv"}));
  CHECK(count(report, "changed") == 1);
  CHECK(count(report, "withdrawn") == 1);
  const Ran story = run_semak({"history", "--db", folder / "db", "--register", "r", "--record", "A"});
  CHECK(has(story.out, "+ name: Ali bin Abu Bakar"));
  CHECK(has(story.out, "- name: Ali bin Abu\n"));
  const auto gone =
      json_of(run_semak({"history", "--db", folder / "db", "--register", "r", "--record", "B", "--format", "json"}));
  CHECK(gone.at("revisions").as_array().at(0).as_object().at("state").as_string() == "withdrawn");
  CHECK(run_semak({"history", "--db", folder / "db", "--register", "r", "--record", "Z"}).status == 3);
  const Ran lookup = run_semak({"lookup", "--db", folder / "db", "--name", "Siti binti Omar"});
  CHECK(has(lookup.out, "NO RECORD"));
}

TEST_CASE("info and bench answer programs with the promised keys") {
  const auto info = json_of(run_semak({"info", "--db", world().db, "--format", "json"}));
  CHECK(count(info, "generation") == 1);
  const auto& one = info.at("registers").as_array().at(0).as_object();
  CHECK(one.at("name").as_string() == "pesalah");
  CHECK(one.at("kind").as_string() == "offender");
  CHECK(one.at("records").to_number<int>() == 400);
  const Ran ran = run_semak(
      {"bench", "--db", world().db, "--in", world().queries, "--exhaustive", "--sample", "20", "--format", "json"});
  const auto bench = json_of(ran);
  CHECK(ran.status == 0);
  for (const char* key : {"people", "queries", "threads", "p50_us", "p90_us", "p99_us", "p999_us", "queries_per_second",
                          "bytes_per_person", "generation", "missed_by_lookup"})
    CHECK((bench.contains(key) && bench.at(key).is_number()));
  CHECK(count(bench, "people") == 400);
  CHECK(count(bench, "missed_by_lookup") == 0);
  CHECK(bench.at("exhaustive").as_object().contains("p50_us"));
}

struct BadUse {
  const char* why;
  std::vector<std::string> words;
  int status;
  const char* says;
};

TEST_CASE("wrong use is refused at the door with a cure") {
  const TestFolder folder;
  const std::string db = world().db, q = world().queries, p = world().people, out = folder / "out.csv";
  write_text(folder / "noname.csv", "id,colour\n1,red\n");
  write_text(folder / "a.txt", "id,name\n1,Ali\n");
  write_text(folder / "file", "x");
  std::filesystem::create_directory(folder.path() / "other");
  write_text(folder / "other/letter.txt", "x");
  const BadUse cases[] = {
      {"no such verb", {"frobnicate"}, 2, "generate"},
      {"no such option", {"info", "--db", db, "--loud"}, 2, "--loud"},
      {"no such language", {"info", "--db", db, "--lang", "fr"}, 2, "en or ms"},
      {"option without its value", {"info", "--db"}, 2, "--db needs a value"},
      {"option twice", {"info", "--db", db, "--db", db}, 2, "twice"},
      {"needed option missing", {"info"}, 2, "--db"},
      {"a word too many", {"info", "--db", db, "now"}, 2, "'now'"},
      {"format unknown", {"info", "--db", db, "--format", "yaml"}, 2, "text, json"},
      {"not a number", {"generate", "--people", "many", "--out", out}, 2, "'many'"},
      {"too many people", {"generate", "--people", "99M", "--out", out}, 2, "24000000"},
      {"queries without a file", {"generate", "--people", "5", "--out", out, "--queries", "5"}, 2, "--queries-out"},
      {"kind unknown", {"load", "--db", folder / "n", "--register", "r", "--kind", "cats", p}, 2, "offender, oyls"},
      {"new register without kind", {"load", "--db", folder / "n", "--register", "r", p}, 2, "--kind"},
      {"nothing to load", {"load", "--db", db, "--register", "pesalah"}, 2, "at least one file"},
      {"file missing", {"load", "--db", db, "--register", "pesalah", folder / "none.csv"}, 3, "none.csv"},
      {"unknown ending", {"load", "--db", db, "--register", "pesalah", folder / "a.txt"}, 2, "a.txt"},
      {"no name column", {"load", "--db", db, "--register", "pesalah", folder / "noname.csv"}, 2, "name"},
      {"folder of other things",
       {"load", "--db", folder / "other", "--register", "r", "--kind", "oyls", p},
       3,
       "no Semak database"},
      {"no database", {"info", "--db", folder / "nowhere"}, 3, "semak load"},
      {"database is a file", {"info", "--db", folder / "file"}, 3, "is a file"},
      {"unknown register", {"lookup", "--db", db, "--name", "Ali", "--register", "cats"}, 2, "pesalah"},
      {"unknown policy", {"screen", "--db", db, "--in", q, "--out", out, "--policy", "kind"}, 2, "school_staff"},
      {"nobody asked about", {"lookup", "--db", db}, 2, "--name"},
      {"no date", {"lookup", "--db", db, "--name", "Ali", "--born", "last year"}, 2, "YYYY"},
      {"no sex", {"lookup", "--db", db, "--name", "Ali", "--sex", "Q"}, 2, "M or F"},
      {"queries missing", {"screen", "--db", db, "--in", folder / "none.csv", "--out", out}, 3, "none.csv"},
      {"result of no kind", {"screen", "--db", db, "--in", q, "--out", folder / "out.doc"}, 2, ".xlsx"},
      {"result over the queries", {"screen", "--db", db, "--in", q, "--out", q}, 2, "overwrite"},
      {"no such folder", {"screen", "--db", db, "--in", q, "--out", folder / "no/r.csv"}, 3, "no/r.csv"},
      {"workbook to a pipe", {"screen", "--db", db, "--in", q, "--out", "-", "--out-format", "xlsx"}, 2, ".xlsx"},
  };
  for (const BadUse& one : cases) {
    CAPTURE(one.why);
    const Ran ran = run_semak(one.words);
    CAPTURE(ran.err, ran.out);
    CHECK(ran.status == one.status);
    CHECK(has(ran.err, one.says));
    CHECK(ran.out.empty());
  }
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("a mistyped verb or option is answered with what may have been meant") {
  struct {
    std::vector<std::string> words;
    const char* says;
    const char* more;
  } const cases[] = {
      {{"lod"}, "Did you mean semak load?", "Try: semak --help"},
      {{"loookup"}, "Did you mean semak lookup?", "Try: semak --help"},
      {{"hcekc"}, "there is no verb 'hcekc'", "Try: semak --help"},
      {{"load", "--regsiter", "r"}, "Did you mean --register?", "Try: semak load --help"},
      {{"load", "--helpp"}, "Did you mean --help?", "Try: semak load --help"},
      {{"load", "--xyzzy"}, "unknown option '--xyzzy'", "Try: semak load --help"},
  };
  for (const auto& one : cases) {
    const Ran ran = run_semak(one.words);
    CAPTURE(one.words, ran.err);
    CHECK(ran.status == 2);
    CHECK(has(ran.err, one.says));
    CHECK(has(ran.err, one.more));
  }
  CHECK_FALSE(has(run_semak({"xyzzy"}).err, "Did you mean"));
  CHECK(has(run_semak({"lod"}, "ms_MY.UTF-8").err, "Adakah maksud anda semak load?"));
  // One wording, whichever verb the policy is misspelt to.
  const std::string one =
      run_semak({"screen", "--db", world().db, "--in", world().queries, "--out", "-", "--policy", "gossip"}).err;
  const std::string other = run_semak({"check", "--db", world().db, "--purpose", "gossip", "--name", "Ali"}).err;
  CHECK(lines_of(one).front() == lines_of(other).front());
}

TEST_CASE("generate answers programs too") {
  const TestFolder folder;
  const auto made =
      json_of(run_semak({"generate", "--people", "5", "--out", folder / "p.csv", "--queries", "3", "--queries-out",
                         folder / "q", "--queries-format", "jsonl", "--format", "json"}));
  CHECK(count(made, "people") == 5);
  CHECK(count(made, "queries") == 3);
  CHECK(text_in(made, "queries_out") == folder / "q");
  CHECK(has(read_text(folder / "q"), "{\"query_id\":"));
}

TEST_CASE("an interrupted run leaves nothing half-written") {
  const TestFolder folder;
  const pid_t process = start_semak({"generate", "--people", "20M", "--out", folder / "people.csv"});
  for (int i = 0; i < 12'000 && folder.files().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK_FALSE(folder.files().empty());
  ::kill(process, SIGINT);
  CHECK(wait_for(process) == 128 + SIGINT);
  CHECK(folder.files().empty());
}

TEST_CASE("a full device is an error, and a device is never replaced by a file") {
  if (!std::filesystem::is_character_file("/dev/full")) return;
  const Ran ran = run_semak({"generate", "--people", "10k", "--out", "/dev/full"});
  CHECK(ran.status == 3);
  CHECK(has(ran.err, "/dev/full"));
  CHECK(std::filesystem::is_character_file("/dev/full"));
  CHECK(lines_of(run_semak({"generate", "--people", "10", "--out", "/dev/stdout"}).out).size() == 11);
  CHECK(std::filesystem::is_symlink("/dev/stdout"));
}

}  // namespace
}  // namespace semak
