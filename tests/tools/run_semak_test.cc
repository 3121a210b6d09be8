#include "tests/tools/run_semak.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.h"

namespace semak {
namespace {

constexpr const char* kVerbs[] = {"generate", "load",    "lookup",  "check",  "case",           "monitor", "screen",
                                  "receipt",  "history", "audit",   "policy", "subject-report", "erase",   "caller",
                                  "verify",   "backup",  "restore", "info",   "bench"};

std::string program() {
  const char* bin = std::getenv("SEMAK_BIN");
  REQUIRE(bin != nullptr);  // the folder of the built programs; ctest sets it
  return std::string(bin) + "/semak";
}

pid_t start(const std::vector<std::string>& words, const std::string& language, const std::string& out,
            const std::string& err) {
  const std::string path = program();
  std::vector<const char*> arguments = {"semak"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  const std::string all = "LC_ALL=" + language;
  std::vector<const char*> environment = {all.c_str()};
  for (char** each = ::environ; *each != nullptr; ++each) {
    if (!std::string_view(*each).starts_with("LC_ALL=")) environment.push_back(*each);
  }
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child = -1;
  REQUIRE(::posix_spawn(&child, path.c_str(), &actions, nullptr, const_cast<char* const*>(arguments.data()),
                        const_cast<char* const*>(environment.data())) == 0);
  ::posix_spawn_file_actions_destroy(&actions);
  return child;
}

}  // namespace

int wait_for(pid_t process) {
  int status = 0;
  REQUIRE(::waitpid(process, &status, 0) == process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Ran run_semak(const std::vector<std::string>& words, const std::string& language) {
  const TestFolder folder;
  Ran ran;
  ran.status = wait_for(start(words, language, folder / "out", folder / "err"));
  ran.out = read_text(folder / "out");
  ran.err = read_text(folder / "err");
  return ran;
}

pid_t start_semak(const std::vector<std::string>& words) { return start(words, "C", "/dev/null", "/dev/null"); }

TestFolder::TestFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "semak-cli-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> TestFolder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',')
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

boost::json::object json_of(const Ran& ran) {
  CAPTURE(ran.out, ran.err);
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(ran.out, error);
  REQUIRE_FALSE(error);
  return value.as_object();
}

std::string text_in(const boost::json::object& object, const char* key) {
  CAPTURE(key);
  REQUIRE(object.contains(key));
  return std::string(object.at(key).as_string());
}

TEST_CASE("the program says its version and its verbs") {
  CHECK(run_semak({"--version"}).out.rfind("semak ", 0) == 0);
  const Ran overview = run_semak({"--help"});
  CHECK(overview.status == 0);
  for (const char* verb : kVerbs) CHECK(has(overview.out, std::string("\n  ") + verb + " "));
  CHECK(run_semak({}).status == 2);
}

TEST_CASE("every verb explains itself in English and Malay") {
  for (const char* verb : kVerbs) {
    CAPTURE(verb);
    const Ran english = run_semak({verb, "--help"}), malay = run_semak({verb, "--help"}, "ms_MY.UTF-8");
    CHECK(english.status == 0);
    CHECK(malay.status == 0);
    CHECK(english.out.find("Usage:") != std::string::npos);
    CHECK(malay.out.find("Cara guna:") != std::string::npos);
    CHECK(english.out.find("Example:") != std::string::npos);
    CHECK(run_semak({verb, "--lang", "ms", "--help"}).out == malay.out);
    CHECK(run_semak({verb, "--help", "--lang=en"}, "ms_MY.UTF-8").out == english.out);
  }
}

}  // namespace semak
