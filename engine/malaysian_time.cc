#include "engine/malaysian_time.h"

#include <chrono>
#include <cstdio>

#include "engine/check.h"

namespace semak {

std::string malaysian_time(std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_seconds there = floor<seconds>(sys_time<milliseconds>(milliseconds(time_ms + kMalaysiaMs)));
  const sys_days midnight = floor<days>(there);
  const year_month_day date(midnight);
  const hh_mm_ss clock(there - midnight);
  char text[40];
  const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d +08:00",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                                 static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

std::int64_t end_of_malaysian_day_ms(PartialDate day) {
  using namespace std::chrono;
  SEMAK_CHECK(day.has_day());
  const sys_days begins = year_month_day(year(day.year), month(day.month), std::chrono::day(day.day));
  return duration_cast<milliseconds>((begins + days(1)).time_since_epoch()).count() - kMalaysiaMs;
}

}  // namespace semak
