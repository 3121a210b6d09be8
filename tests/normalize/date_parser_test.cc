#include "normalize/date_parser.h"

#include <random>
#include <string>

#include "tests/catch.h"

using namespace semak;

namespace {

PartialDate date(int year, int month = 0, int day = 0) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

std::string padded(int number, int digits) {
  std::string text = std::to_string(number);
  while (static_cast<int>(text.size()) < digits) text.insert(text.begin(), '0');
  return text;
}

constexpr const char* kMalay[] = {"Januari", "Februari", "Mac",       "April",   "Mei",      "Jun",
                                  "Julai",   "Ogos",     "September", "Oktober", "November", "Disember"};
constexpr const char* kEnglish[] = {"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};
constexpr const char* kShort[] = {"JAN", "FEB", "MAC", "APR", "MEI", "JUN", "JUL", "OGOS", "SEP", "OKT", "NOV", "DIS"};

}  // namespace

TEST_CASE("every day of 1900 to 2100 is read from every way of writing it") {
  int serial = 2;  // of 1900-01-01 if 1900 had been no leap year: Excel's count from March 1900 on
  for (int year = 1900; year <= 2100; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; exists(date(year, month, day)); ++day, ++serial) {
        const PartialDate expected = date(year, month, day);
        const std::string y = padded(year, 4);
        const std::string m = padded(month, 2);
        const std::string d = padded(day, 2);
        const std::string short_d = std::to_string(day);
        const std::string short_m = std::to_string(month);
        const std::string forms[] = {
            to_string(expected),
            y + '/' + m + '/' + d,
            d + '/' + m + '/' + y,
            d + '-' + m + '-' + y,
            d + '.' + m + '.' + y,
            short_d + '.' + short_m + '.' + y,
            short_d + '/' + short_m + '/' + y,
            ' ' + short_d + ' ' + kMalay[month - 1] + ' ' + y + ' ',
            d + ' ' + kEnglish[month - 1] + ' ' + y,
            std::string(kEnglish[month - 1]) + ' ' + short_d + ", " + y,
            short_d + "hb " + kMalay[month - 1] + ", " + y,
            d + '-' + kShort[month - 1] + '-' + y,
            d + kShort[month - 1] + y,
            y + m + d,
            d + m + y,
            to_string(expected) + "T00:00:00Z",
            to_string(expected) + " 23:59:59.123+08:00",
            d + '/' + m + '/' + y + " 12:00:00 AM",
        };
        for (const std::string& form : forms) {
          if (parse_date(form) != expected) FAIL(form);
        }
        if (serial >= 10000) {
          if (parse_date(std::to_string(serial)) != expected) FAIL("serial " << serial);
          if (parse_date(std::to_string(serial) + ".0") != expected) FAIL("serial " << serial << ".0");
        }
      }
      if (parse_date(padded(year, 4) + '-' + padded(month, 2)) != date(year, month)) FAIL(year << '-' << month);
      if (parse_date(padded(month, 2) + '/' + padded(year, 4)) != date(year, month)) FAIL(month << '/' << year);
      if (parse_date(std::string(kMalay[month - 1]) + ' ' + padded(year, 4)) != date(year, month)) FAIL(year);
    }
    if (parse_date(std::to_string(year)) != date(year)) FAIL(year);
  }
}

TEST_CASE("a date that the calendar does not have is refused, with zeros meaning not known") {
  for (const int year : {1985, 1988, 1900, 2000}) {
    for (int month = 0; month <= 99; ++month) {
      for (int day = 0; day <= 99; ++day) {
        const std::string iso = padded(year, 4) + '-' + padded(month, 2) + '-' + padded(day, 2);
        const std::string dmy = padded(day, 2) + '/' + padded(month, 2) + '/' + padded(year, 4);
        const bool known = month <= 12 && day <= 31 && (month != 0 || day == 0) && exists(date(year, month, day));
        std::optional<PartialDate> expected;
        if (known) expected = date(year, month, day);
        if (parse_date(iso) != expected) FAIL(iso);
        if (parse_date(dmy) != expected) FAIL(dmy);
      }
    }
  }
}

TEST_CASE("two-digit years and other halves of dates are refused") {
  for (const char* text : {"11/03/85",
                           "85-03-11",
                           "11 Mac 85",
                           "11/03",
                           "11",
                           "850311",
                           "Mac",
                           "198",
                           "19850",
                           "0",
                           "Mac 11",
                           "1985-03-11-01",
                           "11/Mac/03/1985",
                           "03/25/1985",
                           "lahir 1985",
                           "1985?",
                           "31.4.1985",
                           "29 Februari 1985",
                           "1985-13",
                           "19851345",
                           "11:30",
                           "1985-03-11T",
                           "-1985",
                           "+1985"}) {
    INFO(text);
    const auto parsed = parse_date(text);
    CHECK((!parsed.has_value() || !parsed->known() || std::string_view(text) == "19850"));
  }
  CHECK(parse_date("19850") == date(1954, 5, 6));  // five digits are a serial day
  CHECK(parse_date("11/03/85") == std::nullopt);
}

TEST_CASE("words for nothing known give an unknown date") {
  for (const char* text : {"", "  ", "-", "N/A", "n/a", "tiada", "TIADA", "Tidak diketahui", "unknown", "NULL",
                           "0000-00-00", "00/00/0000", "0"}) {
    INFO(text);
    CHECK(parse_date(text) == PartialDate{});
  }
}

TEST_CASE("digits of other scripts and typographic dashes are read") {
  CHECK(parse_date("１９８５－０３－１１") == date(1985, 3, 11));
  CHECK(parse_date("١١/٠٣/١٩٨٥") == date(1985, 3, 11));
  CHECK(parse_date("1985–03–11") == date(1985, 3, 11));
  CHECK(parse_date("\xC2\xA0"
                   "1985-03-11\xC2\xA0") == date(1985, 3, 11));
}

TEST_CASE("any bytes are answered, and every date in an answer exists") {
  std::mt19937 random(3);
  constexpr std::string_view kPieces[] = {"1985", "03", "11", "-",  "/", ".",    " ", "Mac",
                                          "T",    ":",  "0",  "hb", ",", "\xFF", "٣", "AM"};
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    for (std::size_t k = random() % 9; k > 0; --k) {
      if (random() % 8 == 0) {
        text.push_back(static_cast<char>(random() % 256));
      } else {
        text += kPieces[random() % std::size(kPieces)];
      }
    }
    const auto parsed = parse_date(text);
    if (parsed && parsed->known() && (!exists(*parsed) || parse_date(to_string(*parsed)) != *parsed)) FAIL(text);
    parse_sex(text);
  }
  CHECK(parse_date(std::string(100000, '1')) == std::nullopt);
  CHECK(parse_sex(std::string(100000, 'L')) == std::nullopt);
}

TEST_CASE("sex is read in Malay, English, by code, and from words that agree") {
  for (const char* text : {"L", "l", "M", "m", "Lelaki", "LELAKI", "male", "1", "LK", "Lk.", " Laki-laki ", "男",
                           "L - Lelaki", "Lelaki / Male", "Lelaki (L)"}) {
    INFO(text);
    CHECK(parse_sex(text) == Sex::male);
  }
  for (const char* text : {"P", "p", "F", "Perempuan", "female", "2", "Pr.", "wanita", "女", "PEREMPUAN/FEMALE"}) {
    INFO(text);
    CHECK(parse_sex(text) == Sex::female);
  }
  for (const char* text : {"", " ", "-", ".", "tiada", "unknown", "0", "9", "U"}) {
    INFO(text);
    CHECK(parse_sex(text) == Sex::unknown);
  }
  for (const char* text : {"L/P", "guru", "Lelaki perempuan", "3", "12"}) {
    INFO(text);
    CHECK(parse_sex(text) == std::nullopt);
  }
}
