#include "engine/screen/load_ledger.h"

#include <map>
#include <random>
#include <string>

#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("the ledger is a map from ids to entries that stay where they are", "[engine][screen]") {
  LoadLedger ledger;
  std::map<std::string, LoadLedger::Entry*> twin;
  std::mt19937_64 random(3);
  for (int i = 0; i < 120'000; ++i) {
    std::string id = std::to_string(random() % 50'000);
    if (random() % 64 == 0) id = std::string(random() % 3000, 'x');
    const auto [entry, is_new] = ledger.find_or_add(id, LoadLedger::hash(id));
    const auto [known, added] = twin.emplace(id, &entry);
    REQUIRE(added == is_new);
    REQUIRE(known->second == &entry);
    if (is_new) {
      REQUIRE(entry.seen == 0);
      entry.line = static_cast<std::uint64_t>(i);
      entry.seen = 1;
    }
    REQUIRE(entry.id() == id);
  }
  REQUIRE(ledger.size() == twin.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < ledger.size(); ++i) same += twin.at(std::string(ledger[i].id())) == &ledger[i] ? 1 : 0;
  CHECK(same == twin.size());
}

TEST_CASE("ids of one hash are told apart", "[engine][screen]") {
  LoadLedger ledger;
  for (const std::uint32_t hash : {0u, 0xffffffffu}) {
    for (int i = 0; i < 300; ++i) {
      CHECK(ledger.find_or_add(std::to_string(hash) + ":" + std::to_string(i), hash).is_new);
    }
    for (int i = 0; i < 300; ++i) {
      CHECK_FALSE(ledger.find_or_add(std::to_string(hash) + ":" + std::to_string(i), hash).is_new);
    }
  }
  CHECK(ledger.size() == 600);
}

TEST_CASE("an entry keeps lines and files as far as they are counted", "[engine][screen]") {
  LoadLedger ledger;
  LoadLedger::Entry& entry = ledger.find_or_add("a", 1).entry;
  entry.line = 0xff'ffff'ffff;
  entry.file = 0xffff;
  entry.withdrawn = 1;
  CHECK(entry.line == 0xff'ffff'ffff);
  CHECK(entry.file == 0xffff);
  CHECK(entry.seen == 0);
  CHECK(entry.state() == RecordState::withdrawn);
}

}  // namespace
}  // namespace semak
