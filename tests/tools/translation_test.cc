#include "tools/semak/translation.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tools/semak/messages.h"
#include "tools/words/translation.h"

namespace semak {
namespace {

struct Malay {
  Malay() { set_language(Language::malay); }
  ~Malay() { set_language(Language::english); }
};

// All sources that messages come from, with texts that are broken over lines made one.
std::string sources() {
  const char* const root = std::getenv("SEMAK_SOURCE");
  REQUIRE(root != nullptr);
  std::string all;
  for (const char* folder : {"loaders", "engine"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::filesystem::path(root) / folder)) {
      if (file.path().extension() != ".cc") continue;
      std::ifstream in(file.path());
      all.append(std::istreambuf_iterator<char>(in), {});
    }
  }
  all = std::regex_replace(all, std::regex("\"\\s*\\n\\s*\""), "");
  return std::regex_replace(all, std::regex("\\{\\d\\}"), "{}");
}

TEST_CASE("each text that is translated stands in the sources, so the table cannot outlive them") {
  const std::string all = sources();
  for (const Translation& one : translations()) {
    std::string_view rest = one.english;
    while (!rest.empty()) {
      const std::size_t blank = std::min(rest.find("{}"), rest.size());
      std::string text(rest.substr(0, blank));
      rest.remove_prefix(std::min(rest.size(), blank + 2));
      while (!text.empty() && (text.front() == ' ' || text.front() == '"' || text.front() == ':')) text.erase(0, 1);
      while (!text.empty() && (text.back() == ' ' || text.back() == '"' || text.back() == ':')) text.pop_back();
      if (text.size() < 4) continue;
      std::string escaped;
      for (const char c : text) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
      }
      INFO("\"" << one.english << "\": " << text);
      CHECK(all.find(escaped) != std::string::npos);
    }
  }
}

// Texts of two words and more that stand in `file`, as they would be said.
std::vector<std::string> texts_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string text(std::istreambuf_iterator<char>(in), {});
  for (const auto& [pattern, by] :
       {std::pair("//[^\n]*", ""), std::pair("#include[^\n]*", ""), std::pair("\"\\s*\\n\\s*\"", "")})
    text = std::regex_replace(text, std::regex(pattern), by);
  const std::regex quoted("\"((?:[^\"\\\\\n]|\\\\.)*)\""), words("[a-z]{2,} [a-z]{2,}");
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), quoted), end; at != end; ++at) {
    std::string one = (*at)[1];
    if (!std::regex_search(one, words)) continue;
    one = std::regex_replace(one, std::regex("\\\\([\"\\\\])"), "$1");
    found.push_back(std::regex_replace(one, std::regex("\\{[^{}]*\\}"), "7"));
  }
  return found;
}

// Whether `text`, which others are put around, is a part of a text that is translated.
bool is_part_of_one(std::string text) {
  const auto bare = [](char c) { return std::string_view(" :;.,()\"\\").find(c) != std::string_view::npos; };
  while (!text.empty() && bare(text.front())) text.erase(0, 1);
  while (!text.empty() && bare(text.back())) text.pop_back();
  return std::any_of(translations().begin(), translations().end(), [&](const Translation& one) {
    return std::regex_replace(std::string(one.english), std::regex("\\{\\}"), "7").find(text) != std::string::npos;
  });
}

TEST_CASE("whatever loaders and engine may say is translated, but for damage that only an engineer can mend") {
  const char* const root = std::getenv("SEMAK_SOURCE");
  REQUIRE(root != nullptr);
  // Of these files: contents, not messages; both languages in themselves; or findings in damaged databases.
  const std::set<std::string> others = {"letter_words.cc",    "receipt_letter.cc", "qr_code.cc",
                                        "policy_content.cc",  "verify.cc",         "verify_index.cc",
                                        "verify_store.cc",    "verify_recall.cc",  "record_codec.cc",
                                        "published_state.cc", "monitor_records.cc"};
  const std::set<std::string> damage = {
      // Names of what is not as it was written, within a sentence that is translated.
      "it ends early", "its secrets", "its wrapping", "its public key", "its names are not its keys'",
      "cannot be synced", "the audit chain",
      // What nobody can do anything about but who mends the database.
      "desk: it does not say which version wrote it", "desk: an entry of the outbox has no number",
      "monitoring: a changed register is not open", " is watched and not on the desk",
      "desk: a batch stands in the queue that does not exist", "desk: a row of a batch is missing",
      " on the desk is not what was written", "the desk lacks the policy in force for ", "the desk's ",
      "there is no load ", "there is no revision ", "the time of the newest load of ",
      // Of callers within Semak, of the system, and of the audit log, which is in English.
      "there must be one id for each request, or none", "the checks stopped: ", "semak batch row:7:7",
      "keys made:", "nothing changed", "confirmed complete", "subject report", "days (0: any age)", "No space left",
      "File too large", "Disk quota exceeded", "Permission denied", "Read-only file system", "olumn famil",
      "does not exist", "(subject.needs must be a list of lists: [[",
      "(each line of subject.needs must be a list of fields: ["};
  const Malay malay;
  int texts = 0;
  for (const char* folder : {"loaders", "engine/keys", "engine/office", "engine/policies", "engine/casework",
                             "engine/monitor", "engine/screen", "engine/desk", "engine/receipts", "engine/store"}) {
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(root) / folder)) {
      const std::string name = file.path().filename();
      if (file.path().extension() != ".cc" || name.ends_with("_codec.cc") || others.contains(name)) continue;
      for (const std::string& text : texts_of(file.path())) {
        ++texts;
        INFO(folder << "/" << name << ": \"" << text << "\"");
        CHECK((in_words(text) != text || damage.contains(text) || is_part_of_one(text)));
      }
    }
  }
  CHECK(texts > 250);
}

TEST_CASE("what Semak says at a terminal is no English where it is Malay") {
  const std::set<std::string_view> both = {
      "semak: {}", "{} (process {})", "status", "{}. {} / {}   {} bits   probability {}", "MyKad", "{} people, {}"};
  for (std::size_t at = 0; at < static_cast<std::size_t>(Say::count); ++at) {
    const std::string_view english = text_of(static_cast<Say>(at), Language::english);
    const std::string_view said = text_of(static_cast<Say>(at), Language::malay);
    if (english.find(' ') == std::string_view::npos) continue;  // one word may be the same in both
    INFO(english);
    const bool words = std::regex_search(std::string(english), std::regex("[a-z]{3,} [a-z]{2,}"));
    CHECK((!words || said != english || both.contains(english)));
  }
}

TEST_CASE("a message is said in Malay with what it names, also one within another") {
  CHECK(in_words("no name") == "no name");
  const Malay malay;
  CHECK(in_words("no name") == "tiada nama");
  CHECK(in_words("\"1980-13-77\" is no date that exists") == "\"1980-13-77\" bukan tarikh yang wujud");
  CHECK(in_words("\"x\" is neither yes nor no nor a date") == "\"x\" bukan ya, bukan tidak dan bukan tarikh");
  CHECK(in_words("staff.csv: rows without any content skipped: 3") == "staff.csv: baris kosong dilangkau: 3");
  CHECK(in_words("dob: \"x\" is no date that exists; sex: \"Q\" is no known sex") ==
        "dob: \"x\" bukan tarikh yang wujud; sex: \"Q\" bukan jantina yang dikenali");
  CHECK(in_words("the id of line 4 is already that of line 2 of file 1") ==
        "id pada baris 4 sudah digunakan pada baris 2 fail 1");
  CHECK(in_words("too_little_data: the policy needs more of the subject, e.g. an identity number or a birth date")
            .starts_with("too_little_data: dasar ini memerlukan"));
  CHECK(in_words("nobody has translated this: at all") == "nobody has translated this: at all");
  CHECK(in_words("query_id: no id") == "query_id: tiada id");
  CHECK(in_words("p.toml:3: name must be a text in quotes") == "p.toml:3: name mesti teks dalam tanda petik");
  CHECK(in_words("/db/keys/semak.key: the key file is damaged: its wrapping") ==
        "/db/keys/semak.key: fail kunci rosak: its wrapping");
  CHECK(in_words("matching changes") == "memadankan perubahan");
  CHECK(in_words("") == "");
}

}  // namespace
}  // namespace semak
