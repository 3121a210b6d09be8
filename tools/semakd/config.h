// semakd.toml: every setting with its meaning, default and range stands in one table (config.cc), from which the file
// is read, checked and, by `semakd init`, written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace semak {

struct Config {
  std::filesystem::path folder;  // of the file: relative paths are below it

  // [listen]
  std::string address = "127.0.0.1";
  std::int64_t port = 8443;
  bool tls = true;
  std::string certificate = "tls/certificate.pem";
  std::string certificate_key = "tls/key.pem";
  std::vector<std::string> hosts;
  // [data]
  std::string database = "database";
  std::string key_file = "keys/semak.key";
  std::string passphrase_file;
  std::string policies = "policies";
  std::int64_t erase_every_hours = 24;
  std::string backups;
  // [threads]
  std::int64_t network_threads = 0;
  std::int64_t interactive_threads = 0;
  std::int64_t bulk_threads = 2;
  std::int64_t interactive_queue = 4096;
  std::int64_t bulk_queue = 64;
  // [limits]
  std::int64_t requests_per_second = 50;
  std::int64_t requests_burst = 200;
  std::int64_t lookups_a_day = 20'000;
  std::int64_t near_numbers = 20;
  bool near_numbers_block = false;
  std::int64_t connections = 12'000;
  std::int64_t upload_megabytes = 64;
  std::int64_t bodies_megabytes = 256;
  std::int64_t header_seconds = 10;
  std::int64_t body_seconds = 15;
  std::int64_t idle_seconds = 60;
  std::int64_t write_seconds = 30;
  std::int64_t queue_milliseconds = 2'000;
  std::int64_t stop_seconds = 25;
  // [sessions]
  std::int64_t session_hours = 12;
  std::int64_t session_idle_minutes = 30;
  // [tokens]
  std::string token_issuer, token_audience, token_tenant;
  std::string token_keys_file = "tokens/jwks.json";
  std::string token_role_claim = "semak_role", token_tenant_claim = "semak_tenant";
  std::vector<std::string> token_roles, token_tenants;
  std::int64_t token_leeway_seconds = 30, token_hours_max = 24;
  // [log]
  std::string log_level = "info";
  std::string log_requests = "all";
  // [metrics]
  bool metrics_open = false;
  // [webhooks]
  bool webhooks_loopback = false;

  // Only by the command line, for measuring: POST /v1/echo.
  bool echo = false;

  std::filesystem::path path(const std::string& name) const { return folder / name; }
};

// Errors: invalid_input, naming file, line, key and cure; not_found, permission.
Result<Config> read_config(const std::filesystem::path& file);
Result<Config> parse_config(std::string_view toml, const std::filesystem::path& file);
// All settings with their meanings; what is not the default stands uncommented.
std::string config_text(const Config& config);

// "127.0.0.1:8443" or "[::1]:8443" into address and port. Errors: invalid_input.
Status set_listen(Config& config, std::string_view text);
bool is_loopback(std::string_view address);

// What must not be: secrets that others can read, plain HTTP beyond this machine... Errors: invalid_input or
// permission, naming what and the cure.
Status check_safe(const Config& config);

}  // namespace semak
