// What the connections of one server share. Internal to http/: the only headers that name Asio and Beast are this one
// and connection.h.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <ctime>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tools/semakd/http/server.h"

namespace boost::asio::ssl {
class context;
}

namespace semak {

using NetExecutor = boost::asio::io_context::executor_type;
using NetSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, NetExecutor>;
using NetTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                   boost::asio::wait_traits<std::chrono::steady_clock>, NetExecutor>;
template <class T>
using NetTask = boost::asio::awaitable<T, NetExecutor>;

// What the server may do to a connection from outside it, on its network thread.
class OpenConnection {
 public:
  virtual ~OpenConnection() = default;
  virtual void cut() = 0;   // closes the socket: whatever is under way fails
  virtual void wake() = 0;  // a stream that rests looks again whether the server is stopping
  bool resting() const { return resting_; }

 protected:
  friend struct NetThread;
  bool resting_ = false;  // between requests
  std::list<OpenConnection*>::iterator place_;
};

// One io_context, one thread, and the connections that live on it. Everything but `io` is the thread's own.
struct NetThread {
  boost::asio::io_context io{1};
  std::thread thread;
  std::list<OpenConnection*> busy, resting;  // resting: longest first
  std::string date;                          // of the header, for `date_second`
  std::time_t date_second = 0;

  void enter(OpenConnection& connection);
  void leave(OpenConnection& connection);
  void rest(OpenConnection& connection);
  void work(OpenConnection& connection);
  const std::string& now_text();
};

struct ServerCore {
  ServerCore(ServerOptions given, Application& served, Lanes& workers)
      : options(std::move(given)), application(served), lanes(workers) {}

  const ServerOptions options;
  Application& application;
  Lanes& lanes;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> connections{0}, accepted{0}, refused{0}, evicted{0}, requests{0}, faults{0}, timeouts{0},
      handshakes_failed{0}, peer_left{0}, body_bytes{0};
  std::atomic<std::uint64_t> next_connection{1};
  std::vector<std::unique_ptr<NetThread>> threads;

  std::shared_ptr<boost::asio::ssl::context> tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
  }
  void set_tls(std::shared_ptr<boost::asio::ssl::context> context) {
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(context);
  }

 private:
  mutable std::mutex tls_mutex_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
};

// Start a connection on its thread; it keeps itself alive. In translation units of their own: each costs a gigabyte to
// compile.
void serve_plain(std::shared_ptr<ServerCore> core, NetThread& thread, NetSocket socket, std::string peer);
void serve_tls(std::shared_ptr<ServerCore> core, NetThread& thread, NetSocket socket, std::string peer);

// Errors: invalid_input, naming the file.
Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace semak
