// An HTTP/1.1 load generator for one loopback server: requests leave on a schedule whatever the answers do (open loop),
// so a stalled server shows in the latencies; wrk's closed loop would wait with it and hide that. Latency is counted
// from the moment a request was due. Plain HTTP, keep-alive, no pipelining. Prints one JSON object.
#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 8443;
  std::string path = "/v1/screenings";
  std::string key;
  std::string bodies;  // file, one JSON body a line; sent in turn
  int connections = 16;
  double rate = 0;  // requests a second; 0: closed loop, as fast as answers come
  double seconds = 10;
  double warmup = 1;  // seconds not counted
};

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "load_client: %s\n", why.c_str());
  std::exit(2);
}

Options parse(int count, char** words) {
  Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string name = words[i];
    if (i + 1 >= count) stop(name + " wants a value");
    const std::string value = words[i + 1];
    if (name == "--port")
      options.port = std::atoi(value.c_str());
    else if (name == "--path")
      options.path = value;
    else if (name == "--key")
      options.key = value;
    else if (name == "--bodies")
      options.bodies = value;
    else if (name == "--connections")
      options.connections = std::atoi(value.c_str());
    else if (name == "--rate")
      options.rate = std::atof(value.c_str());
    else if (name == "--seconds")
      options.seconds = std::atof(value.c_str());
    else if (name == "--warmup")
      options.warmup = std::atof(value.c_str());
    else
      stop("unknown option " + name);
  }
  return options;
}

struct Connection {
  int socket = -1;
  bool busy = false;
  std::string out;  // not yet sent
  std::string in;   // of the answer at hand
  Clock::time_point due, sent;
};

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)) {
    std::ifstream file(options_.bodies);
    for (std::string line; std::getline(file, line);) {
      requests_.push_back(
          "POST " + options_.path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + options_.key +
          "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(line.size()) + "\r\n\r\n" + line);
    }
    if (requests_.empty()) stop("no bodies in " + options_.bodies);
  }

  void run() {
    epoll_ = ::epoll_create1(0);
    connections_.resize(static_cast<std::size_t>(options_.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
    begun_ = Clock::now();
    const auto end = begun_ + seconds(options_.warmup + options_.seconds);
    std::uint64_t scheduled = 0;
    std::vector<epoll_event> events(256);
    for (Clock::time_point now = begun_; now < end; now = Clock::now()) {
      if (options_.rate > 0) {
        const auto due_by_now =
            static_cast<std::uint64_t>(std::chrono::duration<double>(now - begun_).count() * options_.rate);
        for (; scheduled < due_by_now; ++scheduled) {
          waiting_.push_back(begun_ + seconds(static_cast<double>(scheduled) / options_.rate));
        }
        // Who would wait longer than this has gone away.
        while (!waiting_.empty() && now - waiting_.front() > std::chrono::seconds(2)) {
          waiting_.pop_front();
          if (counted(now)) ++given_up_;
        }
      }
      dispatch(now);
      // Sleeps to the next due request, so that the server has the processor; answers wake it. With no connection free
      // there is nothing to do before one.
      auto wait = std::chrono::nanoseconds(1'000'000);
      if (options_.rate > 0 && !free_.empty()) {
        const auto next_due = begun_ + seconds(static_cast<double>(scheduled + 1) / options_.rate);
        wait = std::clamp<std::chrono::nanoseconds>(next_due - Clock::now(), std::chrono::nanoseconds(0), wait);
      }
      const timespec timeout{0, static_cast<long>(wait.count())};
      const int ready = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
      for (int i = 0; i < ready; ++i) serve(events[static_cast<std::size_t>(i)].data.u64);
    }
    report();
  }

 private:
  static Clock::duration seconds(double value) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(value));
  }
  bool counted(Clock::time_point at) const { return at - begun_ >= seconds(options_.warmup); }

  void connect(std::size_t i) {
    Connection& connection = connections_[i];
    connection = Connection{};
    connection.socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(connection.socket);
      connection.socket = -1;
      ++connects_refused_;
      if (connects_refused_ > 100000) stop("the server refuses connections");
      return;
    }
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(connection.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    free_.push_back(i);
  }

  void dispatch(Clock::time_point now) {
    while (!free_.empty() && (options_.rate <= 0 || !waiting_.empty())) {
      const std::size_t i = free_.back();
      free_.pop_back();
      Connection& connection = connections_[i];
      connection.busy = true;
      connection.sent = now;
      connection.due = options_.rate > 0 ? waiting_.front() : now;
      if (options_.rate > 0) waiting_.pop_front();
      const std::string& request = requests_[next_++ % requests_.size()];
      if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(request.size())) {
        lost(i);
      }
    }
  }

  void lost(std::size_t i) {
    if (connections_[i].busy && counted(Clock::now())) ++broken_;
    if (connections_[i].socket >= 0) ::close(connections_[i].socket);
    connect(i);
  }

  void serve(std::size_t i) {
    Connection& connection = connections_[i];
    char buffer[65536];
    const ssize_t got = ::recv(connection.socket, buffer, sizeof buffer, 0);
    if (got <= 0) {
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (!connection.busy) free_.erase(std::remove(free_.begin(), free_.end(), i), free_.end());
      lost(i);
      return;
    }
    connection.in.append(buffer, static_cast<std::size_t>(got));
    const std::size_t head = connection.in.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const std::size_t length = content_length(std::string_view(connection.in).substr(0, head));
    if (connection.in.size() < head + 4 + length) return;
    const int status = std::atoi(connection.in.c_str() + 9);
    const auto now = Clock::now();
    ++answers_;
    if (counted(now) && status < 400) ++good_;  // by when it came: what is late was due before
    if (counted(connection.due)) {
      ++statuses_[status];
      if (status < 400) {
        from_due_.push_back(milliseconds(now - connection.due));
        from_sent_.push_back(milliseconds(now - connection.sent));
      }
    }
    const bool closing = connection.in.find("Connection: close") < head;
    connection.in.clear();
    connection.busy = false;
    if (closing) {
      ::close(connection.socket);
      connect(i);
    } else {
      free_.push_back(i);
    }
  }

  static std::size_t content_length(std::string_view head) {
    constexpr std::string_view kName = "content-length:";
    for (std::size_t at = 0; at + kName.size() < head.size(); ++at) {
      if (::strncasecmp(head.data() + at, kName.data(), kName.size()) == 0) {
        return std::strtoull(head.data() + at + kName.size(), nullptr, 10);
      }
    }
    return 0;
  }

  static void print_times(const char* name, std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
      return times.empty() ? 0.0
                           : times[std::min(times.size() - 1,
                                            static_cast<std::size_t>(share * static_cast<double>(times.size())))];
    };
    std::printf(",\"%s\":{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}", name, at(.5), at(.9),
                at(.99), at(.999), times.empty() ? 0.0 : times.back());
  }

  void report() {
    std::printf("{\"seconds\":%.1f,\"connections\":%d,\"rate\":%.0f,\"good_per_second\":%.1f", options_.seconds,
                options_.connections, options_.rate, static_cast<double>(good_) / options_.seconds);
    std::printf(",\"answers_with_warmup\":%llu", static_cast<unsigned long long>(answers_));
    std::printf(",\"given_up\":%llu,\"broken\":%llu,\"refused\":%llu,\"statuses\":{",
                static_cast<unsigned long long>(given_up_), static_cast<unsigned long long>(broken_),
                static_cast<unsigned long long>(connects_refused_));
    const char* comma = "";
    for (const auto& [status, count] : statuses_) {
      std::printf("%s\"%d\":%llu", comma, status, static_cast<unsigned long long>(count));
      comma = ",";
    }
    std::printf("}");
    print_times("ms_from_due", from_due_);
    print_times("ms_from_sent", from_sent_);
    std::printf("}\n");
  }

  Options options_;
  std::vector<std::string> requests_;
  std::size_t next_ = 0;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::vector<std::size_t> free_;
  std::deque<Clock::time_point> waiting_;
  Clock::time_point begun_;
  std::uint64_t answers_ = 0, good_ = 0, given_up_ = 0, broken_ = 0, connects_refused_ = 0;
  std::map<int, std::uint64_t> statuses_;
  std::vector<double> from_due_, from_sent_;
};

}  // namespace

int main(int count, char** words) { Load(parse(count, words)).run(); }
