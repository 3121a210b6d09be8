#include "normalize/text.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "engine/check.h"

namespace semak {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// What the bytes at the start of `bytes` are: a character, a bad sequence, or the beginning of a character that
// the end of `bytes` cuts.
enum class Sequence { character, bad, cut };

struct Decoded {
  Sequence sequence = Sequence::bad;
  int length = 1;
  char32_t character = kReplacement;
};

// Unicode 15, table 3-7: ranges of the second byte exclude overlong forms, surrogates and values above U+10FFFF.
Decoded decode_one(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {Sequence::character, 1, first};
  int length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  char32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
    value = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    value = first & 0x0F;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    value = first & 0x07;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {Sequence::bad, 1, kReplacement};
  }
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) >= bytes.size()) return {Sequence::cut, i, kReplacement};
    const unsigned next = byte(static_cast<std::size_t>(i));
    if (next < low || next > high) return {Sequence::bad, i, kReplacement};
    value = (value << 6) | (next & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {Sequence::character, length, value};
}

std::size_t ascii_prefix(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080ULL) != 0) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

// Windows-1252, 0x80..0x9F (unicode.org CP1252.TXT); 0: not assigned.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// Converts as much of `bytes` as is decided; returns how many bytes that was.
std::size_t decode_utf8_bytes(std::string_view bytes, bool last, std::string& out, std::size_t& invalid) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::size_t plain = ascii_prefix(bytes.substr(i));
    out.append(bytes.substr(i, plain));
    i += plain;
    if (i == bytes.size()) break;
    const Decoded decoded = decode_one(bytes.substr(i));
    if (decoded.sequence == Sequence::cut && !last) break;
    if (decoded.sequence == Sequence::character) {
      out.append(bytes.substr(i, static_cast<std::size_t>(decoded.length)));
    } else {
      append_utf8(kReplacement, out);
      ++invalid;
    }
    i += static_cast<std::size_t>(decoded.length);
  }
  return i;
}

std::size_t decode_utf16_bytes(std::string_view bytes, bool big, bool last, std::string& out, std::size_t& invalid) {
  const auto unit = [&](std::size_t at) {
    const unsigned a = static_cast<unsigned char>(bytes[at]);
    const unsigned b = static_cast<unsigned char>(bytes[at + 1]);
    return big ? (a << 8) | b : (b << 8) | a;
  };
  const auto bad = [&] {
    append_utf8(kReplacement, out);
    ++invalid;
  };
  std::size_t i = 0;
  while (i + 2 <= bytes.size()) {
    const unsigned first = unit(i);
    if (first < 0xD800 || first > 0xDFFF) {
      append_utf8(first, out);
      i += 2;
    } else if (first >= 0xDC00) {
      bad();
      i += 2;
    } else if (i + 4 <= bytes.size()) {
      const unsigned second = unit(i + 2);
      const bool pair = second >= 0xDC00 && second <= 0xDFFF;
      if (pair) {
        append_utf8(0x10000U + ((first - 0xD800U) << 10) + (second - 0xDC00U), out);
      } else {
        bad();
      }
      i += pair ? 4 : 2;
    } else {
      break;
    }
  }
  if (last && i < bytes.size()) {
    bad();
    i = bytes.size();
  }
  return i;
}

void decode_windows1252_bytes(std::string_view bytes, std::string& out, std::size_t& invalid) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::size_t plain = ascii_prefix(bytes.substr(i));
    out.append(bytes.substr(i, plain));
    i += plain;
    if (i == bytes.size()) break;
    const unsigned byte = static_cast<unsigned char>(bytes[i++]);
    const char32_t character = byte >= 0xA0 ? byte : kWindows1252[byte - 0x80];
    if (character == 0) ++invalid;
    append_utf8(character == 0 ? kReplacement : character, out);
  }
}

// UTF-16 without a mark: text whose zero bytes lie (nearly) all on one side of the pairs.
bool looks_like_utf16(std::string_view sample, bool& big) {
  std::size_t zeros[2] = {0, 0};
  const std::size_t even = sample.size() & ~std::size_t{1};
  for (std::size_t i = 0; i < even; ++i) {
    if (sample[i] == '\0') ++zeros[i & 1];
  }
  const std::size_t pairs = even / 2;
  if (pairs == 0) return false;
  // A table has digits, separators and line ends even where its names are Chinese: a fifth is ample.
  const auto one_sided = [&](std::size_t many, std::size_t few) { return many * 5 >= pairs && few * 20 <= many; };
  if (one_sided(zeros[1], zeros[0])) {
    big = false;
    return true;
  }
  if (one_sided(zeros[0], zeros[1])) {
    big = true;
    return true;
  }
  return false;
}

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_han(char32_t c) {
  return in(c, 0x4E00, 0x9FFF) || in(c, 0x3400, 0x4DBF) || in(c, 0xF900, 0xFAFF) || in(c, 0x20000, 0x323AF) ||
         in(c, 0x2E80, 0x2FD5) || c == 0x3005 || c == 0x3007;
}

bool is_arabic(char32_t c) {
  return (in(c, 0x0620, 0x06D3) && !in(c, 0x0660, 0x066D)) || c == 0x06D5 || in(c, 0x06EE, 0x06EF) ||
         in(c, 0x06FA, 0x06FF) || in(c, 0x0750, 0x077F) || in(c, 0x0870, 0x08FF) || in(c, 0xFB50, 0xFDFF) ||
         in(c, 0xFE70, 0xFEFC);
}

}  // namespace

const char* to_string(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8: return "UTF-8";
    case Encoding::utf16le: return "UTF-16LE";
    case Encoding::utf16be: return "UTF-16BE";
    case Encoding::windows1252: return "windows-1252";
  }
  return "UTF-8";
}

DetectedEncoding detect_encoding(std::string_view sample) {
  using namespace std::string_view_literals;
  if (sample.starts_with("\xEF\xBB\xBF"sv)) return {Encoding::utf8, 3, true};
  if (sample.starts_with("\xFF\xFE"sv)) return {Encoding::utf16le, 2, true};
  if (sample.starts_with("\xFE\xFF"sv)) return {Encoding::utf16be, 2, true};
  bool big = false;
  if (looks_like_utf16(sample, big)) return {big ? Encoding::utf16be : Encoding::utf16le, 0, true};
  for (std::size_t i = ascii_prefix(sample); i < sample.size(); i += ascii_prefix(sample.substr(i))) {
    const Decoded decoded = decode_one(sample.substr(i));
    if (decoded.sequence == Sequence::cut) break;
    if (decoded.sequence == Sequence::bad) return {Encoding::windows1252, 0, false};
    i += static_cast<std::size_t>(decoded.length);
  }
  return {Encoding::utf8, 0, true};
}

Utf8Decoder::Utf8Decoder(Encoding encoding) : encoding_(encoding) {}

void Utf8Decoder::decode(std::string_view bytes, bool last, std::string& out) {
  std::string joined;
  if (!pending_.empty()) {
    joined.swap(pending_);
    joined.append(bytes);
    bytes = joined;
  }
  out.reserve(out.size() + bytes.size());
  std::size_t done = bytes.size();
  switch (encoding_) {
    case Encoding::utf8: done = decode_utf8_bytes(bytes, last, out, invalid_); break;
    case Encoding::utf16le: done = decode_utf16_bytes(bytes, false, last, out, invalid_); break;
    case Encoding::utf16be: done = decode_utf16_bytes(bytes, true, last, out, invalid_); break;
    case Encoding::windows1252: decode_windows1252_bytes(bytes, out, invalid_); break;
  }
  pending_.assign(bytes.substr(done));
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t i = ascii_prefix(text); i < text.size(); i += ascii_prefix(text.substr(i))) {
    const Decoded decoded = decode_one(text.substr(i));
    if (decoded.sequence != Sequence::character) return false;
    i += static_cast<std::size_t>(decoded.length);
  }
  return true;
}

char32_t next_character(std::string_view utf8, std::size_t& position) {
  SEMAK_DCHECK(position < utf8.size());
  const Decoded decoded = decode_one(utf8.substr(position));
  position += static_cast<std::size_t>(decoded.length);
  return decoded.character;
}

void append_utf8(char32_t character, std::string& out) {
  if (character > 0x10FFFF || in(character, 0xD800, 0xDFFF)) character = kReplacement;
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | (character >> 6));
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | (character >> 12));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | (character >> 18));
    put(0x80 | ((character >> 12) & 0x3F));
    put(0x80 | ((character >> 6) & 0x3F));
    put(0x80 | (character & 0x3F));
  }
}

Script script_of(char32_t c) {
  if (c < 0x80) return in(c | 0x20U, U'a', U'z') ? Script::latin : Script::other;
  if (is_han(c)) return Script::han;
  if (is_arabic(c)) return Script::jawi;
  if (in(c, 0x0B80, 0x0BFF) && !in(c, 0x0BE6, 0x0BFA)) return Script::tamil;
  const bool latin = in(c, 0xC0, 0x24F) ? (c != 0xD7 && c != 0xF7)
                                        : c == 0xAA || c == 0xBA || in(c, 0x250, 0x2AF) || in(c, 0x1D00, 0x1DBF) ||
                                              in(c, 0x1E00, 0x1EFF) || in(c, 0x2C60, 0x2C7F) || in(c, 0xA722, 0xA7FF) ||
                                              in(c, 0xFB00, 0xFB06) || in(c, 0xFF21, 0xFF3A) || in(c, 0xFF41, 0xFF5A);
  return latin ? Script::latin : Script::other;
}

Script dominant_script(std::string_view utf8) {
  if (ascii_prefix(utf8) == utf8.size()) return Script::latin;
  std::array<std::size_t, 5> counts{};
  for (std::size_t i = 0; i < utf8.size();) {
    const char32_t c = next_character(utf8, i);
    const Script script = script_of(c);
    if (script == Script::other && (c < 0x80 || u_isalpha(static_cast<UChar32>(c)) == 0)) continue;
    ++counts[static_cast<std::size_t>(script)];
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (counts[i] > counts[best]) best = i;
  }
  return static_cast<Script>(best);
}

int display_width(std::string_view utf8) {
  int width = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const char32_t c = next_character(utf8, i);
    if (c < 0x80) {
      width += (c >= 0x20 && c != 0x7F) ? 1 : 0;
      continue;
    }
    const auto point = static_cast<UChar32>(c);
    switch (u_charType(point)) {
      case U_NON_SPACING_MARK:
      case U_ENCLOSING_MARK:
      case U_FORMAT_CHAR:
      case U_CONTROL_CHAR: continue;
      default: break;
    }
    const int east_asian = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
    width += (east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH) ? 2 : 1;
  }
  return width;
}

std::string compatibility_composed(std::string_view utf8) {
  if (ascii_prefix(utf8) == utf8.size()) return std::string(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  SEMAK_CHECK(U_SUCCESS(status));
  const icu::UnicodeString source = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
  std::string composed;
  nfkc->normalize(source, status).toUTF8String(composed);
  return U_SUCCESS(status) ? composed : std::string(utf8);
}

}  // namespace semak
