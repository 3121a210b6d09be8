#include "tools/semakd/daemon.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <thread>
#include <utility>

#include "tools/semakd/bearer_tokens.h"
#include "tools/semakd/certificate.h"
#include "tools/semakd/metrics.h"
#include "tools/semakd/service.h"

namespace semak {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kFlushEvery{5};
constexpr std::uint64_t kFewGroups = 500;        // of commits between two flushes
constexpr std::chrono::minutes kWatchEvery{10};  // registers get too old without any change
constexpr std::chrono::hours kCertificateWarning{24 * 14};

Result<std::optional<std::string>> passphrase_of(const Config& config) {
  if (config.passphrase_file.empty()) return std::optional<std::string>();
  std::ifstream in(config.path(config.passphrase_file));
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    return Error{ErrorCode::invalid_input,
                 config.path(config.passphrase_file).string() + ": its first line must be the passphrase"};
  }
  return std::optional<std::string>(line);
}

int processors() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

LaneOptions lane_options(const Config& config) {
  LaneOptions options;
  options.interactive_threads =
      config.interactive_threads != 0 ? static_cast<int>(config.interactive_threads) : processors() + 1;
  options.bulk_threads = static_cast<int>(config.bulk_threads);
  options.interactive_queue = static_cast<std::size_t>(config.interactive_queue);
  options.bulk_queue = static_cast<std::size_t>(config.bulk_queue);
  return options;
}

ServerOptions server_options(const Config& config) {
  ServerOptions options;
  options.address = config.address;
  options.port = static_cast<std::uint16_t>(config.port);
  if (config.tls) options.tls = {{config.path(config.certificate), config.path(config.certificate_key)}};
  options.network_threads =
      config.network_threads != 0 ? static_cast<int>(config.network_threads) : std::max(1, processors() / 2);
  options.connections_max = static_cast<std::size_t>(config.connections);
  options.bodies_bytes_max = static_cast<std::size_t>(config.bodies_megabytes) << 20;
  options.header_time = std::chrono::seconds(config.header_seconds);
  options.handshake_time = options.header_time;
  options.body_time = std::chrono::seconds(config.body_seconds);
  options.idle_time = std::chrono::seconds(config.idle_seconds);
  options.write_time = std::chrono::seconds(config.write_seconds);
  options.queue_time = std::chrono::milliseconds(config.queue_milliseconds);
  return options;
}

LimitOptions limit_options(const Config& config) {
  LimitOptions options;
  options.per_second = static_cast<std::uint32_t>(config.requests_per_second);
  options.burst = static_cast<std::uint32_t>(config.requests_burst);
  options.lookups_a_day = static_cast<std::uint64_t>(config.lookups_a_day);
  options.near_numbers = static_cast<std::uint32_t>(config.near_numbers);
  options.near_numbers_block = config.near_numbers_block;
  return options;
}

TokenOptions token_options(const Config& config) {
  TokenOptions options;
  options.issuer = config.token_issuer;
  options.audience = config.token_audience;
  options.keys_file = config.path(config.token_keys_file);
  options.leeway = std::chrono::seconds(config.token_leeway_seconds);
  options.lifetime_max = std::chrono::hours(config.token_hours_max);
  options.role_claim = config.token_role_claim;
  options.tenant_claim = config.token_tenant_claim;
  options.roles = config.token_roles;
  options.tenants = config.token_tenants;
  options.tenant = config.token_tenant;
  return options;
}

// Each connection is a descriptor; registers and desk want some hundreds besides.
bool raise_descriptors(std::int64_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  const rlim_t wanted = static_cast<rlim_t>(connections) + 1024;
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur >= wanted;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

const Actor kService{"semakd", "agency", Role::admin};

}  // namespace

struct Daemon::Impl {
  Impl(const Config& given, ServiceLog& to) : config(given), log(to) {}

  Config config;
  ServiceLog& log;
  std::unique_ptr<Office> office;
  std::unique_ptr<Callers> callers;
  std::unique_ptr<BearerTokens> tokens;  // null: none are taken
  std::unique_ptr<CallerLimits> limits;
  std::unique_ptr<BatchTotals> batch_totals;
  std::unique_ptr<ServiceMetrics> metrics;
  std::unique_ptr<Sessions> sessions;
  std::unique_ptr<Services> services;
  Readiness readiness;
  std::unique_ptr<Lanes> lanes;
  std::unique_ptr<Service> service;
  std::unique_ptr<HttpServer> server;

  std::uint64_t groups = 0;  // of the desk's commits, when it was looked last
  Clock::time_point flushed = Clock::now(), watched = Clock::now(), erased = Clock::now() - std::chrono::hours(9000);
  std::filesystem::file_time_type certificate_time, token_keys_time;
  bool stopped = false;

  Status open(CallerLimits::Clock clock);
  void limit_hit(LimitHit hit, const CallerKey& key, std::string_view what);
  void add_gauges();
  void load_policies();
  void reload_certificate();
  void reload_token_keys();
  std::filesystem::file_time_type token_keys_changed() const;
  std::int64_t outbox_entries() const;
  std::map<std::string, double> register_ages() const;
  std::filesystem::file_time_type certificate_changed() const;
  Status flush();
};

void Daemon::Impl::limit_hit(LimitHit hit, const CallerKey& key, std::string_view what) {
  metrics->hit(hit);
  log.warning("limit_hit", {{"limit", to_string(hit)}, {"key", key.id}, {"tenant", key.tenant}, {"what", what}});
  if (hit != LimitHit::enumeration) return;
  AuditEvent event{AuditKind::key_use,
                   key.actor(),
                   key.id,
                   "{\"action\":\"enumeration_alarm\",\"pattern\":\"" + std::string(what) + "\"}",
                   {}};
  if (auto logged = office->desk().commit({}, {std::move(event)}); !logged) {
    log.error("failed", {{"message", logged.error().message}});
  }
}

Status Daemon::Impl::open(CallerLimits::Clock clock) {
  SEMAK_TRY_STATUS(check_safe(config));
  if (!raise_descriptors(config.connections)) {
    log.warning("few_descriptors", {{"connections", config.connections}, {"cure", "raise LimitNOFILE (ulimit -n)"}});
  }
  OfficeOptions options;
  options.key_file = config.path(config.key_file);
  SEMAK_TRY(options.passphrase, passphrase_of(config));
  SEMAK_TRY(office, Office::open(config.path(config.database), options, {}));
  SEMAK_TRY(callers, Callers::open(office->desk()));
  limits = std::make_unique<CallerLimits>(
      office->keys(), limit_options(config),
      [this](LimitHit hit, const CallerKey& key, std::string_view what) { limit_hit(hit, key, what); },
      std::move(clock));
  SEMAK_TRY(const std::vector<CallerUsage> usage, callers->usage());
  limits->restore(usage);
  sessions = std::make_unique<Sessions>(
      office->keys(),
      SessionOptions{std::chrono::hours(config.session_hours), std::chrono::minutes(config.session_idle_minutes)});
  if (!config.token_issuer.empty()) {
    SEMAK_TRY(tokens, BearerTokens::open(token_options(config), office->keys()));
  }
  token_keys_time = token_keys_changed();
  load_policies();

  // The metrics want the names of the routes, and the routes the metrics: filled in before anything runs.
  lanes = std::make_unique<Lanes>(lane_options(config));
  services =
      std::make_unique<Services>(Services{*office, *callers, *limits, metrics, log, config, tokens.get(), lanes.get()});
  std::vector<Route> routes = resource_routes(*services);
  std::vector<Route> own = service_routes(*services, *sessions, readiness, routes);
  routes.insert(routes.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  std::vector<std::string> operations;
  for (Route& route : routes) {
    operations.push_back(route.operation);
    if (route.body_max == kLargeBody) route.body_max = static_cast<std::size_t>(config.upload_megabytes) << 20;
  }
  metrics = std::make_unique<ServiceMetrics>(operations);
  service = std::make_unique<Service>(*services, *sessions, std::move(routes));
  service->refuse_where([to = lanes.get()](Lane lane) { return to->full(lane); });
  SEMAK_TRY(server, HttpServer::start(server_options(config), *service, *lanes));
  certificate_time = certificate_changed();
  add_gauges();
  return office->batches().start();
}

void Daemon::Impl::add_gauges() {
  const auto number = [](auto value) { return static_cast<double>(value); };
  metrics->gauge("semak_index_generation", "Generation of the registers that answers are made with.",
                 [=, this] { return number(office->engine().world()->generation.value); });
  metrics->gauges("semak_register_age_seconds", "Since the newest load of a register in force; single changes aside.",
                  "register", [this] { return register_ages(); });
  metrics->gauge("semak_index_age_seconds", "The largest semak_register_age_seconds: how old what is asked may be.",
                 [this] {
                   double oldest = 0;
                   for (const auto& [name, age] : register_ages()) oldest = std::max(oldest, age);
                   return oldest;
                 });
  metrics->counter("semak_audit_sequence", "Entries in the audit chain.",
                   [=, this] { return number(office->desk().audit().head().sequence); });
  metrics->gauge("semak_audit_commit_seconds", "When the chain was last signed, in seconds since 1970.", [=, this] {
    const auto newest = office->desk().audit().newest_checkpoint();
    return newest ? number(newest->time_ms) / 1000 : 0.0;
  });
  metrics->gauge("semak_audit_unsigned", "Entries of the chain after the newest signed one.", [=, this] {
    const auto newest = office->desk().audit().newest_checkpoint();
    const std::uint64_t head = office->desk().audit().head().sequence;
    return newest && newest->head.sequence < head ? number(head - newest->head.sequence) : 0.0;
  });
  metrics->gauge(
      "semak_audit_outbox",
      "Groups of entries that the chain may not have on its disk yet; a thousand in good times, more if it hangs.",
      [=, this] { return number(outbox_entries()); });
  metrics->counter("semak_desk_commits_total", "Changes of the desk and of the chain.",
                   [=, this] { return number(office->desk().counts().commits); });
  metrics->counter("semak_desk_groups_total", "What they were made durable in: one fsync each.",
                   [=, this] { return number(office->desk().counts().groups); });
  metrics->gauge("semak_audit_failed", "1: the chain refuses entries, so nothing is answered.",
                 [=, this] { return number(office->desk().audit().failed()); });
  metrics->gauges("semak_watch_undecided", "People under watch who are not screened at the moment.", "reason",
                  [=, this] {
                    std::map<std::string, double> people;
                    if (const auto health = office->monitor().health()) {
                      for (const auto& [reason, count] : health->undecided) people[reason] = number(count);
                    }
                    return people;
                  });
  batch_totals = std::make_unique<BatchTotals>(office->batches());
  metrics->batches([this] { return batch_totals->read(); });
  metrics->gauge("semak_batch_rows_waiting", "Rows of batches not yet checked.",
                 [=, this] { return number(office->batches().queue_depth()); });
  metrics->gauge("semak_queue_interactive", "Requests waiting for a thread.",
                 [=, this] { return number(lanes->waiting(Lane::interactive)); });
  metrics->gauge("semak_queue_bulk", "Bulk requests waiting for a thread.",
                 [=, this] { return number(lanes->waiting(Lane::bulk)); });
  metrics->gauge("semak_connections", "Open connections.",
                 [=, this] { return number(server->counters().connections); });
  metrics->counter("semak_connections_accepted_total", "Connections accepted since the start.",
                   [=, this] { return number(server->counters().accepted); });
  metrics->counter("semak_connections_evicted_total", "Silent connections closed to make room.",
                   [=, this] { return number(server->counters().evicted); });
  metrics->counter("semak_timeouts_total", "Connections cut because the peer was too slow.",
                   [=, this] { return number(server->counters().timeouts); });
  metrics->counter("semak_malformed_requests_total", "Requests that were no HTTP, or too large.",
                   [=, this] { return number(server->counters().faults); });
  metrics->gauge("semak_body_bytes", "Bytes of bodies of all requests at hand.",
                 [=, this] { return number(server->counters().body_bytes); });
  if (config.tls) {
    metrics->gauge("semak_certificate_end_seconds", "When the certificate ends, in seconds since 1970.",
                   [=, this] { return number(certificate_end(config.path(config.certificate))); });
  }
}

// No more than can wait while the chain is written; counted so that a hanging chain shows.
std::int64_t Daemon::Impl::outbox_entries() const {
  constexpr std::int64_t kCountedMax = 10'000;
  std::int64_t entries = 0;
  Cursor cursor = office->desk().database().cursor(family(DeskFamily::outbox), Database::Access::point);
  for (cursor.seek(""); cursor.valid() && entries < kCountedMax; cursor.next()) ++entries;
  return entries;
}

std::map<std::string, double> Daemon::Impl::register_ages() const {
  std::map<std::string, double> ages;
  const auto world = office->engine().world();
  for (const auto& [name, part] : world->registers) {
    if (part.info.active > 0) {
      ages[name] = static_cast<double>(std::max<std::int64_t>(0, now_ms() / 1000 - part.loaded));
    }
  }
  return ages;
}

std::filesystem::file_time_type Daemon::Impl::token_keys_changed() const {
  if (tokens == nullptr) return {};
  std::error_code error;
  return std::filesystem::last_write_time(config.path(config.token_keys_file), error);
}

void Daemon::Impl::reload_token_keys() {
  if (tokens == nullptr) return;
  token_keys_time = token_keys_changed();
  const Status safe = check_safe(config);
  const Status reloaded = safe ? tokens->reload() : safe;
  if (reloaded) {
    log.info("token_keys_loaded");
  } else {
    log.error("token_keys_refused", {{"message", reloaded.error().message}});
  }
}

// A file is put in force only if its content never was: what an admin changed over the service stays changed until
// somebody edits the file.
void Daemon::Impl::load_policies() {
  if (config.policies.empty()) return;
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(config.path(config.policies), error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto policy = parse_policy(text, file.string());
    if (!policy) {
      log.error("policy_refused", {{"file", file.string()}, {"message", policy.error().message}});
      continue;
    }
    if (office->policy_of(policy->id)) continue;
    const auto put = office->put_policy(kService, text, file.string());
    if (put) {
      log.info("policy_in_force", {{"file", file.string()}, {"policy", put->id}});
    } else {
      log.error("policy_refused", {{"file", file.string()}, {"message", put.error().message}});
    }
  }
}

std::filesystem::file_time_type Daemon::Impl::certificate_changed() const {
  if (!config.tls) return {};
  std::error_code error;
  const auto certificate = std::filesystem::last_write_time(config.path(config.certificate), error);
  const auto key = std::filesystem::last_write_time(config.path(config.certificate_key), error);
  return std::max(certificate, key);
}

void Daemon::Impl::reload_certificate() {
  if (!config.tls) return;
  certificate_time = certificate_changed();
  const Status safe = check_safe(config);
  const Status reloaded = safe ? server->reload_tls() : safe;
  if (!reloaded) {
    log.error("certificate_refused", {{"message", reloaded.error().message}});
    return;
  }
  const std::int64_t end = certificate_end(config.path(config.certificate));
  log.info("certificate_loaded", {{"ends", end}});
  if (end * 1000 - now_ms() < std::chrono::milliseconds(kCertificateWarning).count()) {
    log.warning("certificate_ends_soon", {{"ends", end}});
  }
}

Status Daemon::Impl::flush() {
  flushed = Clock::now();
  SEMAK_TRY_STATUS(callers->flush(limits->usage()));
  // While there are many commits the desk keeps its outbox short by itself, and holding them up would be felt.
  const std::uint64_t before = std::exchange(groups, office->desk().counts().groups);
  return stopped || groups - before < kFewGroups ? office->desk().settle() : Status();
}

Daemon::Daemon() = default;

Daemon::~Daemon() {
  if (impl_ && impl_->server && !impl_->stopped) {
    if (Status stopped = stop(std::chrono::milliseconds(0)); !stopped) {
      impl_->log.error("failed", {{"message", stopped.error().message}});
    }
  }
}

Result<std::unique_ptr<Daemon>> Daemon::start(const Config& config, ServiceLog& log, CallerLimits::Clock clock) {
  std::unique_ptr<Daemon> daemon(new Daemon);
  daemon->impl_ = std::make_unique<Impl>(config, log);
  SEMAK_TRY_STATUS(daemon->impl_->open(std::move(clock)));
  return daemon;
}

std::uint16_t Daemon::port() const { return impl_->server->port(); }
const std::vector<Route>& Daemon::routes() const { return impl_->service->routes(); }
Office& Daemon::office() { return *impl_->office; }
Callers& Daemon::callers() { return *impl_->callers; }
ServerCounters Daemon::counters() const { return impl_->server->counters(); }

void Daemon::reload() {
  impl_->load_policies();
  impl_->reload_certificate();
  impl_->reload_token_keys();
}

void Daemon::tick() {
  const Clock::time_point now = Clock::now();
  if (now - impl_->flushed >= kFlushEvery) {
    if (Status flushed = impl_->flush(); !flushed) impl_->log.error("failed", {{"message", flushed.error().message}});
    if (impl_->certificate_changed() != impl_->certificate_time) impl_->reload_certificate();
    if (impl_->token_keys_changed() != impl_->token_keys_time) impl_->reload_token_keys();
  }
  if (now - impl_->watched >= kWatchEvery) {
    impl_->watched = now;
    impl_->lanes->submit_always(Lane::bulk, [impl = impl_.get()] {
      const auto caught_up = impl->office->monitor().catch_up({});
      if (!caught_up) impl->log.error("failed", {{"message", caught_up.error().message}});
    });
  }
  const std::int64_t hours = impl_->config.erase_every_hours;
  if (hours > 0 && now - impl_->erased >= std::chrono::hours(hours)) {
    impl_->erased = now;
    impl_->lanes->submit_always(Lane::bulk, [impl = impl_.get()] {
      const auto erased = impl->office->erase_due(kService, now_ms());
      if (!erased) impl->log.error("failed", {{"message", erased.error().message}});
      if (erased && *erased > 0) impl->log.info("erased", {{"subjects", static_cast<std::int64_t>(*erased)}});
    });
  }
}

Status Daemon::stop(std::chrono::milliseconds patience) {
  if (std::exchange(impl_->stopped, true)) return {};
  impl_->readiness.stopping = true;
  impl_->server->stop(patience);
  impl_->lanes.reset();
  return impl_->flush();
}

}  // namespace semak
