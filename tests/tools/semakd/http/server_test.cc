#include "tools/semakd/http/server.h"

#include <atomic>
#include <future>
#include <thread>

#include "tests/catch.h"
#include "tests/tools/semakd/http/raw_client.h"

using namespace semak;
using namespace std::chrono_literals;

namespace {

// Counts up to the end of its story, a piece a call.
class Counting : public BodyStream {
 public:
  Counting(int pieces, bool endless) : pieces_(pieces), endless_(endless) {}
  Piece next() override {
    const std::string number = std::to_string(at_);
    if (at_++ < pieces_) return {server_sent_event("count", number, number), false, {}};
    if (!endless_) return {{}, true, {}};
    return {{}, false, 20ms};
  }

 private:
  int at_ = 0, pieces_;
  bool endless_;
};

// POST /echo answers the body; /slow after a while, or when `held` ends; /events streams; /inline on the network
// thread; /throw is a bug.
class EchoApplication : public Application {
 public:
  Admission admit(Request& request) override {
    Admission admission;
    admission.body_max = 1 << 20;
    if (request.target == "/inline") admission.lane = Lane::inline_;
    if (request.target == "/refused") {
      admission.refusal = Response();
      admission.refusal->status = HttpStatus::forbidden;
    }
    admission.slow = request.target == "/asked-slowly";
    return admission;
  }
  void admit_slowly(Request&, Admission& admission) override {
    admission.refusal = Response();
    admission.refusal->status = HttpStatus::unauthorized;
  }
  std::optional<Response> answer(Request& request, Admission&, const Later& later) override {
    Response response;
    if (request.target == "/later") {
      std::thread([later, body = request.body] {
        std::this_thread::sleep_for(2ms);
        Response given;
        given.body = "later " + body;
        later(std::move(given));
      }).detach();
      return std::nullopt;
    }
    response.content_type = "text/plain";
    if (request.target == "/slow") {
      ++slow_running;
      if (held) {
        held.wait(true);
      } else {
        std::this_thread::sleep_for(slow_time);
      }
      --slow_running;
    }
    if (request.target == "/throw") throw std::runtime_error("bug");
    if (request.target == "/events" || request.target == "/endless") {
      response.content_type = "text/event-stream";
      response.stream = std::make_shared<Counting>(3, request.target == "/endless");
      return response;
    }
    response.body = request.method == Method::get ? request.target : request.body;
    ++answered;
    return response;
  }
  Response fault(HttpFault fault, const Request&) override {
    Response response;
    overloaded += fault == HttpFault::overloaded;
    switch (fault) {
      case HttpFault::header_too_large: response.status = HttpStatus::header_fields_too_large; break;
      case HttpFault::header_timeout: response.status = HttpStatus::request_timeout; break;
      case HttpFault::target_too_long: response.status = HttpStatus::uri_too_long; break;
      case HttpFault::body_too_large: response.status = HttpStatus::content_too_large; break;
      case HttpFault::expectation: response.status = HttpStatus::expectation_failed; break;
      case HttpFault::version: response.status = HttpStatus::version_not_supported; break;
      case HttpFault::overloaded:
      case HttpFault::no_memory: response.status = HttpStatus::unavailable; break;
      case HttpFault::handler_threw: response.status = HttpStatus::internal_error; break;
      default: response.status = HttpStatus::bad_request;
    }
    return response;
  }
  void finished(const Exchange& exchange) override { finished_cut += exchange.cut; }

  std::chrono::milliseconds slow_time = 300ms;
  void let_go() {
    held = false;
    held.notify_all();
  }

  std::atomic<bool> held{false};
  std::atomic<int> answered{0}, slow_running{0}, finished_cut{0}, overloaded{0};
};

// A machine that stands still for a while must not look like a client that is slow: a test sets the times it is about.
ServerOptions patient() {
  ServerOptions options;
  options.handshake_time = options.header_time = options.body_time = options.write_time = 10min;
  options.idle_time = options.queue_time = options.heartbeat = 10min;
  return options;
}

struct Running {
  explicit Running(ServerOptions options = patient(), LaneOptions lane_options = {4, 1, 64, 8})
      : lanes(lane_options), server(std::move(HttpServer::start(std::move(options), application, lanes).value())) {}

  ~Running() { application.let_go(); }

  RawClient client() const { return RawClient(server->port()); }

  EchoApplication application;
  Lanes lanes;
  std::unique_ptr<HttpServer> server;
};

std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}
std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

int status_of(const Running& running, std::string_view request) {
  RawClient client = running.client();
  client.send(request);
  const auto response = client.response();
  return response ? response->status : 0;
}

}  // namespace

TEST_CASE("One connection answers request after request, in order, also when they come all at once") {
  Running running;
  RawClient client = running.client();
  std::string all;
  for (int i = 0; i < 50; ++i) all += post("/echo", "request " + std::to_string(i));
  REQUIRE(client.send(all));
  for (int i = 0; i < 50; ++i) {
    const auto response = client.response();
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->body == "request " + std::to_string(i));
  }
  client.send(get("/inline"));
  CHECK(client.response()->body == "/inline");
}

TEST_CASE("A request that comes byte by byte is the same request") {
  Running running;
  RawClient client = running.client();
  for (const char c : post("/echo", "slow but sure")) client.send(std::string(1, c));
  CHECK(client.response()->body == "slow but sure");
}

TEST_CASE("A chunked body is read whole, and a chunked one that is too large is refused") {
  Running running;
  RawClient client = running.client();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n");
  CHECK(client.response()->body == "abcdefg");
  std::string large = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) large += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  client.send(large);
  CHECK(client.response()->status == 413);
  CHECK(client.ends());
}

TEST_CASE("What is not HTTP, or could be read in two ways, is refused and the connection ended") {
  Running running;
  const std::string_view malformed[] = {
      "nonsense\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",                        // no Host
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",  // two
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",           // none
      "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
      "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n",  // not UTF-8
      "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : x\r\n\r\n",  // blank before the colon
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  };
  for (const std::string_view request : malformed) {
    INFO(request);
    RawClient client = running.client();
    client.send(request);
    const auto response = client.response();
    REQUIRE(response);
    CHECK(response->status == 400);
    CHECK(client.ends());
  }
  CHECK(running.application.answered == 0);
  CHECK(status_of(running, "GET / HTTP/3.0\r\nHost: x\r\n\r\n") == 505);
  CHECK(status_of(running, "POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\na") == 417);
}

TEST_CASE("Limits of header, target, fields and body each have their answer") {
  Running running;
  CHECK(status_of(running, "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n") == 431);
  CHECK(status_of(running, get("/" + std::string(5'000, 'a'))) == 414);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 80; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  CHECK(status_of(running, many + "\r\n") == 431);
  // Told by its announced length: nothing of it is read.
  CHECK(status_of(running, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n") == 413);
}

TEST_CASE("A refused request with a small body leaves its connection in use, with a large one ends it") {
  Running running;
  RawClient client = running.client();
  client.send(post("/refused", "never read") + get("/next"));
  CHECK(client.response()->status == 403);
  CHECK(client.response()->body == "/next");
  client.send(post("/refused", std::string(200'000, 'x')));
  CHECK(client.response()->status == 403);
  CHECK(client.ends());
}

TEST_CASE("What cannot be told on the network thread is told on a lane") {
  Running running;
  CHECK(status_of(running, get("/asked-slowly")) == 401);
}

TEST_CASE("Expect: 100-continue is answered before the body, and a refusal comes in its place") {
  Running running;
  RawClient client = running.client();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(client.response()->status == 100);
  client.send("hello");
  CHECK(client.response()->body == "hello");
  client.send("POST /refused HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  CHECK(client.response()->status == 403);
  CHECK(client.ends());
}

TEST_CASE("HEAD is answered without a body, with its length") {
  Running running;
  RawClient client = running.client();
  client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n" + get("/after"));
  const auto head = client.response(true);
  REQUIRE(head);
  CHECK(head->headers.at("content-length") == "0");  // this application answers HEAD with the body of a POST
  CHECK(client.response()->body == "/after");
}

TEST_CASE("HTTP/1.0 is answered and its connection ended") {
  Running running;
  RawClient client = running.client();
  client.send("GET /old HTTP/1.0\r\n\r\n");
  CHECK(client.response()->body == "/old");
  CHECK(client.ends());
}

TEST_CASE("A stream arrives piece by piece and the connection goes on after it") {
  Running running;
  RawClient client = running.client();
  client.send(get("/events") + get("/after"));
  const auto events = client.response();
  REQUIRE(events);
  CHECK(events->headers.at("transfer-encoding") == "chunked");
  CHECK(events->body ==
        "event: count\nid: 0\ndata: 0\n\nevent: count\nid: 1\ndata: 1\n\nevent: count\nid: 2\ndata: 2\n\n");
  CHECK(client.response()->body == "/after");
}

TEST_CASE("Streams that rest hold no thread") {
  Running running(patient(), {1, 1, 64, 8});
  std::vector<RawClient> listeners;
  for (int i = 0; i < 20; ++i) {
    listeners.push_back(running.client());
    listeners.back().send(get("/endless"));
  }
  for (RawClient& listener : listeners) CHECK(listener.response(true)->status == 200);
  CHECK(status_of(running, get("/still-answers")) == 200);
}

TEST_CASE("A silent stream says so from time to time") {
  ServerOptions options = patient();
  options.heartbeat = 50ms;
  Running running(std::move(options));
  RawClient client = running.client();
  client.send(get("/endless"));
  REQUIRE(client.response(true));
  for (int i = 0; i < 3; ++i) client.chunk();
  CHECK(client.chunk() == ": \n\n");
}

TEST_CASE("Whoever dribbles a header is told so and cut off, a body, cut off; whoever is silent, later") {
  // Each time by itself: the others do not come first where a client or the machine is slow.
  ServerOptions of_headers = patient(), of_bodies = patient(), of_silence = patient();
  of_headers.header_time = 300ms;
  of_bodies.body_time = 300ms;
  of_bodies.body_bytes_per_second_min = 1 << 30;
  of_silence.idle_time = 300ms;
  Running headers(std::move(of_headers)), bodies(std::move(of_bodies)), silence(std::move(of_silence));
  const auto dribble = [](const Running& running, std::string_view start) {
    RawClient client = running.client();
    client.send(start);
    for (int i = 0; i < 6000; ++i) {
      if (!client.send("x")) return true;
      if (client.ends(20)) return true;
    }
    return false;
  };
  CHECK(dribble(headers, "GET / HTTP/1.1\r\nHost: x\r\nX: "));
  CHECK(dribble(bodies, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"));
  CHECK(silence.client().ends());
  RawClient slow = headers.client();
  slow.send("GET / HTTP/1.1\r\nHost: x\r\nX: ");
  const auto told = slow.response();
  REQUIRE(told);
  CHECK(told->status == 408);
  CHECK(told->headers.at("connection") == "close");
  CHECK(slow.ends());
  CHECK(headers.server->counters().timeouts == 2);
  CHECK(bodies.server->counters().timeouts == 1);
}

TEST_CASE("What is answered later holds no thread, and the connection goes on with it") {
  Running running(patient(), {1, 1, 64, 1});
  std::vector<RawClient> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(running.client());
    clients.back().send(post("/later", "a") + post("/echo", "b") + post("/later", "c"));
  }
  for (RawClient& client : clients) {
    for (const char* body : {"later a", "b", "later c"}) {
      const auto response = client.response();
      REQUIRE(response);
      CHECK(response->status == 200);
      CHECK(response->body == body);
    }
  }
}

TEST_CASE("Where the oldest has waited for long the newest goes first, and what goes on goes before both") {
  Lanes lanes({1, 1, 64, 1});
  std::promise<void> begun, go;
  REQUIRE(lanes.submit(Lane::interactive, [&](bool) {
    begun.set_value();
    go.get_future().wait();
  }));
  begun.get_future().wait();
  std::string order;
  const auto letter = [&order](char c) { return [&order, c](bool late) { order += late ? '-' : c; }; };
  const auto now = Lanes::Clock::now();
  REQUIRE(lanes.submit(Lane::interactive, letter('x'), now + 1ms));
  REQUIRE(lanes.submit(Lane::interactive, letter('a')));
  std::this_thread::sleep_for(Lanes::kStanding + 10ms);
  REQUIRE(lanes.submit(Lane::interactive, letter('b')));
  REQUIRE(lanes.submit(Lane::interactive, letter('c')));
  lanes.submit_always(Lane::interactive, [&order] { order += '!'; });
  CHECK(lanes.waiting(Lane::interactive) == 5);
  std::promise<void> done;
  go.set_value();
  while (lanes.waiting(Lane::interactive) > 0 || lanes.running(Lane::interactive) > 0) std::this_thread::sleep_for(1ms);
  CHECK(order == "!-cba");
}

TEST_CASE("A full queue refuses at once, and what is in it is answered") {
  Running running(patient(), {1, 1, 2, 1});
  running.application.held = true;
  std::vector<RawClient> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(running.client());
    clients.back().send(get("/slow"));
    while (running.application.slow_running == 0) std::this_thread::sleep_for(1ms);
  }
  while (running.application.overloaded < 5) std::this_thread::sleep_for(1ms);  // two wait behind the one that runs
  running.application.let_go();
  int answered = 0, refused = 0;
  for (RawClient& client : clients) {
    const auto response = client.response();
    REQUIRE(response);
    answered += response->status == 200;
    refused += response->status == 503;
  }
  CHECK(answered == 3);
  CHECK(refused == 5);
}

TEST_CASE("A request that waited too long for a thread is refused, not handled late") {
  ServerOptions options = patient();
  options.queue_time = 100ms;
  std::promise<void> begun, go;
  Running running(std::move(options), {1, 1, 64, 1});
  REQUIRE(running.lanes.submit(Lane::interactive, [&](bool) {  // has the only thread, however late it got it
    begun.set_value();
    go.get_future().wait();
  }));
  begun.get_future().wait();
  RawClient late = running.client();
  late.send(get("/late"));
  while (running.lanes.waiting(Lane::interactive) == 0) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(150ms);
  go.set_value();
  const auto refused = late.response();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(running.application.answered == 0);
}

TEST_CASE("All bodies at hand together have a limit") {
  ServerOptions options = patient();
  options.bodies_bytes_max = 300'000;
  Running running(std::move(options));
  RawClient holder = running.client();
  holder.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\nx");
  while (running.server->counters().body_bytes == 0) std::this_thread::sleep_for(1ms);
  CHECK(status_of(running, post("/echo", std::string(200'000, 'y'))) == 503);
  holder.send(std::string(199'999, 'x'));
  CHECK(holder.response()->status == 200);
  CHECK(status_of(running, post("/echo", std::string(200'000, 'y'))) == 200);
}

TEST_CASE("A handler that throws is answered with 500 and the service goes on") {
  Running running;
  CHECK(status_of(running, get("/throw")) == 500);
  CHECK(status_of(running, get("/on")) == 200);
}

TEST_CASE("Beyond the limit of connections, who has been silent longest makes room") {
  ServerOptions options = patient();
  options.connections_max = 20;
  Running running(std::move(options));
  std::vector<RawClient> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(running.client());
  while (running.server->counters().accepted < 20) std::this_thread::sleep_for(1ms);
  for (int i = 0; i < 5; ++i) CHECK(status_of(running, get("/newcomer")) == 200);
  CHECK(silent.front().ends());
  silent.back().send(get("/still-here"));
  CHECK(silent.back().response());
}

TEST_CASE("Request ids: a UUID of the sender is kept, anything else is replaced") {
  Running running;
  RawClient client = running.client();
  const std::string uuid = "01234567-89ab-cdef-0123-456789abcdef";
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + uuid + "\r\n\r\n");
  CHECK(client.response()->headers.at("x-request-id") == uuid);
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: 850311-03-5228\r\n\r\n");
  CHECK(client.response()->headers.at("x-request-id").size() == 24);
}

TEST_CASE("The end answers what is at hand, ends streams and loses no request") {
  ServerOptions options = patient();
  options.linger_time = 10min;  // a client that gets no turn for so long is not to be found here
  Running running(std::move(options), {8, 1, 256, 8});
  running.application.held = true;
  RawClient slow = running.client(), stream = running.client();
  slow.send(get("/slow"));
  stream.send(get("/endless"));
  REQUIRE(stream.response(true));
  for (int i = 0; i < 3; ++i) REQUIRE(stream.chunk());

  constexpr int kClients = 4;
  std::atomic<bool> go_on{true};
  std::atomic<int> connections{0}, lost{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      while (go_on) {
        RawClient client = running.client();
        if (!client.connected()) return;
        bool open = true;
        for (int answers = 0; open && go_on; ++answers) {
          client.send(post("/echo", "do not lose me"));
          const auto response = client.response(false, 600'000);
          if (!response || response->status != 200) {
            lost += answers > 0;  // what the port did not take before it closed is no loss: see below
            return;
          }
          if (answers == 0) ++connections;
          open = !response->headers.contains("connection");
        }
      }
    });
  }
  while (running.application.slow_running == 0 || connections < kClients) std::this_thread::sleep_for(1ms);
  std::thread release([&] {
    std::this_thread::sleep_for(200ms);
    running.application.let_go();
  });
  running.server->stop(10min);
  release.join();
  CHECK(slow.response()->status == 200);
  CHECK(stream.chunk() == "");  // ended in order
  go_on = false;
  for (std::thread& client : clients) client.join();
  CHECK(lost == 0);
  // Every connection that was taken had an answer: those of the clients, `slow` and `stream`.
  CHECK(running.server->counters().accepted == static_cast<std::uint64_t>(connections) + 2);
  CHECK(running.server->counters().connections == 0);
}

TEST_CASE("Whoever never ends is cut when the patience ends") {
  Running running;
  RawClient client = running.client();
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  while (running.server->counters().body_bytes == 0) std::this_thread::sleep_for(1ms);
  running.server->stop(100ms);
  CHECK(client.ends());
}

TEST_CASE("Thousands of silent connections cost little and the others are answered") {
  Running running;
  std::vector<RawClient> silent;
  for (int i = 0; i < 400; ++i) silent.push_back(running.client());
  CHECK(status_of(running, get("/among-many")) == 200);
  CHECK(running.server->counters().connections >= 400);
}

TEST_CASE("Addresses and certificates that are none are told with a cure") {
  EchoApplication application;
  Lanes lanes({1, 1, 1, 1});
  ServerOptions options;
  options.address = "localhost";
  CHECK(HttpServer::start(options, application, lanes).error().message.find("Give one such as") != std::string::npos);
  options.address = "127.0.0.1";
  options.tls = {{"/nowhere/certificate.pem", "/nowhere/key.pem"}};
  CHECK(HttpServer::start(options, application, lanes).error().message.find("/nowhere/certificate.pem") !=
        std::string::npos);
}
