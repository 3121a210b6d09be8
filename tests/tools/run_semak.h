// Runs the real program, as a person at a terminal or a script would.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace semak {

struct Ran {
  int status = -1;  // exit status; 128 + n if signal n ended it
  std::string out, err;
};

// `words` after "semak"; LANG is C unless `language` says "ms_MY.UTF-8".
Ran run_semak(const std::vector<std::string>& words, const std::string& language = "C");

// Starts it and returns; output goes nowhere.
pid_t start_semak(const std::vector<std::string>& words);
int wait_for(pid_t process);

// A folder of one test, removed with it.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }
  std::vector<std::string> files() const;  // names, sorted

 private:
  std::filesystem::path path_;
};

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);
std::vector<std::string> lines_of(const std::string& text);
// Cells of a line without quotes.
std::vector<std::string> cells_of(const std::string& line);

bool has(const std::string& text, std::string_view part);
// What it printed as one JSON object. Both fail the test if that is not so.
boost::json::object json_of(const Ran& ran);
std::string text_in(const boost::json::object& object, const char* key);

}  // namespace semak
