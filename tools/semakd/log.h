// The service's log: one JSON object a line on standard error, written by a thread of its own so that no request waits
// for a pipe. Never holds a name or number of a person, a key, or a body: whoever logs sees to that.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace semak {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
const char* to_string(LogLevel level);

class ServiceLog {
 public:
  using Value = std::variant<std::string_view, std::int64_t, bool>;
  using Fields = std::initializer_list<std::pair<std::string_view, Value>>;

  // `descriptor`: where to; not closed. What cannot be written because nobody reads is dropped, and the log says how
  // many lines.
  explicit ServiceLog(LogLevel least = LogLevel::info, int descriptor = 2);
  ~ServiceLog();  // writes what is left
  ServiceLog(const ServiceLog&) = delete;
  ServiceLog& operator=(const ServiceLog&) = delete;

  // `event`: a stable name, e.g. "request". Empty texts are left out.
  void write(LogLevel level, std::string_view event, Fields fields = {});
  void info(std::string_view event, Fields fields = {}) { write(LogLevel::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(LogLevel::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(LogLevel::error, event, fields); }
  bool enabled(LogLevel level) const { return level >= least_; }
  void flush();

 private:
  struct Impl;
  LogLevel least_;
  std::unique_ptr<Impl> impl_;
};

// For whoever has no service at hand: problem_response(Error) logs here. Null until set; set once, before threads.
void set_service_log(ServiceLog* log);
ServiceLog* service_log();

}  // namespace semak
