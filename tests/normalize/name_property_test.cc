// What holds for every text: totality, bounds, determinism, and that clean names come back as they are.

#include <algorithm>
#include <random>

#include "normalize/name_lexicon.h"
#include "normalize/text.h"
#include "tests/catch.h"
#include "tests/normalize/name_text.h"

namespace semak {
namespace {

constexpr const char* kWords[] = {"tan",
                                  "sri",
                                  "seri",
                                  "dato'",
                                  "datuk",
                                  "haji",
                                  "hj.",
                                  "bin",
                                  "binti",
                                  "b.",
                                  "bt",
                                  "a/l",
                                  "a",
                                  "l",
                                  "p",
                                  "k",
                                  "ak",
                                  "anak",
                                  "md",
                                  "mohd",
                                  "abdul",
                                  "abd",
                                  "ali",
                                  "ahmad",
                                  "rahman",
                                  "ghani",
                                  "wan",
                                  "nik",
                                  "che",
                                  "tuan",
                                  "raja",
                                  "syed",
                                  "lim",
                                  "ah",
                                  "kow",
                                  "ng",
                                  "singh",
                                  "kaur",
                                  "h.",
                                  "dr",
                                  "ir",
                                  "sr",
                                  "jr",
                                  "amar",
                                  "wira",
                                  "imam",
                                  "pak",
                                  "kak",
                                  "mak",
                                  "su",
                                  "nor",
                                  "din",
                                  "uddin",
                                  "nur",
                                  "ain",
                                  "abdulrahman",
                                  "sitinuraini",
                                  "(b)",
                                  "(dr)",
                                  "@",
                                  ",",
                                  "jp",
                                  "alias",
                                  "muthu",
                                  "raman",
                                  "samy",
                                  "al",
                                  "ap",
                                  "ben",
                                  "ibni",
                                  "john",
                                  "peter",
                                  "yb",
                                  "cik",
                                  "gu",
                                  "tok",
                                  "guru",
                                  "lt",
                                  "kol",
                                  "jen",
                                  "penghulu",
                                  "tun",
                                  "da",
                                  "to'",
                                  "sta",
                                  "maria",
                                  "abu",
                                  "bakar",
                                  "(",
                                  ")",
                                  "\"",
                                  "/",
                                  "\xE9\x99\x88",
                                  "\xE6\x98\x8E",
                                  "\xD8\xA8\xD9\x86",
                                  "\xD8\xB9\xD9\x84\xD9\x8A",
                                  "son",
                                  "of"};

std::string random_name(std::mt19937& random) {
  std::string text;
  const std::size_t count = 1 + random() % 9;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += kWords[random() % std::size(kWords)];
  }
  return text;
}

std::string random_bytes(std::mt19937& random) {
  std::string bytes(random() % 60, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? random() % 256 : 32 + random() % 96);
  return bytes;
}

void check_bounds(const NormalizedName& name) {
  CHECK(name.forms().size() <= NormalizedName::kFormsMax);
  for (std::size_t i = 0; i < name.forms().size(); ++i) {
    const NameForm& form = name.forms()[i];
    REQUIRE_FALSE(form.tokens.empty());
    REQUIRE(form.tokens.size() <= NormalizedName::kTokensMax);
    for (const NameToken& token : form.tokens) {
      REQUIRE_FALSE(token.text.empty());
      REQUIRE(is_valid_utf8(token.text));
      if (token.script != Script::latin) continue;
      for (const char c : token.text) REQUIRE((c >= 'a' && c <= 'z'));
    }
    for (std::size_t k = 0; k < i; ++k) REQUIRE(tokens_of(form) != tokens_of(name.forms()[k]));
  }
}

TEST_CASE("any text gives an answer within bounds, the same each time") {
  std::mt19937 random(20261);
  const Normalizer other;
  for (int i = 0; i < 6000; ++i) {
    const std::string text = i % 2 == 0 ? random_name(random) : random_bytes(random);
    CAPTURE(text);
    const NormalizedName name = test_normalizer().name(text);
    check_bounds(name);
    REQUIRE(name == other.name(text));
  }
}

TEST_CASE("the ASCII path reads like the Unicode path") {
  std::mt19937 random(5);
  for (int i = 0; i < 6000; ++i) {
    std::string text = random_name(random);
    if (i % 3 == 0) {
      text.clear();
      for (std::size_t k = random() % 40; k > 0; --k) text += static_cast<char>(32 + random() % 95);
    }
    const bool ascii =
        std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 127; });
    if (!ascii) continue;
    CAPTURE(text);
    // A zero-width joiner folds to nothing and forces the other path.
    REQUIRE(test_normalizer().name(text) == test_normalizer().name(text + "\xE2\x80\x8D"));
  }
}

// True if some word of the tables could be read as more than a name where it now stands.
bool has_table_words(const Lexicon& lexicon, const NameForm& form) {
  constexpr std::uint32_t kSpecial =
      word::kTitle | word::kParticle | word::kAliasMark | word::kArticle | word::kPhrase | word::kJoin | word::kKin;
  for (const NameToken& token : form.tokens) {
    const Lexeme* lexeme = lexicon.find(token.text);
    if (lexeme != nullptr && (lexeme->flags & kSpecial) != 0) return true;
    if (token.text == "uddin" || token.text.size() == 1) return true;
  }
  return false;
}

TEST_CASE("a form without words of the tables normalises to itself") {
  const Lexicon lexicon;
  std::mt19937 random(7);
  int checked = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = random_name(random);
    const NormalizedName name = test_normalizer().name(text);
    for (const NameForm& form : name.forms()) {
      if (form.script != Script::latin || form.tokens.size() == NormalizedName::kTokensMax) continue;
      if (form.kind == FormKind::sound || has_table_words(lexicon, form)) continue;
      CAPTURE(text);
      REQUIRE(first_tokens(tokens_of(form)) == tokens_of(form));
      ++checked;
    }
  }
  CHECK(checked > 1000);
}

TEST_CASE("case, spaces and ASCII punctuation around words never matter") {
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    std::string loud;
    for (int k = 0; k < 5; ++k) {
      const std::string word = kWords[random() % 61];
      if (word.find_first_of("@(),/\"") != std::string::npos) continue;
      text += word + ' ';
      for (const char c : word) loud += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
      loud += random() % 2 == 0 ? "  " : " . ";
    }
    CAPTURE(text, loud);
    const NormalizedName quiet = test_normalizer().name(text);
    REQUIRE(quiet == test_normalizer().name(loud));
  }
}

}  // namespace
}  // namespace semak
