#include "normalize/name_fold.h"

#include <algorithm>
#include <unicode/normlzr.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace semak {
namespace {

struct Mapping {
  char32_t from;
  std::string_view to;
};

// Sorted by code point. Latin letters without a decomposition, then look-alike letters of other alphabets.
constexpr Mapping kLetters[] = {
    {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"}, {0x00FE, "th"}, {0x0111, "d"},  {0x0127, "h"},
    {0x0131, "i"},  {0x0138, "k"}, {0x0142, "l"}, {0x014B, "ng"}, {0x0153, "oe"}, {0x0167, "t"},
    {0x0180, "b"},  {0x01DD, "e"}, {0x0259, "e"}, {0x026A, "i"},
};
constexpr Mapping kHomoglyphs[] = {
    {0x03B1, "a"}, {0x03B5, "e"}, {0x03B9, "i"}, {0x03BA, "k"}, {0x03BD, "v"}, {0x03BF, "o"},
    {0x03C1, "p"}, {0x03C4, "t"}, {0x03C5, "u"}, {0x03C7, "x"}, {0x0430, "a"}, {0x0432, "b"},
    {0x0435, "e"}, {0x043A, "k"}, {0x043C, "m"}, {0x043D, "h"}, {0x043E, "o"}, {0x0440, "p"},
    {0x0441, "c"}, {0x0442, "t"}, {0x0443, "y"}, {0x0445, "x"}, {0x0455, "s"}, {0x0456, "i"},
    {0x0458, "j"}, {0x04BB, "h"}, {0x04CF, "l"}, {0x0501, "d"}, {0x051B, "q"}, {0x051D, "w"},
};
// Punctuation to its ASCII kin; everything else that is not a letter or mark becomes a space.
constexpr Mapping kPunctuation[] = {
    {0x00B4, "'"}, {0x00B7, " "}, {0x02B9, "'"}, {0x02BB, "'"}, {0x02BC, "'"},  {0x02BD, "'"},  {0x02BE, "'"},
    {0x02BF, "'"}, {0x02C8, "'"}, {0x02CB, "'"}, {0x055A, "'"}, {0x05F3, "'"},  {0x060C, ","},  {0x061B, ","},
    {0x066B, ","}, {0x06D4, "."}, {0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},
    {0x2018, "'"}, {0x2019, "'"}, {0x201A, "'"}, {0x201B, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""},
    {0x2032, "'"}, {0x2035, "'"}, {0x2044, "/"}, {0x2215, "/"}, {0x3001, ","},  {0x3002, "."},  {0x3008, "("},
    {0x3009, ")"}, {0x300A, "("}, {0x300B, ")"}, {0x300C, "("}, {0x300D, ")"},  {0x300E, "("},  {0x300F, ")"},
    {0x3010, "("}, {0x3011, ")"}, {0xA78B, "'"}, {0xA78C, "'"},
};
// Jawi and Arabic letters to one code point each (after canonical decomposition, which frees hamza and madda).
struct LetterFold {
  char32_t from;
  char32_t to;  // 0: dropped
};
constexpr LetterFold kJawi[] = {
    {0x0621, 0},      {0x0629, 0x0647}, {0x0640, 0},      {0x0643, 0x06A9}, {0x0649, 0x064A}, {0x0671, 0x0627},
    {0x0674, 0},      {0x06AC, 0x0762}, {0x06AF, 0x0762}, {0x06BE, 0x0647}, {0x06C0, 0x0647}, {0x06C1, 0x0647},
    {0x06C3, 0x0647}, {0x06CC, 0x064A}, {0x06CF, 0x06CF}, {0x06D0, 0x064A}, {0x06D2, 0x064A}, {0x06D5, 0x0647},
};

template <std::size_t kSize>
const Mapping* find(const Mapping (&table)[kSize], char32_t c) {
  const Mapping* at =
      std::lower_bound(table, table + kSize, c, [](const Mapping& m, char32_t x) { return m.from < x; });
  return at != table + kSize && at->from == c ? at : nullptr;
}

bool is_arabic(char32_t c) {
  return (c >= 0x0600 && c <= 0x06FF) || (c >= 0x0750 && c <= 0x077F) || (c >= 0x08A0 && c <= 0x08FF);
}
bool is_latin_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0x00C0 && c <= 0x024F) || (c >= 0x1E00 && c <= 0x1EFF);
}

void append(std::string& out, char32_t c) {
  char bytes[U8_MAX_LENGTH];
  int length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
  out.append(bytes, static_cast<std::size_t>(length));
}

void append_jawi(std::string& out, char32_t c) {
  if (u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK) return;
  const LetterFold* at = std::lower_bound(std::begin(kJawi), std::end(kJawi), c,
                                          [](const LetterFold& f, char32_t x) { return f.from < x; });
  if (at != std::end(kJawi) && at->from == c) c = at->to;
  if (c != 0) append(out, c);
}

void append_decomposed(std::string& out, char32_t c) {
  static const UNormalizer2* const kNfd = [] {
    UErrorCode error = U_ZERO_ERROR;
    return unorm2_getNFDInstance(&error);
  }();
  UChar parts[16];
  UErrorCode error = U_ZERO_ERROR;
  const int32_t length = kNfd ? unorm2_getDecomposition(kNfd, static_cast<UChar32>(c), parts, 16, &error) : -1;
  const bool arabic = is_arabic(c);
  if (length < 0 || U_FAILURE(error)) {
    if (arabic) return append_jawi(out, c);
    if (c < 0x80) return void(out += static_cast<char>(c));
    if (const Mapping* letter = find(kLetters, c)) return void(out += letter->to);
    return append(out, c);
  }
  for (int32_t i = 0; i < length;) {
    UChar32 part;
    U16_NEXT(parts, i, length, part);
    const char32_t p = static_cast<char32_t>(part);
    if (arabic) {
      append_jawi(out, p);
    } else if (p < 0x80) {
      out += static_cast<char>(p);
    } else if (const Mapping* letter = find(kLetters, p)) {
      out += letter->to;
    }
  }
}

// Homoglyphs are read as Latin only in company: a word that is Greek or Cyrillic throughout stays what it is.
bool beside_latin(const icu::UnicodeString& text, int32_t at) {
  const auto scan = [&](int32_t from, int32_t step) {
    for (int32_t i = from; i >= 0 && i < text.length(); i += step) {
      const char32_t c = text.charAt(i);
      if (is_latin_letter(c)) return true;
      if (find(kHomoglyphs, c) == nullptr) return false;
    }
    return false;
  };
  return scan(at - 1, -1) || scan(at + 1, 1);
}

void append_folded(std::string& out, const icu::UnicodeString& text, int32_t at, char32_t c) {
  if (c < 0x80) return void(out += c < 0x20 || c == 0x7f ? ' ' : static_cast<char>(c));
  if (c == 0xFFFD) return;
  if (is_latin_letter(c) || is_arabic(c)) {
    if (const Mapping* mark = find(kPunctuation, c)) return void(out += mark->to);
    return append_decomposed(out, c);
  }
  if (const Mapping* mark = find(kPunctuation, c)) return void(out += mark->to);
  if (const Mapping* letter = find(kLetters, c)) return void(out += letter->to);
  if (const Mapping* glyph = find(kHomoglyphs, c); glyph != nullptr && beside_latin(text, at)) {
    return void(out += glyph->to);
  }
  const UChar32 code = static_cast<UChar32>(c);
  if (c >= 0x0300 && c <= 0x036F) return;  // combining marks of Latin letters
  const int32_t digit = u_charDigitValue(code);
  if (digit >= 0) return void(out += static_cast<char>('0' + digit));
  switch (u_charType(code)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK: return append(out, c);
    case U_FORMAT_CHAR: return;
    default: out += ' ';
  }
}

}  // namespace

std::string fold_unicode(std::string_view utf8) {
  static const icu::Normalizer2* const kFold = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCCasefoldInstance(error);
  }();
  std::string out;
  out.reserve(utf8.size());
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString folded = kFold ? kFold->normalize(text, error) : text;
  for (int32_t at = 0; at < folded.length();) {
    const UChar32 c = folded.char32At(at);
    append_folded(out, folded, at, static_cast<char32_t>(c));
    at += U16_LENGTH(c);
  }
  return out;
}

FoldedChar folded_char(std::string_view folded, std::size_t at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(folded.data());
  std::int32_t next = static_cast<std::int32_t>(at);
  UChar32 c;
  U8_NEXT(bytes, next, static_cast<std::int32_t>(folded.size()), c);
  FoldedChar result;
  result.bytes = static_cast<std::size_t>(next) - at;
  if (c < 0x80) return result;
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_ARABIC: result.script = Script::jawi; break;
    case USCRIPT_HAN: result.script = Script::han; break;
    case USCRIPT_TAMIL: result.script = Script::tamil; break;
    default: result.script = Script::other;
  }
  return result;
}

}  // namespace semak
