// semak audit and semak verify --audit: the real program on a real chain.
#include <algorithm>
#include <boost/json/value.hpp>
#include <filesystem>

#include "tests/catch.h"
#include "tests/tools/run_semak.h"

namespace semak {
namespace {

// A database whose load and one look-up are in the chain.
struct Audited {
  TestFolder folder;
  std::string db, file;
  Audited() : db(folder / "db"), file(folder / "audit.jsonl") {
    REQUIRE(run_semak({"generate", "--people", "50", "--kind", "offender", "--out", folder / "people.csv"}).status ==
            0);
    const Ran loaded =
        run_semak({"load", "--db", db, "--register", "pesalah", "--kind", "offender", folder / "people.csv"});
    CAPTURE(loaded.err);
    REQUIRE(loaded.status == 0);
    const Ran found = run_semak({"lookup", "--db", db, "--name", "Siti Aminah binti Hassan", "--born", "1985-03-11"});
    CAPTURE(found.err);
    REQUIRE(found.status <= 1);
  }
};

TEST_CASE("what was done is in the audit log, newest first, and can be asked for by kind") {
  const Audited audited;
  const Ran shown = run_semak({"audit", "--db", audited.db, "--format", "json"});
  CHECK(shown.status == 0);
  const auto all = json_of(shown);
  const auto& entries = all.at("entries").as_array();
  REQUIRE(entries.size() >= 3);  // keys made, register loaded, looked up
  CHECK(text_in(entries[0].as_object(), "kind") == "lookup");
  CHECK_FALSE(has(shown.out, "Siti"));  // names of people are in no entry
  const auto loads = json_of(run_semak({"audit", "--db", audited.db, "--kind", "load", "--format", "json"}));
  REQUIRE(loads.at("entries").as_array().size() == 1);
  CHECK(has(text_in(loads.at("entries").as_array()[0].as_object(), "actor"), "cli:"));
  CHECK(json_of(run_semak({"audit", "--db", audited.db, "--top", "1", "--format", "json"}))
            .at("entries")
            .as_array()
            .size() == 1);
  const Ran table = run_semak({"audit", "--db", audited.db}, "ms_MY.UTF-8");
  CHECK(has(table.out, "butiran"));
  CHECK(has(table.out, "lookup"));
  CHECK(run_semak({"audit", "--db", audited.db, "--kind", "gossip"}).status == 2);
  CHECK(run_semak({"audit"}).status == 2);
}

TEST_CASE("an export verifies without the database, and not after a change") {
  const Audited audited;
  const Ran written = run_semak({"audit", "--db", audited.db, "--export", audited.file, "--format", "json"});
  CAPTURE(written.err);
  REQUIRE(written.status == 0);
  const auto facts = json_of(written);
  const std::string key = text_in(facts, "public_key");
  const std::string witness = std::to_string(facts.at("entries").as_int64()) + ":" + text_in(facts, "head");
  const Ran good =
      run_semak({"audit", "--verify-export", audited.file, "--key", key, "--witness", witness, "--format", "json"});
  CHECK(good.status == 0);
  CHECK(json_of(good).at("clean").as_bool());
  // the export itself is the newest entry
  const auto newest = json_of(run_semak({"audit", "--db", audited.db, "--top", "1", "--format", "json"}));
  CHECK(text_in(newest.at("entries").as_array()[0].as_object(), "kind") == "access");

  CHECK(run_semak({"audit", "--verify-export", audited.file, "--key", std::string(64, '0')}).status == 1);
  CHECK(run_semak({"audit", "--verify-export", audited.file, "--key", "abc"}).status == 2);
  CHECK(run_semak({"audit", "--verify-export", audited.file, "--witness", "9999:" + text_in(facts, "head")}).status ==
        1);
  CHECK(run_semak({"audit", "--verify-export", audited.file, "--witness", "x"}).status == 2);
  std::string text = read_text(audited.file);
  const auto at = text.find("lookup");
  REQUIRE(at != std::string::npos);
  text.replace(at, 6, "policy");
  write_text(audited.file, text);
  const Ran bad = run_semak({"audit", "--verify-export", audited.file, "--key", key});
  CHECK(bad.status == 1);
  CHECK(has(bad.out, "was changed"));
  CHECK(run_semak({"audit", "--verify-export", audited.folder / "none"}).status == 3);
}

TEST_CASE("verify --audit reads the whole chain and names what is wrong") {
  const Audited audited;
  const Ran good = run_semak({"verify", "--db", audited.db, "--audit", "--format", "json"});
  CAPTURE(good.err);
  CHECK(good.status == 0);
  CHECK(json_of(good).at("clean").as_bool());
  CHECK(has(run_semak({"verify", "--db", audited.db, "--audit"}, "ms_MY.UTF-8").out, "utuh"));

  // an older copy of the chain: the desk knows better
  const std::filesystem::path chain = audited.db + "/audit", saved = audited.folder / "saved";
  std::filesystem::copy(chain, saved, std::filesystem::copy_options::recursive);
  REQUIRE(run_semak({"lookup", "--db", audited.db, "--name", "Ali bin Abu", "--born", "1990"}).status <= 1);
  std::filesystem::remove_all(chain);
  std::filesystem::copy(saved, chain, std::filesystem::copy_options::recursive);
  const Ran cut = run_semak({"verify", "--db", audited.db, "--audit"});
  CHECK(cut.status == 1);
  CHECK(has(cut.out, "cut off"));
  CHECK(run_semak({"lookup", "--db", audited.db, "--name", "Ali bin Abu", "--born", "1990"}).status == 3);
}

TEST_CASE("a database without an audit log says so") {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "db");
  const Ran verified = run_semak({"verify", "--db", folder / "db", "--audit"});
  CHECK(verified.status == 3);
  CHECK(has(verified.err, "no audit log"));
  CHECK(run_semak({"audit", "--db", folder / "db"}).status == 3);
  CHECK(run_semak({"audit", "--db", folder / "none"}).status == 3);
}

}  // namespace
}  // namespace semak
