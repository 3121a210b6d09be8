#include <random>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"
#include "tools/semakd/resources/csv_text.h"
#include "tools/semakd/resources/formats.h"
#include "tools/semakd/resources/multipart.h"
#include "tools/semakd/resources/times.h"
#include "tools/semakd/resources/upload_folder.h"

namespace semak {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=AaB03x";

std::string form() {
  return "--AaB03x\r\n"
         "Content-Disposition: form-data; name=\"purpose\"\r\n"
         "\r\n"
         "school_staff\r\n"
         "--AaB03x\r\n"
         "content-disposition: form-data; name=\"file\"; filename=\"C:\\folder\\senarai.csv\"\r\n"
         "Content-Type: text/csv; charset=utf-8\r\n"
         "\r\n"
         "name\r\nAli\r\n--AaB03\r\n\r\n"
         "--AaB03x--\r\n";
}

TEST_CASE("The parts of a form are read as they were sent", "[semakd]") {
  const std::string body = form();
  const auto parts = parse_multipart(kType, body);
  REQUIRE(parts.ok());
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].name == "purpose");
  CHECK((*parts)[0].file_name.empty());
  CHECK((*parts)[0].contents == "school_staff");
  CHECK((*parts)[1].file_name == "senarai.csv");
  CHECK((*parts)[1].content_type == "text/csv");
  CHECK((*parts)[1].contents == "name\r\nAli\r\n--AaB03\r\n");
  CHECK(parse_multipart("multipart/form-data; boundary=\"AaB03x\"", body).ok());
  CHECK(parse_multipart("multipart/form-data; boundary=AaB03x", "--AaB03x--")->empty());
}

TEST_CASE("A form that two readers could understand in two ways is refused", "[semakd]") {
  const auto with = [](std::string from, std::string to) {
    std::string body = form();
    body.replace(body.find(from), from.size(), to);
    return parse_multipart(kType, body).ok();
  };
  CHECK(with("AaB03x\r\nContent", "AaB03x\r\nContent"));
  CHECK(!with("name=\"purpose\"", "name=\"file\""));           // a name twice
  CHECK(!with("name=\"purpose\"", "name=\"a\"; name=\"b\""));  // a parameter twice
  CHECK(!with("name=\"purpose\"", "nome=\"purpose\""));        // none
  CHECK(!with("name=\"purpose\"", "name=\"purpose"));          // open quote
  CHECK(!with("; name=\"purpose\"", "; name=\"purpose\"; filename*=UTF-8''x"));
  CHECK(!with("form-data; name=\"purpose\"", "attachment; name=\"purpose\""));
  CHECK(!with("senarai.csv", ".."));
  CHECK(!with("senarai.csv", ""));
  CHECK(!with("senarai.csv", std::string("a\0b", 3)));
  CHECK(!with("Content-Type: text/csv", "Content-Transfer-Encoding: base64\r\nX: y"));
  CHECK(!with("Content-Type: text/csv", "Content-Disposition: form-data; name=\"z\"\r\nX: y"));
  CHECK(!with("Content-Type: text/csv", "Content Type: text/csv"));
  CHECK(!with("Content-Type: text/csv", std::string(5000, 'x') + ": text/csv"));
  CHECK(!with("--AaB03x--\r\n", ""));
  CHECK(!with("--AaB03x--\r\n", "--AaB03x--\r\nmore"));
  CHECK(!with("--AaB03x--\r\n", "--AaB03x--x"));
  CHECK(!parse_multipart(kType, "before\r\n" + form()).ok());
  CHECK(!parse_multipart(kType, "").ok());
  for (const char* type :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a b ",
        "multipart/form-data; boundary=AaB03x; boundary=other", "multipart/form-data; boundary=\"",
        "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    INFO(type);
    CHECK(!parse_multipart(type, form()).ok());
  }
  std::string many;
  for (int i = 0; i < 17; ++i)
    many += "--AaB03x\r\nContent-Disposition: form-data; name=\"n" + std::to_string(i) + "\"\r\n\r\n\r\n";
  CHECK(!parse_multipart(kType, many + "--AaB03x--").ok());
}

TEST_CASE("Damaged forms are refused or read, and never read beyond their end", "[semakd]") {
  std::mt19937 random(20261120);
  const std::string good = form();
  const std::string letters = "-\r\n\";=:AaB03x \\/\0\xff%";
  for (int round = 0; round < 20000; ++round) {
    std::string body = good;
    for (unsigned change = 0; change <= random() % 4; ++change) {
      const std::size_t at = random() % body.size();
      switch (random() % 4) {
        case 0: body[at] = letters[random() % letters.size()]; break;
        case 1: body.erase(at, random() % 8 + 1); break;
        case 2: body.insert(at, 1, letters[random() % letters.size()]); break;
        default: body.resize(at); break;
      }
      if (body.empty()) body = "-";
    }
    const std::string exact(body.data(), body.size());  // nothing behind it for a reader to run into
    const auto parts = parse_multipart(kType, exact);
    if (!parts) continue;
    for (const FormPart& part : *parts) {
      REQUIRE(!part.name.empty());
      REQUIRE(part.contents.data() >= exact.data());
      REQUIRE(part.contents.data() + part.contents.size() <= exact.data() + exact.size());
      REQUIRE(part.contents.find("\r\n--AaB03x") == std::string_view::npos);
      REQUIRE(part.file_name.find('/') == std::string::npos);
    }
  }
}

TEST_CASE("Cells that a spreadsheet would run begin with an apostrophe", "[semakd]") {
  for (const char* formula : {"=1+1", "+60123456789", "-2", "@SUM(A1)", "\t=1", "\r=1",
                              "\xef\xbc\x9d"
                              "1"}) {
    INFO(formula);
    CHECK(harmless_cell(formula) == "'" + std::string(formula));
  }
  for (const char* text : {"", "Ali bin Abu", "a=b", "1-2"}) CHECK(harmless_cell(text) == text);
  std::string line;
  append_text_cell(line, "=HYPERLINK(\"x\",\"y\")");
  CHECK(line == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
}

TEST_CASE("Days and times are read strictly", "[semakd]") {
  CHECK(parse_partial_date("1985")->year == 1985);
  CHECK(parse_partial_date("2024-02-29").has_value());
  for (const char* bad :
       {"", "85", "1985-", "1985-3", "1985-13", "1985-02-30", "2023-02-29", "1985-03-11 ", "11/03/1985", "0000"}) {
    INFO(bad);
    CHECK(!parse_partial_date(bad));
  }
  CHECK(!parse_day("1985-03"));
  CHECK(parse_time("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_time("2026-11-20T03:00:00Z") == 1795143600000);
  CHECK(parse_time("2026-11-20T11:00:00.5+08:00") == 1795143600500);
  CHECK(parse_time("1969-12-31T23:59:59-00:00") == -1000);
  for (const char* bad : {"2026-11-20", "2026-11-20T03:00Z", "2026-11-20T24:00:00Z", "2026-11-20T03:00:00",
                          "2026-11-20T03:00:00+8", "2026-11-20T03:00:00.Z", "2026-11-31T03:00:00Z"}) {
    INFO(bad);
    CHECK(!parse_time(bad));
  }
  // Every day of four hundred years, both ways.
  for (std::int64_t day = -146097; day < 146097; ++day) REQUIRE(day_number(date_of_day(day)) == day);
  CHECK(end_of_day_ms({2026, 11, 20}) == *parse_time("2026-11-20T16:00:00Z"));
  CHECK(malaysian_day_number(*parse_time("2026-11-20T15:59:59Z")) == day_number({2026, 11, 20}));
  CHECK(malaysian_day_number(*parse_time("2026-11-20T16:00:00Z")) == day_number({2026, 11, 21}));
  CHECK(malaysian_day_number(-kMalaysiaMs - 1) == -1);
}

TEST_CASE("Accept chooses among what is offered", "[semakd]") {
  constexpr OfferedFormat kOffered[] = {{"json", "application/json"}, {"csv", "text/csv"}};
  const auto chosen = [&](std::string_view accept) {
    const ChosenFormat format = match_accept(accept, kOffered);
    return format.found ? std::string(kOffered[format.index].name) : std::string("none");
  };
  CHECK(chosen("*/*") == "json");
  CHECK(chosen("text/csv") == "csv");
  CHECK(chosen("text/*, application/json;q=0.5") == "csv");
  CHECK(chosen("text/csv;q=0.2, */*;q=0.8") == "json");
  CHECK(chosen("application/json;q=0, */*") == "csv");
  CHECK(chosen("image/png") == "none");
  CHECK(chosen("TEXT/CSV ; charset=utf-8") == "csv");
  CHECK(chosen(",,;q=;,") == "none");
}

TEST_CASE("An upload's folder is private and goes with it", "[semakd]") {
  TemporaryFolder place;
  std::filesystem::path made;
  {
    auto folder = UploadFolder::make(place / "uploads");
    REQUIRE(folder.ok());
    made = folder->path();
    REQUIRE(folder->write("a.csv", "x").ok());
    CHECK(!folder->write("a.csv", "y").ok());
    CHECK((std::filesystem::status(made).permissions() & std::filesystem::perms::others_all) ==
          std::filesystem::perms::none);
    CHECK((std::filesystem::status(made / "a.csv").permissions() & std::filesystem::perms::group_all) ==
          std::filesystem::perms::none);
    CHECK(folder->without_paths((made / "a.csv").string() + ":3: bad") == "a.csv:3: bad");
    UploadFolder moved = std::move(*folder);
    CHECK(std::filesystem::exists(made / "a.csv"));
  }
  CHECK(!std::filesystem::exists(made));
}

}  // namespace
}  // namespace semak
