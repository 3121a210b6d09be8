// Syncs the chain while the desk goes on writing. Internal to the desk.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/audit/audit_log.h"

namespace semak {

class ChainSync {
 public:
  // How far the chain has been written: its head, and the newest number of the outbox whose entries are in it.
  struct Point {
    AuditHead head;
    std::uint64_t outbox = 0;
  };

  explicit ChainSync(AuditLog& log);
  ~ChainSync();  // waits for what is under way
  ChainSync(const ChainSync&) = delete;
  ChainSync& operator=(const ChainSync&) = delete;

  bool under_way() const;
  void begin(const Point& written);  // REQUIRES: not under_way()
  void wait();                       // until nothing is under way
  std::optional<Point> take_done();  // what the disk has since it was asked last; a failed sync leaves nothing

 private:
  void run();

  AuditLog& log_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Point> asked_, done_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace semak
