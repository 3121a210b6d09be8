#include "normalize/name_lexicon.h"

#include <map>
#include <set>

#include "normalize/name_family.h"
#include "normalize/name_words.h"
#include "tests/catch.h"

extern "C" const char semak_normalize_families_begin[];
extern "C" const char semak_normalize_families_end[];
extern "C" const char semak_normalize_titles_begin[];
extern "C" const char semak_normalize_titles_end[];
extern "C" const char semak_normalize_particles_begin[];
extern "C" const char semak_normalize_particles_end[];
extern "C" const char semak_normalize_compounds_begin[];
extern "C" const char semak_normalize_compounds_end[];

namespace semak {
namespace {

std::vector<std::vector<std::string>> rows(const char* begin, const char* end) {
  std::vector<std::vector<std::string>> all;
  std::vector<std::string> row(1);
  for (const char* at = begin; at != end; ++at) {
    if (*at == '\n') {
      all.push_back(std::move(row));
      row.assign(1, "");
    } else if (*at == ',') {
      row.emplace_back();
    } else {
      row.back() += *at;
    }
  }
  all.erase(all.begin());
  return all;
}

std::string folded(const std::string& text) {
  const NameWords words(text);
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) all.append(i == 0 ? "" : " ").append(words[i].text);
  return all;
}

const Lexicon& lexicon() {
  static const Lexicon tables;
  return tables;
}

TEST_CASE("look-up finds every variant of the family table with its family, and nothing else") {
  std::set<std::string> variants;
  std::set<std::string> heads;
  for (const auto& row : rows(semak_normalize_families_begin, semak_normalize_families_end)) {
    INFO(row[1]);
    REQUIRE(row.size() == 4);
    CHECK_FALSE(row[3].empty());  // a source
    const Lexeme* found = lexicon().find(row[1]);
    REQUIRE(found != nullptr);
    CHECK(found->text == row[1]);
    CHECK(found->family == family_id(row[0]));
    CHECK(variants.insert(row[1]).second);
    heads.insert(row[0]);
  }
  CHECK(heads.size() > 1000);
  CHECK(variants.size() > 5000);
  for (const std::string& head : heads) CHECK(variants.count(head) == 1);
  for (const char* word : {"", "qqq", "zulfanramdi", "a longer text that no table has"}) {
    CHECK(lexicon().find(word) == nullptr);
  }
}

TEST_CASE("family ids do not collide") {
  std::map<std::uint32_t, std::string> ids;
  for (const auto& row : rows(semak_normalize_families_begin, semak_normalize_families_end)) {
    const auto [at, fresh] = ids.try_emplace(family_id(row[0]), row[0]);
    CHECK(at->second == row[0]);
  }
}

TEST_CASE("words of the tables are written as text is folded") {
  for (const auto& row : rows(semak_normalize_families_begin, semak_normalize_families_end))
    CHECK(folded(row[1]) == row[1]);
  for (const auto& row : rows(semak_normalize_titles_begin, semak_normalize_titles_end)) {
    REQUIRE(row.size() == 5);
    CHECK(folded(row[0]) == row[0]);
  }
  for (const auto& row : rows(semak_normalize_particles_begin, semak_normalize_particles_end)) {
    REQUIRE(row.size() == 5);
    CHECK(folded(row[0]) == row[0]);
  }
  for (const auto& row : rows(semak_normalize_compounds_begin, semak_normalize_compounds_end)) {
    REQUIRE(row.size() == 3);
    CHECK(folded(row[1]) == row[1]);
  }
}

TEST_CASE("the longest phrase wins") {
  const Lexeme* words[] = {lexicon().find("yang"), lexicon().find("amat"), lexicon().find("berhormat"), nullptr};
  const Phrase* phrase = lexicon().phrase(words[0], [&](std::size_t k) { return words[k]; });
  REQUIRE(phrase != nullptr);
  CHECK(phrase->length == 3);
  const Lexeme* tan[] = {lexicon().find("tan"), lexicon().find("ali"), nullptr};
  CHECK(lexicon().phrase(tan[0], [&](std::size_t k) { return tan[k]; }) == nullptr);
}

}  // namespace
}  // namespace semak
