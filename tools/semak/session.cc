#include "tools/semak/session.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "tools/semak/output_file.h"
#include "tools/semak/translation.h"

namespace semak {
namespace {

char stopped_text[200];
std::size_t stopped_size = 0;

void stop(int signal) {
  remove_unfinished_outputs();
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, stopped_text, stopped_size);
  ::_exit(128 + signal);
}

void stop_quietly(int signal) {
  remove_unfinished_outputs();
  ::_exit(128 + signal);
}

}  // namespace

int fail(const Error& error) {
  std::fprintf(stderr, "%s\n", say(Say::error_prefix, in_words(error.message)).c_str());
  return error.code == ErrorCode::invalid_input ? kWrongUse : kCouldNot;
}

int misuse(const Arguments& arguments, const Error& error) {
  fail(error);
  std::fprintf(stderr, "%s\n", say(Say::see_help, arguments.verb()).c_str());
  return kWrongUse;
}

void warn(std::string_view text) { std::fprintf(stderr, "%s\n", say(Say::warning_prefix, in_words(text)).c_str()); }

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string output_name(const Arguments& arguments, std::string_view option) {
  const std::string name = arguments.text(option);
  return name == "/dev/stdout" ? "-" : name;
}

void install_signal_handlers() {
  const std::string text = fmt::format("\n{}\n", say(Say::stopped));
  stopped_size = std::min(text.size(), sizeof stopped_text);
  std::memcpy(stopped_text, text.data(), stopped_size);
  struct sigaction action{};
  action.sa_handler = stop;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGHUP, &action, nullptr);
  action.sa_handler = stop_quietly;
  ::sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace semak
