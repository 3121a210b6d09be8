#include "tools/gen/corruption.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace semak {
namespace {

// Shares after the pairs of one person in Malaysian election data; they are drawn independently, so that about
// 14 % of names stay as they are.
constexpr double kOneEdit = 0.39, kTwoEdits = 0.25, kVariant = 0.28, kParticle = 0.28, kDropped = 0.105, kOrder = 0.10,
                 kTitle = 0.08, kInitial = 0.06, kJoined = 0.03, kTruncated = 0.01, kAlias = 0.02;

struct Word {
  PartKind kind;
  bool glued;
  std::string text;
};
using Words = std::vector<Word>;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name(const Word& word) {
  return word.kind == PartKind::prefix || word.kind == PartKind::given || word.kind == PartKind::father ||
         word.kind == PartKind::surname || word.kind == PartKind::english || word.kind == PartKind::alias;
}

std::string join(const Words& words) {
  std::string out;
  for (const Word& word : words) {
    const bool glued = word.glued && !out.empty();
    if (!out.empty() && !glued) out += ' ';
    const std::size_t at = out.size();
    out += word.text;
    if (glued && at < out.size() && out[at] >= 'A' && out[at] <= 'Z') out[at] = static_cast<char>(out[at] | 0x20);
  }
  return out;
}

std::vector<std::size_t> name_words(const Words& words) {
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_name(words[i])) at.push_back(i);
  return at;
}

// A spelling rule used where no family is known: first `from` becomes `to`.
bool respell(std::string& text, Random& random) {
  struct Rule {
    std::string_view from, to;
  };
  static constexpr std::array<Rule, 30> kRules = {{
      {"sh", "sy"},   {"sy", "sh"},  {"kh", "k"},   {"dz", "z"}, {"th", "t"},     {"ff", "f"},
      {"ss", "s"},    {"ll", "l"},   {"oo", "u"},   {"ee", "i"}, {"ddin", "din"}, {"din", "ddin"},
      {"q", "k"},     {"iah", "ia"}, {"ia", "iah"}, {"ah", "a"}, {"v", "w"},      {"w", "v"},
      {"f", "p"},     {"an", "en"},  {"u", "o"},    {"i", "e"},  {"y", "i"},      {"o", "u"},
      {"eng", "ing"}, {"n", "nn"},   {"g", "k"},    {"b", "p"},  {"z", "s"},      {"e", "i"},
  }};
  const std::uint32_t start = random.below(kRules.size());
  for (std::uint32_t i = 0; i < kRules.size(); ++i) {
    const Rule& rule = kRules[(start + i) % kRules.size()];
    const std::size_t at = text.find(rule.from, 1);
    if (at == std::string::npos) continue;
    text.replace(at, rule.from.size(), rule.to);
    return true;
  }
  return false;
}

bool vary(const NameGrammar& grammar, Words& words, Random& random) {
  auto at = name_words(words);
  std::vector<std::size_t> known;
  for (const std::size_t i : at)
    if (const auto other = grammar.other_spelling(words[i].text, random); !other.empty()) known.push_back(i);
  if (!known.empty()) {
    std::string& text = words[known[random.below(static_cast<std::uint32_t>(known.size()))]].text;
    for (int tries = 0; tries < 8; ++tries)
      if (const auto other = grammar.other_spelling(text, random); !other.empty()) {
        text = other;
        return true;
      }
  }
  if (at.empty()) return false;
  return respell(words[at[random.below(static_cast<std::uint32_t>(at.size()))]].text, random);
}

bool change_particle(Words& words, Random& random) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].kind != PartKind::particle) continue;
    if (random.chance(0.5)) {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
    static constexpr std::array<std::string_view, 4> kSon = {"b.", "b", "Bn", "ibni"},
                                                     kDaughter = {"bt", "bt.", "bte", "Bte."},
                                                     kTamilSon = {"al", "A.L.", "s/o", "anak lelaki"},
                                                     kTamilDaughter = {"ap", "A.P.", "d/o", "a p"},
                                                     kAnak = {"ak", "a/k", "Ak.", "anak"};
    const std::string& text = words[i].text;
    const auto& forms = text == "a/l"                     ? kTamilSon
                        : text == "a/p"                   ? kTamilDaughter
                        : text == "binti" || text == "bt" ? kDaughter
                        : text == "anak" || text == "ak"  ? kAnak
                                                          : kSon;
    const std::string_view form = forms[random.below(4)];
    if (form == text) return false;
    words[i].text = form;
    return true;
  }
  return false;
}

bool drop_word(Words& words, Random& random) {
  const auto at = name_words(words);
  if (at.size() < 3) return false;
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(at[random.below(static_cast<std::uint32_t>(at.size()))]));
  return true;
}

bool reorder(Words& words, Random& random) {
  // With a particle: what follows it goes to the front and the particle is lost; else the first word goes last.
  const auto particle =
      std::find_if(words.begin(), words.end(), [](const Word& w) { return w.kind == PartKind::particle; });
  if (particle != words.end() && particle + 1 != words.end() && random.chance(0.6)) {
    const auto next = words.erase(particle);
    std::rotate(words.begin(), next, words.end());
    return true;
  }
  if (words.size() < 2) return false;
  if (random.chance(0.5))
    std::rotate(words.begin(), words.begin() + 1, words.end());
  else
    std::rotate(words.begin(), words.end() - 1, words.end());
  return true;
}

bool to_initial(Words& words, Random& random) {
  std::vector<std::size_t> at;
  for (const std::size_t i : name_words(words))
    if (words[i].kind != PartKind::surname && words[i].text.size() > 2) at.push_back(i);
  if (at.size() < 2) return false;
  Word& word = words[at[random.below(static_cast<std::uint32_t>(at.size()))]];
  word.text = word.text.substr(0, 1) + (random.chance(0.5) ? "." : "");
  return true;
}

bool join_words(Words& words, Random& random) {
  std::vector<std::size_t> at;
  for (std::size_t i = 1; i < words.size(); ++i)
    if (is_name(words[i]) && is_name(words[i - 1]) && !words[i].glued) at.push_back(i);
  if (at.empty()) return false;
  words[at[random.below(static_cast<std::uint32_t>(at.size()))]].glued = true;
  return true;
}

bool use_alias(const GeneratedPerson& person, Words& words) {
  const auto mark =
      std::find_if(words.begin(), words.end(), [](const Word& w) { return w.kind == PartKind::alias_mark; });
  if (mark != words.end()) {  // known by the alias: given name and mark go
    words.erase(words.begin(), mark + 1);
    return true;
  }
  if (person.alias.empty()) return false;
  Words alias;
  for (const NamePart& part : person.alias) alias.push_back({part.kind, part.glued, std::string(part.text)});
  const auto rest =
      std::find_if(words.begin(), words.end(), [](const Word& w) { return w.kind == PartKind::particle; });
  alias.insert(alias.end(), rest, words.end());
  words = std::move(alias);
  return true;
}

}  // namespace

void mistype(std::string& name, Random& random) {
  std::vector<std::size_t> letters;
  for (std::size_t i = 1; i < name.size(); ++i)  // the first letter of a name is rarely wrong
    if (is_letter(name[i])) letters.push_back(i);
  if (letters.size() < 3) return;
  const std::size_t at = letters[random.below(static_cast<std::uint32_t>(letters.size()))];
  static constexpr std::string_view kVowels = "aeiou";
  static constexpr std::string_view kNear[26] = {"qsz",  "vghn", "xvdf", "sfre", "wrd",  "dgrc", "fhtv", "gjyb", "ujko",
                                                 "hkun", "jlmi", "kop",  "njk",  "bmhj", "ipl",  "ol",   "wa",   "etfd",
                                                 "adwz", "rgyf", "yij",  "cbf",  "qes",  "zcs",  "tuh",  "xas"};
  const double u = random.unit();
  const char lower = static_cast<char>(name[at] | 0x20);
  if (u < 0.48) {  // another letter: vowels for vowels, else a neighbour on the keyboard
    const bool vowel = kVowels.find(lower) != std::string_view::npos;
    const std::string_view choice = vowel && random.chance(0.8) ? kVowels : kNear[lower - 'a'];
    char other = choice[random.below(static_cast<std::uint32_t>(choice.size()))];
    if (other == lower) other = choice[(choice.find(lower) + 1) % choice.size()];
    name[at] = static_cast<char>(other ^ (lower ^ name[at]));
  } else if (u < 0.70) {
    name.erase(at, 1);
  } else if (u < 0.90) {
    name.insert(at, 1, u < 0.82 ? lower : kVowels[random.below(5)]);
  } else if (at + 1 < name.size() && is_letter(name[at + 1])) {
    std::swap(name[at], name[at + 1]);
  } else {
    name.erase(at, 1);
  }
}

Damaged damage_name(const NameGrammar& grammar, const GeneratedPerson& person, Random& random) {
  Words words;
  for (const NamePart& part : person.name) words.push_back({part.kind, part.glued, std::string(part.text)});
  Damaged result;
  auto maybe = [&](double share, const char* kind, auto&& change) {
    if (random.chance(share) && change()) result.kinds.emplace_back(kind);
  };
  maybe(kAlias * 8, "alias", [&] { return use_alias(person, words); });  // of the few who have one
  maybe(kVariant, "variant", [&] { return vary(grammar, words, random); });
  maybe(kParticle, "particle", [&] { return change_particle(words, random); });
  maybe(kDropped, "dropped", [&] { return drop_word(words, random); });
  maybe(kInitial, "initial", [&] { return to_initial(words, random); });
  maybe(kOrder, "order", [&] { return reorder(words, random); });
  maybe(kJoined, "joined", [&] { return join_words(words, random); });
  maybe(kTitle, "title", [&] {
    words.insert(words.begin(), {PartKind::title, false, std::string(grammar.draw_title(person.sex, random))});
    return true;
  });
  result.text = join(words);
  const double edits = random.unit();
  if (edits < kOneEdit + kTwoEdits) {
    mistype(result.text, random);
    if (edits >= kOneEdit) mistype(result.text, random);
    result.kinds.emplace_back(edits < kOneEdit ? "edit1" : "edit2");
  }
  maybe(kTruncated, "truncated", [&] {
    if (result.text.size() < 16) return false;
    result.text.resize(result.text.size() * 2 / 3);
    return true;
  });
  if (random.chance(0.25))  // many forms are filled in capitals; that is no damage
    for (char& c : result.text)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c ^ 0x20);
  return result;
}

Damaged damage_number(const std::string& number, Random& random) {
  const double u = random.unit();
  if (u < 0.40) return {"", {"number_absent"}};
  std::string digits;
  for (const char c : number)
    if (c != '-') digits += c;
  const bool mykad = digits.size() == 12;
  if (u >= 0.70) {
    const std::uint32_t at = 1 + random.below(static_cast<std::uint32_t>(digits.size()) - 2);
    if (u < 0.85) {
      digits[at] = static_cast<char>('0' + (digits[at] - '0' + 1 + static_cast<int>(random.below(9))) % 10);
      return {digits, {"number_wrong_digit"}};
    }
    if (u < 0.92) return {digits.erase(at, 1), {"number_missing_digit"}};
    if (u < 0.97) {
      std::size_t i = at;
      while (i + 1 < digits.size() && digits[i] == digits[i + 1]) ++i;
      if (i + 1 >= digits.size()) return {digits, {}};
      std::swap(digits[i], digits[i + 1]);
      return {digits, {"number_swapped"}};
    }
    if (!mykad) return {digits, {}};
    if (digits[0] == '0') return {digits.substr(digits.find_first_not_of('0')), {"number_spreadsheet"}};
    return {digits.substr(0, 1) + "." + digits.substr(1, 5) + "E+11", {"number_spreadsheet"}};
  }
  return {mykad && random.chance(0.6) ? number : digits, {}};
}

}  // namespace semak
