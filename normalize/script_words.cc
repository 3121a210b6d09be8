#include "normalize/script_words.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "normalize/han_table.h"
#include "normalize/script_reading.h"
#include "normalize/scripts.h"
#include "normalize/text.h"

namespace semak {
namespace {

constexpr std::string_view kArticle = "\u0627\u0644";                // al-
constexpr std::string_view kDin = "\u0627\u0644\u062F\u064A\u0646";  // ad-Din
constexpr std::string_view kAllah = "\u0627\u0644\u0644\u0647";      // Allah

class JawiDivider {
 public:
  JawiDivider(const Lexicon& lexicon, std::span<const KnownWord> words, LetterArena& arena,
              std::array<KnownWord, NameWords::kWordsMax>& out)
      : lexicon_(lexicon), words_(words), arena_(arena), out_(out) {}

  std::span<const KnownWord> divide() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const KnownWord& word = words_[i];
      if (word.script == Script::jawi && word.lexeme == nullptr) {
        if (i + 1 < words_.size() && take_with_article(word, words_[i + 1])) {
          ++i;
          continue;
        }
        if (take_apart(word)) continue;
      }
      put(word);
    }
    return {out_.data(), count_};
  }

 private:
  void put(KnownWord word) {
    if (count_ == out_.size()) return;
    if (word.lexeme == nullptr) word.lexeme = lexeme_of_script(lexicon_, word.text, word.script);
    out_[count_++] = word;
  }
  void put(std::string_view text) { put(KnownWord{text, nullptr, Script::jawi, false}); }

  // "عبد الرحمن", "محي الدين".
  bool take_with_article(const KnownWord& word, const KnownWord& next) {
    if (next.script != Script::jawi || !next.text.starts_with(kArticle)) return false;
    if (next.text == kDin || next.text == kAllah) {
      const std::string_view joined = arena_.join(word.text, next.text);
      if (joined.empty()) return false;
      put(joined);
      return true;
    }
    const std::string_view head = arena_.join(word.text, kArticle);
    if (head.empty() || known_reading(head, Script::jawi).empty()) return false;
    put(head);
    put(next.text.substr(kArticle.size()));
    return true;
  }

  // "عبدالرحمن", "نورالعزة".
  bool take_apart(const KnownWord& word) {
    constexpr std::size_t kRestBytesMin = 4;
    const std::size_t article = word.text.find(kArticle, 2);
    if (article == std::string_view::npos) return false;
    const std::string_view end = word.text.substr(article);
    const std::size_t cut = article + kArticle.size();
    if (end == kDin || end == kAllah || word.text.size() < cut + kRestBytesMin) return false;
    if (known_reading(word.text.substr(0, cut), Script::jawi).empty()) return false;
    put(word.text.substr(0, cut));
    put(word.text.substr(cut));
    return true;
  }

  const Lexicon& lexicon_;
  std::span<const KnownWord> words_;
  LetterArena& arena_;
  std::array<KnownWord, NameWords::kWordsMax>& out_;
  std::size_t count_ = 0;
};

constexpr bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// Skeleton and whether a vowel comes first: what a name by sound surely keeps.
std::string sound_key(std::string_view latin, std::string_view skeleton) {
  std::string key(skeleton);
  if (!latin.empty() && is_vowel(latin[0])) key.insert(key.begin(), '\'');
  return key;
}

// Keys of all Malay, Indian and English names that the tables have.
const std::unordered_set<std::string>& sounds_of_names(const Lexicon& lexicon) {
  static const std::unordered_set<std::string> keys = [&] {
    std::unordered_set<std::string> result;
    for (const Lexeme& lexeme : lexicon.lexemes()) {
      const bool name = (lexeme.flags & (word::kMuslim | word::kIndian | word::kEnglish)) != 0;
      if (name && lexeme.text.size() >= 3) result.insert(sound_key(lexeme.text, latin_skeleton(lexeme.text)));
    }
    return result;
  }();
  return keys;
}

// What a word costs a division, in tenths of a bit or so: known names least, one character nearly never.
int cost_of_sound_word(const Lexicon& lexicon, std::string_view word, std::size_t characters) {
  const std::string known = known_reading(word, Script::han);
  // Rumi writes Abdul apart.
  const bool abdul = known.size() > 5 && known.starts_with("abdul") && known != "abdullah";
  if (!known.empty() && !abdul) return 10;
  if (characters == 1) return 60;
  const std::string key = sound_key(latin_reading(word, Script::han), script_skeleton(word, Script::han));
  const bool heard = !abdul && sounds_of_names(lexicon).contains(key);
  if (!heard) return 35 + 8 * static_cast<int>(characters);
  const std::size_t consonants = key.size() - (key.starts_with('\'') ? 1 : 0);
  return consonants <= 1 ? 34 : consonants == 2 ? 25 : 20;
}

}  // namespace

const Lexeme* lexeme_of_script(const Lexicon& lexicon, std::string_view token, Script script) {
  if (script == Script::latin || script == Script::other) return nullptr;
  const std::string reading = known_reading(token, script);
  return reading.empty() ? nullptr : lexicon.find(reading);
}

std::uint32_t family_of_script(const Lexicon& lexicon, std::string_view token, Script script) {
  const std::string reading = known_reading(token, script);
  return reading.empty() ? 0 : lexicon.family(reading, lexicon.find(reading));
}

std::span<const KnownWord> divide_as_rumi(const Lexicon& lexicon, std::span<const KnownWord> words, LetterArena& arena,
                                          std::array<KnownWord, NameWords::kWordsMax>& out) {
  return JawiDivider(lexicon, words, arena, out).divide();
}

std::vector<std::size_t> ends_of_sound_words(const Lexicon& lexicon, std::string_view run) {
  constexpr std::size_t kWordMax = 6;  // characters
  std::vector<std::size_t> starts;     // bytes at which characters start, and the end
  for (std::size_t i = 0; i < run.size();) {
    starts.push_back(i);
    next_character(run, i);
  }
  const std::size_t characters = starts.size();
  starts.push_back(run.size());
  std::vector<int> least(characters + 1, std::numeric_limits<int>::max());
  std::vector<std::size_t> from(characters + 1, 0);
  least[0] = 0;
  for (std::size_t end = 1; end <= characters; ++end) {
    for (std::size_t length = 1; length <= std::min(end, kWordMax); ++length) {
      const std::size_t begin = end - length;
      if (least[begin] == std::numeric_limits<int>::max()) continue;
      const std::string_view word = run.substr(starts[begin], starts[end] - starts[begin]);
      const int cost = least[begin] + cost_of_sound_word(lexicon, word, length);
      if (cost >= least[end]) continue;
      least[end] = cost;
      from[end] = begin;
    }
  }
  std::vector<std::size_t> ends;
  for (std::size_t end = characters; end > 0; end = from[end]) ends.push_back(starts[end]);
  std::reverse(ends.begin(), ends.end());
  return ends;
}

bool is_tamil_initial(std::string_view token) {
  constexpr std::string_view kLetterNames[] = {"எஸ்", "எம்", "எல்", "என்", "ஆர்", "எச்", "எஃப்", "எக்ஸ்", "இரா"};
  const std::string folded = fold_tamil(token);
  if (std::find(std::begin(kLetterNames), std::end(kLetterNames), folded) != std::end(kLetterNames)) return true;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < folded.size();) {
    const char32_t c = next_character(folded, i);
    letters += c >= 0x0B85 && c <= 0x0BB9;  // vowels and consonants, no signs
  }
  return letters == 1;
}

}  // namespace semak
