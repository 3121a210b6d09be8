#include "index/lookup.h"

#include "tests/catch.h"
#include "tests/index/index_state.h"

namespace semak {
namespace {

void check_equal_to_twin(const Snapshot& snapshot, RandomWorld& world, const std::vector<IndexedPerson>& people,
                         int subjects) {
  LookupScratch scratch;
  for (int i = 0; i < subjects; ++i) {
    const Profile subject = world.subject(people);
    const LookupLimits limits = random_limits(world);
    const std::string found = to_text(look_up(snapshot, subject, limits, scratch));
    const std::string twin = to_text(look_up_exhaustively(snapshot, subject, limits));
    CAPTURE(i, limits.top, limits.score_min.raw, limits.window.raw);
    REQUIRE(found == twin);
  }
}

struct NamedShape {
  const char* name;
  WorldShape shape;
  int people = 300;
};

std::vector<NamedShape> shapes() {
  std::vector<NamedShape> all;
  all.push_back({"few letters", {}});
  all.push_back({"one-letter names", {.letters = "abcd", .words = 4, .letters_min = 1, .letters_max = 1}});
  all.push_back({"all names equal",
                 {.letters = "a",
                  .words = 1,
                  .letters_min = 4,
                  .letters_max = 4,
                  .tokens_min = 3,
                  .tokens_max = 3,
                  .forms_max = 1}});
  all.push_back(
      {"long names", {.letters = "abcdef", .words = 60, .letters_max = 9, .tokens_min = 8, .tokens_max = 24}});
  all.push_back({"every word new", {.letters = "abcde", .words = 0, .letters_min = 2, .letters_max = 9}});
  all.push_back({"long words", {.letters = "abc", .words = 200, .letters_min = 6, .letters_max = 14, .tokens_max = 3}});
  all.push_back({"many readings", {.letters = "abcd", .words = 50, .forms_min = 0, .forms_max = 6}});
  all.push_back({"names only", {.letters = "abcd", .words = 80, .numbers = false, .facts = false}});
  all.push_back({"other scripts", {.letters = "abcdefghij", .words = 60, .letters_max = 7, .scripts = true}});
  all.push_back({"a large alphabet",
                 {.letters = "abcdefghijklmnopqrstuvwxyz",
                  .words = 400,
                  .letters_min = 2,
                  .letters_max = 7,
                  .tokens_min = 2,
                  .tokens_max = 7},
                 1500});
  return all;
}

}  // namespace

TEST_CASE("a look-up answers as the exhaustive twin does, whatever the register is like") {
  for (const NamedShape& named : shapes()) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      CAPTURE(named.name, seed);
      const TemporaryFolder folder;
      RandomWorld world(named.shape, seed);
      const std::vector<IndexedPerson> people = world.people(named.people);
      const auto snapshot = built(folder.path(), people);
      check_equal_to_twin(*snapshot, world, people, 60);
    }
  }
}

TEST_CASE("an empty register is searched whole and finds nobody") {
  const TemporaryFolder folder;
  RandomWorld world({}, 1);
  const auto snapshot = built(folder.path(), {});
  CHECK(snapshot->people() == 0);
  LookupScratch scratch;
  const LookupResult result = look_up(*snapshot, world.profile(), {}, scratch);
  CHECK(result.hits.empty());
  CHECK_FALSE(result.too_vague);
}

TEST_CASE("a subject with neither name nor number is too vague") {
  const TemporaryFolder folder;
  RandomWorld world({}, 1);
  const auto snapshot = built(folder.path(), world.people(10));
  LookupScratch scratch;
  Profile nobody;
  nobody.dob = {1985, 3, 11};
  CHECK(look_up(*snapshot, nobody, {}, scratch).too_vague);
}

}  // namespace semak
