// A machine that stands still for a while must not look like a client that is slow.
#pragma once

#include "tools/semakd/config.h"

namespace semak {

inline void be_patient(Config& config) {
  config.header_seconds = config.body_seconds = config.write_seconds = 3600;
  config.idle_seconds = 86'400;
  config.queue_milliseconds = 600'000;
}

}  // namespace semak
