// What the service manager is told (sd_notify(3)): one datagram to the socket that it names, nothing without one.
#pragma once

#include <string_view>

namespace semak {

// "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=...".
void notify_manager(std::string_view state);

}  // namespace semak
