#include "tools/semakd/resources/backup_jobs.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>

#include "engine/office/backup.h"
#include "tools/semakd/log.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdSize = 26;  // of new_id()

bool is_backup_id(std::string_view name) {
  return name.size() == kIdSize && name.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string_view::npos;
}

void remove_unfinished(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> left;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().extension() == ".unfinished" && is_backup_id(at->path().stem().string())) left.push_back(at->path());
  }
  for (const fs::path& path : left) fs::remove_all(path, failed);
}

}  // namespace

BackupJobs::BackupJobs(Office& office, fs::path folder) : office_(office), folder_(std::move(folder)) {
  if (!on()) return;
  remove_unfinished(folder_);
  worker_ = std::thread([this] { run(); });
}

BackupJobs::~BackupJobs() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

Result<BackupJob> BackupJobs::start(const Actor& actor, std::string id) {
  if (auto there = in_folder(id)) return *std::move(there);
  const std::lock_guard lock(mutex_);
  const auto at_hand = std::any_of(jobs_.begin(), jobs_.end(),
                                   [](const auto& item) { return item.second.state == BackupJob::State::running; });
  if (at_hand || stopping_ || !on()) return Error{ErrorCode::busy, "a backup is being made; wait for it"};
  BackupJob job;
  job.id = id;
  job.stage = "waiting";
  job.time_ms = now_ms();
  jobs_[id] = job;
  next_.emplace(std::move(id), actor);
  changed_.notify_all();
  return job;
}

std::optional<BackupJob> BackupJobs::find(std::string_view id) const {
  if (!is_backup_id(id)) return std::nullopt;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = jobs_.find(id); at != jobs_.end()) return at->second;
  }
  return in_folder(id);
}

std::vector<BackupJob> BackupJobs::list() const {
  std::vector<BackupJob> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, job] : jobs_) all.push_back(job);
  }
  std::error_code failed;
  if (on()) {
    for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
      const std::string name = at->path().filename().string();
      const bool known = std::any_of(all.begin(), all.end(), [&](const BackupJob& job) { return job.id == name; });
      if (known) continue;
      if (auto job = in_folder(name)) all.push_back(*std::move(job));
    }
  }
  std::sort(all.begin(), all.end(), [](const BackupJob& a, const BackupJob& b) { return a.id > b.id; });
  return all;
}

std::optional<BackupJob> BackupJobs::in_folder(std::string_view id) const {
  if (!on() || !is_backup_id(id)) return std::nullopt;
  const auto manifest = read_backup_manifest(folder_ / id);
  if (!manifest) return std::nullopt;
  BackupJob job;
  job.id = id;
  job.state = BackupJob::State::done;
  job.time_ms = manifest->time_ms;
  job.generation = manifest->generation.value;
  job.audit_sequence = manifest->head.sequence;
  job.files = manifest->files.size();
  for (const BackupManifest::File& file : manifest->files) job.bytes += file.bytes;
  job.key_id = manifest->key_id;
  return job;
}

void BackupJobs::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || next_; });
    if (stopping_) return;
    const auto [id, actor] = *std::exchange(next_, std::nullopt);
    lock.unlock();
    make(id, actor);
    lock.lock();
  }
}

void BackupJobs::make(const std::string& id, const Actor& actor) {
  const Progress progress = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    const std::lock_guard lock(mutex_);
    BackupJob& job = jobs_[id];
    job.stage = stage;
    job.done = done;
    job.total = total;
  };
  ::mkdir(folder_.c_str(), 0700);  // if it is not there and cannot be made, the backup says so
  const Status made = office_.backup(actor, folder_ / id, progress);
  const std::lock_guard lock(mutex_);
  if (made) {
    jobs_.erase(id);
    return;
  }
  BackupJob& job = jobs_[id];
  job.state = BackupJob::State::failed;
  job.stage.clear();
  job.error = made.error().message;
  if (ServiceLog* log = service_log()) log->error("backup", {{"id", id}, {"message", made.error().message}});
}

}  // namespace semak
