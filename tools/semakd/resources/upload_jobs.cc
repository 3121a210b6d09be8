#include "tools/semakd/resources/upload_jobs.h"

#include <algorithm>

#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

constexpr std::size_t kWaitingMax = 8, kKeptMax = 100;
constexpr std::int64_t kKeptMs = kDayMs;

}  // namespace

UploadJobs::UploadJobs(Office& office, std::filesystem::path folder) : office_(office), folder_(std::move(folder)) {
  remove_stale_uploads(folder_);
  worker_ = std::thread([this] { run(); });
}

UploadJobs::~UploadJobs() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

Result<UploadJob> UploadJobs::start(const Actor& actor, std::string id, IngestRequest request, UploadedTable table) {
  sweep(now_ms());
  const std::lock_guard lock(mutex_);
  const bool at_hand = std::any_of(entries_.begin(), entries_.end(), [&](const auto& item) {
    const UploadJob& job = item.second->job;
    return job.state == UploadJob::State::running && job.register_name == request.register_name;
  });
  if (at_hand || waiting_.size() >= kWaitingMax || stopping_)
    return Error{ErrorCode::busy, "a load is at work; wait for it"};
  auto entry = std::make_shared<Entry>();
  entry->job.id = std::move(id);
  entry->job.actor = actor;
  entry->job.register_name = request.register_name;
  entry->job.file_name = table.file_name;
  entry->job.stage = "waiting";
  entry->request = std::move(request);
  entry->table = std::move(table);
  entries_[entry->job.id] = entry;
  waiting_.push_back(entry);
  changed_.notify_all();
  return entry->job;
}

std::optional<UploadJob> UploadJobs::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(id);
  return at == entries_.end() ? std::nullopt : std::optional(at->second->job);
}

void UploadJobs::sweep(std::int64_t now) {
  std::vector<std::shared_ptr<Entry>> gone;  // their folders are removed without the lock
  const std::lock_guard lock(mutex_);
  const auto finished = [](const auto& item) { return item.second->job.state != UploadJob::State::running; };
  for (auto at = entries_.begin(); at != entries_.end();) {
    const bool old = finished(*at) && (at->second->job.finished_ms + kKeptMs < now || entries_.size() > kKeptMax);
    if (old) gone.push_back(at->second);
    at = old ? entries_.erase(at) : std::next(at);
  }
}

void UploadJobs::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Entry> entry = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    load(*entry);
    lock.lock();
  }
}

void UploadJobs::load(Entry& entry) {
  const Progress progress = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
    const std::lock_guard lock(mutex_);
    entry.job.stage = stage;
    entry.job.done = done;
    entry.job.total = total;
  };
  auto report = office_.load(entry.job.actor, entry.request, progress);
  const UploadedTable& table = entry.table;
  const std::lock_guard lock(mutex_);
  entry.job.finished_ms = now_ms();
  entry.job.stage.clear();
  if (!report) {
    entry.job.state = UploadJob::State::failed;
    entry.job.error = table.said(report.error().message);
    return;
  }
  entry.job.state = UploadJob::State::done;
  entry.job.report = *report;
  entry.job.rejects = report->rejects_file;
  for (const std::string& column : report->columns) entry.job.columns.push_back(table.said(column));
  for (const std::string& warning : report->warnings) entry.job.warnings.push_back(table.said(warning));
}

}  // namespace semak
