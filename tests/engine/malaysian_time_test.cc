#include "engine/malaysian_time.h"

#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("a moment is told in Malaysian time, eight hours ahead, over midnights, years and before 1970") {
  CHECK(malaysian_time(0) == "1970-01-01 08:00:00 +08:00");
  CHECK(malaysian_time(1'795'143'600'999) == "2026-11-20 11:00:00 +08:00");
  CHECK(malaysian_time(1'798'732'800'000) == "2027-01-01 00:00:00 +08:00");
  CHECK(malaysian_time(-1) == "1970-01-01 07:59:59 +08:00");
  CHECK(malaysian_time(951'811'200'000) == "2000-02-29 16:00:00 +08:00");
}

TEST_CASE("a day ends at midnight in Malaysia, which is four in the afternoon in London's winter") {
  CHECK(malaysian_time(end_of_malaysian_day_ms({2027, 12, 31})) == "2028-01-01 00:00:00 +08:00");
  CHECK(malaysian_time(end_of_malaysian_day_ms({2028, 2, 28}) - 1) == "2028-02-28 23:59:59 +08:00");
}

}  // namespace
}  // namespace semak
