// Backups made while the service goes on: one after the other, in the background, each a folder of its own below the
// one that the configuration names. A backup appears there whole or not at all; that one was asked for is not kept: if
// the service ends before it is there, it is to be asked for again.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/office/office.h"

namespace semak {

struct BackupJob {
  enum class State { running, done, failed };
  std::string id;  // also the name of its folder
  State state = State::running;
  std::string stage;
  std::uint64_t done = 0, total = 0;
  std::int64_t time_ms = 0;  // of running and failed: when it was asked for; else what it holds is of this time
  // Of done:
  std::uint64_t generation = 0, audit_sequence = 0, files = 0, bytes = 0;
  std::string key_id;
  std::string error;  // of failed
};

class BackupJobs {
 public:
  // `folder` empty: there are none. Removes what an earlier process left unfinished there.
  BackupJobs(Office& office, std::filesystem::path folder);
  ~BackupJobs();  // after the backup at hand

  bool on() const { return !folder_.empty(); }
  // `id` of the form of new_id(). One that is there already is answered as it is. Errors: busy (another one is at
  // hand).
  Result<BackupJob> start(const Actor& actor, std::string id);
  std::optional<BackupJob> find(std::string_view id) const;
  // What is in the folder and what was asked for since the start, newest first.
  std::vector<BackupJob> list() const;

 private:
  void run();
  void make(const std::string& id, const Actor& actor);
  std::optional<BackupJob> in_folder(std::string_view id) const;

  Office& office_;
  const std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, BackupJob, std::less<>> jobs_;  // running, and what failed since the start
  std::optional<std::pair<std::string, Actor>> next_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace semak
