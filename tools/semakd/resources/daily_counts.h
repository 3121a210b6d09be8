// Checks a day by tenant and outcome, as answered then, counted from the audit log: each entry is read once, newest
// first at the start and then as they come.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "engine/audit/audit_log.h"

namespace semak {

struct DayCount {
  std::uint64_t no_record = 0, refer = 0, record = 0, incomplete = 0;
  std::uint64_t total() const { return no_record + refer + record + incomplete; }
};

class DailyCounts {
 public:
  explicit DailyCounts(const AuditLog& log) : log_(log) {}

  // Of the days from `first_day` on (days since 1970 in Malaysia); `tenant` empty: of all.
  Result<std::map<std::int64_t, DayCount>> counts(std::int64_t first_day, const std::string& tenant);

 private:
  Status catch_up(std::int64_t first_day);

  const AuditLog& log_;
  std::mutex mutex_;
  std::map<std::pair<std::int64_t, std::string>, DayCount> by_day_;
  std::uint64_t newest_ = 0;  // sequences up to this one are counted...
  std::uint64_t oldest_ = 0;  // ...from this one on; 0: none yet
  bool whole_ = false;        // the log's beginning was reached
  std::int64_t oldest_day_ = 0;
};

}  // namespace semak
