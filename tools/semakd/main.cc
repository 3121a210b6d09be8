// semakd: the screening service. `init` makes an installation, `serve` runs it, `key` makes one more key.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/stat.h>

#include "tools/semakd/daemon.h"
#include "tools/semakd/installation.h"
#include "tools/semakd/notify.h"
#include "tools/semakd/phrases.h"

namespace semak {
namespace {

enum ExitStatus : int { kDone = 0, kWrongUse = 2, kCouldNot = 3 };

struct Command {
  std::string folder, listen, format = "text", tenant = "employer", role = "admin", name;
  std::vector<std::string> names;
  bool no_tls = false, echo = false;
};

Language language_of_terminal() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && value[0] != '\0') {
      return std::string_view(value).substr(0, 2) == "ms" ? Language::ms : Language::en;
    }
  }
  return Language::en;
}

int fail(const Error& error) {
  fmt::print(stderr, "semakd: {}\n", error.message);
  return error.code == ErrorCode::invalid_input || error.code == ErrorCode::already_exists ? kWrongUse : kCouldNot;
}

boost::json::object shown(const Callers::Made& made) {
  boost::json::object out;
  out["id"] = made.key.id;
  out["role"] = to_string(made.key.role);
  out["tenant"] = made.key.tenant;
  out["key"] = made.secret;
  return out;
}

int init(const Command& command) {
  ::umask(077);
  InstallationRequest request;
  request.folder = command.folder;
  request.tenant = command.tenant;
  request.names = command.names;
  request.listen = command.listen;
  const auto made = make_installation(request);
  if (!made) return fail(made.error());
  if (command.format == "json") {
    boost::json::object out;
    out["folder"] = command.folder;
    out["certificate_sha256"] = made->fingerprint;
    boost::json::array keys;
    for (const Callers::Made& key : made->keys) keys.emplace_back(shown(key));
    out["keys"] = std::move(keys);
    fmt::print("{}\n", boost::json::serialize(out));
    return kDone;
  }
  const Language language = language_of_terminal();
  fmt::print("{}\n\n", phrase(Phrase::init_done, language, command.folder));
  fmt::print("{}\n", text_of(Phrase::init_keys, language));
  for (const Callers::Made& key : made->keys) {
    fmt::print("  {:<10} {:<10} {}\n", to_string(key.key.role), key.key.tenant, key.secret);
  }
  fmt::print("\n{}\n  {}\n\n{}\n  semakd serve --dir {}\n", text_of(Phrase::init_certificate, language),
             made->fingerprint, text_of(Phrase::init_next, language), command.folder);
  return kDone;
}

int make_key(const Command& command) {
  auto config = read_config(std::filesystem::path(command.folder) / "semakd.toml");
  if (!config) return fail(config.error());
  const auto role = role_from(command.role);
  if (!role) {
    return fail({ErrorCode::invalid_input, "--role must be submitter, caseworker, registrar, auditor or admin"});
  }
  NewCallerKey wanted;
  wanted.name = command.name.empty() ? fmt::format("{} (semakd key)", command.role) : command.name;
  wanted.tenant = command.tenant;
  wanted.role = *role;
  const auto made = make_caller_key(*config, wanted);
  if (!made) return fail(made.error());
  fmt::print("{}\n", command.format == "json" ? boost::json::serialize(shown(*made)) : made->secret);
  return kDone;
}

int serve(const Command& command) {
  auto config = read_config(std::filesystem::path(command.folder) / "semakd.toml");
  if (!config) return fail(config.error());
  if (!command.listen.empty()) {
    if (Status listen = set_listen(*config, command.listen); !listen) return fail(listen.error());
  }
  if (command.no_tls) config->tls = false;
  config->echo = command.echo;

  // Threads inherit this: signals are for the loop below alone.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  LogLevel least = LogLevel::info;
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    if (config->log_level == to_string(level)) least = level;
  }
  ServiceLog log(least);
  set_service_log(&log);
  log.info("starting", {{"version", SEMAK_VERSION}, {"folder", command.folder}});
  auto daemon = Daemon::start(*config, log);
  if (!daemon) {
    log.flush();
    set_service_log(nullptr);
    return fail(daemon.error());
  }
  log.info("listening",
           {{"address", config->address}, {"port", std::int64_t{(*daemon)->port()}}, {"tls", config->tls}});
  notify_manager("READY=1");

  int signal = 0;
  while (signal != SIGTERM && signal != SIGINT) {
    const timespec second{1, 0};
    signal = sigtimedwait(&signals, nullptr, &second);
    if (signal == SIGHUP) {
      notify_manager("RELOADING=1");
      (*daemon)->reload();
      notify_manager("READY=1");
    }
    (*daemon)->tick();
  }
  notify_manager("STOPPING=1");
  log.info("stopping");
  const Status stopped = (*daemon)->stop(std::chrono::seconds(config->stop_seconds));
  if (!stopped) log.error("failed", {{"message", stopped.error().message}});
  daemon->reset();
  log.info("stopped");
  log.flush();
  set_service_log(nullptr);
  return stopped ? kDone : kCouldNot;
}

int run(int count, char** words) {
  Command command;
  CLI::App app(
      "semakd: the screening service of Semak.\n"
      "Exit status: 0 done, 2 wrong use or an unsafe configuration, 3 could not.");
  app.require_subcommand(1);
  app.set_version_flag("--version", SEMAK_VERSION);
  const auto formats = CLI::IsMember({"text", "json"});

  CLI::App* init_verb =
      app.add_subcommand("init", "Make a folder to serve from: configuration, keys, certificate, database");
  init_verb->add_option("--dir", command.folder, "The folder to make")->required();
  init_verb->add_option("--tenant", command.tenant, "Whose the submitter's key is: a-z 0-9 - _ .");
  init_verb->add_option("--name", command.names, "A further name or address for the certificate; may be repeated");
  init_verb->add_option("--listen", command.listen, "ADDRESS:PORT to write into the configuration");
  init_verb->add_option("--format", command.format, "text or json")->check(formats);

  CLI::App* serve_verb =
      app.add_subcommand("serve", "Serve until SIGTERM; SIGHUP: certificate, policies and token keys anew");
  serve_verb->add_option("--dir", command.folder, "The folder that `semakd init` made")->required();
  serve_verb->add_option("--listen", command.listen, "ADDRESS:PORT, before the configuration's");
  serve_verb->add_flag("--no-tls", command.no_tls, "Plain HTTP; on 127.0.0.1 and ::1 only");
  serve_verb->add_flag("--echo", command.echo, "Also POST /v1/echo, for measuring");

  CLI::App* key_verb = app.add_subcommand("key", "Make one more key while the service is not running");
  key_verb->add_option("--dir", command.folder, "The folder that `semakd init` made")->required();
  key_verb->add_option("--role", command.role, "submitter, caseworker, registrar, auditor or admin");
  key_verb->add_option("--tenant", command.tenant, "Whose key; the agency's own are of `agency`")->required();
  key_verb->add_option("--name", command.name, "What to call it in lists");
  key_verb->add_option("--format", command.format, "text or json")->check(formats);

  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUse;
  }
  if (init_verb->parsed()) return init(command);
  return key_verb->parsed() ? make_key(command) : serve(command);
}

}  // namespace
}  // namespace semak

int main(int count, char** words) {
  try {
    return semak::run(count, words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "semakd: %s\n", error.what());
    return 3;
  }
}
