// Receipts, backups and restores as a person at a terminal meets them.
#include <filesystem>

#include "tests/catch.h"
#include "tests/tools/run_semak.h"

namespace semak {
namespace {

// A database with one register, one check and its receipt.
struct Counter {
  Counter() {
    write_text(folder / "off.csv", "id,name,id_number,dob,sex\nR1,Ahmad Fauzi bin Osman,790412-08-5531,1979-04-12,M\n");
    REQUIRE(
        run_semak({"load", "--db", db, "--register", "offenders", "--kind", "offender", folder / "off.csv"}).status ==
        0);
    REQUIRE(run_semak({"check", "--db", db, "--purpose", "school_staff", "--name", "Siti Aminah binti Hassan", "--id",
                       "850311-03-5228", "--born", "1985-03-11", "--sex", "F", "--consent", "--receipt", receipt})
                .status == 0);
    const Ran printed = run_semak({"receipt", "--db", db, "--public-key"});
    REQUIRE(printed.status == 0);
    write_text(key, printed.out);
    const std::string text = read_text(receipt);
    const std::size_t at = text.find("\"id\":\"") + 6;
    check = text.substr(at, 26);
  }

  Ran verify(const std::string& what, std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"receipt", "--verify", what, "--key", key};
    words.insert(words.end(), more.begin(), more.end());
    return run_semak(words);
  }

  TestFolder folder;
  const std::string db = folder / "db", receipt = folder / "receipt.json", key = folder / "agency.pub";
  std::string check;
};

}  // namespace

TEST_CASE("semak receipt verifies without a database: good, of somebody else, forged, torn") {
  const Counter counter;
  const Ran good = counter.verify(counter.receipt);
  CHECK(good.status == 0);
  CHECK(has(good.out, "GENUINE"));
  CHECK(has(good.out, "not a clearance"));
  const std::vector<std::string> her = {
      "--name", "SITI AMINAH BINTI HASSAN", "--id", "850311035228", "--born", "1985-03-11", "--sex", "F"};
  CHECK(counter.verify(counter.receipt, her).status == 0);
  CHECK(counter.verify(read_text(counter.receipt), her).status == 0);
  std::vector<std::string> other = her;
  other[1] = "Siti Aminah binti Hussin";
  const Ran another = counter.verify(counter.receipt, other);
  CHECK(another.status == 1);
  CHECK(has(another.out, "ANOTHER PERSON"));
  std::string forged = read_text(counter.receipt);
  forged.replace(forged.find("no_record"), 9, "record");
  const Ran refused = counter.verify(forged);
  CHECK(refused.status == 1);
  CHECK(has(refused.out, "FORGED"));
  CHECK_FALSE(has(refused.out, "Record found"));
  CHECK(counter.verify("SEMAK1:00").status == 1);
  CHECK(counter.verify(counter.folder / "none.json").status == 3);
  CHECK(run_semak({"receipt", "--verify", counter.receipt}).status == 2);
  CHECK(has(run_semak({"receipt", "--verify", counter.receipt, "--key", counter.key}, "ms_MY.UTF-8").out, "TULEN"));
}

TEST_CASE("semak receipt writes a receipt again, as JSON and as a letter, and the chain knows it") {
  const Counter counter;
  const std::string again = counter.folder / "again.json", letter = counter.folder / "letter.html";
  REQUIRE(run_semak({"receipt", "--db", counter.db, "--check", counter.check, "--out", again}).status == 0);
  CHECK(read_text(again) == read_text(counter.receipt));
  REQUIRE(run_semak({"receipt", "--db", counter.db, "--check", counter.check, "--out", letter, "--issuer",
                     "Jabatan <X>", "--lang", "ms"})
              .status == 0);
  CHECK(has(read_text(letter), "Jabatan &lt;X&gt;"));
  CHECK(has(read_text(letter), "bukan pelepasan"));
  CHECK(run_semak({"receipt", "--db", counter.db, "--check", std::string(26, '0'), "--out", again}).status == 3);
  CHECK(run_semak({"receipt", "--db", counter.db}).status == 2);
}

TEST_CASE("semak backup and restore bring a database back; a damaged backup is refused by the file's name") {
  const Counter counter;
  const std::string backup = counter.folder / "backup", again = counter.folder / "again";
  const std::string keys = counter.db + "/keys/semak.key";
  REQUIRE(run_semak({"backup", "--db", counter.db, "--out", backup}).status == 0);
  CHECK(run_semak({"backup", "--db", counter.db, "--out", backup}).status == 3);
  const Ran keyless = run_semak({"restore", "--from", backup, "--db", again});
  CHECK(keyless.status == 2);
  CHECK(has(keyless.err, "--key-file"));
  CHECK(has(run_semak({"restore", "--from", backup, "--db", again}, "ms_MY.UTF-8").err, "beri fail kunci"));
  const Ran restored = run_semak({"restore", "--from", backup, "--db", again, "--key-file", keys});
  CHECK(restored.status == 0);
  CHECK(has(restored.out, "generation 1 restored and verified"));
  const std::string receipt = counter.folder / "restored.json";
  REQUIRE(run_semak({"receipt", "--db", again, "--check", counter.check, "--out", receipt}).status == 0);
  CHECK(read_text(receipt) == read_text(counter.receipt));
  const std::string current = backup + "/records/CURRENT", text = read_text(current);
  std::filesystem::remove(current);  // it may be a hard link
  write_text(current, text + " ");
  const Ran refused = run_semak({"restore", "--from", backup, "--db", counter.folder / "third", "--key-file", keys});
  CHECK(refused.status == 3);
  CHECK(has(refused.err, "records/CURRENT"));
  CHECK_FALSE(std::filesystem::exists(counter.folder / "third"));
}

TEST_CASE("a key file that others can read is refused with its own cure, in both languages") {
  const Counter counter;
  const std::string keys = counter.db + "/keys/semak.key";
  std::filesystem::permissions(keys, std::filesystem::perms(0644));
  const Ran english = run_semak({"case", "--db", counter.db}), malay = run_semak({"case", "--db", counter.db}, "ms_MY");
  CHECK(english.status == 3);
  CHECK(has(english.err, "take that from them (chmod 600)"));
  CHECK_FALSE(has(english.err, "right to write"));
  CHECK(has(malay.err, "tarik kebenaran itu (chmod 600)"));
  CHECK_FALSE(has(malay.err, "key file"));
  std::filesystem::permissions(keys, std::filesystem::perms(0600));
  write_text(counter.folder / "x", "not a receipt");
  const Ran unread = run_semak({"receipt", "--verify", counter.folder / "x", "--key", std::string(64, 'a')}, "ms_MY");
  CHECK(has(unread.out, "bukan teks kod QR"));
}

TEST_CASE("semak backup takes the keys along only wrapped with a passphrase") {
  const Counter counter;
  const std::string backup = counter.folder / "backup", again = counter.folder / "again";
  write_text(counter.folder / "secret", "kata laluan yang panjang\n");
  REQUIRE(
      run_semak({"backup", "--db", counter.db, "--out", backup, "--keys-passphrase-file", counter.folder / "secret"})
          .status == 0);
  CHECK(run_semak({"restore", "--from", backup, "--db", again}).status == 2);
  CHECK(
      run_semak({"restore", "--from", backup, "--db", again, "--passphrase-file", counter.folder / "secret"}).status ==
      0);
}

}  // namespace semak
