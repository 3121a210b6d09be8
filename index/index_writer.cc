#include "index/index_writer.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include "engine/check.h"
#include "index/segment_builder.h"
#include "index/snapshot_impl.h"

namespace semak {
namespace {

// When small segments, or the dead, hold more than a tenth of the base's people, a new base is due: its weights no
// longer speak of the register, and searching several segments costs more than one.
constexpr std::uint64_t kBaseShare = 10;
// A new segment takes in the one before it unless that has more than kGrowth times its people: so each person is
// copied about log4(register / 10) times, and few segments stay.
constexpr std::uint64_t kGrowth = 4;
constexpr std::size_t kSmallSegmentsMax = 4;

Status make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorCode::io, "cannot create " + folder.string() + ": " + error.message()};
  return {};
}

// A name that no file of the folder has: <generation>-<n>.seg
std::string free_name(const std::filesystem::path& folder, Generation generation) {
  for (int n = 0;; ++n) {
    std::string name = std::to_string(generation.value) + "-" + std::to_string(n) + ".seg";
    std::error_code error;
    if (!std::filesystem::exists(folder / name, error)) return name;
  }
}

// Takes the people [first, last) of a segment but for those in `dead` (ascending).
void copy_people(const Segment& segment, std::span<const std::uint32_t> dead, std::uint32_t first, std::uint32_t last,
                 PeopleBatch& batch) {
  constexpr std::uint32_t kUnknown = 0xffffffff;
  std::vector<std::uint32_t> token_of(segment.tokens(), kUnknown);
  std::vector<std::uint32_t> words;
  std::vector<IdentityNumber> numbers;
  for (std::uint32_t person = first; person < last; ++person) {
    if (std::binary_search(dead.begin(), dead.end(), person)) continue;
    for (const std::uint32_t row : segment.rows_of_person(person)) {
      words.clear();
      for (const std::uint32_t word : segment.row(row)) {
        const TermEntry& term = segment.term(word & kTermMask);
        if (token_of[term.token] == kUnknown) token_of[term.token] = batch.token(segment.key(term.token));
        words.push_back(token_of[term.token] << 3 | term.role);
      }
      batch.row(Segment::kind_of_row(segment.row(row)), words);
    }
    segment.numbers(person, numbers);
    batch.person(segment.revision(person), segment.facts(person), numbers);
  }
}

void copy_segment(const Segment& segment, std::span<const std::uint32_t> dead, std::vector<PeopleBatch>& batches) {
  constexpr std::uint32_t kBatch = 1U << 19;
  const std::size_t first = batches.size();
  const std::uint32_t people = segment.people();
  batches.resize(first + (people + kBatch - 1) / kBatch);
  tbb::parallel_for(first, batches.size(), [&](std::size_t b) {
    const auto begin = static_cast<std::uint32_t>(b - first) * kBatch;
    copy_people(segment, dead, begin, std::min(people, begin + kBatch), batches[b]);
  });
}

std::uint64_t people_of(const std::vector<PeopleBatch>& batches) {
  std::uint64_t people = 0;
  for (const PeopleBatch& batch : batches) people += batch.people();
  return people;
}

// The people of `segment` that `tombstones` name, ascending.
std::vector<std::uint32_t> dead_of(const Segment& segment, std::span<const RevisionId> tombstones) {
  std::vector<std::uint32_t> dead;
  for (const RevisionId revision : tombstones) {
    if (const auto person = segment.person(revision)) dead.push_back(*person);
  }
  return dead;
}

// How many of the current segments stay as they are; the others and the added people become one new segment.
// 0: it is time for a whole new base, whose weights are counted afresh.
std::size_t segments_to_keep(const Snapshot::Impl& state, std::uint64_t added, std::uint64_t removed) {
  const std::uint64_t base_people = state.parts.front().segment.people();
  std::uint64_t small = added;
  std::uint64_t dead = removed;
  for (std::size_t i = 0; i < state.parts.size(); ++i) {
    if (i > 0) small += state.parts[i].segment.people();
    dead += state.parts[i].dead.size();
  }
  if (std::max(small, dead) > base_people / kBaseShare) return 0;
  std::size_t keep = state.parts.size();
  if (added == 0) return keep;
  for (std::uint64_t merged = added; keep > 1; --keep) {
    const std::uint64_t last = state.parts[keep - 1].segment.people();
    if (last > merged * kGrowth && keep <= kSmallSegmentsMax) break;
    merged += last;
  }
  return keep;
}

std::vector<RevisionId> sorted_unique(std::vector<RevisionId> revisions) {
  std::sort(revisions.begin(), revisions.end());
  revisions.erase(std::unique(revisions.begin(), revisions.end()), revisions.end());
  return revisions;
}

// The first `keep` segments with `tombstones`, and one more of all other living people and `batches`.
Result<Manifest> write_state(const std::filesystem::path& folder, const Snapshot::Impl& state, std::size_t keep,
                             std::vector<RevisionId> tombstones, std::vector<PeopleBatch> batches,
                             Generation generation, const Progress& progress) {
  SEMAK_TRY_STATUS(make_folder(folder));
  Manifest manifest = state.manifest;
  manifest.generation = generation;
  manifest.people = 0;
  manifest.segments.resize(keep);
  std::vector<std::vector<std::uint32_t>> dead;
  for (const Snapshot::Impl::Part& part : state.parts) dead.push_back(dead_of(part.segment, tombstones));
  for (std::size_t i = 0; i < keep; ++i) manifest.people += state.parts[i].segment.people() - dead[i].size();
  for (std::size_t i = keep; i < state.parts.size(); ++i) copy_segment(state.parts[i].segment, dead[i], batches);
  std::erase_if(tombstones, [&](RevisionId revision) {
    return std::none_of(state.parts.begin(), state.parts.begin() + static_cast<std::ptrdiff_t>(keep),
                        [&](const Snapshot::Impl::Part& part) { return part.segment.person(revision).has_value(); });
  });
  manifest.tombstones = std::move(tombstones);
  manifest.people += people_of(batches);
  if (keep > 0 && people_of(batches) == 0) return manifest;
  const Segment* base = keep == 0 ? nullptr : &state.parts.front().segment;
  const SegmentOrder order{folder, free_name(folder, generation), manifest.normalizer_version, base};
  SEMAK_TRY(SegmentRef ref, build_segment(*state.model, std::move(batches), order, progress));
  manifest.segments.push_back(std::move(ref));
  return manifest;
}

}  // namespace

struct IndexBuilder::Impl {
  std::filesystem::path folder;
  std::uint64_t normalizer_version = 0;
  std::mutex mutex;
  std::vector<std::unique_ptr<PeopleBatch>> idle;  // as many as there ever were adders at one time
};

IndexBuilder::IndexBuilder(std::filesystem::path folder, std::uint64_t normalizer_version)
    : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(folder);
  impl_->normalizer_version = normalizer_version;
}
IndexBuilder::~IndexBuilder() = default;

// The segment orders people by revision, so the chunk's number does not matter.
void IndexBuilder::add(std::uint64_t, std::span<const IndexedPerson> people) {
  std::unique_ptr<PeopleBatch> batch;
  {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->idle.empty()) {
      batch = std::move(impl_->idle.back());
      impl_->idle.pop_back();
    }
  }
  if (!batch) batch = std::make_unique<PeopleBatch>();
  for (const IndexedPerson& person : people) batch->add(person);
  const std::lock_guard lock(impl_->mutex);
  impl_->idle.push_back(std::move(batch));
}

Result<Manifest> IndexBuilder::finish(Generation generation, const Progress& progress) {
  SEMAK_TRY_STATUS(make_folder(impl_->folder));
  std::vector<PeopleBatch> batches;
  for (std::unique_ptr<PeopleBatch>& batch : impl_->idle) batches.push_back(std::move(*batch));
  impl_->idle.clear();
  const Model& model = default_model();
  Manifest manifest;
  manifest.generation = generation;
  manifest.normalizer_version = impl_->normalizer_version;
  manifest.model_version = model.version;
  manifest.people = people_of(batches);
  const SegmentOrder order{impl_->folder, free_name(impl_->folder, generation), impl_->normalizer_version, nullptr};
  SEMAK_TRY(SegmentRef ref, build_segment(model, std::move(batches), order, progress));
  manifest.segments.push_back(std::move(ref));
  return manifest;
}

Result<Manifest> update_index(const std::filesystem::path& folder, const Snapshot& current, IndexChange change,
                              Generation generation, const Progress& progress) {
  const Snapshot::Impl& state = current.impl();
  const std::vector<RevisionId> removed = sorted_unique(std::move(change.removed));
  std::vector<PeopleBatch> batches;
  if (!change.added.empty()) {
    batches.emplace_back();
    for (const IndexedPerson& person : change.added) {
      if (!std::binary_search(removed.begin(), removed.end(), person.revision)) batches.back().add(person);
    }
  }
  std::vector<RevisionId> tombstones = state.manifest.tombstones;
  tombstones.insert(tombstones.end(), removed.begin(), removed.end());
  tombstones = sorted_unique(std::move(tombstones));
  const std::uint64_t removed_now = tombstones.size() - state.manifest.tombstones.size();
  const std::size_t keep = segments_to_keep(state, people_of(batches), removed_now);
  return write_state(folder, state, keep, std::move(tombstones), std::move(batches), generation, progress);
}

Result<Manifest> merge_index(const std::filesystem::path& folder, const Snapshot& current, Generation generation,
                             const Progress& progress) {
  const Snapshot::Impl& state = current.impl();
  return write_state(folder, state, 0, state.manifest.tombstones, {}, generation, progress);
}

void remove_unnamed_files(const std::filesystem::path& folder, std::span<const Manifest> keep) {
  std::set<std::string> named;
  for (const Manifest& manifest : keep) {
    for (const SegmentRef& segment : manifest.segments) named.insert(segment.file);
  }
  std::error_code error;
  std::vector<std::filesystem::path> unnamed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".seg" && !named.contains(entry.path().filename())) unnamed.push_back(entry.path());
  }
  for (const std::filesystem::path& path : unnamed) std::filesystem::remove(path, error);
}

}  // namespace semak
