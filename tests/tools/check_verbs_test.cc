// Checks, cases, policies and monitoring as a person at a terminal meets them. Everybody here is invented.
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <regex>
#include <set>

#include "tests/catch.h"
#include "tests/tools/run_semak.h"

namespace semak {
namespace {

constexpr const char* kMalay = "ms_MY.UTF-8";
constexpr const char* kPurpose = "employment_with_children";

constexpr const char* kHostel = R"(name = "hostel"
title = { ms = "Asrama", en = "Hostel" }
[asks]
kinds = ["offender"]
[subject]
needs = [["name", "id_number"]]
consent = true
[referral]
probability = 0.01
)";

std::vector<std::string> joined(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

boost::json::object in(const boost::json::object& object, const char* list, std::size_t at) {
  const auto& all = object.at(list).as_array();
  CAPTURE(list, all.size());
  REQUIRE(at < all.size());
  return all[at].as_object();
}

std::size_t size_of(const boost::json::object& object, const char* list) { return object.at(list).as_array().size(); }

// A database with the courts' list, as a registrar would load it.
struct Register {
  TestFolder folder;
  const std::string db = folder / "db";
  explicit Register(const std::string& quashed = "") { load(quashed); }

  // `quashed`: the day on which P-17's conviction was set aside.
  void load(const std::string& quashed) {
    write_text(folder / "courts.csv",
               "id,name,id_number,dob,sex,court,conviction_date,quashed\n"
               "P-17,Kassim bin Selamat,800101-14-5555,1980-01-01,M,Kuala Lumpur,2019-05-02," +
                   quashed +
                   "\n"
                   "P-18,Ravindran a/l Muthusamy,750505-10-5123,1975-05-05,M,Shah Alam,2020-02-11,\n"
                   "P-19,Lim Ah Kow,690912-08-5311,1969-09-12,M,Ipoh,2021-08-30,\n");
    const Ran ran = run({"load", "--register", "offenders", "--kind", "offender", folder / "courts.csv"});
    CAPTURE(ran.out, ran.err);
    REQUIRE(ran.status == 0);
  }

  // A verb on this database.
  Ran run(std::vector<std::string> words, const std::string& language = "C") const {
    words.insert(words.begin() + 1, {"--db", db});
    return run_semak(words, language);
  }
  boost::json::object json(std::vector<std::string> words) const {
    return json_of(run(joined(std::move(words), {"--format", "json"})));
  }
  Ran check(const std::vector<std::string>& more, const std::string& language = "C") const {
    return run(joined({"check", "--purpose", kPurpose, "--name", "Kasim b. Selamat", "--id", "800101145555"}, more),
               language);
  }
  boost::json::object check_json(const std::vector<std::string>& more) const {
    return json_of(check(joined({"--consent", "--format", "json"}, more)));
  }
  // `actor`: whose key, see key_of; empty: who is logged in.
  Ran decide(const std::string& id, const std::string& verdict, const std::string& actor) const {
    std::vector<std::string> words = {"case", "--decide", id, "--verdict", verdict, "--reason", "same number"};
    return run(actor.empty() ? words : joined(words, {"--as", key_of(actor)}));
  }
  // A file with the key of a caseworker of this name, made when it is first asked for.
  std::string key_of(const std::string& name, const std::string& role = "caseworker") const {
    const std::string file = folder / (name + ".key");
    if (std::filesystem::exists(file)) return file;
    const Ran made = run({"caller", "--add", name, "--role", role, "--out", file});
    CAPTURE(made.out, made.err);
    REQUIRE(made.status == 0);
    return file;
  }
  std::string key_id(const std::string& name) const {
    key_of(name);
    const auto all = json({"caller"});
    for (const auto& key : all.at("keys").as_array()) {
      if (text_in(key.as_object(), "name") == name) return text_in(key.as_object(), "id");
    }
    FAIL("no key of " << name);
    return {};
  }
};

}  // namespace

TEST_CASE("the life of an answer on the command line: asked, decided by two, watched, quashed, taken back") {
  Register world;
  const std::string letter = world.folder / "letter.html";
  const Ran asked = world.check({"--consent", "--reference", "HR-17", "--receipt", letter});
  CAPTURE(asked.out, asked.err);
  REQUIRE(asked.status == 0);
  CHECK(has(asked.out, "REFER: a person must look"));
  CHECK(has(asked.out, "offenders / P-17"));
  CHECK(has(asked.out, "spelling of the same"));
  CHECK(has(asked.out, "letter.html"));
  CHECK(has(read_text(letter), "<html"));

  const auto queue = world.json({"case"});
  CHECK(queue.at("open").to_number<int>() == 1);
  const auto first = in(queue, "cases", 0);
  const std::string id = text_in(first, "id");
  CHECK(text_in(first, "reference") == "HR-17");
  CHECK(text_in(in(first, "candidates", 0), "record_id") == "P-17");

  // One person alone cannot make a record, not even by saying it twice.
  const Ran proposed = world.decide(id, "same", "aminah");
  CHECK(proposed.status == 0);
  CHECK(has(proposed.out, "proposed as the same person by aminah (" + world.key_id("aminah") + "/cli:"));
  const Ran twice = world.decide(id, "same", "aminah");
  CHECK(twice.status == 3);
  CHECK(has(twice.err, "a second, different person"));
  CHECK(twice.out.empty());
  CHECK(world.json({"case"}).at("awaiting_second").to_number<int>() == 1);
  CHECK(world.decide(id, "same", "bala").status == 0);
  const auto closed = world.json({"case", "--show", id});
  CHECK(text_in(closed, "state") == "closed_record");
  CHECK(size_of(closed, "events") == 3);
  CHECK(text_in(in(closed, "events", 2), "by").starts_with(world.key_id("bala") + "/cli:"));
  CHECK(has(world.run({"case"}).out, "No cases."));
  CHECK(has(world.run({"case", "--closed"}).out, id));

  // Nobody has to decide again about the same man and the same record.
  CHECK(text_in(world.check_json({}), "outcome") == "record");

  write_text(world.folder / "staff.csv", "query_id,name,id_number\nS1,Kasim b. Selamat,800101145555\n");
  const Ran enrolled = world.run(
      {"monitor", "--enrol", world.folder / "staff.csv", "--purpose", kPurpose, "--until", "2099-12-31", "--consent"});
  CHECK(enrolled.status == 0);
  CHECK(has(enrolled.out, "1 of 1 people are watched now; 1 alerts"));

  world.load("2026-11-01");
  const auto alert = in(world.json({"monitor", "--alerts"}), "alerts", 1);
  CHECK(text_in(alert, "kind") == "cleared");
  CHECK(text_in(alert, "reason") == "quashed");
  CHECK(text_in(alert, "record") == "P-17");
  CHECK(world.run({"monitor", "--acknowledge", text_in(alert, "id")}).status == 0);
  CHECK(size_of(world.json({"monitor", "--alerts", "--open"}), "alerts") == 1);
  CHECK(text_in(world.check_json({}), "outcome") == "no_record");
  const std::vector<std::string> about = {"subject-report", "--name", "Kasim b. Selamat", "--id", "800101145555"};
  const auto report = json_of(world.run(about));
  const std::string file = world.folder / "report.json";
  CHECK(text_in(json_of(world.run(joined(about, {"--out", file, "--format", "json"}))), "report") == file);
  CHECK(read_text(file).starts_with("{"));
  REQUIRE(size_of(report, "checks") == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(text_in(in(report, "checks", i), "outcome") == "no_record");
  CHECK(size_of(report, "enrolments") == 1);

  CHECK(world.run({"verify", "--audit"}).status == 0);
  const Ran chain = world.run({"audit", "--format", "json"});
  for (const char* kind : {"check", "decision", "load", "enrolment", "alert", "access"}) {
    CAPTURE(kind);
    CHECK(has(chain.out, std::string("\"kind\":\"") + kind + "\""));
  }
  CHECK_FALSE(has(chain.out, "elamat"));
  CHECK_FALSE(has(chain.out, "800101-14-5555"));
  CHECK_FALSE(has(chain.out, "800101145555"));
}

TEST_CASE("the same answers in Malay") {
  const Register world;
  const std::string letter = world.folder / "surat.html";
  const Ran asked = world.check({"--consent", "--receipt", letter}, kMalay);
  CAPTURE(asked.out, asked.err);
  CHECK(asked.status == 0);
  CHECK(has(asked.out, "RUJUK"));
  CHECK(has(asked.out, "ejaan lain"));
  CHECK(has(asked.out, "Nama bukan bukti"));
  CHECK(has(asked.out, "Resit ada dalam"));
  CHECK(has(read_text(letter), "lang=\"ms\""));
  CHECK(has(world.check({"--consent", "--role", "submitter"}, kMalay).out, "DALAM PENGESAHAN"));
  const Ran queue = world.run({"case"}, kMalay);
  CHECK(has(queue.out, "Keutamaan"));
  CHECK(has(queue.out, "2 terbuka"));
  CHECK(has(world.run({"monitor", "--list"}, kMalay).out, "Tiada siapa dipantau"));
  CHECK(has(world.run({"erase"}, kMalay).out, "Dipadam: 0"));
  CHECK(has(world.run({"policy"}, kMalay).out, "Kakitangan sekolah"));
}

TEST_CASE("each role sees what the policy lets it see, the records of none are shown to a submitter") {
  const Register world;
  const auto whole = world.check_json({"--role", "caseworker"});
  CHECK(text_in(whole, "outcome") == "under_verification");
  CHECK(size_of(whole, "hits") == 1);
  const auto little = world.check_json({"--role", "submitter"});
  CHECK(text_in(little, "outcome") == "under_verification");
  CHECK_FALSE(little.contains("hits"));
  CHECK_FALSE(little.contains("case"));
  CHECK(little.at("receipt").as_object().contains("signature"));
  const Ran shown = world.check({"--consent", "--role", "submitter"});
  CHECK(has(shown.out, "UNDER VERIFICATION"));
  CHECK_FALSE(has(shown.out, "P-17"));
  CHECK_FALSE(has(shown.out, "offenders"));
  const Ran nothing = world.check({"--consent", "--role", "admin"});
  CHECK(nothing.status == 0);
  CHECK(has(nothing.out, "this role sees nothing of it"));
  CHECK(world.check({"--consent", "--role", "boss"}).status == 2);
}

TEST_CASE("a check that could not be made is kept as incomplete, with its reason and status 1") {
  const Register world;
  const Ran unasked = world.check({});
  CHECK(unasked.status == 1);
  CHECK(has(unasked.out, "NOT SCREENED: the policy asks for the consent"));
  const Ran thin = world.run({"check", "--purpose", kPurpose, "--name", "Lim Ah Kow", "--consent"});
  CHECK(thin.status == 1);
  CHECK(has(thin.out, "NOT SCREENED: too little is known"));
  CHECK(has(world.run({"check", "--purpose", kPurpose, "--name", "Lim Ah Kow", "--consent"}, kMalay).out,
            "TIDAK DISEMAK"));
  CHECK(world.json({"case"}).at("open").to_number<int>() == 0);
}

TEST_CASE("a receipt that cannot be written is refused before anybody is checked") {
  const Register world;
  const Ran ran = world.check({"--consent", "--receipt", world.folder / "nowhere/letter.html"});
  CHECK(ran.status == 3);
  CHECK(has(ran.err, "nowhere/letter.html"));
  CHECK(size_of(world.json({"audit", "--kind", "check"}), "entries") == 0);
  const Ran unknown =
      world.run({"check", "--purpose", "gossip", "--name", "Ali", "--receipt", world.folder / "r.json"});
  CHECK(unknown.status == 2);
  CHECK_FALSE(std::filesystem::exists(world.folder / "r.json"));
}

TEST_CASE("a case is assigned, noted, rejected and reopened, each with its reason and its author") {
  const Register world;
  const std::string check = text_in(world.check_json({}), "id");
  const std::string id = text_in(in(world.json({"case"}), "cases", 0), "id");
  const std::string aminah = world.key_of("aminah"), bala = world.key_of("bala");
  CHECK(text_in(world.json({"case", "--assign", id, "--to", "bala", "--as", aminah}), "assignee") ==
        world.key_id("bala"));
  CHECK(text_in(world.json({"case", "--assign", id, "--to", "siti", "--as", aminah}), "assignee") == "cli:siti");
  const Ran noted = world.run({"case", "--note", id, "--reason", "asked the court for the file", "--as", bala});
  CHECK(has(noted.out, "asked the court for the file"));
  CHECK(text_in(world.json({"case", "--decide", id, "--verdict", "need-more", "--reason", "a photo"}), "state") ==
        "needs_more");
  CHECK(world.decide(id, "not-same", "bala").status == 0);
  CHECK(text_in(world.json({"case", "--show", id}), "state") == "closed_no_record");
  CHECK(world.decide(id, "same", "aminah").status == 2);  // closed
  CHECK(text_in(world.check_json({}), "outcome") == "no_record");
  const auto again = world.json({"case", "--reopen", id, "--reason", "another photo came in", "--as", aminah});
  CHECK(text_in(again, "state") == "open");
  const Ran erased = world.run({"erase", "--check", check, "--reason", "asked for"});
  CHECK(erased.status == 2);  // not while the case is open
  CHECK(world.decide(id, "not-same", "bala").status == 0);
  CHECK(world.json({"erase", "--check", check, "--reason", "asked for"}).at("erased").to_number<int>() == 1);
  const Ran shown = world.run({"case", "--show", id});
  CHECK(shown.status == 0);
  CHECK_FALSE(has(shown.out, "kasim"));
  CHECK_FALSE(has(shown.out, "court for the file"));
  CHECK(world.run({"verify", "--audit"}).status == 0);
}

TEST_CASE(
    "people at a terminal read names, times of Malaysia and what a priority means; programs ids, UTC and numbers") {
  const Register world;
  world.check_json({"--reference", "HR-17"});
  const auto json = in(world.json({"case"}), "cases", 0);
  const std::string id = text_in(json, "id"), aminah = world.key_id("aminah");
  const Ran shown = world.run({"case", "--assign", id, "--to", "aminah", "--as", world.key_of("aminah")});
  CHECK(has(shown.out, "aminah (" + aminah + ")\n"));  // Assigned
  CHECK(has(shown.out, "assigned by aminah (" + aminah + "/cli:"));
  CHECK(has(shown.out, ": aminah (" + aminah + ")\n"));  // to whom
  CHECK(has(shown.out, "HR-17"));
  const std::string number = std::to_string(json.at("priority").as_int64());
  CHECK(has(shown.out, "urgent (" + number + ")"));
  CHECK(has(world.run({"case"}).out, "urgent (" + number + ")"));
  CHECK(has(world.run({"case"}, kMalay).out, "segera (" + number + ")"));
  CHECK(has(world.run({"case"}).out, "aminah (" + aminah + ")"));
  CHECK(has(run_semak({"case", "--help"}).out, "tenths of a bit"));
  CHECK(has(shown.out, " +08:00"));
  CHECK_FALSE(std::regex_search(shown.out, std::regex(":[0-9]{2}Z")));  // an id may end in Z
  CHECK(text_in(json, "opened").ends_with("Z"));

  const Ran audit = world.run({"audit"});
  CHECK(has(audit.out, "aminah (" + aminah + "/cli:"));
  CHECK(has(audit.out, " +08:00"));
  const std::string keys = world.db + "/keys";  // whoever has the chain alone reads ids
  std::filesystem::rename(keys, world.folder / "away");
  const Ran alone = world.run({"audit"});
  std::filesystem::rename(world.folder / "away", keys);
  CHECK(alone.status == 0);
  CHECK(has(alone.out, " " + aminah + "/cli:"));
  CHECK_FALSE(has(alone.out, "aminah"));
}

TEST_CASE("an alert tells whom it is about by the reference that they were enrolled with") {
  Register world;
  write_text(world.folder / "staff.csv", "query_id,name,id_number,kad\nHR-21,Kasim b. Selamat,800101145555,x\n");
  const Ran enrolled = world.run(
      {"monitor", "--enrol", world.folder / "staff.csv", "--purpose", kPurpose, "--until", "2099-12-31", "--consent"});
  CHECK(enrolled.status == 0);
  CHECK(has(enrolled.err, "nobody is compared by it: kad"));
  const Ran alerts = world.run({"monitor", "--alerts"});
  CHECK(has(alerts.out, "  HR-21  "));
  CHECK(has(alerts.out, " +08:00"));
  CHECK_FALSE(has(alerts.out, "Kasim"));
  CHECK(text_in(in(world.json({"monitor", "--alerts"}), "alerts", 0), "reference") == "HR-21");
}

TEST_CASE("what a record is made of is said in words, and kept in codes for programs") {
  const Register world;
  const std::vector<std::string> words = {"history", "--register", "offenders", "--record", "P-17"};
  const Ran ran = world.run(words), malay = world.run(words, kMalay);
  for (const char* line :
       {"+ name: Kassim bin Selamat", "+ number: 800101-14-5555", "+ born: 1980-01-01", "+ sex: male"})
    CHECK(has(ran.out, line));
  for (const char* line : {"+ nama: Kassim bin Selamat", "+ nombor: 800101-14-5555", "+ jantina: lelaki"})
    CHECK(has(malay.out, line));
  CHECK_FALSE(has(ran.out, "unknown"));
  CHECK(has(world.run(joined(words, {"--format", "json"})).out, "number.unknown"));
}

TEST_CASE("nobody says who they are: a login is one person, and only a key in force makes it another") {
  const Register world;
  world.check_json({});
  const std::string id = text_in(in(world.json({"case"}), "cases", 0), "id");
  const auto refused = [&](const std::vector<std::string>& as, int status, const char* why) {
    const Ran ran = world.run(joined({"case", "--decide", id, "--verdict", "same", "--reason", "x"}, as));
    CAPTURE(ran.out, ran.err);
    CHECK(ran.status == status);
    CHECK(has(ran.err, why));
  };
  refused({"--actor", "bala"}, 2, "--actor");
  CHECK(world.decide(id, "same", "").status == 0);
  refused({}, 3, "a second, different person");
  // The login that proposed may be bala, whose key it uses now.
  refused({"--as", world.key_of("bala")}, 3, "a second, different person");
  refused({"--as", world.key_of("puteri", "registrar")}, 3, "registrar");
  refused({"--as", world.folder / "none.key"}, 3, "holds no key");
  write_text(world.folder / "guessed.key", "semak_ABCDEFGHJKMN_" + std::string(52, 'A') + "\n");
  refused({"--as", world.folder / "guessed.key"}, 3, "nobody's");
  CHECK(world.decide(id, "need-more", "").status == 0);  // withdraws the proposal
  CHECK(world.decide(id, "same", "aminah").status == 0);
  const std::string bala = world.key_id("bala");
  CHECK(world.run({"caller", "--revoke", bala}).status == 0);
  refused({"--as", world.key_of("bala")}, 3, "revoked");
  CHECK(world.decide(id, "same", "chong").status == 0);
  CHECK(text_in(world.json({"case", "--show", id}), "state") == "closed_record");
  // Key and login both stand in the chain, and the secret nowhere.
  const std::string chain = world.run({"audit", "--format", "json"}).out;
  CHECK(has(chain, "\"actor\":\"" + world.key_id("chong") + "/cli:"));
  const std::string secret = read_text(world.key_of("chong"));
  CHECK(secret.starts_with("semak_"));
  CHECK_FALSE(has(chain, secret.substr(0, secret.size() - 1)));
  namespace fs = std::filesystem;
  CHECK((fs::status(world.key_of("chong")).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
        fs::perms::none);
}

TEST_CASE("whoever checks with a submitter's key sees what a submitter sees, for their own tenant") {
  const Register world;
  const std::string key = world.folder / "tadika.key";
  REQUIRE(
      world.run({"caller", "--add", "Tadika Melur", "--role", "submitter", "--tenant", "tadika-melur", "--out", key})
          .status == 0);
  const Ran shown = world.check({"--consent", "--as", key});
  CHECK(shown.status == 0);
  CHECK(has(shown.out, "UNDER VERIFICATION"));
  CHECK_FALSE(has(shown.out, "P-17"));
  CHECK(text_in(in(world.json({"case"}), "cases", 0), "tenant") == "tadika-melur");
  CHECK(world.check({"--consent", "--role", "caseworker", "--as", key}).status == 3);
}

TEST_CASE("a register that is confirmed as complete is as new as a load, audited, and nothing in it changes") {
  const Register world;
  const Ran ran = world.run({"load", "--register", "offenders", "--complete"});
  CAPTURE(ran.out, ran.err);
  CHECK(ran.status == 0);
  CHECK(has(ran.out, "confirmed as complete"));
  CHECK(has(world.run({"audit", "--format", "json"}).out, "confirmed complete"));
  CHECK(world.run({"load", "--register", "nowhere", "--complete"}).status == 3);
  CHECK(world.run({"load", "--register", "offenders", "--complete", world.folder / "courts.csv"}).status == 2);
}

TEST_CASE("cases, alerts, rejects and refusals are said in Malay too") {
  Register world;
  world.check_json({});
  const std::string id = text_in(in(world.json({"case"}), "cases", 0), "id");
  CHECK(has(world.run({"case"}, kMalay).out, "terbuka"));
  CHECK(world.decide(id, "same", "aminah").status == 0);
  const Ran shown = world.run({"case", "--show", id}, kMalay);
  CHECK(has(shown.out, "menunggu pengesahan pegawai kedua"));
  CHECK(has(shown.out, "dicadangkan, calon 1: orang yang sama"));
  const Ran twice =
      world.run({"case", "--decide", id, "--verdict", "same", "--reason", "x", "--as", world.key_of("aminah")}, kMalay);
  CHECK(has(twice.err, "orang kedua yang berlainan mesti mengesahkan"));
  CHECK(
      has(world.run({"check", "--purpose", "gossip", "--name", "Ali"}, kMalay).err, "tidak dikenali; dasar yang ada"));

  const std::string staff = world.folder / "staff.csv", rejects = world.folder / "bad.csv";
  write_text(staff, "query_id,name,id_number,dob\nS1,Kasim b. Selamat,800101145555,\nS2,Ali,,\nS3,Tan,,1980-13-77\n");
  const Ran enrolled = world.run(
      {"monitor", "--enrol", staff, "--purpose", kPurpose, "--until", "2099-12-31", "--consent", "--rejects", rejects},
      kMalay);
  CHECK(enrolled.status == 1);
  CHECK(has(read_text(rejects), "dasar ini memerlukan maklumat lanjut"));
  CHECK(has(read_text(rejects), "bukan tarikh yang wujud"));
  world.load("2026-11-01");
  const Ran alerts = world.run({"monitor", "--alerts"}, kMalay);
  for (const char* text : {"Makluman", "padanan baharu", "tidak lagi terpakai", "sabitan diketepikan"}) {
    CAPTURE(text, alerts.out);
    CHECK(has(alerts.out, text));
  }
  for (const char* code : {"new_hit", "cleared", "quashed"}) CHECK_FALSE(has(alerts.out, code));

  write_text(world.folder / "list.csv", "id,name,dob\nQ1,Ali bin Abu,1980-13-77\nQ2,,\nQ2,Abu,\n");
  const Ran loaded = world.run({"load", "--register", "offenders", world.folder / "list.csv"}, kMalay);
  CHECK(loaded.status == 1);
  const std::string bad = read_text(world.folder / "list.csv.rejects.csv");
  CHECK(has(bad, "bukan tarikh yang wujud"));
  CHECK(has(bad, "tulis YYYY-MM-DD, DD/MM/YYYY atau tahun sahaja"));
  CHECK(has(bad, "tiada nama"));
  CHECK_FALSE(has(bad, "no date that exists"));
}

TEST_CASE("monitoring takes a file of people: who cannot be watched is named with a reason, the others are watched") {
  const Register world;
  write_text(world.folder / "staff.csv",
             "query_id,name,id_number,dob\n"
             "S1,Siti Aminah binti Hassan,850311-03-5228,1985-03-11\n"
             "S2,Ali,,\n"
             "S3,Tan Ah Beng,,1980-13-77\n"
             "S4,Ravindran a/l Muthusamy,,1975-05-05\n");
  const std::string rejects = world.folder / "bad.csv";
  const std::vector<std::string> enrol = {"monitor", "--enrol",   world.folder / "staff.csv", "--purpose", kPurpose,
                                          "--until", "2099-12-31"};
  const Ran unasked = world.run(enrol);
  CHECK(unasked.status == 2);
  CHECK(has(unasked.err, "nobody is watched without consent"));
  const Ran ran = world.run(joined(enrol, {"--consent", "--rejects", rejects, "--format", "json"}));
  CHECK(ran.status == 1);
  const auto report = json_of(ran);
  CHECK(report.at("rows").to_number<int>() == 4);
  CHECK(report.at("enrolled").to_number<int>() == 2);
  CHECK(report.at("rejected").to_number<int>() == 2);
  CHECK(report.at("alerts").to_number<int>() == 1);
  CHECK(text_in(report, "rejects_file") == rejects);
  const std::string bad = read_text(rejects);
  CHECK(has(bad, "S2,\"too_little_data"));
  CHECK(has(bad, "1980-13-77"));
  CHECK_FALSE(has(bad, "S1"));
  const auto list = world.json({"monitor", "--list"});
  REQUIRE(size_of(list, "enrolments") == 2);
  const auto first = in(list, "enrolments", 0), second = in(list, "enrolments", 1);
  CHECK(std::set{text_in(first, "reference"), text_in(second, "reference")} == std::set<std::string>{"S1", "S4"});
  CHECK_FALSE(has(world.run({"monitor", "--list"}).out, "Siti"));  // sealed: the list says ids alone
  const std::string id = text_in(second, "id");
  CHECK(world.run({"monitor", "--end", id}).status == 0);
  CHECK(world.json({"monitor", "--list"}).at("enrolments").as_array()[1].as_object().at("ended").as_bool());
  CHECK(world.json({"monitor", "--catch-up"}).at("changes").to_number<int>() == 0);
}

TEST_CASE("a policy file is checked, put in force, and asked by its name; an old one can still be shown") {
  const Register world;
  const std::string file = world.folder / "hostel.toml", typo = world.folder / "typo.toml";
  write_text(file, kHostel);
  std::string text = kHostel;
  write_text(typo, text.replace(text.find("probability"), 11, "probabilty"));
  const Ran good = run_semak({"policy", "--check", file});
  CHECK(good.status == 0);
  CHECK(has(good.out, "the file is good: hostel@"));
  for (const Ran& bad : {run_semak({"policy", "--check", typo}), world.run({"policy", "--add", typo})}) {
    CHECK(bad.status == 2);
    CHECK(has(bad.err, "typo.toml:9"));
    CHECK(has(bad.err, "unknown key referral.probabilty; known in [referral] are probability, base_rate"));
  }
  CHECK(world.run({"check", "--purpose", "hostel", "--name", "Lim Ah Kow"}).status == 2);  // not in force yet
  const std::string first = text_in(world.json({"policy", "--add", file}), "id");
  CHECK(has(good.out, first));
  const auto check = world.json({"check", "--purpose", "hostel", "--name", "Lim Ah Kow", "--id", "690912085311",
                                 "--consent", "--role", "submitter"});
  CHECK(text_in(check, "policy") == first);
  CHECK(text_in(check, "outcome") == "under_verification");
  text = kHostel;
  write_text(file, text.replace(text.find("0.01"), 4, "0.02"));
  const std::string second = text_in(world.json({"policy", "--add", file}), "id");
  CHECK(second != first);
  CHECK(text_in(world.json({"policy", "--show", "hostel"}), "id") == second);
  CHECK(world.json({"policy", "--show", first}).at("refer_probability").to_number<double>() == 0.01);
  CHECK(has(run_semak({"policy", "--show", "school_staff"}).out, "name = \"school_staff\""));
  CHECK(size_of(json_of(run_semak({"policy", "--format", "json"})), "policies") == 6);
  CHECK(size_of(world.json({"policy"}), "policies") == 7);
}

TEST_CASE("wrong use of the counter's verbs is refused with a cure") {
  const Register world;
  world.check_json({});
  const std::string id = text_in(in(world.json({"case"}), "cases", 0), "id"), db = world.db;
  write_text(world.folder / "one.csv", "query_id,name,id_number\nS1,Tan Ah Beng,800101-01-5551\n");
  const std::string one = world.folder / "one.csv";
  struct {
    std::vector<std::string> words;
    int status;
    const char* says;
  } const cases[] = {
      {{"check", "--db", db, "--name", "Ali"}, 2, "--purpose"},
      {{"check", "--db", db, "--purpose", kPurpose}, 2, "--name"},
      {{"check", "--db", db, "--purpose", "gossip", "--name", "Ali"}, 2, "school_staff"},
      {{"check", "--db", db, "--purpose", kPurpose, "--name", "Ali", "--as-of", "soon"}, 2, "'soon'"},
      {{"check", "--db", world.folder / "none", "--purpose", kPurpose, "--name", "Ali"}, 3, "semak load"},
      {{"case", "--db", db, "--show", "01ZZZZ"}, 3, "no case 01ZZZZ"},
      {{"case", "--db", db, "--show", id, "--reopen", id}, 2, "say one of"},
      {{"case", "--db", db, "--decide", id, "--reason", "x"}, 2, "--verdict"},
      {{"case", "--db", db, "--decide", id, "--verdict", "same"}, 2, "--reason"},
      {{"case", "--db", db, "--decide", id, "--verdict", "maybe", "--reason", "x"}, 2, "need-more"},
      {{"case", "--db", db, "--decide", id, "--verdict", "same", "--reason", "x", "--candidate", "2"},
       2,
       "from 1 to 1"},
      {{"case", "--db", db, "--note", id}, 2, "--reason"},
      {{"case", "--db", db, "gossip"}, 2, "say one of"},
      {{"erase", "--db", db, "--check", "01ZZZZ"}, 2, "--reason"},
      {{"erase", "--db", db, "--check", "01ZZZZ", "--reason", "x"}, 3, "01ZZZZ"},
      {{"subject-report", "--db", db}, 2, "--name"},
      {{"policy", "--add", one}, 2, "--db"},
      {{"policy", "--check", one, "--show", "default"}, 2, "name one of"},
      {{"policy", "--check", world.folder / "none.toml"}, 3, "none.toml"},
      {{"policy", "--show", "gossip"}, 2, "school_staff"},
      {{"monitor", "--db", db}, 2, "--enrol"},
      {{"monitor", "--db", db, "--list", "--alerts"}, 2, "say one of"},
      {{"monitor", "--db", db, "--enrol", one, "--consent"}, 2, "--purpose"},
      {{"monitor", "--db", db, "--enrol", one, "--purpose", kPurpose, "--until", "soon", "--consent"}, 2, "2027-12-31"},
      {{"monitor", "--db", db, "--acknowledge", "01ZZZZ"}, 3, "01ZZZZ"},
      {{"monitor", "--db", db, "--end", "01ZZZZ"}, 3, "01ZZZZ"},
  };
  for (const auto& one_case : cases) {
    std::string line;
    for (const std::string& word : one_case.words) line += word + " ";
    CAPTURE(line);
    const Ran ran = run_semak(one_case.words);
    CAPTURE(ran.err, ran.out);
    CHECK(ran.status == one_case.status);
    CHECK(has(ran.err, one_case.says));
    CHECK(ran.out.empty());
  }
}

}  // namespace semak
