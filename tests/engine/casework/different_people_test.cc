#include "engine/casework/different_people.h"

#include "tests/catch.h"

namespace semak {
namespace {

TEST_CASE("two actors are different people only where nothing says that they may be one") {
  struct {
    const char *one, *other;
    bool different;
    const char* why;
  } const cases[] = {
      {"aminah", "bala", true, "two keys of the service"},
      {"aminah", "aminah", false, "one key"},
      {"cli:ali", "cli:ali", false, "one login"},
      {"cli:ali", "cli:siti", true, "two logins"},
      {"K1/cli:ali", "K2/cli:ali", true, "two keys, each with a secret of its own, at one terminal"},
      {"K1/cli:ali", "K1/cli:siti", false, "one key, at two terminals"},
      {"K1/cli:ali", "K1", false, "one key, at a terminal and at the service"},
      {"K1/cli:ali", "K2", true, "two keys"},
      {"cli:ali", "K1/cli:ali", false, "who acts without a key may hold this one"},
      {"cli:siti", "K1/cli:ali", true, "another login, without a key"},
      {"cli:ali", "K1", true, "a login, and a key of the service"},
  };
  for (const auto& one : cases) {
    INFO(one.why);
    CHECK(are_different_people(one.one, one.other) == one.different);
    CHECK(are_different_people(one.other, one.one) == one.different);
  }
  CHECK(person_of("K1/cli:ali") == "K1");
  CHECK(person_of("cli:ali") == "cli:ali");
}

}  // namespace
}  // namespace semak
