// HTTP/1.1 over TCP, with or without TLS: limits on everything, keep-alive and pipelining, streamed answers, an orderly
// end. Drives an Application; knows nothing of what it is about. Network threads only read, parse and write; handlers
// run on Lanes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"
#include "tools/semakd/http/lanes.h"
#include "tools/semakd/http/message.h"

namespace semak {

struct TlsFiles {
  std::filesystem::path certificate;  // PEM, the whole chain
  std::filesystem::path key;          // PEM
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::optional<TlsFiles> tls;
  int network_threads = 1;
  std::size_t connections_max = 12000;
  std::size_t header_bytes_max = 16 << 10;
  std::size_t target_bytes_max = 4 << 10;
  std::size_t header_fields_max = 64;
  std::size_t bodies_bytes_max = std::size_t{256} << 20;  // of all requests that are being read or handled
  std::chrono::milliseconds handshake_time{10'000};
  std::chrono::milliseconds header_time{10'000};     // from its first byte
  std::chrono::milliseconds body_time{15'000};       // of a small body
  std::size_t body_bytes_per_second_min = 32 << 10;  // gives a large body its time
  std::chrono::milliseconds idle_time{60'000};       // between requests
  std::chrono::milliseconds write_time{30'000};      // for each 256 KiB that the peer must take
  std::chrono::milliseconds queue_time{2'000};       // a request that waited longer for a thread is refused: overloaded
  std::chrono::milliseconds linger_time{1'000};      // at the end: for the next request of an open connection
  std::chrono::milliseconds heartbeat{15'000};       // of a stream that has nothing to say
};

// Why there is no request, or why it is not handled.
enum class HttpFault : std::uint8_t {
  malformed,
  target_too_long,
  header_too_large,
  header_timeout,
  body_timeout,
  body_too_large,
  version,
  expectation,
  overloaded,  // no room in the queue, or too long in it
  no_memory,   // the bodies at hand are too large together
  stopping,
  handler_threw,  // our own bug
};

// What the application makes of a request when its header is there, before its body is read.
struct Admission {
  bool slow = false;                // cannot be told on the network thread: admit_slowly() is called on a lane
  std::optional<Response> refusal;  // not to be handled; the body is not read
  std::size_t body_max = 0;
  Lane lane = Lane::interactive;
  std::shared_ptr<void> context;  // the application's own
};

struct Exchange {
  const Request& request;
  const Admission& admission;
  HttpStatus status;
  std::size_t bytes_sent = 0;
  std::chrono::steady_clock::duration waited{}, whole{};
  bool cut = false;  // the peer left, or the body ended early
};

class Application {
 public:
  virtual ~Application() = default;
  // On a network thread, in microseconds. May fill in request.parameters.
  virtual Admission admit(Request& request) = 0;
  // On a lane, if admit() said slow.
  virtual void admit_slowly(Request& request, Admission& admission) = 0;
  // On the admitted lane, with the body. Nothing: the response is given to `later` instead, once, on any thread;
  // request and admission are there until then.
  using Later = std::function<void(Response)>;
  virtual std::optional<Response> answer(Request& request, Admission& admission, const Later& later) = 0;
  // On any thread. `request` has what could be read; may be empty.
  virtual Response fault(HttpFault fault, const Request& request) = 0;
  // On a network thread, after each response.
  virtual void finished(const Exchange& exchange) = 0;
};

struct ServerCounters {
  std::uint64_t connections = 0;  // now
  std::uint64_t accepted = 0, refused = 0, evicted = 0;
  std::uint64_t requests = 0, faults = 0, timeouts = 0, handshakes_failed = 0, peer_left = 0;
  std::uint64_t body_bytes = 0;  // now
};

class HttpServer {
 public:
  // Listens when it returns. `application` and `lanes` outlive the server. Errors: invalid_input (address,
  // certificate), io, permission.
  static Result<std::unique_ptr<HttpServer>> start(ServerOptions options, Application& application, Lanes& lanes);
  ~HttpServer();  // stop() without patience
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // New connections get the certificate that the files hold now; open ones keep theirs. On error nothing changes.
  Status reload_tls();
  // No new connections; requests at hand are answered, streams ended; returns when all connections are closed, or were
  // cut after `patience`.
  void stop(std::chrono::milliseconds patience);
  ServerCounters counters() const;

 private:
  HttpServer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace semak
