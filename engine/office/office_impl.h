// What the parts of Office share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/office/batch_threads.h"
#include "engine/office/office.h"
#include "engine/office/shared_gate.h"

namespace semak {

// Keys of DeskFamily::meta and DeskFamily::policies.
inline constexpr std::string_view kLoadsKey = "office/loads";        // newest load that is in the chain
inline constexpr std::string_view kLoadingKey = "office/loading";    // who is changing which register
inline constexpr std::string_view kFollowedKey = "office/followed";  // newest revision that cases followed
inline constexpr std::string_view kPolicyText = "id/";               // policy id -> TOML
inline constexpr std::string_view kPolicyInForce = "name/";          // name -> policy id

// Of a commit only whether it was done.
inline Status committed(Result<std::uint64_t> sequence) {
  return sequence ? Status() : Status(std::move(sequence).error());
}

inline std::int64_t clock_ms() {  // since 1970, UTC
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// What acts when nobody does: recovery, retention.
Actor own_actor();

// Screeners own scratch memory worth keeping.
class ScreenerPool {
 public:
  explicit ScreenerPool(const Engine& engine) : engine_(engine) {}

  class Lease {
   public:
    Lease(ScreenerPool& pool, std::unique_ptr<Screener> screener) : pool_(pool), screener_(std::move(screener)) {}
    ~Lease() { pool_.give_back(std::move(screener_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Screener& operator*() { return *screener_; }

   private:
    ScreenerPool& pool_;
    std::unique_ptr<Screener> screener_;
  };
  Lease take();

 private:
  void give_back(std::unique_ptr<Screener> screener);

  const Engine& engine_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Screener>> idle_;
};

// Interactive requests at work; batches wait for them between chunks.
class Turns {
 public:
  class Interactive {
   public:
    explicit Interactive(Turns& turns) : turns_(turns) { ++turns_.busy_; }
    ~Interactive() {
      if (--turns_.busy_ > 0) return;
      const std::lock_guard lock(turns_.mutex_);
      turns_.idle_.notify_all();
    }
    Interactive(const Interactive&) = delete;
    Interactive& operator=(const Interactive&) = delete;

   private:
    Turns& turns_;
  };
  // Returns when nobody waits for an answer, or after a while: batches go on under load, slowly.
  void yield();
  bool busy() const { return busy_ > 0; }

 private:
  std::atomic<int> busy_ = 0;
  std::mutex mutex_;
  std::condition_variable idle_;
};

struct Office::Impl {
  bool made_keys = false;
  std::unique_ptr<KeyRing> keys;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Casework> casework;
  std::unique_ptr<ScreenerPool> screeners;
  Turns turns;
  BatchThreads batch_threads;

  mutable std::mutex policies_mutex;
  std::shared_ptr<const PolicyBook> book;
  mutable std::unordered_map<std::string, Policy> by_id;

  std::mutex registers_mutex;  // one change of registers at a time
  // Held shared from taking the world to having the check on the desk; alone by who follows a change of registers, so
  // that no check of the world before comes after the search for the checks that the change concerns.
  SharedGate answering;

  std::unique_ptr<Monitor> monitor;
  std::unique_ptr<Batches> batches;  // last: its thread uses the others

  Status read_policies();
  std::shared_ptr<const PolicyBook> policies() const;
  Result<Policy> policy_of(std::string_view id) const;

  Result<Check> screen(const Actor& actor, const CheckRequest& request, const Policy& policy);
  // Screens again in the newest world if the registers were published meanwhile.
  Result<Answer> answer(Screener& screener, const Subject& subject, const Policy& policy, Detail detail,
                        const ScreenContext& context);
  Result<Policy> lookup_policy(const LookupRequest& request) const;

  Status log_unknown_loads();
  Status follow(const Actor& actor, const Progress& progress);
  Status follow_cases(const Actor& actor);
  Status follow_record(const Actor& actor, const RegisterInfo& info, std::string_view record_id);
  Result<Policy> rejudging_policy(const Check& check, std::string_view register_name) const;
  Result<std::optional<Hit>> find_moved(const Check& check, std::string_view register_name, const Record& withdrawn);
  Result<std::optional<Hit>> judge_anew(const Check& check, std::string_view register_name, std::string_view record_id,
                                        const RecordNow& now);
  Result<IngestReport> change_registers(const Actor& actor, const std::string& register_name, const Progress& progress,
                                        const std::function<Result<IngestReport>()>& change);
};

}  // namespace semak
