// A hidden test case of this program, run in a process of its own. Not a fork: that would take along the locks of
// threads that it has not, and might wait for them forever.
#pragma once

#include <csignal>
#include <cstdlib>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/catch.h"

namespace semak {

class ChildCase {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  // `settings`: what of its environment is its own; files without O_CLOEXEC are there too.
  ChildCase(const std::string& name, const Settings& settings) {
    std::vector<std::string> texts;
    for (const auto& [variable, value] : settings) texts.push_back(variable + "=" + value);
    std::vector<char*> environment;
    for (std::string& text : texts) environment.push_back(text.data());
    for (char** each = ::environ; *each != nullptr; ++each) environment.push_back(*each);
    environment.push_back(nullptr);
    const char* const words[] = {"child", name.c_str(), "-o", "/dev/null", nullptr};
    REQUIRE(::posix_spawn(&id_, "/proc/self/exe", nullptr, nullptr, const_cast<char* const*>(words),
                          environment.data()) == 0);
  }
  ~ChildCase() {
    if (id_ > 0) kill();
  }
  ChildCase(const ChildCase&) = delete;
  ChildCase& operator=(const ChildCase&) = delete;

  // As wait().
  int kill() {
    ::kill(id_, SIGKILL);
    return wait();
  }
  // Its exit status, 0 if the case passed; -n if signal n ended it.
  int wait() {
    int status = 0;
    REQUIRE(::waitpid(std::exchange(id_, 0), &status, 0) > 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // In the child: empty where nobody set it, and the hidden case has nothing to do.
  static std::string setting(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  }

 private:
  ::pid_t id_ = 0;
};

}  // namespace semak
