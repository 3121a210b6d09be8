#include "tools/semakd/resources/room.h"

#include <boost/json/serialize.hpp>

#include "tools/semakd/config.h"
#include "tools/semakd/resources/times.h"

namespace semak {

Room::Room(Services& all)
    : services(all),
      office(all.office),
      idempotency(all.office.desk()),
      uploads(all.office, all.office.engine().folder() / "uploads"),
      backups(all.office, all.config.backups.empty() ? std::filesystem::path() : all.config.path(all.config.backups)),
      webhooks(all.office, WebhookOptions{.allow_loopback = all.config.webhooks_loopback}),
      daily(all.office.desk().audit()) {
  // Keys older than a day mean nothing any more; if they cannot be removed now they can at the next start.
  static_cast<void>(idempotency.sweep(now_ms()).ok());
}

Response json_ok(const boost::json::value& value) { return ok(boost::json::serialize(value)); }

}  // namespace semak
