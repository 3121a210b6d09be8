#include "normalize/identity_number.h"

#include <random>
#include <set>
#include <string>

#include "tests/catch.h"

using namespace semak;

namespace {

constexpr int kYear = 2026;

PartialDate date(int year, int month, int day) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

std::vector<IdentityNumber> read(std::string_view text, NumberKind hint = NumberKind::unknown) {
  return parse_identity_numbers(text, hint, kYear);
}

// "mykad:850311035228 old_ic:A1234567"
std::string said(std::string_view text, NumberKind hint = NumberKind::unknown) {
  std::string out;
  for (const IdentityNumber& number : read(text, hint)) {
    if (!out.empty()) out += ' ';
    out += std::string(to_string(number.kind)) + ':' + number.canonical;
  }
  return out;
}

std::string padded(int number, int digits) {
  std::string text = std::to_string(number);
  while (static_cast<int>(text.size()) < digits) text.insert(text.begin(), '0');
  return text;
}

}  // namespace

TEST_CASE("a MyKad tells birth date, sex and place") {
  const auto numbers = read("850311-03-5228");
  REQUIRE(numbers.size() == 1);
  CHECK(numbers[0].kind == NumberKind::mykad);
  CHECK(numbers[0].canonical == "850311035228");
  CHECK(numbers[0].flags == NumberFlag::none);
  CHECK(numbers[0].birth_dates[0] == date(1985, 3, 11));
  CHECK_FALSE(numbers[0].birth_dates[1].known());
  CHECK(numbers[0].sex == Sex::female);
  CHECK(numbers[0].place_code == 3);
  CHECK(read("850311-03-5227")[0].sex == Sex::male);
}

TEST_CASE("one number is read however its blocks are written") {
  for (const char* text : {"850311035228",
                           "850311-03-5228",
                           " 850311-03-5228 ",
                           "850311 03 5228",
                           "850311/03/5228",
                           "850311.03.5228",
                           "850311_03_5228",
                           "85-03-11-03-5228",
                           "8503110-35228",
                           "*850311-03-5228*",
                           "'850311035228",
                           "(850311-03-5228)",
                           "IC: 850311-03-5228",
                           "No. K/P 850311-03-5228",
                           "NRIC 850311035228",
                           "８５０３１１－０３－５２２８",
                           "٨٥٠٣١١-٠٣-٥٢٢٨",
                           "۸۵۰۳۱۱۰۳۵۲۲۸",
                           "850311–03–5228",
                           "850311035228.0",
                           "850311035228.00",
                           "850,311,035,228",
                           "8.50311035228E+11",
                           "8.50311035228e11",
                           "\xE2\x80\x8E"
                           "850311-03-5228"}) {
    INFO(text);
    CHECK(said(text) == "mykad:850311035228");
    CHECK(said(text, NumberKind::mykad) == "mykad:850311035228");
  }
}

TEST_CASE("the short way for plain numbers agrees with the long one") {
  std::mt19937 random(4);
  for (int i = 0; i < 20000; ++i) {
    std::string digits;
    for (int k = 0; k < 12; ++k) digits.push_back(static_cast<char>('0' + random() % 10));
    if (i % 2 == 0)
      digits = padded(static_cast<int>(random() % 100), 2) + padded(static_cast<int>(1 + random() % 12), 2) +
               padded(static_cast<int>(1 + random() % 28), 2) + digits.substr(6);
    // brackets send it the long way
    if (read(digits) != read('(' + digits + ')')) FAIL(digits);
    const std::string dashed = digits.substr(0, 6) + '-' + digits.substr(6, 2) + '-' + digits.substr(8);
    if (read(dashed) != read(digits)) FAIL(dashed);
  }
}

TEST_CASE("letters that look like digits are read as digits and flagged") {
  for (const char* text : {"85O311-O3-5228", "8503II-03-5228", "850311-03-522B", "8S0311-03-S228", "850311-03-5Z28",
                           "85o311-03-5228", "85O3II-O3-522B"}) {
    INFO(text);
    const auto numbers = read(text);
    REQUIRE(numbers.size() == 1);
    CHECK(numbers[0].canonical == "850311035228");
    CHECK(has(numbers[0].flags, NumberFlag::lookalikes_read));
  }
  const auto old_card = read("AI23456O");
  REQUIRE(old_card.size() == 1);
  CHECK(old_card[0].canonical == "A1234560");
  CHECK(has(old_card[0].flags, NumberFlag::lookalikes_read));
}

TEST_CASE("leading zeros that a spreadsheet lost come back only where the column says MyKad") {
  const auto restored = read("71203145229", NumberKind::mykad);
  REQUIRE(restored.size() == 1);
  CHECK(restored[0].canonical == "071203145229");
  CHECK(has(restored[0].flags, NumberFlag::leading_zeros_restored));
  CHECK(restored[0].birth_dates[0] == date(2007, 12, 3));
  CHECK(said("312035228", NumberKind::mykad) == "mykad:000312035228");

  const auto unsure = read("71203145229");
  REQUIRE(unsure.size() == 1);
  CHECK(unsure[0].kind == NumberKind::other);
  CHECK(has(unsure[0].flags, NumberFlag::wrong_length));

  const auto no_date = read("99999145229", NumberKind::mykad);
  REQUIRE(no_date.size() == 1);
  CHECK(no_date[0].kind == NumberKind::other);
  CHECK(has(no_date[0].flags, NumberFlag::wrong_length));
  CHECK(said("12345", NumberKind::old_ic) == "old_ic:0012345");
}

TEST_CASE("every number with zeros in front is restored to itself") {
  for (int year = 0; year < 10; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const std::string number = padded(year, 2) + padded(month, 2) + "15145229";
      const std::string lost = number.substr(number.find_first_not_of('0'));
      if (said(lost, NumberKind::mykad) != "mykad:" + number) FAIL(lost);
    }
  }
}

TEST_CASE("scientific notation is flagged and is no usable number") {
  for (const char* text : {"8.70418E+11", "8.70418e+11", "8.7E+11", "9E+11", "8.7041803522E+11"}) {
    INFO(text);
    const auto numbers = read(text, NumberKind::mykad);
    REQUIRE(numbers.size() == 1);
    CHECK(numbers[0].kind == NumberKind::other);
    CHECK(has(numbers[0].flags, NumberFlag::scientific_notation));
    CHECK_FALSE(numbers[0].birth_dates[0].known());
    CHECK(numbers[0].sex == Sex::unknown);
  }
}

TEST_CASE("a number that reads only in another order of blocks is given as written and as read") {
  CHECK(said("310385-03-5228") == "mykad:310385035228 mykad:850331035228");
  CHECK(said("03-850311-5228") == "mykad:038503115228 mykad:850311035228");
  CHECK(said("5228-03-850311") == "mykad:522803850311 mykad:850311035228");
  const auto numbers = read("310385-03-5228");
  CHECK(has(numbers[0].flags, NumberFlag::impossible_date));
  CHECK(has(numbers[1].flags, NumberFlag::blocks_swapped));
  CHECK(numbers[1].birth_dates[0] == date(1985, 3, 31));
}

TEST_CASE("two numbers in a field are two numbers") {
  for (const char* text : {"850311-03-5228 / A1234567", "850311-03-5228/A1234567", "850311035228 A1234567",
                           "850311-03-5228 (A1234567)", "850311-03-5228, A1234567", "850311-03-5228;A1234567",
                           "850311-03-5228A1234567", "850311-03-5228 (lama: A1234567)", "850311-03-5228\nA1234567",
                           "850311-03-5228 | A 1234567", "KP BARU 850311-03-5228 KP LAMA A1234567"}) {
    INFO(text);
    CHECK(said(text) == "mykad:850311035228 old_ic:A1234567");
  }
  CHECK(said("A1234567 / 850311-03-5228") == "old_ic:A1234567 mykad:850311035228");
  CHECK(said("850311-03-5228 850311-03-5228") == "mykad:850311035228");
}

TEST_CASE("older and other numbers are told by their form") {
  CHECK(said("1234567") == "old_ic:1234567");
  CHECK(said("0012345") == "old_ic:0012345");
  CHECK(said("A1234567") == "old_ic:A1234567");
  CHECK(said("a 1234567") == "old_ic:A1234567");
  CHECK(said("H0123456") == "old_ic:H0123456");
  CHECK(said("K0123456") == "old_ic:K0123456");
  CHECK(said("PK 123456") == "old_ic:PK123456");
  CHECK(said("RF/123456") == "police:RF123456");
  CHECK(said("RF 98765") == "police:RF98765");
  CHECK(said("G/12345") == "police:G12345");
  CHECK(said("T 1234567") == "army:T1234567");
  CHECK(said("T123456") == "army:T123456");
  CHECK(said("A12345678") == "passport:A12345678");
  CHECK(said("H12345678") == "passport:H12345678");
  CHECK(said("BX0123456") == "passport:BX0123456");
  CHECK(said("Pasport: J8369854") == "passport:J8369854");
  CHECK(said("polis 123456") == "police:123456");
  CHECK(said("123-45C67890") == "unhcr:1234567890");
  CHECK(said("123-45-67890") == "unhcr:1234567890");
  CHECK(said("12345C67890") == "unhcr:1234567890");
  CHECK(said("UNHCR 1234567890") == "unhcr:1234567890");
  CHECK(said("AB12345", NumberKind::birth_certificate) == "birth_certificate:AB12345");
  CHECK(said("123456", NumberKind::birth_certificate) == "birth_certificate:123456");
  CHECK(said("J8369854", NumberKind::passport) == "passport:J8369854");
  CHECK(said("X99-1234-Q", NumberKind::other) == "other:X991234Q");
}

TEST_CASE("an old number typed in the MyKad column stays an old number") {
  CHECK(said("A1234567", NumberKind::mykad) == "old_ic:A1234567");
  CHECK(said("1234567", NumberKind::mykad) == "old_ic:1234567");
  CHECK(said("A12345678", NumberKind::mykad) == "passport:A12345678");
}

TEST_CASE("a number of a wrong length is kept, flagged, and is no MyKad") {
  for (const char* text : {"850311-03-522", "850311-03-52288", "8503110352"}) {
    INFO(text);
    const auto numbers = read(text, NumberKind::mykad);
    REQUIRE(numbers.size() == 1);
    CHECK(numbers[0].kind == NumberKind::other);
    CHECK(has(numbers[0].flags, NumberFlag::wrong_length));
  }
}

TEST_CASE("text without a number gives none") {
  for (const char* text :
       {"", " ", "-", "tiada", "TIADA", "N/A", "IC", "passport", "A", "12", "-/-", "陈", "\xFF\xFE"}) {
    INFO(text);
    CHECK(read(text).empty());
    CHECK(read(text, NumberKind::mykad).empty());
  }
}

TEST_CASE("placeholders identify nobody and imply nothing") {
  for (const char* text : {"000000-00-0000", "111111-11-1111", "999999999999", "123456-12-1234", "123456789012",
                           "850311-00-0000", "000000-14-5555"}) {
    INFO(text);
    const auto numbers = read(text);
    REQUIRE(numbers.size() == 1);
    CHECK(has(numbers[0].flags, NumberFlag::placeholder));
    CHECK_FALSE(numbers[0].birth_dates[0].known());
    CHECK(numbers[0].sex == Sex::unknown);
  }
  CHECK(has(read("A0000000")[0].flags, NumberFlag::placeholder));
  CHECK(has(read("9999999")[0].flags, NumberFlag::placeholder));
  CHECK_FALSE(has(read("850311-03-5228")[0].flags, NumberFlag::placeholder));
}

TEST_CASE("centuries are decided against the reference year and kept both where unclear") {
  const auto dates = [](std::string_view text, int year) {
    return parse_identity_numbers(text, NumberKind::mykad, year)[0].birth_dates;
  };
  CHECK(dates("250101-01-1235", 2026)[0] == date(2025, 1, 1));
  CHECK(dates("250101-01-1235", 2026)[1] == date(1925, 1, 1));
  CHECK(dates("250101-01-1235", 2011)[0] == date(1925, 1, 1));
  CHECK_FALSE(dates("250101-01-1235", 2011)[1].known());
  CHECK(dates("850311-03-5228", 2026)[0] == date(1985, 3, 11));
  CHECK_FALSE(dates("850311-03-5228", 2026)[1].known());
  CHECK(dates("050311-03-5228", 2026)[0] == date(2005, 3, 11));
  CHECK_FALSE(dates("050311-03-5228", 2026)[1].known());  // nobody is 121
  CHECK(dates("000229-03-5228", 2026)[0] == date(2000, 2, 29));
}

TEST_CASE("every date of two centuries is the likelier or the other reading of its number") {
  for (int year = 1920; year <= 2019; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; exists(date(year, month, day)); ++day) {
        const std::string number = padded(year % 100, 2) + padded(month, 2) + padded(day, 2) + "035228";
        const auto numbers = parse_identity_numbers(number, NumberKind::mykad, kYear);
        const bool either =
            numbers[0].birth_dates[0] == date(year, month, day) || numbers[0].birth_dates[1] == date(year, month, day);
        if (!either) FAIL(number);
        for (const PartialDate& birth : numbers[0].birth_dates) {
          if (birth.known() && (!exists(birth) || birth.year > kYear)) FAIL(number);
        }
      }
    }
  }
}

TEST_CASE("every place code is known or flagged, and states have their own codes") {
  const std::set<int> unassigned = {0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97};
  for (int code = 0; code < 100; ++code) {
    INFO(code);
    CHECK(place_of(code).empty() == (unassigned.count(code) == 1));
    const auto numbers = read("850311" + padded(code, 2) + "5228");
    REQUIRE(numbers.size() == 1);
    CHECK(has(numbers[0].flags, NumberFlag::unassigned_place) == (unassigned.count(code) == 1));
    CHECK(numbers[0].place_code == code);
    const int state = state_of_place(code);
    CHECK((state != 0) == ((code >= 1 && code <= 16) || (code >= 21 && code <= 59)));
    if (code >= 1 && code <= 16) CHECK(state == code);
    if (state != 0) CHECK(place_of(code) == place_of(state));
  }
  CHECK(place_of(-1).empty());
  CHECK(place_of(100).empty());
  CHECK(state_of_place(-1) == 0);
  CHECK(state_of_place(1000) == 0);
  CHECK(place_of(61) == "Indonesia");
  CHECK(state_of_place(36) == 8);
}

TEST_CASE("states are read in Malay, English and short") {
  CHECK(parse_state("Johor") == 1);
  CHECK(parse_state("JOHOR DARUL TA'ZIM") == 1);
  CHECK(parse_state("Johore") == 1);
  CHECK(parse_state("N. Sembilan") == 5);
  CHECK(parse_state("Negeri Sembilan Darul Khusus") == 5);
  CHECK(parse_state("Penang") == 7);
  CHECK(parse_state("P. Pinang") == 7);
  CHECK(parse_state("Pulau Pinang") == 7);
  CHECK(parse_state("Malacca") == 4);
  CHECK(parse_state("Perlis Indera Kayangan") == 9);
  CHECK(parse_state("W.P. Kuala Lumpur") == 14);
  CHECK(parse_state("WP KL") == 14);
  CHECK(parse_state("Wilayah Persekutuan Putrajaya") == 16);
  CHECK(parse_state("Negeri Kedah") == 2);
  CHECK(parse_state("State of Sarawak") == 13);
  CHECK(parse_state("12") == 12);
  CHECK(parse_state("") == 0);
  CHECK(parse_state("Singapura") == 0);
  CHECK(parse_state("99") == 0);
  CHECK(parse_state(std::string(10000, 'x')) == 0);
  for (int state = 1; state <= 16; ++state) CHECK(parse_state(place_of(state)) == state);
}

TEST_CASE("any bytes are answered with numbers that keep their promises") {
  std::mt19937 random(5);
  constexpr std::string_view kPieces[] = {"850311",  "03", "5228", "-",   "/",  " / ",  " ", ",",     "A",
                                          "1234567", "RF", "E+11", "8.7", "O",  "I",    "C", "UNHCR", "lama",
                                          "(",       ")",  "0",    "٣",   "５", "\xFF", "T", "."};
  for (int i = 0; i < 60000; ++i) {
    std::string text;
    for (std::size_t k = random() % 10; k > 0; --k) {
      if (random() % 8 == 0) {
        text.push_back(static_cast<char>(random() % 256));
      } else {
        text += kPieces[random() % std::size(kPieces)];
      }
    }
    const auto hint = static_cast<NumberKind>(random() % 9);
    for (const IdentityNumber& number : parse_identity_numbers(text, hint, kYear)) {
      bool ok = !number.canonical.empty() && number.canonical.size() <= 32 && number.kind != NumberKind::unknown;
      for (const char c : number.canonical) ok = ok && ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
      if (number.kind == NumberKind::mykad) {
        ok = ok && number.canonical.size() == 12 &&
             number.canonical.find_first_not_of("0123456789") == std::string::npos;
      } else {
        ok = ok && !number.birth_dates[0].known() && number.sex == Sex::unknown && number.place_code == 0;
      }
      if (number.birth_dates[1].known()) ok = ok && number.birth_dates[0].known();
      if (!ok) FAIL(text);
      // what was read reads as itself
      const auto again = parse_identity_numbers(number.canonical, number.kind, kYear);
      if (number.kind == NumberKind::mykad && (again.empty() || again[0].canonical != number.canonical)) FAIL(text);
    }
  }
  CHECK(read(std::string(100000, '1')).size() <= 8);
  CHECK(read(std::string(100000, '-')).empty());
}

TEST_CASE("a reference year far away is still answered") {
  for (const int year : {-5000, 0, 1800, 1950, 3000, 100000}) {
    const auto numbers = parse_identity_numbers("850311-03-5228", NumberKind::mykad, year);
    REQUIRE(numbers.size() == 1);
    CHECK(numbers[0].birth_dates[0].known());
  }
}
