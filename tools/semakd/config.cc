#include "tools/semakd/config.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>
#include <variant>

namespace semak {
namespace {

using Member =
    std::variant<std::int64_t Config::*, bool Config::*, std::string Config::*, std::vector<std::string> Config::*>;

struct Setting {
  const char* section;
  const char* key;
  Member member;
  std::int64_t min, max;  // of integers
  const char* choices;    // of texts, separated by blanks; empty: any
  const char* meaning;    // lines separated by \n
};

const Setting kSettings[] = {
    {"listen", "address", &Config::address, 0, 0, "",
     "The IP address to listen on. 127.0.0.1: this machine only; 0.0.0.0 or ::: everybody who can reach it."},
    {"listen", "port", &Config::port, 0, 65535, "", "0: any free one, named in the log."},
    {"listen", "tls", &Config::tls, 0, 0, "", "false only for 127.0.0.1 and ::1, e.g. behind a proxy on this machine."},
    {"listen", "certificate", &Config::certificate, 0, 0, "",
     "PEM, the whole chain. Taken anew when the file changes, and on SIGHUP."},
    {"listen", "certificate_key", &Config::certificate_key, 0, 0, "", "PEM; nobody else may be able to read it."},
    {"listen", "hosts", &Config::hosts, 0, 0, "",
     "Names by which this service is called (the Host header, without port); others are refused. []: any."},

    {"data", "database", &Config::database, 0, 0, "", "Registers, index, desk and audit chain."},
    {"data", "key_file", &Config::key_file, 0, 0, "",
     "What seals and signs. Without it the desk cannot be read: keep a copy apart from the backups."},
    {"data", "passphrase_file", &Config::passphrase_file, 0, 0, "",
     "A file with the passphrase of key_file on its first line. \"\": it has none."},
    {"data", "policies", &Config::policies, 0, 0, "",
     "A folder of *.toml: policies put in force at the start and on SIGHUP, where their content was never in force\n"
     "before. \"\": none."},
    {"data", "erase_every_hours", &Config::erase_every_hours, 0, 8760, "",
     "How often what is past its retention is erased. 0: only by `semak erase`."},
    {"data", "backups", &Config::backups, 0, 0, "",
     "A folder that admins may have backups put into (POST /v1/backups), without the keys. Best on another disk; on\n"
     "this one a backup costs little and is no protection. \"\": none."},

    {"threads", "network", &Config::network_threads, 0, 64, "", "0: one for each two processors."},
    {"threads", "interactive", &Config::interactive_threads, 0, 1024, "",
     "Handlers that somebody waits for; screenings hold none while they wait for the disk.\n"
     "0: one for each processor and one more."},
    {"threads", "bulk", &Config::bulk_threads, 1, 64, "", "Uploads, exports, verifications."},
    {"threads", "interactive_queue", &Config::interactive_queue, 1, 100000, "",
     "Requests that wait for a thread, some 4 kB each; further ones are refused with 503 and Retry-After."},
    {"threads", "bulk_queue", &Config::bulk_queue, 1, 100000, "", "The same of bulk requests."},

    {"limits", "requests_per_second", &Config::requests_per_second, 1, 1000000, "",
     "Of one key, on average, where the key itself says nothing else."},
    {"limits", "requests_burst", &Config::requests_burst, 1, 1000000, "", "Of one key, at once."},
    {"limits", "lookups_a_day", &Config::lookups_a_day, 1, 1000000000000, "",
     "People that one key may ask about in a day (UTC), rows of batches among them."},
    {"limits", "near_numbers", &Config::near_numbers, 3, 100000, "",
     "Identity numbers of one key and day that differ only in birth date, place or serial before it is an alarm\n"
     "(log, metric, audit): somebody may be counting through numbers."},
    {"limits", "near_numbers_block", &Config::near_numbers_block, 0, 0, "",
     "true: such a key can ask about nobody until the day ends."},
    {"limits", "connections", &Config::connections, 1, 1000000, "",
     "Beyond this, who has been silent longest makes room. Wants as many file descriptors (LimitNOFILE)."},
    {"limits", "upload_megabytes", &Config::upload_megabytes, 1, 1024, "", "Of one upload."},
    {"limits", "bodies_megabytes", &Config::bodies_megabytes, 1, 65536, "", "Of all requests at hand together."},
    {"limits", "header_seconds", &Config::header_seconds, 1, 3600, "",
     "For the header of a request, from its first byte."},
    {"limits", "body_seconds", &Config::body_seconds, 1, 3600, "",
     "For a small body; larger ones get a second for each 32 kB."},
    {"limits", "idle_seconds", &Config::idle_seconds, 1, 86400, "", "Between the requests of a connection."},
    {"limits", "write_seconds", &Config::write_seconds, 1, 3600, "", "For the peer to take each 256 kB of an answer."},
    {"limits", "queue_milliseconds", &Config::queue_milliseconds, 10, 600000, "",
     "A request that waited longer for a thread is refused: whoever sent it has probably gone."},
    {"limits", "stop_seconds", &Config::stop_seconds, 1, 3600, "",
     "For requests at hand when the service is told to stop."},

    {"sessions", "hours", &Config::session_hours, 1, 720, "", "How long somebody stays signed in to the console."},
    {"sessions", "idle_minutes", &Config::session_idle_minutes, 1, 1440, "", "The same without doing anything."},

    {"tokens", "issuer", &Config::token_issuer, 0, 0, "",
     "People may also come with a bearer token (JWT, RS256 or ES256) of this issuer: what `iss` must be. \"\": "
     "nobody."},
    {"tokens", "audience", &Config::token_audience, 0, 0, "", "What must be in `aud`: this service's own name there."},
    {"tokens", "keys_file", &Config::token_keys_file, 0, 0, "",
     "The issuer's public keys: a JWK set. Taken anew when the file changes, and on SIGHUP; fetched by nobody."},
    {"tokens", "role_claim", &Config::token_role_claim, 0, 0, "",
     "The claim that says the role; a.b: claim b within a, e.g. \"realm_access.roles\"."},
    {"tokens", "roles", &Config::token_roles, 0, 0, "",
     "What the claim's values mean: [\"hr-clerk=submitter\", ...]; the first that the token has counts. []: the "
     "values\n"
     "are the five roles themselves."},
    {"tokens", "tenant_claim", &Config::token_tenant_claim, 0, 0, "", "The claim that says the tenant."},
    {"tokens", "tenants", &Config::token_tenants, 0, 0, "",
     "What its values mean: [\"School A=school-a\", ...]. []: the value is the tenant itself."},
    {"tokens", "tenant", &Config::token_tenant, 0, 0, "",
     "The tenant of all tokens, before any claim. \"\": the claim's."},
    {"tokens", "leeway_seconds", &Config::token_leeway_seconds, 0, 120, "", "By how much clocks may differ."},
    {"tokens", "hours_max", &Config::token_hours_max, 1, 168, "",
     "Tokens good for longer, from nbf to exp, are refused."},

    {"log", "level", &Config::log_level, 0, 0, "debug info warning error", "debug, info, warning or error."},
    {"log", "requests", &Config::log_requests, 0, 0, "all problems none",
     "Which requests are logged: all, problems (status 400 and above) or none."},

    {"metrics", "open", &Config::metrics_open, 0, 0, "",
     "true: /metrics without a key, for a scraper that cannot send one. Else an auditor's or admin's key."},

    {"webhooks", "loopback", &Config::webhooks_loopback, 0, 0, "",
     "true: webhooks may go to this machine itself, also without TLS, e.g. to a program beside the service. Else only\n"
     "to https addresses that are not private."},
};

std::string shown(const Config& config, const Setting& setting) {
  if (const auto* number = std::get_if<std::int64_t Config::*>(&setting.member)) {
    return std::to_string(config.*(*number));
  }
  if (const auto* flag = std::get_if<bool Config::*>(&setting.member)) return config.*(*flag) ? "true" : "false";
  const auto quoted = [](const std::string& text) {
    std::ostringstream out;
    out << toml::value<std::string>(text);
    return out.str();
  };
  if (const auto* text = std::get_if<std::string Config::*>(&setting.member)) return quoted(config.*(*text));
  std::string list;
  for (const std::string& each : config.*std::get<std::vector<std::string> Config::*>(setting.member)) {
    list.append(list.empty() ? "" : ", ").append(quoted(each));
  }
  return "[" + list + "]";
}

class ConfigReader {
 public:
  explicit ConfigReader(const std::filesystem::path& file) : file_(file.string()) {}

  Result<Config> read(const toml::table& root) {
    Config config;
    for (const auto& [section, node] : root) {
      const std::string name(section.str());
      const toml::table* table = node.as_table();
      if (!known_section(name))
        return at(node, fmt::format("there is no section [{}]; there are: {}", name, sections()));
      if (table == nullptr) return at(node, fmt::format("{} must be a section: [{}]", name, name));
      for (const auto& [key, value] : *table) {
        SEMAK_TRY_STATUS(set(config, name, std::string(key.str()), value));
      }
    }
    return config;
  }

 private:
  Error at(const toml::node& node, const std::string& what) const {
    return {ErrorCode::invalid_input, fmt::format("{}:{}: {}", file_, node.source().begin.line, what)};
  }

  static bool known_section(std::string_view name) {
    return std::any_of(std::begin(kSettings), std::end(kSettings),
                       [&](const Setting& setting) { return name == setting.section; });
  }
  static std::string sections() {
    std::string names;
    for (const Setting& setting : kSettings) {
      if (names.find(setting.section) == std::string::npos) {
        names.append(names.empty() ? "" : ", ").append(setting.section);
      }
    }
    return names;
  }

  Status set(Config& config, const std::string& section, const std::string& key, const toml::node& value) const {
    std::string keys;
    for (const Setting& setting : kSettings) {
      if (section != setting.section) continue;
      if (key == setting.key) return set(config, setting, value);
      keys.append(keys.empty() ? "" : ", ").append(setting.key);
    }
    return at(value, fmt::format("[{}] has no key {}; it has: {}", section, key, keys));
  }

  Status set(Config& config, const Setting& setting, const toml::node& value) const {
    const std::string name = fmt::format("{}.{}", setting.section, setting.key);
    if (const auto* member = std::get_if<std::int64_t Config::*>(&setting.member)) {
      const auto* number = value.as_integer();
      if (number == nullptr || number->get() < setting.min || number->get() > setting.max) {
        return at(value, fmt::format("{} must be a whole number from {} to {}", name, setting.min, setting.max));
      }
      config.*(*member) = number->get();
    } else if (const auto* flag = std::get_if<bool Config::*>(&setting.member)) {
      if (!value.is_boolean()) return at(value, fmt::format("{} must be true or false", name));
      config.*(*flag) = value.as_boolean()->get();
    } else if (const auto* text = std::get_if<std::string Config::*>(&setting.member)) {
      if (!value.is_string()) return at(value, fmt::format("{} must be a text in quotes", name));
      const std::string& given = value.as_string()->get();
      if (!one_of(given, setting.choices)) {
        return at(value, fmt::format("{} must be one of: {}", name, setting.choices));
      }
      config.*(*text) = given;
    } else {
      const toml::array* list = value.as_array();
      if (list == nullptr) return at(value, fmt::format("{} must be a list of texts: [\"...\"]", name));
      std::vector<std::string> texts;
      for (const toml::node& each : *list) {
        if (!each.is_string()) return at(each, fmt::format("{} must be a list of texts: [\"...\"]", name));
        texts.push_back(each.as_string()->get());
      }
      config.*std::get<std::vector<std::string> Config::*>(setting.member) = std::move(texts);
    }
    return {};
  }

  static bool one_of(const std::string& text, std::string_view choices) {
    if (choices.empty()) return true;
    while (!choices.empty()) {
      const std::size_t end = std::min(choices.find(' '), choices.size());
      if (choices.substr(0, end) == text) return true;
      choices.remove_prefix(std::min(end + 1, choices.size()));
    }
    return false;
  }

  std::string file_;
};

Status only_ours(const std::filesystem::path& file, std::string_view what) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) {
    return Error{ErrorCode::not_found,
                 fmt::format("{} is not there ({}). `semakd init` makes it, or say in semakd.toml where it is",
                             file.string(), what)};
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::permission,
                 fmt::format("{} ({}) can be read by others. Do: chmod 600 {}", file.string(), what, file.string())};
  }
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return Error{ErrorCode::permission, fmt::format("{} ({}) belongs to another user. Do: chown {} {}", file.string(),
                                                    what, ::geteuid(), file.string())};
  }
  return {};
}

Status not_writable_by_others(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
    return Error{ErrorCode::permission,
                 fmt::format("{} can be changed by everybody. Do: chmod o-w {}", path.string(), path.string())};
  }
  return {};
}

}  // namespace

Result<Config> parse_config(std::string_view toml, const std::filesystem::path& file) {
  try {
    SEMAK_TRY(Config config, ConfigReader(file).read(toml::parse(toml, file.string())));
    config.folder = file.parent_path();
    return config;
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}:{}: is not TOML: {}", file.string(), error.source().begin.line, error.description())};
  }
}

Result<Config> read_config(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return Error{ErrorCode::not_found, fmt::format("{} cannot be read. Make it with: semakd init --dir {}",
                                                   file.string(), file.parent_path().string())};
  }
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse_config(text, file);
}

std::string config_text(const Config& config) {
  const Config defaults;
  std::string text =
      "# semakd: what is not set here has the value shown behind the #. Unknown keys are refused.\n"
      "# Relative paths are below the folder of this file.\n";
  std::string_view section;
  for (const Setting& setting : kSettings) {
    if (section != setting.section) {
      section = setting.section;
      text += fmt::format("\n[{}]\n", section);
    }
    for (std::string_view rest = setting.meaning; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      text += fmt::format("# {}\n", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const std::string value = shown(config, setting);
    text += fmt::format("{}{} = {}\n", value == shown(defaults, setting) ? "#" : "", setting.key, value);
  }
  return text;
}

Status set_listen(Config& config, std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view address = text.substr(0, std::min(colon, text.size()));
  int port = -1;
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) port = -1;
  }
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (port < 0 || port > 65535 || address.empty()) {
    return Error{ErrorCode::invalid_input,
                 fmt::format("--listen: '{}' is no address and port. Give e.g. 127.0.0.1:8443 or [::1]:8443", text)};
  }
  config.address = address;
  config.port = port;
  return {};
}

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  in6_addr six{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Status check_safe(const Config& config) {
  if (!config.tls && !is_loopback(config.address)) {
    return Error{
        ErrorCode::invalid_input,
        fmt::format("plain HTTP on {} would send keys and names of people readably over the network. Listen on "
                    "127.0.0.1 or ::1, or leave TLS on",
                    config.address)};
  }
  if (config.echo && !is_loopback(config.address)) {
    return Error{ErrorCode::invalid_input, "--echo is for measuring on this machine only: listen on 127.0.0.1"};
  }
  SEMAK_TRY_STATUS(not_writable_by_others(config.folder));
  SEMAK_TRY_STATUS(not_writable_by_others(config.folder / "semakd.toml"));
  SEMAK_TRY_STATUS(not_writable_by_others(config.path(config.database)));
  SEMAK_TRY_STATUS(only_ours(config.path(config.key_file), "data.key_file"));
  if (!config.backups.empty()) SEMAK_TRY_STATUS(not_writable_by_others(config.path(config.backups)));
  if (!config.passphrase_file.empty()) {
    SEMAK_TRY_STATUS(only_ours(config.path(config.passphrase_file), "data.passphrase_file"));
  }
  if (config.tls) SEMAK_TRY_STATUS(only_ours(config.path(config.certificate_key), "listen.certificate_key"));
  if (!config.token_issuer.empty()) {
    SEMAK_TRY_STATUS(not_writable_by_others(config.path(config.token_keys_file).parent_path()));
    SEMAK_TRY_STATUS(not_writable_by_others(config.path(config.token_keys_file)));
  }
  return {};
}

}  // namespace semak
