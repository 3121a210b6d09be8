#include "tools/semak/translation.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "tests/catch.h"
#include "tools/semak/messages.h"

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
      for (const char c : text) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
      INFO("\"" << one.english << "\": " << text);
      CHECK(all.find(escaped) != std::string::npos);
    }
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
  CHECK(in_words("") == "");
}

}  // namespace
}  // namespace semak
