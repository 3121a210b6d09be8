#include "tools/gen/name_grammar.h"

#include <array>
#include <unordered_map>

#include "tools/gen/word_pool.h"

#define SEMAK_TABLE(name) extern const char semak_gen_##name##_begin[], semak_gen_##name##_end[]
SEMAK_TABLE(malay_male_given);
SEMAK_TABLE(malay_female_given);
SEMAK_TABLE(malay_stems_head);
SEMAK_TABLE(malay_stems_mid);
SEMAK_TABLE(malay_stems_male_tail);
SEMAK_TABLE(malay_stems_female_tail);
SEMAK_TABLE(muhammad_spellings);
SEMAK_TABLE(abdul_spellings);
SEMAK_TABLE(abdul_attributes);
SEMAK_TABLE(female_prefixes);
SEMAK_TABLE(male_prefixes);
SEMAK_TABLE(english_male);
SEMAK_TABLE(english_female);
SEMAK_TABLE(chinese_surnames);
SEMAK_TABLE(chinese_syllables_male);
SEMAK_TABLE(chinese_syllables_female);
SEMAK_TABLE(indian_male);
SEMAK_TABLE(indian_female);
SEMAK_TABLE(indian_heads);
SEMAK_TABLE(indian_male_tail);
SEMAK_TABLE(indian_female_tail);
SEMAK_TABLE(native_male);
SEMAK_TABLE(native_female);
SEMAK_TABLE(native_heads);
SEMAK_TABLE(native_mids);
SEMAK_TABLE(native_tails);
SEMAK_TABLE(indonesian);
SEMAK_TABLE(bangladeshi);
SEMAK_TABLE(nepali_filipino);
SEMAK_TABLE(spellings);
SEMAK_TABLE(titles);
#undef SEMAK_TABLE
#define SEMAK_PARTS(name) read_parts(semak_gen_##name##_begin, semak_gen_##name##_end)

namespace semak {
namespace {

// A list as people born before and after 1975 use it.
struct Eras {
  WordPool old_era, new_era;
  const WordPool& of(int birth_year) const { return birth_year < 1975 ? old_era : new_era; }
};

Eras eras(const std::vector<PartRow>& parts, const std::vector<std::string>& tail = {}, double tail_share = 0) {
  return {make_pool(parts, 'o', tail, tail_share), make_pool(parts, 'n', tail, tail_share)};
}

}  // namespace

struct NameGrammar::Tables {
  Eras malay_male, malay_female, muhammad, abdul, female_prefix, male_prefix, english_male, english_female;
  Eras syllable_male, syllable_female, indian_male, indian_female, native_male, native_female;
  WordPool attribute, surname, indonesian, bangladeshi, nepali_filipino;
  WordPool title_male, title_female, father_title;
  std::unordered_map<std::string_view, std::pair<std::uint32_t, std::uint32_t>> family_of;  // -> range of spellings
  std::vector<std::string> spellings;

  Tables();
};

NameGrammar::Tables::Tables() {
  // Sizes and shares of the composed tails: vocabulary and distinct names as in bench/scale/README.md.
  malay_male = eras(
      SEMAK_PARTS(malay_male_given),
      compose_words({SEMAK_PARTS(malay_stems_head), SEMAK_PARTS(malay_stems_mid), SEMAK_PARTS(malay_stems_male_tail)},
                    22000, 11),
      0.11);
  malay_female = eras(
      SEMAK_PARTS(malay_female_given),
      compose_words({SEMAK_PARTS(malay_stems_head), SEMAK_PARTS(malay_stems_mid), SEMAK_PARTS(malay_stems_female_tail)},
                    22000, 12),
      0.13);
  muhammad = eras(SEMAK_PARTS(muhammad_spellings));
  abdul = eras(SEMAK_PARTS(abdul_spellings));
  female_prefix = eras(SEMAK_PARTS(female_prefixes));
  male_prefix = eras(SEMAK_PARTS(male_prefixes));
  english_male = eras(SEMAK_PARTS(english_male));
  english_female = eras(SEMAK_PARTS(english_female));
  syllable_male = eras(SEMAK_PARTS(chinese_syllables_male));
  syllable_female = eras(SEMAK_PARTS(chinese_syllables_female));
  indian_male = eras(SEMAK_PARTS(indian_male),
                     compose_words({SEMAK_PARTS(indian_heads), SEMAK_PARTS(indian_male_tail)}, 3200, 13), 0.25);
  indian_female = eras(SEMAK_PARTS(indian_female),
                       compose_words({SEMAK_PARTS(indian_heads), SEMAK_PARTS(indian_female_tail)}, 2200, 14), 0.25);
  const auto native_tail =
      compose_words({SEMAK_PARTS(native_heads), SEMAK_PARTS(native_mids), SEMAK_PARTS(native_tails)}, 16000, 15);
  native_male = eras(SEMAK_PARTS(native_male), native_tail, 0.4);
  native_female = eras(SEMAK_PARTS(native_female), native_tail, 0.4);
  attribute = make_pool(SEMAK_PARTS(abdul_attributes), ' ', {}, 0);
  surname = make_pool(SEMAK_PARTS(chinese_surnames), ' ', {}, 0);
  indonesian = make_pool(SEMAK_PARTS(indonesian), ' ', {}, 0);
  bangladeshi = make_pool(SEMAK_PARTS(bangladeshi), ' ', {}, 0);
  nepali_filipino = make_pool(SEMAK_PARTS(nepali_filipino), ' ', {}, 0);

  std::vector<WordPool::Weighted> male, female, father;
  for (const auto& row : read_rows(semak_gen_titles_begin, semak_gen_titles_end)) {
    const double weight = std::stod(row[3]);
    if (row[2] != "father" && row[1] != "F") male.push_back({row[0], weight});
    if (row[2] != "father" && row[1] != "M") female.push_back({row[0], weight});
    if (row[2] != "front" && row[1] != "F") father.push_back({row[0], weight});
  }
  title_male = WordPool(std::move(male));
  title_female = WordPool(std::move(female));
  father_title = WordPool(std::move(father));

  const auto rows = read_rows(semak_gen_spellings_begin, semak_gen_spellings_end);
  for (const auto& row : rows) spellings.push_back(row[1]);
  for (std::uint32_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end][0] == rows[begin][0]) ++end;
    for (std::uint32_t i = begin; i < end; ++i) family_of.try_emplace(spellings[i], begin, end);
  }
}

namespace {

// Puts one name together; a class only to save every step five arguments.
class Composer {
 public:
  using Tables = NameGrammar::Tables;
  Composer(const Tables& tables, const NameGrammar::Wish& wish, Random& own, Random& family, NameParts& parts,
           NameParts& alias)
      : tables_(tables), wish_(wish), own_(own), family_(family), parts_(parts), alias_(alias) {}

  void compose() {
    switch (wish_.community) {
      case Community::malay: return malay();
      case Community::chinese: return chinese();
      case Community::indian: return indian();
      case Community::native: return native();
      case Community::foreign: return foreign();
    }
  }

 private:
  bool woman() const { return wish_.sex == Sex::female; }
  void put(PartKind kind, std::string_view text, bool glued = false) { parts_.push_back({kind, glued, text}); }

  void malay() {
    if (own_.chance(0.015)) put(PartKind::title, (woman() ? tables_.title_female : tables_.title_male).draw(own_));
    malay_given(own_, wish_.birth_year, woman(), PartKind::prefix, PartKind::given);
    maybe_alias(0.04, [&] { put(PartKind::alias, given_pool(wish_.birth_year).draw(own_)); });
    const double written = own_.unit();
    if (written < 0.96)
      put(PartKind::particle, woman() ? "binti" : "bin");
    else if (written < 0.98)
      put(PartKind::particle, woman() ? "bt" : "b.");
    if (family_.chance(0.035)) put(PartKind::title, tables_.father_title.draw(family_));
    malay_given(family_, wish_.birth_year - 28, false, PartKind::father, PartKind::father);
  }

  const WordPool& given_pool(int year) const { return (woman() ? tables_.malay_female : tables_.malay_male).of(year); }

  void malay_given(Random& random, int year, bool female, PartKind prefix, PartKind given) {
    const WordPool& pool = (female ? tables_.malay_female : tables_.malay_male).of(year);
    const bool young = year >= 1975;
    const double u = random.unit();
    if (female) {
      if (u < (young ? 0.62 : 0.38)) put(prefix, tables_.female_prefix.of(year).draw(random));
      put(given, pool.draw(random), u < 0.04);  // Nurain
    } else if (u < (young ? 0.50 : 0.24)) {
      put(prefix, tables_.muhammad.of(year).draw(random));
      put(given, pool.draw(random));
    } else if (u < (young ? 0.57 : 0.37)) {
      put(prefix, tables_.abdul.of(year).draw(random));
      put(given, tables_.attribute.draw(random), random.chance(0.06));  // Abdulrahman
      if (random.chance(0.1)) put(given, pool.draw(random));
      return;
    } else if (u < (young ? 0.72 : 0.50)) {
      put(prefix, tables_.male_prefix.of(year).draw(random));
      put(given, pool.draw(random));
    } else {
      put(given, pool.draw(random));
    }
    if (random.chance(young ? 0.25 : 0.07)) put(given, pool.draw(random));
  }

  void chinese() {
    const Eras& syllables = woman() ? tables_.syllable_female : tables_.syllable_male;
    const double english = wish_.birth_year < 1975 ? 0.08 : 0.27;
    const double u = own_.unit();
    std::string_view first_name;
    if (u < english)
      first_name = (woman() ? tables_.english_female : tables_.english_male).of(wish_.birth_year).draw(own_);
    if (u < english * 0.6) put(PartKind::english, first_name);
    put(PartKind::surname, tables_.surname.draw(family_));
    // Brothers often share a syllable of their generation.
    const std::string_view generation = syllables.of(wish_.birth_year).draw(family_);
    const double shape = own_.unit();
    const bool shared = family_.chance(0.4);
    put(PartKind::given, shared ? generation : syllables.of(wish_.birth_year).draw(own_));
    if (shape < 0.93) put(PartKind::given, syllables.of(wish_.birth_year).draw(own_), shape < 0.03);
    if (u >= english * 0.6 && u < english) put(PartKind::english, first_name);
    if (woman() && own_.chance(0.03)) {
      put(PartKind::alias_mark, "@");
      put(PartKind::alias, "Ah");
      put(PartKind::alias, syllables.of(wish_.birth_year).draw(own_));
      return;
    }
    maybe_alias(0.08, [&] {
      put(PartKind::alias, parts_[first_name.empty() || u >= english * 0.6 ? 0 : 1].text);
      put(PartKind::alias, syllables.of(wish_.birth_year).draw(own_));
      put(PartKind::alias, syllables.of(wish_.birth_year).draw(own_));
    });
  }

  void indian() {
    if (family_.chance(0.06)) return sikh();
    if (family_.chance(0.05)) return malay();  // Indian Muslims are named much alike
    const Eras& pool = woman() ? tables_.indian_female : tables_.indian_male;
    const Eras& english = woman() ? tables_.english_female : tables_.english_male;
    if (own_.chance(0.08)) put(PartKind::english, english.of(wish_.birth_year).draw(own_));
    put(PartKind::given, pool.of(wish_.birth_year).draw(own_));
    if (own_.chance(0.22)) put(PartKind::given, pool.of(wish_.birth_year).draw(own_));
    maybe_alias(0.04, [&] { put(PartKind::alias, pool.of(wish_.birth_year).draw(own_)); });
    if (own_.chance(0.95)) put(PartKind::particle, woman() ? "a/p" : "a/l");
    put(PartKind::father, tables_.indian_male.of(wish_.birth_year - 28).draw(family_));
    if (family_.chance(0.1)) put(PartKind::father, tables_.indian_male.of(wish_.birth_year - 28).draw(family_));
  }

  void sikh() {
    static constexpr std::array<std::string_view, 24> kFirst = {
        "Gur", "Har",   "Jas",  "Man", "Bal",   "Sukh",   "Ran",   "Kul", "Par", "Sur",  "Kir", "Jag",
        "Dal", "Ravin", "Amar", "Tej", "Satin", "Malkit", "Ajmer", "Nir", "Kar", "Kesh", "Dev", "Charan"};
    static constexpr std::array<std::string_view, 16> kSecond = {"dial", "jit", "preet",  "deep", "vinder", "bir",
                                                                 "want", "mit", "charan", "dev",  "pal",    "inder",
                                                                 "meet", "tar", "jeet",   "mohan"};
    auto name = [&](Random& random, PartKind kind) {
      put(kind, kFirst[random.below(kFirst.size())]);
      put(kind, kSecond[random.below(kSecond.size())], true);
    };
    name(own_, PartKind::given);
    put(PartKind::given, woman() ? "Kaur" : "Singh");
    put(PartKind::particle, woman() ? "a/p" : "a/l");
    name(family_, PartKind::father);
    put(PartKind::father, "Singh");
  }

  void native() {
    if (family_.chance(wish_.sabah ? 0.45 : 0.3)) return malay_native();
    const Eras& pool = woman() ? tables_.native_female : tables_.native_male;
    const Eras& english = woman() ? tables_.english_female : tables_.english_male;
    const double christian = own_.unit();
    if (christian < 0.45) put(PartKind::english, english.of(wish_.birth_year).draw(own_));
    if (christian > 0.15) put(PartKind::given, pool.of(wish_.birth_year).draw(own_));
    maybe_alias(wish_.sabah ? 0.2 : 0.07, [&] { put(PartKind::alias, english.of(wish_.birth_year).draw(own_)); });
    const double marker = own_.unit();
    if (wish_.sabah) {
      if (marker < 0.7) put(PartKind::particle, woman() ? "binti" : "bin");
    } else if (marker < 0.85) {
      put(PartKind::particle, marker < 0.78 ? "anak" : "ak");
    }
    if (family_.chance(0.1)) put(PartKind::father, tables_.english_male.of(wish_.birth_year - 28).draw(family_));
    put(PartKind::father, tables_.native_male.of(wish_.birth_year - 28).draw(family_));
  }

  // Bajau, Brunei Malay, Melanau, Bisaya: Muslim names with Bornean titles and fathers.
  void malay_native() {
    static constexpr std::array<std::string_view, 4> kMale = {"Awang", "Ag", "Abang", "Pengiran"};
    static constexpr std::array<std::string_view, 4> kFemale = {"Dayang", "Dyg", "Siti", "Dayangku"};
    if (own_.chance(0.3)) put(PartKind::prefix, (woman() ? kFemale : kMale)[own_.below(4)]);
    malay_given(own_, wish_.birth_year, woman(), PartKind::prefix, PartKind::given);
    const WordPool& pool = (woman() ? tables_.native_female : tables_.native_male).of(wish_.birth_year);
    maybe_alias(wish_.sabah ? 0.2 : 0.07, [&] { put(PartKind::alias, pool.draw(own_)); });
    put(PartKind::particle, woman() ? "binti" : "bin");
    if (family_.chance(0.5))
      malay_given(family_, wish_.birth_year - 28, false, PartKind::father, PartKind::father);
    else
      put(PartKind::father, tables_.native_male.of(wish_.birth_year - 28).draw(family_));
  }

  void foreign() {
    const WordPool* pool = &tables_.nepali_filipino;
    if (wish_.nationality == 0) pool = &tables_.indonesian;
    if (wish_.nationality == 1) pool = &tables_.bangladeshi;
    if (wish_.nationality == 1 && !woman()) put(PartKind::prefix, own_.chance(0.6) ? "Md" : "Mohammad");
    put(PartKind::given, pool->draw(own_));
    if (wish_.nationality == 0 && own_.chance(0.25)) return;  // many Indonesians have one name
    put(PartKind::given,
        wish_.nationality == 0 ? tables_.malay_male.of(wish_.birth_year).draw(own_) : pool->draw(own_));
    if (own_.chance(0.5)) put(PartKind::surname, pool->draw(family_));
  }

  // Half of the aliases stand in the name after @, half in a column of their own.
  template <class Add>
  void maybe_alias(double share, Add add) {
    if (!own_.chance(share)) return;
    const std::size_t at = parts_.size();
    put(PartKind::alias_mark, "@");
    add();
    if (own_.chance(0.5)) return;
    alias_.assign(parts_.begin() + static_cast<std::ptrdiff_t>(at) + 1, parts_.end());
    parts_.resize(at);
  }

  const Tables& tables_;
  const NameGrammar::Wish& wish_;
  Random& own_;
  Random& family_;
  NameParts& parts_;
  NameParts& alias_;
};

}  // namespace

NameGrammar::NameGrammar() : tables_(std::make_unique<const Tables>()) {}
NameGrammar::~NameGrammar() = default;

void NameGrammar::compose(const Wish& wish, Random& own, Random family, NameParts& parts, NameParts& alias) const {
  parts.clear();
  alias.clear();
  Composer(*tables_, wish, own, family, parts, alias).compose();
}

std::string_view NameGrammar::other_spelling(std::string_view part, Random& random) const {
  const auto found = tables_->family_of.find(part);
  if (found == tables_->family_of.end()) return {};
  const auto [begin, end] = found->second;
  std::string_view other = tables_->spellings[begin + random.below(end - begin)];
  return other == part ? std::string_view() : other;
}

std::string_view NameGrammar::draw_title(Sex sex, Random& random) const {
  return (sex == Sex::female ? tables_->title_female : tables_->title_male).draw(random);
}

void render(const NameParts& parts, std::string& out) {
  const std::size_t begin = out.size();
  for (const NamePart& part : parts) {
    const bool glued = part.glued && out.size() > begin;
    if (out.size() > begin && !glued) out += ' ';
    const std::size_t at = out.size();
    out += part.text;
    if (glued && out[at] >= 'A' && out[at] <= 'Z') out[at] = static_cast<char>(out[at] | 0x20);
  }
}

std::string render(const NameParts& parts) {
  std::string out;
  render(parts, out);
  return out;
}

}  // namespace semak
