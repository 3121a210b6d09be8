// What stands before every handler: keys, sessions, hosts, types of bodies, limits, headers; and the daemon's own
// doings.
#include "tools/semakd/service.h"

#include <array>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <thread>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tests/tools/semakd/http_client.h"
#include "tests/tools/semakd/patience.h"
#include "tests/tools/semakd/signing_key.h"
#include "tools/semakd/certificate.h"
#include "tools/semakd/daemon.h"
#include "tools/semakd/installation.h"

using namespace semak;

namespace {

// An installation with an empty database, its log in a file.
struct Installed {
  Installed() {
    InstallationRequest request;
    request.folder = folder / "service";
    auto made = make_installation(request);
    REQUIRE(made.ok());
    for (const Callers::Made& key : made->keys) keys[to_string(key.key.role)] = key.secret;
    config = made->config;
    config.port = 0;
    config.tls = false;
    be_patient(config);
    descriptor = ::open((folder / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    log = std::make_unique<ServiceLog>(LogLevel::info, descriptor);
  }
  ~Installed() {
    daemon.reset();
    log.reset();
    ::close(descriptor);
  }
  void start() {
    daemon.reset();
    auto started = Daemon::start(config, *log, clock);
    INFO((started ? std::string() : started.error().message));
    REQUIRE(started.ok());
    daemon = std::move(*started);
  }
  // For the limits no time goes by: no minute and no day ends in the midst of a test, and no request is earned back.
  void stop_the_clock() {
    clock = [now = std::chrono::system_clock::now()] { return now; };
  }
  HttpClient as(const std::string& role) const {
    return {daemon->port(), role.empty() ? std::string() : keys.at(role)};
  }
  std::string log_text() {
    log->flush();
    std::ifstream in(folder / "log");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  TemporaryFolder folder;
  std::map<std::string, std::string> keys;
  Config config;
  CallerLimits::Clock clock;
  int descriptor = -1;
  std::unique_ptr<ServiceLog> log;
  std::unique_ptr<Daemon> daemon;
};

const std::string kPerson =
    R"({"purpose":"school_staff","reference":"HR-17","consent":true,"subject":{"name":"Siti Aminah binti Hassan",)"
    R"("id_number":"850311-03-5228","date_of_birth":"1985-03-11","sex":"F"}})";

// The SHA-256 of the certificate that a TLS server shows, or what went wrong; `version` asks for at most that.
std::string shown_certificate(std::uint16_t port, int version) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), version);
  std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()), &BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  if (BIO_do_connect(connection.get()) != 1) {
    ERR_clear_error();
    return "refused";
  }
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  BIO_write(connection.get(), request.data(), static_cast<int>(request.size()));
  char text[512];
  const int size = BIO_read(connection.get(), text, sizeof text);
  if (size < 12 || std::string(text, 12) != "HTTP/1.1 200") return "no answer";
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl), &X509_free);
  unsigned char digest[32];
  unsigned int digest_size = 0;
  X509_digest(certificate.get(), EVP_sha256(), digest, &digest_size);
  std::string shown;
  for (unsigned int i = 0; i < digest_size; ++i) {
    char pair[4];
    std::snprintf(pair, sizeof pair, "%s%02X", i == 0 ? "" : ":", digest[i]);
    shown += pair;
  }
  return shown;
}

// What a TLS server answers to a GET, head and all.
std::string answer_over_tls(std::uint16_t port, const std::string& target) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()), &BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  if (BIO_do_connect(connection.get()) != 1) return {};
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  BIO_write(connection.get(), request.data(), static_cast<int>(request.size()));
  std::string answer;
  std::array<char, 16384> some;
  for (int size; (size = BIO_read(connection.get(), some.data(), some.size())) > 0;) {
    answer.append(some.data(), static_cast<std::size_t>(size));
  }
  return answer;
}

}  // namespace

TEST_CASE("An installation is private, and a folder in use is left alone", "[semakd]") {
  Installed world;
  for (const char* name : {"semakd.toml", "tls/key.pem", "keys/semak.key"}) {
    struct stat status{};
    REQUIRE(::stat((world.folder / "service" / name).c_str(), &status) == 0);
    INFO(name);
    CHECK((status.st_mode & 077) == 0);
  }
  CHECK(world.keys.size() == 5);
  InstallationRequest again;
  again.folder = world.folder / "service";
  CHECK(make_installation(again).error().code == ErrorCode::already_exists);
  ::chmod((world.folder / "service/keys/semak.key").c_str(), 0644);
  CHECK(Daemon::start(world.config, *world.log).error().message.find("chmod 600") != std::string::npos);
}

TEST_CASE("What stands before the handlers answers alike everywhere", "[semakd]") {
  Installed world;
  world.config.hosts = {"localhost"};
  world.config.lookups_a_day = 3;
  world.config.requests_burst = 100'000;
  world.stop_the_clock();
  world.start();
  const HttpClient nobody = world.as(""), submitter = world.as("submitter"), admin = world.as("admin");

  SECTION("keys") {
    CHECK(nobody.get("/v1/me").status == 401);
    CHECK(nobody.get("/v1/me").header("www-authenticate") == "Bearer realm=\"semak\"");
    CHECK(HttpClient(world.daemon->port(), "semak_nonsense").get("/v1/me").status == 401);
    CHECK(nobody.get("/v1/me", {{"Authorization", "Basic YTpi"}}).status == 401);
    CHECK(submitter.get("/v1/me").status == 200);
    CHECK(submitter.get("/v1/keys").status == 403);
  }
  SECTION("who tries keys is kept out, known keys at the same address are not") {
    REQUIRE(submitter.get("/v1/me").status == 200);
    for (int i = 0; i < 20; ++i) CHECK(HttpClient(world.daemon->port(), "semak_guess").get("/v1/me").status == 401);
    const HttpAnswer blocked = HttpClient(world.daemon->port(), "semak_guess").get("/v1/me");
    CHECK(blocked.status == 429);
    CHECK(blocked.header("retry-after") == "60");
    CHECK(submitter.get("/v1/me").status == 200);
    CHECK(admin.get("/v1/me").status == 200);  // for the first time: its hash has to be checked
    CHECK(world.log_text().find("\"limit\":\"failed_keys\"") != std::string::npos);
  }
  SECTION("paths, methods, hosts and bodies") {
    CHECK(nobody.get("/v1/nothing").status == 404);
    const HttpAnswer method = submitter.send("PATCH", "/v1/screenings", "", "");
    CHECK(method.status == 405);
    CHECK(method.header("allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(nobody.send("OPTIONS", "/v1/screenings", "", "").status == 204);
    CHECK(nobody.send("TRACE", "/v1/screenings", "", "").status == 405);
    CHECK(submitter.send("POST", "/v1/screenings", kPerson, "text/plain").status == 415);
    CHECK(submitter.send("POST", "/v1/screenings", kPerson, "").status == 415);
    CHECK(submitter.send("GET", "/v1/me", "", "", {{"Content-Length", "2"}}).status == 400);
    CHECK(submitter.post("/v1/screenings", std::string(70'000, ' ')).status == 413);
    CHECK(submitter.post("/v1/screenings", kPerson, {{"Content-Encoding", "gzip"}}).status == 415);
  }
  SECTION("the day's quota, also over a restart") {
    for (int i = 0; i < 3; ++i) CHECK(submitter.post("/v1/screenings", kPerson).status == 201);
    const HttpAnswer spent = submitter.post("/v1/screenings", kPerson);
    CHECK(spent.status == 429);
    CHECK(spent.text("code") == "quota_exhausted");
    REQUIRE(world.daemon->stop(std::chrono::seconds(60)));
    world.start();
    CHECK(world.as("submitter").post("/v1/screenings", kPerson).status == 429);
  }
  SECTION("security headers, and nothing kept by caches") {
    for (const HttpAnswer& answer : {nobody.get("/healthz"), submitter.get("/v1/me"), nobody.get("/v1/nothing")}) {
      CHECK(answer.header("x-content-type-options") == "nosniff");
      CHECK(answer.header("content-security-policy").find("default-src 'none'") == 0);
      CHECK(answer.header("cache-control") == "no-store");
      CHECK(answer.header("x-request-id").size() == 24);
      CHECK(answer.header("access-control-allow-origin").empty());
    }
  }
  SECTION("the log has the request and nothing of the person") {
    CHECK(submitter
              .post("/v1/screenings?name=Siti%20Aminah", kPerson,
                    {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                     {"X-Request-Id", "850311-03-5228"}})
              .status == 400);
    CHECK(submitter.post("/v1/screenings", kPerson).status == 201);
    const std::string text = world.log_text();
    CHECK(text.find("\"operation\":\"createScreening\"") != std::string::npos);
    CHECK(text.find("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") != std::string::npos);
    // Six digits alone may be a request's id or time.
    for (const char* secret : {"Siti", "850311-03-5228", "850311035228", "1985-03-11", "HR-17"})
      CHECK(text.find(secret) == std::string::npos);
    for (const auto& [role, key] : world.keys) CHECK(text.find(key) == std::string::npos);
  }
  SECTION("health, readiness and metrics") {
    CHECK(nobody.get("/healthz").body == R"({"status":"ok"})");
    CHECK(nobody.get("/readyz").text("ready") == "true");
    CHECK(nobody.get("/metrics").status == 401);
    CHECK(submitter.get("/metrics").status == 403);
    REQUIRE(submitter.post("/v1/screenings", kPerson).status == 201);
    const std::string metrics = admin.get("/metrics").body;
    CHECK(metrics.find("semak_http_responses_total{operation=\"createScreening\",status=\"2xx\"} 1") !=
          std::string::npos);
    CHECK(metrics.find("semak_audit_sequence ") != std::string::npos);
    CHECK(metrics.find("semak_index_generation ") != std::string::npos);
    CHECK(metrics.find("semak_index_age_seconds 0") != std::string::npos);  // no register
    CHECK(metrics.find("semak_audit_unsigned 0") != std::string::npos);
    CHECK(metrics.find("semak_audit_commit_seconds 1") != std::string::npos);
    CHECK(metrics.find("semak_audit_outbox ") != std::string::npos);
    CHECK(metrics.find("# TYPE semak_connections_accepted_total counter") != std::string::npos);
    CHECK(metrics.find("# TYPE semak_audit_sequence counter") != std::string::npos);
    CHECK(metrics.find("semak_screenings_total{kind=\"single\",outcome=\"incomplete\"} 1") != std::string::npos);
    const auto batch = submitter.post(
        "/v1/batches",
        R"({"purpose":"school_staff","rows":[{"consent":true,"subject":{"name":"Siti Aminah binti Hassan"}}]})");
    REQUIRE(batch.status == 202);
    for (int i = 0; i < 4800 && submitter.get("/v1/batches/" + batch.text("id")).text("state") != "done"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    for (int i = 0; i < 2; ++i) {
      CHECK(admin.get("/metrics").body.find("semak_screenings_total{kind=\"batch\",outcome=\"incomplete\"} 1") !=
            std::string::npos);
    }
    const auto accepted = [&] {
      const std::string text = admin.get("/metrics").body;
      return std::atoi(text.c_str() + text.find("\nsemak_connections_accepted_total ") + 34);
    };
    const int before = accepted();
    CHECK(accepted() == before + 1);
  }
}

TEST_CASE("Only served hosts are answered", "[semakd]") {
  Installed world;
  world.config.hosts = {"semak.example"};
  world.start();
  CHECK(world.as("").get("/healthz").status == 421);
}

TEST_CASE("A browser's session stands for its key, and changes need its token", "[semakd]") {
  Installed world;
  world.start();
  const HttpClient nobody = world.as("");
  CHECK(nobody.post("/v1/session", R"({"key":"semak_guess"})").status == 401);
  CHECK(nobody.post("/v1/session", R"({"key":1})").status == 422);
  const HttpAnswer begun = nobody.post("/v1/session", R"({"key":")" + world.keys["admin"] + "\"}");
  REQUIRE(begun.status == 201);
  const std::string cookie = begun.header("set-cookie"), token = begun.text("csrf_token");
  CHECK(cookie.find("; HttpOnly; SameSite=Strict") != std::string::npos);
  CHECK(begun.text("me/role") == "admin");
  const std::string pair = cookie.substr(0, cookie.find(';'));

  CHECK(nobody.get("/v1/session", {{"Cookie", pair}}).text("csrf_token") == token);
  CHECK(nobody.get("/v1/keys", {{"Cookie", pair}}).status == 200);
  CHECK(world.as("admin").get("/v1/session").status == 404);
  const std::string wanted = R"({"label":"New","role":"auditor","tenant":"agency"})";
  CHECK(nobody.post("/v1/keys", wanted, {{"Cookie", pair}}).status == 403);
  CHECK(nobody.post("/v1/keys", wanted, {{"Cookie", pair}, {"X-CSRF-Token", "guess"}}).status == 403);
  CHECK(nobody.post("/v1/keys", wanted, {{"Cookie", pair}, {"X-CSRF-Token", token}, {"Sec-Fetch-Site", "cross-site"}})
            .status == 403);
  CHECK(nobody.post("/v1/keys", wanted, {{"Cookie", pair}, {"X-CSRF-Token", token}, {"Sec-Fetch-Site", "same-origin"}})
            .status == 201);

  SECTION("it ends when the browser says so") {
    CHECK(nobody.send("DELETE", "/v1/session", "", "", {{"Cookie", pair}, {"X-CSRF-Token", token}}).status == 204);
    CHECK(nobody.get("/v1/keys", {{"Cookie", pair}}).status == 401);
  }
  SECTION("it ends with its key") {
    const std::string& key = world.keys["admin"];
    REQUIRE(world.daemon->callers().revoke({"test", "agency", Role::admin}, key.substr(6, 12)));
    CHECK(nobody.get("/v1/keys", {{"Cookie", pair}}).status == 401);
    CHECK(world.as("admin").get("/v1/keys").status == 401);
  }
}

TEST_CASE("TLS: 1.2 and 1.3, never older; a changed certificate is taken without a restart, a broken one is not",
          "[semakd]") {
  Installed world;
  world.config.tls = true;
  world.start();
  const std::uint16_t port = world.daemon->port();
  const std::string first = shown_certificate(port, TLS1_3_VERSION);
  CHECK(first.size() == 95);
  CHECK(shown_certificate(port, TLS1_2_VERSION) == first);
  CHECK(shown_certificate(port, TLS1_1_VERSION) == "refused");
  CHECK(HttpClient(port, "").get("/healthz").status == 0);  // plain HTTP gets nothing

  const auto pair = make_self_signed({"localhost"}, 10);
  REQUIRE(pair);
  std::ofstream(world.config.path(world.config.certificate)) << pair->certificate;
  world.daemon->reload();  // certificate and key do not belong together yet
  CHECK(shown_certificate(port, TLS1_3_VERSION) == first);
  CHECK(world.log_text().find("certificate_refused") != std::string::npos);
  std::ofstream(world.config.path(world.config.certificate_key)) << pair->key;
  world.daemon->reload();
  CHECK(shown_certificate(port, TLS1_3_VERSION) == pair->fingerprint);
  CHECK(world.log_text().find("certificate_ends_soon") != std::string::npos);
}

TEST_CASE("TLS: answers of any size arrive whole", "[semakd]") {
  Installed world;
  world.start();
  const std::string plain = HttpClient(world.daemon->port(), "").get("/openapi.json").body;
  REQUIRE(plain.size() > 100'000);  // many times what a TLS record holds
  Installed secret;
  secret.config.tls = true;
  secret.start();
  const std::string answer = answer_over_tls(secret.daemon->port(), "/openapi.json");
  const std::size_t head = answer.find("\r\n\r\n");
  REQUIRE(head != std::string::npos);
  CHECK(answer.substr(head + 4) == plain);
}

TEST_CASE("A policy's file is put in force when it changes, and a wrong one is told and left", "[semakd]") {
  Installed world;
  world.start();
  const auto file = world.config.path(world.config.policies) / "volunteers.toml";
  std::ofstream(file) << "name = \"volunteers\"\ntitle = { ms = \"Sukarelawan\", en = \"Volunteers\" }\n";
  world.daemon->reload();
  const HttpClient admin = world.as("admin");
  CHECK(admin.get("/v1/policies/volunteers").status == 200);
  std::ofstream(file) << "name = \"volunteers\"\nnonsense = 1\n";
  world.daemon->reload();
  CHECK(admin.get("/v1/policies/volunteers").status == 200);
  CHECK(world.log_text().find("policy_refused") != std::string::npos);
}

TEST_CASE("People come with tokens of their own issuer; the chain names them by an id", "[semakd][tokens]") {
  const SigningKey key("ec-1", true), other("ec-2", true);
  Installed world;
  const auto file = world.config.path(world.config.token_keys_file);
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "{\"keys\":[" + key.json() + "]}";
  const auto token_of = [](const SigningKey& by, const std::string& subject, const std::string& role) {
    const std::int64_t now = std::time(nullptr);
    return signed_by(by.key, "ES256", by.kid,
                     R"({"iss":"https://id.example","aud":"semak","sub":")" + subject + R"(","nbf":)" +
                         std::to_string(now - 5) + R"(,"exp":)" + std::to_string(now + 300) + R"(,"semak_role":")" +
                         role + R"(","semak_tenant":"employer"})");
  };
  const std::string token = token_of(key, "00u1ab2cd3", "submitter");
  const auto with = [&](const std::string& text) { return HttpClient(world.daemon->port(), text); };

  SECTION("only where they are configured") {
    world.start();
    CHECK(with(token).get("/v1/me").status == 401);
  }
  world.config.token_issuer = "https://id.example";
  world.config.token_audience = "semak";
  SECTION("as a key of the same role and tenant") {
    world.config.lookups_a_day = 2;
    world.stop_the_clock();
    world.start();
    CHECK(with(token).get("/v1/me").text("tenant") == "employer");
    const HttpAnswer made = with(token).post("/v1/screenings", kPerson);
    CHECK(made.status == 201);
    CHECK(with(token).get("/v1/keys").status == 403);
    CHECK(with(token_of(key, "siti@sekolah.example", "submitter")).post("/v1/screenings", kPerson).status == 201);
    AuditFilter filter;
    filter.kind = AuditKind::check;
    const auto entries = world.daemon->office().desk().audit().entries(filter);
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    CHECK(entries->at(1).event.actor.id == "jwt:00u1ab2cd3");
    CHECK(entries->at(0).event.actor.id.starts_with("jwt:~"));
    // A person's day is the person's, not the token's nor the process's.
    CHECK(with(token).post("/v1/screenings", kPerson).status == 201);
    CHECK(with(token_of(key, "00u1ab2cd3", "submitter")).post("/v1/screenings", kPerson).status == 429);
    REQUIRE(world.daemon->stop(std::chrono::seconds(60)));
    world.start();
    CHECK(with(token).post("/v1/screenings", kPerson).status == 429);
    CHECK(world.as("submitter").get("/v1/me").status == 200);
    for (const char* secret : {"siti", token.c_str()}) CHECK(world.log_text().find(secret) == std::string::npos);
  }
  SECTION("the keys are taken anew, and a refusal tells the log why and the sender nothing") {
    world.start();
    CHECK(with(token).get("/v1/me").status == 200);
    const HttpAnswer refused = with(token_of(other, "00u1", "admin")).get("/v1/me");
    CHECK(refused.status == 401);
    CHECK(refused.header("www-authenticate") == "Bearer realm=\"semak\", error=\"invalid_token\"");
    CHECK(refused.body.find("kid") == std::string::npos);
    CHECK(world.log_text().find("\"reason\":\"key\"") != std::string::npos);
    CHECK(world.as("admin").get("/metrics").body.find("semak_tokens_refused_total{reason=\"key\"} 1") !=
          std::string::npos);
    std::ofstream(file) << "{\"keys\":[" + other.json() + "]}";
    world.daemon->reload();
    CHECK(with(token).get("/v1/me").status == 401);
    CHECK(with(token_of(other, "00u1", "submitter")).get("/v1/me").status == 200);
  }
  SECTION("not without keys, nor with a file that everybody can change") {
    ::chmod(file.c_str(), 0666);
    CHECK(Daemon::start(world.config, *world.log).error().message.find("chmod o-w") != std::string::npos);
    std::filesystem::remove(file);
    CHECK(Daemon::start(world.config, *world.log).error().message.find("tokens.keys_file") != std::string::npos);
  }
}

TEST_CASE("Counting through identity numbers leaves an alarm in log, metrics and chain, and no number", "[semakd]") {
  Installed world;
  world.config.near_numbers = 5;
  world.stop_the_clock();
  world.start();
  for (int i = 0; i < 8; ++i) {
    std::string person = kPerson;
    person.replace(person.find("5228"), 4, "522" + std::to_string(i));
    REQUIRE(world.as("submitter").post("/v1/screenings", person).status == 201);
  }
  CHECK(world.as("admin").get("/metrics").body.find("semak_limits_hit_total{limit=\"enumeration\"} 1") !=
        std::string::npos);
  AuditFilter filter;
  filter.kind = AuditKind::key_use;
  filter.object = world.keys["submitter"].substr(6, 12);
  const auto entries = world.daemon->office().desk().audit().entries(filter);
  REQUIRE(entries);
  CHECK(entries->front().event.details == R"({"action":"enumeration_alarm","pattern":"serial_varied"})");
  for (const char* number : {"850311-03", "85031103"}) CHECK(world.log_text().find(number) == std::string::npos);
}

TEST_CASE("The daemon stops with what is at hand answered, and starts again on the same folder", "[semakd]") {
  Installed world;
  world.config.requests_burst = 1'000'000;  // however late the end comes
  world.config.lookups_a_day = 1'000'000;
  world.start();
  std::atomic<int> made{0}, lost{0};
  std::atomic<bool> stopping{false};
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      while (true) {
        const HttpAnswer answer = world.as("submitter").post("/v1/screenings", kPerson);
        made += answer.status == 201;
        // 0 after the port was closed is no loss.
        if (answer.status != 201) {
          lost += answer.status != 0 || !stopping;
          return;
        }
      }
    });
  }
  while (made < 5) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  stopping = true;
  CHECK(world.daemon->stop(std::chrono::seconds(60)));
  for (std::thread& client : clients) client.join();
  CHECK(lost == 0);
  world.start();
  const auto checks = world.daemon->office().casework().checks({"employer", "", 100'000, {}, "", "", "", 0, 0});
  REQUIRE(checks);
  CHECK(checks->size() >= static_cast<std::size_t>(made));
}
