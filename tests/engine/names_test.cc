#include <set>
#include <string>
#include <vector>

#include "engine/decision.h"
#include "engine/person.h"
#include "engine/record.h"
#include "tests/catch.h"

using namespace semak;

namespace {

// The spellings of enumerators 0, 1, 2 ... `last`.
template <class Enum>
std::vector<std::string> spellings(Enum last, Enum first = Enum{}) {
  std::vector<std::string> all;
  for (int value = static_cast<int>(first); value <= static_cast<int>(last); ++value)
    all.emplace_back(to_string(static_cast<Enum>(value)));
  return all;
}

bool all_different(const std::vector<std::string>& texts) {
  return std::set<std::string>(texts.begin(), texts.end()).size() == texts.size();
}

}  // namespace

TEST_CASE("what files and answers spell never changes", "[engine][names]") {
  CHECK(spellings(Outcome::incomplete) == std::vector<std::string>{"no_record", "refer", "record", "incomplete"});
  CHECK(spellings(RegisterKind::reference, RegisterKind::offender) ==
        std::vector<std::string>{"offender", "oyls", "child", "reference"});
  CHECK(spellings(Sex::female) == std::vector<std::string>{"", "M", "F"});
  CHECK(spellings(NumberKind::other) == std::vector<std::string>{"unknown", "mykad", "old_ic", "police", "army",
                                                                 "passport", "unhcr", "birth_certificate", "other"});
  CHECK(spellings(NameType::tamil) ==
        std::vector<std::string>{"registered", "charged_as", "known_as", "former", "jawi", "han", "tamil"});
  CHECK(spellings(IncompleteReason::missing_register) ==
        std::vector<std::string>{"", "too_little_data", "too_vague", "cut_short", "stale_index", "missing_register"});
}

TEST_CASE("no two aspects, agreements or kinds share a spelling", "[engine][names]") {
  CHECK(all_different(spellings(Aspect::place)));
  CHECK(all_different(spellings(Agreement::different)));
  CHECK(all_different(spellings(NumberKind::other)));
}

TEST_CASE("an answer that nobody filled in is incomplete, never clear", "[engine][names]") {
  CHECK(Answer{}.outcome == Outcome::incomplete);
}
