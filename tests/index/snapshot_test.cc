#include "index/snapshot.h"

#include <fstream>
#include <iterator>
#include <thread>

#include "index/live_index.h"
#include "index/manifest.h"
#include "index/segment_format.h"
#include "tests/catch.h"
#include "tests/index/index_state.h"

namespace semak {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST_CASE("a manifest is read back as it was, and a damaged one is refused") {
  Manifest manifest;
  manifest.generation = {7};
  manifest.normalizer_version = 3;
  manifest.model_version = 4;
  manifest.people = 99;
  manifest.segments = {{"1-0.seg", 100, 200, 90}, {"2-0.seg", 10, 20, 12}};
  manifest.tombstones = {{5}, {6}, {70}};
  const std::string bytes = encode(manifest);
  const auto decoded = decode_manifest(bytes);
  REQUIRE(decoded.ok());
  CHECK(*decoded == manifest);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_manifest(bytes.substr(0, size)).ok());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    CHECK_FALSE(decode_manifest(flipped).ok());
  }
  Manifest sly = manifest;
  sly.segments[0].file = "../1-0.seg";
  CHECK_FALSE(decode_manifest(encode(sly)).ok());
}

TEST_CASE("damage of any kind is found, and never crashes") {
  const TemporaryFolder folder;
  RandomWorld world({.scripts = true}, 1);
  const auto manifest = build_index(folder.path(), world.people(60));
  REQUIRE(manifest.ok());
  const std::filesystem::path path = folder.path() / manifest->segments[0].file;
  const std::string whole = read(path);
  for (std::size_t size = 0; size < whole.size(); size += size < 2048 ? 37 : 997) {
    write(path, whole.substr(0, size));
    const auto opened = Snapshot::open(folder.path(), *manifest, false);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::corruption);
  }
  const auto* header = reinterpret_cast<const SegmentHeader*>(whole.data());
  auto covered = [&](std::size_t at) {
    if (at < sizeof(SegmentHeader)) return true;
    for (const SectionPlace& place : header->places) {
      if (at >= place.offset && at < place.offset + place.bytes) return true;
    }
    return false;  // padding between sections
  };
  for (std::size_t at = 0; at < whole.size(); at += at < sizeof(SegmentHeader) ? 1 : 61) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    write(path, flipped);
    CAPTURE(at);
    CHECK(Snapshot::open(folder.path(), *manifest, true).ok() == !covered(at));
    if (at < sizeof(SegmentHeader)) CHECK_FALSE(Snapshot::open(folder.path(), *manifest, false).ok());
  }
  write(path, whole);
  CHECK(Snapshot::open(folder.path(), *manifest, true).ok());
  std::filesystem::remove(path);
  const auto missing = Snapshot::open(folder.path(), *manifest, false);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("a state of another model, normaliser or epoch is not served") {
  const TemporaryFolder folder;
  RandomWorld world({}, 2);
  const auto manifest = build_index(folder.path(), world.people(20));
  REQUIRE(manifest.ok());
  Manifest other = *manifest;
  other.normalizer_version ^= 1;
  CHECK(Snapshot::open(folder.path(), other, false).error().code == ErrorCode::version_mismatch);
  other = *manifest;
  other.model_version ^= 1;
  CHECK(Snapshot::open(folder.path(), other, false).error().code == ErrorCode::version_mismatch);
  other = *manifest;
  other.segments.clear();
  CHECK(Snapshot::open(folder.path(), other, false).error().code == ErrorCode::corruption);
  const auto second = build_index(folder.path(), world.people(30), 2);
  REQUIRE(second.ok());
  other = *manifest;
  other.segments.push_back(second->segments[0]);
  other.people += second->people;
  CHECK(Snapshot::open(folder.path(), other, false).error().code == ErrorCode::corruption);
  other = *manifest;
  other.people += 1;
  CHECK(Snapshot::open(folder.path(), other, false).error().code == ErrorCode::corruption);
}

TEST_CASE("readers keep a whole state while a thousand are published") {
  const TemporaryFolder folder;
  RandomWorld world({.words = 10, .tokens_max = 3}, 3);
  ChangingRegister first(folder.path(), world.people(25));
  const auto odd = first.shared();
  first.change(world, 0, 1, 0);
  const auto even = first.shared();
  const Profile subject = world.profile();
  LookupScratch scratch;
  const LookupLimits limits{.top = 3, .score_min = Bits::whole(-99)};
  const std::string of_odd = to_text(look_up(*odd, subject, limits, scratch));
  const std::string of_even = to_text(look_up(*even, subject, limits, scratch));

  Live<Snapshot> live(odd);
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      LookupScratch own;
      do {
        const auto state = live.current();
        const std::string found = to_text(look_up(*state, subject, limits, own));
        if (found != (state->manifest().generation.value == 1 ? of_odd : of_even)) ++wrong;
      } while (!done);
    });
  }
  for (int i = 0; i < 1000; ++i) {
    // A mapping of its own each time, so that the last reader of the old one unmaps it.
    const Manifest& next = i % 2 == 0 ? even->manifest() : odd->manifest();
    auto opened = Snapshot::open(folder.path(), next, false);
    if (i % 2 == 1 && !opened) opened = odd;
    REQUIRE(opened.ok());
    live.publish(*opened);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
}

}  // namespace semak
