#include <benchmark/benchmark.h>
#include <filesystem>
#include <map>
#include <memory>
#include <unistd.h>
#include <vector>

#include "bench/index/synthetic_register.h"
#include "engine/check.h"
#include "index/exhaustive.h"
#include "index/index_writer.h"
#include "index/lookup.h"

namespace semak {
namespace {

const Normalizer& normalizer() {
  static const Normalizer one;
  return one;
}

// A register of `people`, indexed once for all benchmarks of that size.
struct World {
  explicit World(std::size_t people) : synthetic(7), folder(scratch_folder(people)) {
    for (std::size_t i = 0; i < people; ++i) records.push_back(synthetic.person());
    IndexBuilder builder(folder, normalizer().version());
    std::vector<IndexedPerson> chunk;
    for (std::size_t i = 0; i < people; ++i) {
      chunk.push_back({{i + 1}, make_profile(normalizer(), records[i])});
      if (chunk.size() < 4096 && i + 1 < people) continue;
      builder.add(i / 4096, chunk);
      chunk.clear();
    }
    auto finished = builder.finish({1}, {});
    SEMAK_CHECK(finished.ok());
    manifest = *finished;
    auto opened = Snapshot::open(folder, manifest, false);
    SEMAK_CHECK(opened.ok());
    snapshot = *opened;
    for (int i = 0; i < 2000; ++i) {
      by_name.push_back(make_profile(normalizer(), synthetic.subject(records, false)));
      by_number.push_back(make_profile(normalizer(), synthetic.subject(records, true)));
    }
  }
  ~World() { std::filesystem::remove_all(folder); }
  static std::filesystem::path scratch_folder(std::size_t people) {
    return std::filesystem::temp_directory_path() /
           ("semak-index-bench-" + std::to_string(::getpid()) + "-" + std::to_string(people));
  }
  static World& of(std::int64_t people) {
    static std::map<std::int64_t, std::unique_ptr<World>> worlds;
    std::unique_ptr<World>& world = worlds[people];
    if (!world) world = std::make_unique<World>(static_cast<std::size_t>(people));
    return *world;
  }

  SyntheticRegister synthetic;
  std::filesystem::path folder;
  std::vector<Record> records;
  Manifest manifest;
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<Profile> by_name, by_number;
};

void run(benchmark::State& state, const std::vector<Profile>& subjects, const Snapshot& snapshot,
         const LookupLimits& limits) {
  LookupScratch scratch;
  std::size_t at = 0;
  std::uint64_t postings = 0;
  for (auto _ : state) {
    const LookupResult result = look_up(snapshot, subjects[at++ % subjects.size()], limits, scratch);
    postings += result.postings;
    benchmark::DoNotOptimize(result.hits.data());
  }
  state.counters["postings"] = benchmark::Counter(static_cast<double>(postings), benchmark::Counter::kAvgIterations);
  state.counters["bytes_per_person"] =
      static_cast<double>(snapshot.bytes_in_memory()) / static_cast<double>(snapshot.people());
}

void BM_LookUpName(benchmark::State& state) {
  const World& world = World::of(state.range(0));
  run(state, world.by_name, *world.snapshot, {});
}
BENCHMARK(BM_LookUpName)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void BM_LookUpNumber(benchmark::State& state) {
  const World& world = World::of(state.range(0));
  LookupLimits limits;
  limits.window = Bits::whole(16);
  run(state, world.by_number, *world.snapshot, limits);
}
BENCHMARK(BM_LookUpNumber)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

// Without any memory of tokens met before.
void BM_LookUpNameCold(benchmark::State& state) {
  const World& world = World::of(state.range(0));
  std::size_t at = 0;
  for (auto _ : state) {
    state.PauseTiming();
    LookupScratch scratch;
    state.ResumeTiming();
    benchmark::DoNotOptimize(
        look_up(*world.snapshot, world.by_name[at++ % world.by_name.size()], {}, scratch).hits.data());
  }
}
BENCHMARK(BM_LookUpNameCold)->Arg(100'000)->Unit(benchmark::kMicrosecond);

void BM_Exhaustive(benchmark::State& state) {
  const World& world = World::of(state.range(0));
  std::size_t at = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(look_up_exhaustively(*world.snapshot, world.by_name[at++ % 100], {}).hits.data());
  }
}
BENCHMARK(BM_Exhaustive)->Arg(10'000)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Build(benchmark::State& state) {
  World& world = World::of(state.range(0));
  std::vector<IndexedPerson> people;
  for (std::size_t i = 0; i < world.records.size(); ++i) {
    people.push_back({{i + 1}, make_profile(normalizer(), world.records[i])});
  }
  const std::filesystem::path folder = world.folder / "build";
  for (auto _ : state) {
    IndexBuilder builder(folder, normalizer().version());
    builder.add(0, people);
    SEMAK_CHECK(builder.finish({2}, {}).ok());
    state.PauseTiming();
    remove_unnamed_files(folder, {});
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(BM_Build)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();

// A durable change of `range(1)` people, and the new state opened.
void BM_Update(benchmark::State& state) {
  World& world = World::of(state.range(0));
  std::uint64_t revision = world.records.size();
  for (auto _ : state) {
    state.PauseTiming();
    IndexChange change;
    for (std::int64_t i = 0; i < state.range(1); ++i) {
      change.added.push_back({{++revision}, make_profile(normalizer(), world.synthetic.person())});
      change.removed.push_back({static_cast<std::uint64_t>(i) + 1});
    }
    state.ResumeTiming();
    const auto next = update_index(world.folder, *world.snapshot, std::move(change), {3}, {});
    SEMAK_CHECK(next.ok());
    SEMAK_CHECK(Snapshot::open(world.folder, *next, false).ok());
    state.PauseTiming();
    remove_unnamed_files(world.folder, std::span(&world.manifest, 1));
    state.ResumeTiming();
  }
}
BENCHMARK(BM_Update)->Args({100'000, 1})->Args({100'000, 1000})->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_Open(benchmark::State& state) {
  const World& world = World::of(state.range(0));
  for (auto _ : state) SEMAK_CHECK(Snapshot::open(world.folder, world.manifest, state.range(1) != 0).ok());
}
BENCHMARK(BM_Open)->Args({100'000, 0})->Args({100'000, 1})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace semak
