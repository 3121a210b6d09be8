#include "tools/semakd/log.h"

#include <array>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <utility>

namespace semak {
namespace {

constexpr std::size_t kWaitingMax = std::size_t{4} << 20;  // bytes; then lines are dropped
constexpr std::size_t kManyBytes = std::size_t{64} << 10;
constexpr std::chrono::milliseconds kTogether{50};  // for so long a line waits for others

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_time(std::string& out) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = milliseconds / 1000;
  thread_local std::time_t known = -1;
  thread_local std::array<char, 40> text;
  thread_local std::size_t size = 0;
  if (seconds != known) {
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
    known = seconds;
  }
  out.append(text.data(), size);
  const auto fraction = static_cast<int>(milliseconds % 1000);
  out += static_cast<char>('0' + fraction / 100);
  out += static_cast<char>('0' + fraction / 10 % 10);
  out += static_cast<char>('0' + fraction % 10);
  out += 'Z';
}

ServiceLog* the_log = nullptr;

}  // namespace

const char* to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "info";
}

struct ServiceLog::Impl {
  int descriptor = 2;
  std::mutex mutex;
  std::condition_variable changed, written;
  std::string waiting;
  std::uint64_t dropped = 0;
  bool ending = false, writing = false;
  bool urgent = false;  // somebody waits for it, or should see it
  std::thread writer;

  void run();
  void put(std::string_view text) const;
};

void ServiceLog::Impl::put(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

void ServiceLog::Impl::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return ending || !waiting.empty(); });
    // Lines come together, a write for each would cost more than they do. What went wrong is written at once.
    changed.wait_for(lock, kTogether, [&] { return ending || urgent || waiting.size() > kManyBytes; });
    if (waiting.empty()) return;
    urgent = false;
    std::string text = std::move(waiting);
    waiting.clear();
    if (dropped > 0) {
      text.append("{\"event\":\"log_lines_dropped\",\"level\":\"warning\",\"count\":")
          .append(std::to_string(dropped))
          .append("}\n");
      dropped = 0;
    }
    writing = true;
    lock.unlock();
    put(text);
    lock.lock();
    writing = false;
    written.notify_all();
  }
}

ServiceLog::ServiceLog(LogLevel least, int descriptor) : least_(least), impl_(std::make_unique<Impl>()) {
  impl_->descriptor = descriptor;
  impl_->writer = std::thread([impl = impl_.get()] { impl->run(); });
}

ServiceLog::~ServiceLog() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->changed.notify_all();
  impl_->writer.join();
}

void ServiceLog::write(LogLevel level, std::string_view event, Fields fields) {
  if (!enabled(level)) return;
  std::string line = "{\"time\":\"";
  line.reserve(320);
  append_time(line);
  line.append("\",\"level\":\"").append(to_string(level)).append("\",\"event\":");
  append_json_text(line, event);
  for (const auto& [name, value] : fields) {
    if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr && text->empty()) continue;
    line += ',';
    append_json_text(line, name);
    line += ':';
    if (const auto* text = std::get_if<std::string_view>(&value)) append_json_text(line, *text);
    if (const auto* flag = std::get_if<bool>(&value)) line += *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
  }
  line += "}\n";
  bool wake = false;
  {
    const std::lock_guard lock(impl_->mutex);
    const std::size_t before = impl_->waiting.size();
    if (before + line.size() > kWaitingMax) {
      ++impl_->dropped;
      return;
    }
    impl_->waiting += line;
    const bool now = level >= LogLevel::warning && !std::exchange(impl_->urgent, true);
    wake = before == 0 || now || (before <= kManyBytes && impl_->waiting.size() > kManyBytes);
  }
  if (wake) impl_->changed.notify_one();
}

void ServiceLog::flush() {
  std::unique_lock lock(impl_->mutex);
  impl_->urgent = true;
  impl_->changed.notify_one();
  impl_->written.wait(lock, [&] { return impl_->waiting.empty() && !impl_->writing; });
}

void set_service_log(ServiceLog* log) { the_log = log; }
ServiceLog* service_log() { return the_log; }

}  // namespace semak
