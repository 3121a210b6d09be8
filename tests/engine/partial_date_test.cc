#include "engine/partial_date.h"

#include "tests/catch.h"

using semak::PartialDate;

namespace {

PartialDate date(int year, int month = 0, int day = 0) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

// Counts days by walking the calendar: the slow twin of exists().
int days_in(int year, int month) {
  if (month == 2) {
    if (year % 400 == 0) return 29;
    if (year % 100 == 0) return 28;
    return year % 4 == 0 ? 29 : 28;
  }
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

TEST_CASE("a date exists exactly when the calendar has it", "[engine][partial_date]") {
  for (const int year : {1, 1800, 1899, 1900, 1985, 1999, 2000, 2004, 2026, 2100, 9999}) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 40; ++day) {
        if (exists(date(year, month, day)) != (day <= days_in(year, month))) FAIL(year << "-" << month << "-" << day);
      }
    }
  }
}

TEST_CASE("a date exists at the precision it claims", "[engine][partial_date]") {
  CHECK(exists(date(1985)));
  CHECK(exists(date(1985, 3)));
  CHECK_FALSE(exists(date(1985, 13)));
  CHECK_FALSE(exists(date(1985, 0, 11)));  // a day without its month
  CHECK_FALSE(exists(date(0)));
  CHECK_FALSE(exists(date(-1, 1, 1)));
  CHECK_FALSE(exists(date(10000)));
}

TEST_CASE("an unset date is unknown", "[engine][partial_date]") {
  CHECK_FALSE(PartialDate{}.known());
  CHECK(to_string(PartialDate{}).empty());
  CHECK(date(1985).known());
  CHECK_FALSE(date(1985).has_month());
  CHECK(date(1985, 3).has_month());
  CHECK_FALSE(date(1985, 3).has_day());
  CHECK(date(1985, 3, 11).has_day());
}

TEST_CASE("a date is written as far as it is known", "[engine][partial_date]") {
  CHECK(to_string(date(1985)) == "1985");
  CHECK(to_string(date(1985, 3)) == "1985-03");
  CHECK(to_string(date(1985, 3, 11)) == "1985-03-11");
  CHECK(to_string(date(7, 12, 31)) == "0007-12-31");
}

TEST_CASE("dates sort by the calendar, the vaguer first", "[engine][partial_date]") {
  CHECK(date(1985, 3, 11) < date(1985, 3, 12));
  CHECK(date(1985, 3, 31) < date(1985, 4, 1));
  CHECK(date(1984, 12, 31) < date(1985, 1, 1));
  CHECK(date(1985) < date(1985, 1));
  CHECK(date(1985, 1) < date(1985, 1, 1));
}
