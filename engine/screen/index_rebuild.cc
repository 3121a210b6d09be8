#include "engine/screen/index_rebuild.h"

#include <bit>
#include <memory>
#include <mutex>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <optional>
#include <utility>

#include "engine/screen/first_error.h"
#include "engine/screen/record_status.h"
#include "engine/store/record_codec.h"
#include "index/index_writer.h"

namespace semak {
namespace {

constexpr std::size_t kChunk = 8192;

struct Chunk {
  std::uint64_t number = 0;
  RevisionBytes revisions;
};

Status add_chunk(const Chunk& chunk, const RevisionSet& active, RegisterKind kind, const Normalizer& normalizer,
                 IndexBuilder& builder) {
  std::vector<IndexedPerson> people;
  for (std::size_t i = 0; i < chunk.revisions.size(); ++i) {
    if (!active.contains(chunk.revisions.ids[i])) continue;
    SEMAK_TRY(const StoredRevision revision, decode_revision(chunk.revisions.ids[i], chunk.revisions[i]));
    if (!answers(kind, revision.record)) continue;
    people.push_back({chunk.revisions.ids[i], make_profile(normalizer, revision.record)});
  }
  builder.add(chunk.number, people);
  return {};
}

Result<RevisionSet> active_revisions(const RecordStore& store, RegisterId register_id, RevisionId as_of) {
  RevisionSet active(as_of);
  SEMAK_TRY_STATUS(store.scan_heads(register_id, as_of, [&](const HeadEntry& entry) {
    if (entry.newest && entry.head.state == RecordState::active) active.insert(entry.head.revision);
  }));
  return active;
}

}  // namespace

std::uint64_t RevisionSet::size() const {
  std::uint64_t count = 0;
  for (const std::uint64_t word : words_) count += static_cast<std::uint64_t>(std::popcount(word));
  return count;
}

Result<RevisionSet> answering_revisions(const RecordStore& store, const RegisterInfo& info, RevisionId as_of) {
  SEMAK_TRY(RevisionSet answering, active_revisions(store, info.id, as_of));
  if (!has_convictions(info.kind)) return answering;
  RecordStore::Scan scan = store.scan(RevisionId{0}, as_of);
  RevisionBytes chunk;
  while (true) {
    SEMAK_TRY(const bool more, scan.next(chunk, kChunk));
    if (!more) return answering;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      if (!answering.contains(chunk.ids[i])) continue;
      SEMAK_TRY(const RevisionView view, view_revision(chunk.ids[i], chunk[i]));
      if (!may_be_set_aside(view.content)) continue;
      SEMAK_TRY(const StoredRevision revision, decode_revision(chunk.ids[i], chunk[i]));
      if (!answers(info.kind, revision.record)) answering.erase(chunk.ids[i]);
    }
  }
}

Result<Manifest> rebuild_index(const RecordStore& store, const Normalizer& normalizer, const RegisterInfo& info,
                               RevisionId as_of, const std::filesystem::path& folder, Generation generation,
                               const Progress& progress) {
  SEMAK_TRY(const RevisionSet active, active_revisions(store, info.id, as_of));
  IndexBuilder builder(folder, normalizer.version());
  RecordStore::Scan scan = store.scan(RevisionId{0}, as_of);
  FirstError failed;
  std::uint64_t chunks = 0;
  namespace tbb = oneapi::tbb;
  const auto read = [&](tbb::flow_control& flow) {
    auto chunk = std::make_shared<Chunk>();
    const Result<bool> more = scan.next(chunk->revisions, kChunk);
    if (!more) failed.set(more.error());
    if (failed || !*more) {
      flow.stop();
      return std::shared_ptr<Chunk>();
    }
    chunk->number = chunks++;
    if (progress) progress("rebuilding the index", chunk->revisions.ids.back().value, as_of.value);
    return chunk;
  };
  const auto index = [&](const std::shared_ptr<Chunk>& chunk) {
    if (const Status added = add_chunk(*chunk, active, info.kind, normalizer, builder); !added)
      failed.set(added.error());
  };
  const std::size_t in_flight = 2 * static_cast<std::size_t>(tbb::info::default_concurrency()) + 2;
  tbb::parallel_pipeline(in_flight,
                         tbb::make_filter<void, std::shared_ptr<Chunk>>(tbb::filter_mode::serial_in_order, read) &
                             tbb::make_filter<std::shared_ptr<Chunk>, void>(tbb::filter_mode::parallel, index));
  if (failed) return failed.take();
  return builder.finish(generation, progress);
}

}  // namespace semak
