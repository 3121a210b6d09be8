#define CATCH_CONFIG_MAIN
#include <sys/stat.h>

#include "tests/catch.h"

// Whoever runs the tests may have another one; a folder that everybody can write is refused in many places.
[[maybe_unused]] static const ::mode_t kUmaskBefore = ::umask(022);
