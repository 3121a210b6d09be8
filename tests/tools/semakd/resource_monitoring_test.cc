#include <atomic>
#include <mutex>
#include <thread>

#include "tests/tools/semakd/running_service.h"
#include "tools/semakd/resources/webhook_sender.h"

namespace semak {
namespace {

namespace json = boost::json;

std::string header_of(const std::string& request, const std::string& name) {
  const std::size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

// Somebody's server that takes one request a connection and answers with `status`.
class Receiver {
 public:
  Receiver() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    REQUIRE(::listen(listener_, 16) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Receiver() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook?x=1"; }
  std::atomic<int> status{204};
  // Those that tell of such an event.
  std::vector<std::string> requests(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& request : requests_) {
      if (header_of(request, "Semak-Event") == event) found.push_back(request);
    }
    return found;
  }
  // Until there are as many; false: not in two minutes.
  bool wait_for(const std::string& event, std::size_t count) const {
    for (int i = 0; i < 4800; ++i) {
      if (requests(event).size() >= count) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
  }

 private:
  void serve() {
    while (!stopping_) {
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      std::string text;
      char block[4096];
      while (!whole(text)) {
        const ssize_t got = ::recv(peer, block, sizeof block, 0);
        if (got <= 0) break;
        text.append(block, static_cast<std::size_t>(got));
      }
      if (!whole(text)) {  // given up by a sender who was held up himself: not received
        ::close(peer);
        continue;
      }
      const std::string answer = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n";
      static_cast<void>(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL));
      ::close(peer);
      const std::lock_guard lock(mutex_);
      requests_.push_back(text);
    }
  }
  static bool whole(const std::string& text) {
    const std::size_t end = text.find("\r\n\r\n");
    const std::size_t at = text.find("Content-Length: ");
    return end != std::string::npos && at != std::string::npos &&
           text.size() >= end + 4 + static_cast<std::size_t>(std::atoi(text.c_str() + at + 16));
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

std::string body_of(const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); }

constexpr const char* kNewcomer =
    R"({"record":{"id":"KPK-99","names":[{"text":"Hamid bin Salleh"}],"numbers":[{"kind":"mykad","text":"720202-04-5331"}],)"
    R"("date_of_birth":"1972-02-02","sex":"M"},"reason":"sabitan baharu"})";
constexpr const char* kWatched =
    R"({"subject":{"name":"Hamid bin Salleh","id_number":"720202-04-5331","date_of_birth":"1972-02-02"},)"
    R"("purpose":"school_staff","reference":"STAF-4","consent":true,"until":"2099-12-31"})";

TEST_CASE("Whoever is watched and comes into a register is told of, and so is the caller's own system", "[semakd]") {
  RunningService service;
  Receiver receiver;
  const HttpClient client = service.as("submitter");
  const HttpAnswer hook = client.post("/v1/webhooks", R"({"url":")" + receiver.url() + R"(","events":["alert"]})");
  INFO(hook.body);
  REQUIRE(hook.status == 201);
  const std::string secret = hook.text("secret");
  REQUIRE(!secret.empty());
  CHECK(client.get("/v1/webhooks").body.find(secret) == std::string::npos);
  bool arrived = false;  // a delivery has ten seconds, also where the machine stands still for as long
  for (int i = 0; i < 5 && !arrived; ++i)
    arrived = client.post("/v1/webhooks/" + hook.text("id") + "/test", "").text("delivered") == "true";
  CHECK(arrived);
  REQUIRE(receiver.wait_for("test", 1));
  CHECK(receiver.requests("alert").empty());

  const HttpAnswer watched = client.post("/v1/enrolments", kWatched);
  INFO(watched.body);
  REQUIRE(watched.status == 201);
  CHECK(client.get("/v1/alerts").json().at("items").as_array().empty());

  receiver.status = 500;  // the first deliveries fail
  REQUIRE(service.as("registrar").post("/v1/registers/offenders/records", kNewcomer).status == 201);
  const HttpAnswer alerts = client.get("/v1/alerts");
  REQUIRE(alerts.json().at("items").as_array().size() == 1);
  CHECK(alerts.text("items/0/kind") == "new_hit");
  CHECK(alerts.text("items/0/reference") == "STAF-4");
  CHECK(alerts.body.find("KPK-99") == std::string::npos);
  CHECK(service.as("caseworker").get("/v1/alerts").text("items/0/record_id") == "KPK-99");
  CHECK(service.as("other").get("/v1/alerts").json().at("items").as_array().empty());

  REQUIRE(receiver.wait_for("alert", 1));
  receiver.status = 200;
  REQUIRE(receiver.wait_for("alert", 2));  // tried again
  const std::string delivered = receiver.requests("alert")[1];
  CHECK(header_of(delivered, "Semak-Event-Id") == alerts.text("items/0/id"));
  CHECK(delivered.find("POST /hook?x=1 HTTP/1.1") == 0);
  const std::string signature = header_of(delivered, "Semak-Signature");
  const auto seconds = std::atoll(signature.c_str() + 2);
  CHECK(signature == webhook_signature(secret, seconds, body_of(delivered)));
  CHECK(body_of(delivered).find("Hamid") == std::string::npos);
  CHECK(body_of(delivered).find("KPK-99") == std::string::npos);

  const std::string id = alerts.text("items/0/id");
  CHECK(service.as("other").post("/v1/alerts/" + id + "/acknowledge", "").status == 404);
  CHECK(client.post("/v1/alerts/" + id + "/acknowledge", "").status == 204);
  CHECK(client.post("/v1/alerts/nosuch/acknowledge", "").status == 404);
  CHECK(client.get("/v1/alerts?unacknowledged=true").json().at("items").as_array().empty());
  CHECK(client.get("/v1/alerts?cursor=" + alerts.text("next_cursor")).json().at("items").as_array().empty());
  CHECK(client.post("/v1/enrolments/" + watched.text("id") + "/end", "").text("ended") == "true");
  CHECK(client.post("/v1/enrolments/" + watched.text("id") + "/end", "").status == 409);
  CHECK(client.send("DELETE", "/v1/webhooks/" + hook.text("id"), "", "").status == 204);
  CHECK(client.get("/v1/webhooks").json().at("items").as_array().empty());
}

TEST_CASE("Many are enrolled at once; who cannot be is named by place", "[semakd]") {
  RunningService& service = shared_service();
  const HttpClient client = service.as("submitter");
  const std::string one =
      R"({"subject":{"name":"Noraini binti Yusof","id_number":"910101-03-5544"},"purpose":"school_staff","consent":true,"until":"2099-01-01"})";
  const HttpAnswer done =
      client.post("/v1/enrolments/bulk", "{\"people\":[" + one + "," + one + "]}", {{"Idempotency-Key", "bulk-1"}});
  INFO(done.body);
  REQUIRE(done.status == 200);
  CHECK(done.text("enrolled") == "2");
  CHECK(client.post("/v1/enrolments/bulk", "{\"people\":[" + one + "," + one + "]}", {{"Idempotency-Key", "bulk-1"}})
            .body == done.body);
  const HttpAnswer missing = client.post(
      "/v1/enrolments/bulk", R"({"people":[{"subject":{"name":"A"},"purpose":"school_staff","until":"2099-01-01"}]})");
  CHECK(missing.status == 422);
  CHECK(missing.text("errors/0/pointer") == "/people/0/consent");
  CHECK(client.post("/v1/enrolments", R"({"consent":true,"until":"2099-01-01"})").status == 422);
  std::string past = kWatched;
  past.replace(past.find("2099"), 4, "2001");
  CHECK(client.post("/v1/enrolments", past).text("errors/0/pointer") == "/until");
}

TEST_CASE("Webhooks go to public https addresses only, or to this machine where that is allowed", "[semakd]") {
  for (const char* good : {"https://hr.example.my/semak", "https://example.com:8443/a?b=c", "https://8.8.8.8/",
                           "https://[2606:4700::1111]/x"}) {
    INFO(good);
    CHECK(parse_webhook_url(good, false).has_value());
  }
  for (const char* bad : {"http://hr.example.my/",
                          "ftp://example.com/",
                          "https://",
                          "https:///x",
                          "/x",
                          "https://a:b@example.com/",
                          "https://example.com/#x",
                          "https://localhost/",
                          "http://localhost/",
                          "https://127.0.0.1/",
                          "https://127.1/",
                          "https://2130706433/",
                          "https://0x7f.1/",
                          "https://10.0.0.1/",
                          "https://172.16.5.4/",
                          "https://192.168.1.1/",
                          "https://169.254.169.254/latest",
                          "https://100.64.0.1/",
                          "https://0.0.0.0/",
                          "https://[::1]/",
                          "https://[fe80::1]/",
                          "https://[fd00::1]/",
                          "https://[::ffff:10.0.0.1]/",
                          "https://[64:ff9b::a00:1]/",
                          "https://[2001:db8::1]/",
                          "https://[2002:a00:1::]/",
                          "https://example.com:0/",
                          "https://example.com:99999/",
                          "https://exa mple.com/",
                          "https://example.com/\r\nX: y"}) {
    INFO(bad);
    CHECK(!parse_webhook_url(bad, false).has_value());
  }
  for (const char* here : {"http://127.0.0.1:8080/x", "https://localhost/", "http://[::1]:9/"}) {
    INFO(here);
    CHECK(parse_webhook_url(here, true).has_value());
  }
  CHECK(!parse_webhook_url("http://10.0.0.1/", true).has_value());
  CHECK(!parse_webhook_url("http://hr.example.my/", true).has_value());
}

TEST_CASE("A webhook's signature is the HMAC of time and body", "[semakd]") {
  // RFC 4231 has no such form; reckoned with Python's hmac module.
  CHECK(webhook_signature("key", 1700000000, "{}") ==
        "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae");
}

}  // namespace
}  // namespace semak
