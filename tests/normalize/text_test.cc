#include "normalize/text.h"

#include <random>
#include <vector>

#include "tests/catch.h"

using namespace semak;
using namespace std::string_view_literals;

namespace {

std::string decoded(std::string_view bytes, Encoding encoding) {
  Utf8Decoder decoder(encoding);
  std::string out;
  decoder.decode(bytes, true, out);
  return out;
}

// The definition of UTF-8 read from the other end: bytes are valid if some character encodes to them.
bool valid_by_encoding(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    bool found = false;
    for (std::size_t length = 1; length <= 4 && i + length <= text.size() && !found; ++length) {
      char32_t value = 0;
      const auto first = static_cast<unsigned char>(text[i]);
      value = length == 1 ? first : length == 2 ? first & 0x1FU : length == 3 ? first & 0x0FU : first & 0x07U;
      for (std::size_t k = 1; k < length; ++k) value = (value << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) continue;
      std::string encoded;
      append_utf8(value, encoded);
      if (encoded == text.substr(i, length)) {
        i += length;
        found = true;
      }
    }
    if (!found) return false;
  }
  return true;
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) {
    // mostly the bytes that make up, or break, characters
    const std::size_t kind = random() % 4;
    c = static_cast<char>(kind == 0 ? random() % 128 : kind == 1 ? 0x80 + random() % 64 : random() % 256);
  }
  return bytes;
}

}  // namespace

TEST_CASE("every character survives encoding and decoding") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(c, text);
    std::size_t position = 0;
    if (next_character(text, position) != c || position != text.size() || !is_valid_utf8(text)) {
      FAIL("character " << static_cast<std::uint32_t>(c));
    }
  }
}

TEST_CASE("what is no character is written as the replacement character") {
  for (const char32_t c : {char32_t{0xD800}, char32_t{0xDFFF}, char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
    std::string text;
    append_utf8(c, text);
    CHECK(text == "\xEF\xBF\xBD");
  }
}

TEST_CASE("validity agrees with the definition on all short byte strings and on random ones") {
  std::string text;
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      text = {static_cast<char>(a), static_cast<char>(b)};
      if (is_valid_utf8(text) != valid_by_encoding(text)) FAIL(a << ' ' << b);
      if (a < 0xE0) continue;
      for (const unsigned c : {0x00U, 0x7FU, 0x80U, 0x8FU, 0x9FU, 0xA0U, 0xBFU, 0xC0U}) {
        text = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c)};
        if (is_valid_utf8(text) != valid_by_encoding(text)) FAIL(a << ' ' << b << ' ' << c);
        text.push_back('\x80');
        if (is_valid_utf8(text) != valid_by_encoding(text)) FAIL(a << ' ' << b << ' ' << c << " 80");
      }
    }
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    text = random_bytes(random, random() % 24);
    if (is_valid_utf8(text) != valid_by_encoding(text)) FAIL(i);
  }
}

TEST_CASE("decoding does not depend on where the chunks are cut") {
  const std::vector<std::string> samples = {
      "Siti Aminah, 陈志明, محمد, சிவா, \xF0\x9F\x98\x80!",
      "a\xFF"
      "b\xE9\x99"
      "c\xED\xA0\x80"
      "d\xF0\x9F\x98",
      std::string("\x2D\x4E\x87\x65\x3D\xD8\x00\xDE\x00\xDC\x41\x00\x3D\xD8", 14),
      std::string("\x41\x00\x3D\xD8\x41", 5),
      "Jos\xE9 \x80 \x81 \x93x\x94",
  };
  for (const Encoding encoding : {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::windows1252}) {
    for (const std::string& sample : samples) {
      Utf8Decoder whole(encoding);
      std::string expected;
      whole.decode(sample, true, expected);
      CHECK(is_valid_utf8(expected));
      for (std::size_t a = 0; a <= sample.size(); ++a) {
        for (std::size_t b = a; b <= sample.size(); ++b) {
          Utf8Decoder decoder(encoding);
          std::string out;
          decoder.decode(std::string_view(sample).substr(0, a), false, out);
          decoder.decode(std::string_view(sample).substr(a, b - a), false, out);
          decoder.decode(std::string_view(sample).substr(b), true, out);
          if (out != expected || decoder.invalid_sequences() != whole.invalid_sequences()) {
            FAIL(to_string(encoding) << " cut at " << a << " and " << b);
          }
        }
      }
    }
  }
}

TEST_CASE("any bytes decode to valid UTF-8, and valid UTF-8 to itself") {
  std::mt19937 random(2);
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = random_bytes(random, random() % 64);
    for (const Encoding encoding : {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::windows1252}) {
      const std::string out = decoded(bytes, encoding);
      if (!is_valid_utf8(out)) FAIL(i);
      if (decoded(out, Encoding::utf8) != out) FAIL(i);
    }
    Utf8Decoder decoder(Encoding::utf8);
    std::string out;
    decoder.decode(bytes, true, out);
    if ((decoder.invalid_sequences() == 0) != is_valid_utf8(bytes)) FAIL(i);
  }
}

TEST_CASE("a cut character at the end counts as one invalid sequence") {
  Utf8Decoder decoder(Encoding::utf8);
  std::string out;
  decoder.decode("a\xE9\x99", false, out);
  CHECK(out == "a");
  CHECK(decoder.invalid_sequences() == 0);
  decoder.decode("", true, out);
  CHECK(out == "a\xEF\xBF\xBD");
  CHECK(decoder.invalid_sequences() == 1);
}

TEST_CASE("Windows-1252 knows its own characters and its holes") {
  CHECK(decoded("Jos\xE9 \x96 \x80", Encoding::windows1252) == "José – €");
  Utf8Decoder decoder(Encoding::windows1252);
  std::string out;
  decoder.decode("\x81\x8D\x8F\x90\x9D", true, out);
  CHECK(decoder.invalid_sequences() == 5);
}

TEST_CASE("encodings are told by mark, by zeros, by strict UTF-8, and otherwise guessed") {
  const auto is = [](std::string_view sample, Encoding encoding, int bom, bool certain) {
    const DetectedEncoding found = detect_encoding(sample);
    return found.encoding == encoding && found.bom_bytes == bom && found.certain == certain;
  };
  CHECK(is("", Encoding::utf8, 0, true));
  CHECK(is("nama,no_kp\n", Encoding::utf8, 0, true));
  CHECK(is("\xEF\xBB\xBFnama", Encoding::utf8, 3, true));
  CHECK(is("\xFF\xFEn\0a\0"sv, Encoding::utf16le, 2, true));
  CHECK(is("\xFE\xFF\0n\0a"sv, Encoding::utf16be, 2, true));
  CHECK(is("n\0a\0m\0a\0,\0n\0o\0"sv, Encoding::utf16le, 0, true));
  CHECK(is("\0n\0a\0m\0a\0,\0n\0o"sv, Encoding::utf16be, 0, true));
  CHECK(is("Jos\xE9,1985\n", Encoding::windows1252, 0, false));
  CHECK(is("陈志明,1985", Encoding::utf8, 0, true));
}

TEST_CASE("a table of Chinese names in UTF-16 without a mark is told by its separators") {
  std::string bytes;
  for (const char16_t unit : std::u16string(u"陈志明,850311-03-5228\n林美玉,900101-14-0003\n")) {
    bytes.push_back(static_cast<char>(unit & 0xFF));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  CHECK(detect_encoding(bytes).encoding == Encoding::utf16le);
}

TEST_CASE("a character cut at the end of the sample is no evidence against UTF-8") {
  const std::string text = "nama\n陈志明 محمد \xF0\x9F\x98\x80";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const DetectedEncoding found = detect_encoding(std::string_view(text).substr(0, size));
    CHECK(found.encoding == Encoding::utf8);
    CHECK(found.certain);
  }
}

TEST_CASE("the script of a name is the one of most of its letters") {
  CHECK(dominant_script("") == Script::latin);
  CHECK(dominant_script("850311-03-5228") == Script::latin);
  CHECK(dominant_script("José D'Cruz") == Script::latin);
  CHECK(dominant_script("陳志明") == Script::han);
  CHECK(dominant_script("محمد بن عبدالله") == Script::jawi);
  CHECK(dominant_script("அன்பு") == Script::tamil);
  CHECK(dominant_script("สมชาย") == Script::other);
  CHECK(dominant_script("Tan (陈)") == Script::latin);
  CHECK(dominant_script("陈志明 (Alex)") == Script::latin);
  CHECK(dominant_script("\xFF\xFE\x80") == Script::latin);
}

TEST_CASE("width on a terminal counts wide characters twice and marks not at all") {
  CHECK(display_width("") == 0);
  CHECK(display_width("Siti") == 4);
  CHECK(display_width("陈志明") == 6);
  CHECK(display_width("José") == 4);
  CHECK(display_width("Jose\xCC\x81") == 4);
  CHECK(display_width("محمد") == 4);
  CHECK(display_width("مُحَمَّد") == 4);
  CHECK(display_width("ａ") == 2);
  CHECK(display_width("a\tb\x7F") == 2);
}
