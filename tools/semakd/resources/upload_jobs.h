// Register files on their way in: one load after the other, in the background, each with its progress and, afterwards,
// its report and rejects for a day. What is loaded is the Office's to keep; that a file was handed in is not: after a
// restart the register's history tells whether it arrived, whole or not at all.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/office/office.h"
#include "tools/semakd/resources/uploaded_table.h"

namespace semak {

struct UploadJob {
  enum class State { running, done, failed };
  std::string id;
  Actor actor;
  std::string register_name, file_name;
  State state = State::running;
  std::string stage;
  std::uint64_t done = 0, total = 0;
  IngestReport report;
  std::vector<std::string> columns, warnings;
  std::string error;
  std::int64_t finished_ms = 0;
  std::filesystem::path rejects;  // empty: none
};

class UploadJobs {
 public:
  UploadJobs(Office& office, std::filesystem::path folder);
  ~UploadJobs();  // after the load at hand; what waits is dropped

  const std::filesystem::path& folder() const { return folder_; }  // for uploaded files

  // Errors: busy (a load of that register is at hand, or too many wait).
  Result<UploadJob> start(const Actor& actor, std::string id, IngestRequest request, UploadedTable table);
  std::optional<UploadJob> find(std::string_view id) const;
  // Forgets what was finished more than a day ago.
  void sweep(std::int64_t now_ms);

 private:
  struct Entry {
    UploadJob job;
    IngestRequest request;
    UploadedTable table;  // with the folder, for the rejects
  };
  void run();
  void load(Entry& entry);

  Office& office_;
  const std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Entry>, std::less<>> entries_;
  std::deque<std::shared_ptr<Entry>> waiting_;
  bool stopping_ = false;
  std::thread worker_;
};

}  // namespace semak
