// Revisions and heads say the same twice, in different orders. Both are summed up as sets of hashes: one pass over
// each decides whether they agree, and only if they do not are they compared one by one.
#include <atomic>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <utility>

#include "engine/screen/first_error.h"
#include "engine/screen/verify_findings.h"
#include "engine/store/bytes.h"
#include "engine/store/record_codec.h"

namespace semak {
namespace {

constexpr std::size_t kChunk = 4096;

std::uint64_t hash_of(RegisterId register_id, std::string_view record_id, const Head& head) {
  std::string numbers;
  append_fixed32(numbers, register_id.value);
  append_fixed64(numbers, head.revision.value);
  append_fixed64(numbers, head.previous.value);
  append_fixed64(numbers, head.content);
  numbers += static_cast<char>(head.state);
  return hash_bytes(record_id, hash_bytes(numbers, 0));
}

Head head_of(const RevisionView& view) {
  return {view.header.revision, view.header.previous, view.header.state(), content_hash(view.content)};
}

class StoreCheck {
 public:
  StoreCheck(const RecordStore& store, VerifyReport& report, Findings& findings)
      : store_(store), state_(store.published()), report_(report), findings_(findings) {}

  Status run(const Progress& progress) {
    SEMAK_TRY_STATUS(read_loads());
    SEMAK_TRY_STATUS(read_revisions(progress));
    SEMAK_TRY_STATUS(read_heads());
    if (sum_of_revisions_ != sum_of_heads_) SEMAK_TRY_STATUS(compare_one_by_one());
    return {};
  }

 private:
  Status read_loads() {
    auto loads = store_.loads();
    if (!loads) {
      findings_.add("loads: " + loads.error().message);
      return {};
    }
    report_.loads = loads->size();
    for (LoadInfo& load : *loads) loads_[load.batch] = std::move(load);
    for (std::uint64_t batch = 1; batch <= state_->batch; ++batch) {
      if (!loads_.contains(batch)) findings_.add(fmt::format("load {} is missing", batch));
    }
    return {};
  }

  struct Chunk {
    RevisionId before;  // the revision before the first one
    RevisionBytes revisions;
  };

  // Every number from 1 to the published one must be there: the change log has no gaps.
  Status read_revisions(const Progress& progress) {
    RecordStore::Scan scan = store_.scan(RevisionId{0}, state_->revision);
    RevisionId last;
    FirstError failed;
    namespace tbb = oneapi::tbb;
    const auto read = [&](tbb::flow_control& flow) {
      auto chunk = std::make_shared<Chunk>();
      const Result<bool> more = scan.next(chunk->revisions, kChunk);
      if (!more) {
        // RocksDB's own checksums: what follows cannot be read.
        findings_.add(fmt::format("the revisions after {} cannot be read: {}", last.value, more.error().message));
      }
      if (!more || !*more) {
        flow.stop();
        return std::shared_ptr<Chunk>();
      }
      chunk->before = std::exchange(last, chunk->revisions.ids.back());
      if (progress) progress("checking the records", last.value, state_->revision.value);
      return chunk;
    };
    const auto check = [&](const std::shared_ptr<Chunk>& chunk) { check_revisions(*chunk); };
    const std::size_t in_flight = 2 * static_cast<std::size_t>(tbb::info::default_concurrency()) + 2;
    tbb::parallel_pipeline(in_flight,
                           tbb::make_filter<void, std::shared_ptr<Chunk>>(tbb::filter_mode::serial_in_order, read) &
                               tbb::make_filter<std::shared_ptr<Chunk>, void>(tbb::filter_mode::parallel, check));
    if (last != state_->revision) findings_.add(gap(last, RevisionId{state_->revision.value + 1}));
    report_.revisions = revisions_;
    return {};
  }

  static std::string gap(RevisionId before, RevisionId after) {
    return fmt::format("revisions {} to {} are missing", before.value + 1, after.value - 1);
  }

  void check_revisions(const Chunk& chunk) {
    RevisionId before = chunk.before;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < chunk.revisions.size(); ++i) {
      const RevisionId id = chunk.revisions.ids[i];
      if (id.value != before.value + 1) findings_.add(gap(before, id));
      before = id;
      const auto view = view_revision(id, chunk.revisions[i]);
      if (!view) {
        findings_.add(view.error().message);
        continue;
      }
      if (const auto whole = decode_revision(id, chunk.revisions[i]); !whole) findings_.add(whole.error().message);
      check_load(view->header);
      sum += hash_of(view->header.register_id, view->record_id, head_of(*view));
    }
    sum_of_revisions_ += sum;
    revisions_ += chunk.revisions.size();
  }

  void check_load(const RevisionHeader& header) {
    const auto load = loads_.find(header.batch);
    if (load == loads_.end()) {
      findings_.add(fmt::format("revision {} is of load {}, which is missing", header.revision.value, header.batch));
    } else if (load->second.generation != header.generation) {
      findings_.add(fmt::format("revision {} and its load name different generations", header.revision.value));
    }
  }

  Status read_heads() {
    struct Counts {
      std::uint64_t active = 0, withdrawn = 0;
    };
    std::map<RegisterId, Counts> counts;
    const Status done = store_.scan_heads({}, state_->revision, [&](const HeadEntry& entry) {
      sum_of_heads_ += hash_of(entry.register_id, entry.record_id, entry.head);
      if (!entry.newest) return;
      ++report_.records;
      ++(entry.head.state == RecordState::active ? counts[entry.register_id].active
                                                 : counts[entry.register_id].withdrawn);
    });
    if (!done) findings_.add("heads: " + done.error().message);
    for (const auto& [name, entry] : state_->registers) {
      const Counts found = counts[entry.info.id];
      if (found.active == entry.info.active && found.withdrawn == entry.info.withdrawn) continue;
      findings_.add(fmt::format("register {} counts {} active and {} withdrawn records and has {} and {}", name,
                                entry.info.active, entry.info.withdrawn, found.active, found.withdrawn));
    }
    report_.registers = state_->registers.size();
    return {};
  }

  // Slow; reached only if there is something to find.
  Status compare_one_by_one() {
    findings_.add("the heads of records and their revisions disagree");
    const Status done = store_.scan_heads({}, state_->revision, [&](const HeadEntry& entry) {
      const RevisionId id = entry.head.revision;
      const auto bytes = store_.revision_bytes(std::span(&id, 1));
      const auto view = bytes ? view_revision(id, (*bytes)[0]) : Result<RevisionView>(bytes.error());
      if (!view) {
        findings_.add(fmt::format("a head names revision {}: {}", id.value, view.error().message));
      } else if (view->record_id != entry.record_id || view->header.register_id != entry.register_id ||
                 !(head_of(*view) == entry.head)) {
        findings_.add(fmt::format("revision {} is not what its head says", id.value));
      }
    });
    if (!done) findings_.add("heads: " + done.error().message);
    return {};
  }

  const RecordStore& store_;
  const std::shared_ptr<const PublishedState> state_;
  VerifyReport& report_;
  Findings& findings_;
  std::map<std::uint64_t, LoadInfo> loads_;
  std::atomic<std::uint64_t> sum_of_revisions_ = 0, revisions_ = 0;
  std::uint64_t sum_of_heads_ = 0;
};

}  // namespace

Status verify_store(const Engine& engine, VerifyReport& report, Findings& findings, const Progress& progress) {
  return StoreCheck(engine.store(), report, findings).run(progress);
}

}  // namespace semak
