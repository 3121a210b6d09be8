// A whole service on loopback with registers of invented people and a key for each role, for the tests.
#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "engine/screen/ingest.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tests/tools/semakd/http_client.h"
#include "tests/tools/semakd/patience.h"
#include "tools/semakd/daemon.h"
#include "tools/semakd/installation.h"

namespace semak {

class RunningService {
 public:
  // `log`: a file descriptor.
  explicit RunningService(int log) : RunningService(std::string(), log) {}
  // `backups`: as the setting data.backups.
  explicit RunningService(const std::string& backups = {}, int log = 2) : log_(LogLevel::info, log) {
    InstallationRequest wanted;
    wanted.folder = folder_ / "service";
    wanted.tenant = "school-a";
    auto installed = make_installation(wanted);
    INFO((installed ? std::string() : installed.error().message));
    REQUIRE(installed.ok());
    for (const Callers::Made& made : installed->keys) keys_[to_string(made.key.role)] = made.secret;
    config_ = installed->config;
    config_.port = 0;
    config_.tls = false;
    config_.backups = backups;
    config_.webhooks_loopback = true;
    config_.requests_per_second = 100'000;
    config_.requests_burst = 100'000;
    config_.lookups_a_day = 1'000'000;
    be_patient(config_);
    start();
    add_key("other", {"School B", "school-b", Role::submitter, 0, {}});
    add_key("other_caseworker", {"Officer of B", "school-b", Role::caseworker, 0, {}});
    add_key("second", {"Second officer", "agency", Role::caseworker, 0, {}});
    load("offenders", RegisterKind::offender,
         "id,name,id_number,dob,sex,state,act_section,appeal_status\n"
         "KPK-1,Ahmad bin Kassim,700101-01-5555,1970-01-01,M,Johor,Akta 792 s.14,\n"
         "KPK-2,Rosmah binti Dollah,810214-03-5228,1981-02-14,F,Kelantan,Akta 611 s.31,\n"
         "KPK-3,Lim Chong Wei,790506-07-5123,1979-05-06,M,Pulau Pinang,Akta 574 s.377E,\n");
    load("carers", RegisterKind::oyls,
         "id,name,id_number,dob,sex,status,order_no,order_from,order_to,child_ref\n"
         "OY-1,Siti Aminah binti Hassan,850311-03-5228,1985-03-11,F,AKTIF,P-1,2026-01-01,2028-01-01,KNK-7\n");
  }

  // Gives up the daemon and starts another on the same folder.
  void restart() {
    daemon_.reset();
    start();
  }

  Daemon& daemon() { return *daemon_; }
  ServiceLog& log() { return log_; }
  Office& office() { return daemon_->office(); }
  // "submitter" (school-a), "caseworker", "registrar", "auditor", "admin" (agency), "second" (another caseworker),
  // "other" and "other_caseworker" (school-b), "" (no key).
  HttpClient as(const std::string& who) const { return {daemon_->port(), who.empty() ? std::string() : keys_.at(who)}; }

  void load(const std::string& name, RegisterKind kind, const std::string& csv) {
    const auto path = folder_ / (name + ".csv");
    std::ofstream(path) << csv;
    IngestRequest request;
    request.register_name = name;
    request.kind = kind;
    request.files = {path};
    const auto report = office().load({"test", "agency", Role::registrar}, request, {});
    INFO((report ? std::string() : report.error().message));
    REQUIRE(report.ok());
    REQUIRE(report->rejected == 0);
  }

  void add_key(const std::string& who, const NewCallerKey& wanted) {
    auto made = daemon_->callers().make({"test", "agency", Role::admin}, wanted);
    REQUIRE(made.ok());
    keys_[who] = made->secret;
  }

 private:
  void start() {
    auto started = Daemon::start(config_, log_);
    INFO((started ? std::string() : started.error().message));
    REQUIRE(started.ok());
    daemon_ = std::move(*started);
  }

  TemporaryFolder folder_;
  ServiceLog log_;
  Config config_;
  std::map<std::string, std::string> keys_;
  std::unique_ptr<Daemon> daemon_;
};

// One for all cases that leave it as good as they found it: making keys and certificates takes a second.
inline RunningService& shared_service() {
  static RunningService service;
  return service;
}

}  // namespace semak
