// Checks for our own bugs. Never reachable from input: what the world does is a Result (result.h).
#pragma once

#include <cstdio>
#include <cstdlib>

namespace semak {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "semak: broken invariant: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace semak

// Always on.
#define SEMAK_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::semak::check_failed(#condition, __FILE__, __LINE__))

// On unless NDEBUG: for hot loops.
#ifdef NDEBUG
#define SEMAK_DCHECK(condition) static_cast<void>(0)
#else
#define SEMAK_DCHECK(condition) SEMAK_CHECK(condition)
#endif
