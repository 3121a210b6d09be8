// The program itself, as a service manager runs it: what it is told by signals and what it tells.
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tests/tools/semakd/http_client.h"
#include "tools/semakd/certificate.h"
#include "tools/semakd/installation.h"
#include "tools/semakd/notify.h"

extern char** environ;

using namespace semak;

namespace {

// The manager's end of sd_notify.
class NotifySocket {
 public:
  explicit NotifySocket(const std::filesystem::path& path)
      : path_(path), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path_.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path_.data(), path_.size());
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~NotifySocket() { ::close(socket_); }
  const std::string& path() const { return path_; }
  // "": nothing came within ten minutes.
  std::string next() const {
    pollfd one{socket_, POLLIN, 0};
    if (::poll(&one, 1, 600'000) <= 0) return {};
    char text[512];
    const ssize_t size = ::recv(socket_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
  }

 private:
  std::string path_;
  int socket_;
};

// A semakd of its own process; killed if the test goes before it.
class Process {
 public:
  Process(std::vector<std::string> words, const std::string& notify, const std::filesystem::path& log) {
    const char* folder = std::getenv("SEMAK_BIN");
    REQUIRE(folder != nullptr);
    words.insert(words.begin(), std::string(folder) + "/semakd");
    std::vector<char*> arguments, environment;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::string variable = "NOTIFY_SOCKET=" + notify;
    for (char** each = environ; *each != nullptr; ++each) environment.push_back(*each);
    environment.push_back(variable.data());
    environment.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    REQUIRE(::posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environment.data()) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Process() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  void tell(int signal) const { REQUIRE(::kill(id_, signal) == 0); }
  int exit_status() {
    int status = 0;
    ::waitpid(std::exchange(id_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t id_ = -1;
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("What the manager is told arrives whole at the socket it names, and nowhere without one", "[semakd]") {
  const TemporaryFolder folder;
  const NotifySocket manager(folder / "notify");
  ::setenv("NOTIFY_SOCKET", manager.path().c_str(), 1);
  notify_manager("STATUS=one");
  notify_manager("READY=1");
  CHECK(manager.next() == "STATUS=one");
  CHECK(manager.next() == "READY=1");
  for (const std::string& nowhere : {std::string("relative"), std::string("/not/there"), std::string(200, '/')}) {
    ::setenv("NOTIFY_SOCKET", nowhere.c_str(), 1);
    notify_manager("READY=1");
  }
  ::unsetenv("NOTIFY_SOCKET");
  notify_manager("READY=1");
}

TEST_CASE("A running semakd is ready, takes certificate and policies anew on SIGHUP, and ends well on SIGTERM",
          "[semakd]") {
  const TemporaryFolder folder;
  InstallationRequest request;
  request.folder = folder / "service";
  const auto made = make_installation(request);
  REQUIRE(made);
  const Config& config = made->config;
  const auto log = folder / "log";
  const NotifySocket manager(folder / "notify");
  Process semakd({"serve", "--dir", (folder / "service").string(), "--listen", "127.0.0.1:0"}, manager.path(), log);
  REQUIRE(manager.next() == "READY=1");

  std::ofstream(config.path(config.policies) / "volunteers.toml")
      << "name = \"volunteers\"\ntitle = { ms = \"Sukarelawan\", en = \"Volunteers\" }\n";
  semakd.tell(SIGHUP);
  CHECK(manager.next() == "RELOADING=1");
  CHECK(manager.next() == "READY=1");
  const auto pair = make_self_signed({"localhost"}, 10);
  REQUIRE(pair);
  std::ofstream(config.path(config.certificate)) << pair->certificate;
  std::ofstream(config.path(config.certificate_key)) << pair->key;
  semakd.tell(SIGHUP);
  CHECK(manager.next() == "RELOADING=1");
  CHECK(manager.next() == "READY=1");

  semakd.tell(SIGTERM);
  CHECK(manager.next() == "STOPPING=1");
  CHECK(semakd.exit_status() == 0);
  const std::string text = text_of(log);
  INFO(text);
  CHECK(count(text, "\"event\":\"listening\"") == 1);
  CHECK(count(text, "\"event\":\"policy_in_force\"") == 1);
  CHECK(count(text, "\"event\":\"certificate_loaded\"") >= 2);
  CHECK(count(text, "\"event\":\"certificate_ends_soon\"") >= 1);  // the new one
  CHECK(count(text, "\"event\":\"stopped\"") == 1);
}

TEST_CASE("semakd does not start on what is unsafe, and says what to do", "[semakd]") {
  const TemporaryFolder folder;
  InstallationRequest request;
  request.folder = folder / "service";
  REQUIRE(make_installation(request));
  const std::string service = (folder / "service").string();
  const auto refused = [&](std::vector<std::string> words) {
    std::filesystem::remove(folder / "log");
    Process semakd(std::move(words), "", folder / "log");
    const int status = semakd.exit_status();
    return std::to_string(status) + " " + text_of(folder / "log");
  };
  const std::string plain = refused({"serve", "--dir", service, "--listen", "0.0.0.0:0", "--no-tls"});
  CHECK(plain.starts_with("2 "));
  CHECK(plain.find("Listen on 127.0.0.1") != std::string::npos);
  std::filesystem::permissions(folder / "service/tls/key.pem", std::filesystem::perms(0644));
  CHECK(refused({"serve", "--dir", service}).find("chmod 600") != std::string::npos);
  std::string config = text_of(folder / "service/semakd.toml");
  config.replace(config.find("#issuer = "), 10, "issuer = 1 #");
  std::ofstream(folder / "service/semakd.toml") << config;
  CHECK(refused({"serve", "--dir", service}).find("tokens.issuer must be a text") != std::string::npos);
}
