#include "index/index_writer.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>

#include "tests/catch.h"
#include "tests/index/index_state.h"

namespace semak {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string built_bytes(const std::vector<IndexedPerson>& people, std::size_t chunk, bool reversed, int threads) {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  const TemporaryFolder folder;
  IndexBuilder builder(folder.path(), 7);
  const std::size_t chunks = (people.size() + chunk - 1) / chunk;
  auto add = [&](std::size_t c) {
    const std::size_t begin = c * chunk;
    builder.add(c, std::span(people).subspan(begin, std::min(chunk, people.size() - begin)));
  };
  if (threads > 1) {
    tbb::parallel_for(std::size_t{0}, chunks, add);
  } else {
    for (std::size_t c = 0; c < chunks; ++c) add(reversed ? chunks - 1 - c : c);
  }
  const auto manifest = builder.finish({1}, {});
  REQUIRE(manifest.ok());
  REQUIRE(manifest->segments.size() == 1);
  return bytes_of(folder.path() / manifest->segments[0].file);
}

void check_against_twin_and_rebuild(RandomWorld& world, const ChangingRegister& state, bool same_weights) {
  CHECK(state.snapshot().people() == state.people().size());
  LookupScratch scratch;
  const TemporaryFolder folder;
  const auto fresh = built(folder.path(), state.people());
  for (int i = 0; i < 12; ++i) {
    const Profile subject = world.subject(state.people());
    const LookupLimits limits = random_limits(world);
    const std::string found = to_text(look_up(state.snapshot(), subject, limits, scratch));
    REQUIRE(found == to_text(look_up_exhaustively(state.snapshot(), subject, limits)));
    if (same_weights) REQUIRE(found == to_text(look_up(*fresh, subject, limits, scratch)));
  }
}

}  // namespace

TEST_CASE("the bytes of an index depend on the people alone") {
  RandomWorld world({.letters = "abcdefgh", .words = 200, .tokens_max = 7, .scripts = true}, 3);
  const std::vector<IndexedPerson> people = world.people(3000);
  const std::string one = built_bytes(people, people.size(), false, 1);
  CHECK(one.size() > 10000);
  CHECK(built_bytes(people, 97, false, 1) == one);
  CHECK(built_bytes(people, 97, true, 1) == one);
  CHECK(built_bytes(people, 64, false, 4) == one);
}

TEST_CASE("after any changes the index answers for exactly the living, with the base's weights") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    const TemporaryFolder folder;
    RandomWorld world({.letters = "abcd", .words = 40, .scripts = seed == 3}, seed);
    ChangingRegister state(folder.path(), world.people(400));
    std::size_t segments_most = 0;
    for (int round = 0; round < 14; ++round) {
      CAPTURE(round);
      state.change(world, world.below(4), world.below(6), world.below(3));
      segments_most = std::max(segments_most, state.snapshot().manifest().segments.size());
      check_against_twin_and_rebuild(world, state, false);
    }
    CHECK(segments_most > 1);
    CHECK(segments_most <= 5);
  }
}

TEST_CASE("a merged index answers as one built from nothing") {
  const TemporaryFolder folder;
  RandomWorld world({.letters = "abcd", .words = 40, .scripts = true}, 5);
  ChangingRegister state(folder.path(), world.people(400));
  for (int round = 0; round < 5; ++round) state.change(world, 3, 3, 2);
  CHECK(state.snapshot().manifest().segments.size() > 1);
  state.merge();
  CHECK(state.snapshot().manifest().segments.size() == 1);
  CHECK(state.snapshot().manifest().tombstones.empty());
  check_against_twin_and_rebuild(world, state, true);
  // Even the bytes are the same.
  const TemporaryFolder other;
  const auto fresh = build_index(other.path(), state.people());
  REQUIRE(fresh.ok());
  const std::string merged = bytes_of(folder.path() / state.snapshot().manifest().segments[0].file);
  CHECK(merged == bytes_of(other.path() / fresh->segments[0].file));
}

TEST_CASE("a register that outgrows its base tenfold share gets a new base") {
  const TemporaryFolder folder;
  RandomWorld world({}, 6);
  ChangingRegister state(folder.path(), {});
  state.change(world, 0, 5, 0);  // from an empty base: at once
  CHECK(state.snapshot().manifest().segments.size() == 1);
  check_against_twin_and_rebuild(world, state, true);
  state.change(world, 0, 195, 0);
  state.change(world, 0, 5, 0);
  CHECK(state.snapshot().manifest().segments.size() == 2);
  state.change(world, 0, 40, 0);
  CHECK(state.snapshot().manifest().segments.size() == 1);
  check_against_twin_and_rebuild(world, state, true);
  state.change(world, 0, 0, 30);  // the dead count as well
  CHECK(state.snapshot().manifest().tombstones.empty());
  check_against_twin_and_rebuild(world, state, true);
}

TEST_CASE("a change that only withdraws writes no segment, and one that adds and removes a revision adds nobody") {
  const TemporaryFolder folder;
  RandomWorld world({}, 7);
  ChangingRegister state(folder.path(), world.people(300));
  const auto before = state.snapshot().manifest().segments;
  state.change(world, 0, 0, 4);
  CHECK(state.snapshot().manifest().segments == before);
  CHECK(state.snapshot().manifest().tombstones.size() == 4);
  CHECK(state.snapshot().people() == 296);
  IndexChange change;
  change.added.push_back({{1000}, world.profile()});
  change.removed = {{1000}, {999999}};
  const auto manifest = update_index(folder.path(), state.snapshot(), std::move(change), {9}, {});
  REQUIRE(manifest.ok());
  CHECK(manifest->people == 296);
  CHECK(manifest->tombstones.size() == 4);
}

TEST_CASE("only files that no manifest names are deleted") {
  const TemporaryFolder folder;
  RandomWorld world({}, 8);
  const auto first = build_index(folder.path(), world.people(20), 1);
  const auto second = build_index(folder.path(), world.people(20), 2);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  std::ofstream(folder.path() / "notes.txt") << "not an index file";
  const auto snapshot = open_index(folder.path(), *first);
  remove_unnamed_files(folder.path(), std::span(&*second, 1));
  CHECK_FALSE(std::filesystem::exists(folder.path() / first->segments[0].file));
  CHECK(std::filesystem::exists(folder.path() / second->segments[0].file));
  CHECK(std::filesystem::exists(folder.path() / "notes.txt"));
  LookupScratch scratch;
  CHECK_FALSE(look_up(*snapshot, world.profile(), {.top = 3, .score_min = Bits::whole(-99)}, scratch).hits.empty());
}

TEST_CASE("what cannot be written is an error, not a state") {
  RandomWorld world({}, 9);
  const auto manifest = build_index("/proc/no/such/folder", world.people(3));
  REQUIRE_FALSE(manifest.ok());
}

}  // namespace semak
