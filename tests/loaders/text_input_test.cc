#include "loaders/text_input.h"

#include "tests/catch.h"
#include "tests/loaders/loading.h"

namespace semak {
namespace {

using testing::TempFolder;

struct Read {
  std::string text, error;
  std::vector<std::string> warnings;
};

Read read_all(std::string_view bytes, std::size_t chunk = 64, std::optional<Encoding> encoding = {}) {
  const TempFolder folder;
  Read read;
  auto input = open_text_file(folder.file("t.csv", bytes), {encoding, chunk});
  if (!input) {
    read.error = input.error().message;
    return read;
  }
  for (;;) {
    const auto more = (*input)->read(read.text);
    if (!more) read.error = more.error().message;
    if (!more || !*more) break;
  }
  read.warnings = (*input)->warnings();
  return read;
}

std::string utf16(const std::u16string& text, bool little) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += little ? low : high;
    bytes += little ? high : low;
  }
  return bytes;
}

TEST_CASE("UTF-8 is read as it is, with and without a byte order mark, at every chunk size") {
  const std::string text = "id,name\n1,陈美玲 Müller சித்ரா\n";
  for (std::size_t chunk = 1; chunk < 50; ++chunk) {
    CHECK(read_all("\xEF\xBB\xBF" + text, chunk < 3 ? 3 : chunk).text == text);
    CHECK(read_all(text, chunk).text == text);
  }
  CHECK(read_all(text).warnings.empty());
}

TEST_CASE("UTF-16 of either order becomes UTF-8, with and without a byte order mark") {
  const std::u16string text = u"id,name\n1,Siti \u9648\u7f8e\U0001F600\n2,Ali\n";
  const std::string expected = "id,name\n1,Siti 陈美\U0001F600\n2,Ali\n";
  for (const bool little : {true, false}) {
    CHECK(read_all(utf16(u"\uFEFF" + text, little)).text == expected);
    CHECK(read_all(utf16(text, little)).text == expected);
  }
}

TEST_CASE("Windows-1252 is guessed and the guess is reported") {
  const Read read = read_all(
      "id,name\n1,Jos\xE9 \x96 D\x92"
      "Souza\n");
  CHECK(read.text == "id,name\n1,José – D’Souza\n");
  REQUIRE(read.warnings.size() == 1);
  CHECK(read.warnings[0].find("guessed") != std::string::npos);
}

TEST_CASE("an encoding that shows only deep in the file is still found") {
  const std::string ascii(5000, 'a');
  CHECK(read_all(ascii + "Jos\xE9\n", 512).text == ascii + "José\n");
  CHECK(read_all(ascii + "José\n", 512).text == ascii + "José\n");
  CHECK(read_all(ascii + "José\n", 512).warnings.empty());
}

TEST_CASE("a stated encoding is obeyed, but a byte order mark wins") {
  CHECK(read_all("Jos\xC3\xA9", 64, Encoding::windows1252).text == "JosÃ©");
  CHECK(read_all("\xEF\xBB\xBFJos\xC3\xA9", 64, Encoding::windows1252).text == "José");
}

TEST_CASE("binary files, folders, empty and missing files are refused with a cure") {
  CHECK(read_all("").error.find("the file is empty (0 bytes)") != std::string::npos);
  CHECK(read_all(std::string("id,name\n1,A\0B\n", 14)).error.find("NUL bytes") != std::string::npos);
  CHECK(read_all("PK\x03\x04rest").error.find("name it .xlsx") != std::string::npos);
  CHECK(read_all("\xD0\xCF\x11\xE0rest").error.find("save it as .xlsx") != std::string::npos);
  CHECK(read_all("%PDF-1.7").error.find("PDF") != std::string::npos);
  const TempFolder folder;
  const auto missing = open_text_file(folder.path("none.csv"), {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
  const auto directory = open_text_file(folder.path(""), {});
  REQUIRE_FALSE(directory);
  CHECK(directory.error().message.find("folder") != std::string::npos);
}

TEST_CASE("bytes that are no UTF-8 are counted and become U+FFFD") {
  const Read read = read_all(
      "\xEF\xBB\xBFid,name\n1,A\xFF"
      "B\n");
  CHECK(read.text ==
        "id,name\n1,A\xEF\xBF\xBD"
        "B\n");
  REQUIRE(read.warnings.size() == 1);
  CHECK(read.warnings[0].find("no UTF-8 text: 1") != std::string::npos);
}

}  // namespace
}  // namespace semak
