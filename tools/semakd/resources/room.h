// What the resources work with and share. One for a running service; everything in it is thread-safe.
#pragma once

#include <boost/json/value.hpp>
#include <memory>

#include "tools/semakd/http/message.h"
#include "tools/semakd/problem.h"
#include "tools/semakd/resources/backup_jobs.h"
#include "tools/semakd/resources/daily_counts.h"
#include "tools/semakd/resources/idempotency.h"
#include "tools/semakd/resources/upload_jobs.h"
#include "tools/semakd/resources/webhooks.h"
#include "tools/semakd/services.h"

namespace semak {

struct Room : std::enable_shared_from_this<Room> {
  explicit Room(Services& all);

  Services& services;
  Office& office;
  Idempotency idempotency;
  UploadJobs uploads;
  BackupJobs backups;
  Webhooks webhooks;
  DailyCounts daily;
};

using ResourceHandler = Response (*)(Room& room, const Caller& caller, const Request& request);
using ResourceLaterHandler = void (*)(Room& room, const Caller& caller, const Request& request, Reply reply);

// 200 with a JSON body.
Response json_ok(const boost::json::value& value);

}  // namespace semak
