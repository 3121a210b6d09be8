#include "engine/screen/load_pipeline.h"

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <string>
#include <utility>
#include <vector>

#include "engine/screen/first_error.h"
#include "engine/screen/record_status.h"

namespace semak {
namespace {

namespace tbb = oneapi::tbb;

// Large enough that the tokens of a chunk are mostly known to it already (each chunk has a dictionary of its own in
// the index builder), small enough that a million rows keep all cores busy to the end.
constexpr std::size_t kRowsMax = 8192;
constexpr std::size_t kPrefetch = 12;

struct Accepted {
  std::uint32_t row = 0;
  RevisionId revision, previous;
  ChangeKind kind = ChangeKind::added;
};

struct Chunk {
  std::uint64_t number = 0;
  std::shared_ptr<const FileHeadings> headings;
  SourceBatch batch;
  // Of each row:
  std::string contents;
  std::vector<std::uint64_t> ends, hashes;
  std::vector<std::uint32_t> id_hashes;
  // Of those that change something:
  std::vector<Accepted> accepted;
  RevisionBytes revisions;

  std::string_view content(std::size_t row) const {
    const std::uint64_t begin = row == 0 ? 0 : ends[row - 1];
    return std::string_view(contents).substr(begin, ends[row] - begin);
  }
};
using ChunkPointer = std::shared_ptr<Chunk>;

void encode_rows(Chunk& chunk) {
  for (const SourceRow& row : chunk.batch.rows) {
    const std::size_t begin = chunk.contents.size();
    encode_content(row.record, chunk.contents);
    chunk.ends.push_back(chunk.contents.size());
    chunk.hashes.push_back(content_hash(std::string_view(chunk.contents).substr(begin)));
    chunk.id_hashes.push_back(LoadLedger::hash(row.record.id));
  }
}

// What this load's rows do to the records they name.
class Judge {
 public:
  explicit Judge(LoadParts& parts) : parts_(parts) {}

  Status judge(Chunk& chunk) {
    LoadCounts& counts = parts_.counts;
    counts.rows += chunk.batch.rows.size() + chunk.batch.rejected.size();
    SEMAK_TRY_STATUS(note_rejected(chunk));
    const std::vector<SourceRow>& rows = chunk.batch.rows;
    entries_.clear();
    unknown_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i + kPrefetch < rows.size()) parts_.ledger.prefetch(chunk.id_hashes[i + kPrefetch]);
      const auto [entry, is_new] = parts_.ledger.find_or_add(rows[i].record.id, chunk.id_hashes[i]);
      entries_.push_back(&entry);
      if (is_new && !parts_.ledger_knows_heads) unknown_.push_back(&entry);
    }
    SEMAK_TRY_STATUS(fetch_heads());
    for (std::size_t i = 0; i < rows.size(); ++i) judge_row(chunk, i, *entries_[i]);
    return {};
  }

 private:
  Status note_rejected(const Chunk& chunk) {
    for (const RejectedRow& row : chunk.batch.rejected) {
      ++parts_.counts.rejected;
      SEMAK_TRY_STATUS(parts_.rejects.write(*chunk.headings, row));
      if (!row.id.empty()) rejected_ids_.push_back(row.id);
    }
    for (const std::string& id : std::exchange(rejected_ids_, {})) {
      const auto [entry, is_new] = parts_.ledger.find_or_add(id, LoadLedger::hash(id));
      entry.kept = 1;
      if (is_new && !parts_.ledger_knows_heads) unknown_.push_back(&entry);
    }
    return fetch_heads();
  }

  Status fetch_heads() {
    if (unknown_.empty()) return {};
    std::vector<std::string_view> ids;
    for (const LoadLedger::Entry* entry : unknown_) ids.push_back(entry->id());
    const RevisionId published{parts_.writer.first_revision().value - 1};
    SEMAK_TRY(const auto heads, parts_.store.heads(parts_.writer.register_info().id, ids, published));
    for (std::size_t i = 0; i < heads.size(); ++i) {
      if (!heads[i]) continue;
      unknown_[i]->newest = heads[i]->revision;
      unknown_[i]->content = heads[i]->content;
      unknown_[i]->withdrawn = heads[i]->state == RecordState::withdrawn;
    }
    unknown_.clear();
    return {};
  }

  void judge_row(Chunk& chunk, std::size_t row, LoadLedger::Entry& entry) {
    LoadCounts& counts = parts_.counts;
    if (entry.seen) {
      ++counts.rejected;
      ++counts.duplicates;
      parts_.rejects.note_duplicate(chunk.headings, chunk.batch.rows[row].line, {entry.file, entry.line});
      return;
    }
    entry.seen = 1;
    entry.line = chunk.batch.rows[row].line & 0xff'ffff'ffff;
    entry.file = chunk.headings->file & 0xffff;
    const bool is_new = entry.newest.value == 0;
    if (!is_new && !entry.withdrawn && entry.content == chunk.hashes[row]) {
      ++counts.unchanged;
      return;
    }
    const ChangeKind kind = is_new ? ChangeKind::added : entry.withdrawn ? ChangeKind::restored : ChangeKind::changed;
    ++(is_new ? counts.added : entry.withdrawn ? counts.restored : counts.changed);
    if (kind == ChangeKind::changed) parts_.feed.remove(entry.newest);
    chunk.accepted.push_back({static_cast<std::uint32_t>(row), parts_.next, entry.newest, kind});
    entry.newest = parts_.next;
    ++parts_.next.value;
    entry.content = chunk.hashes[row];
    entry.withdrawn = 0;
    entry.written = 1;
  }

  LoadParts& parts_;
  std::vector<LoadLedger::Entry*> entries_, unknown_;
  std::vector<std::string> rejected_ids_;
};

// Once normalised and encoded, the rows themselves are no longer needed.
void prepare(const LoadParts& parts, Chunk& chunk) {
  std::vector<IndexedPerson> people;
  people.reserve(chunk.accepted.size());
  std::string encoded;
  RevisionHeader header;
  header.register_id = parts.writer.register_info().id;
  header.generation = parts.writer.generation();
  header.batch = parts.writer.batch();
  header.file = static_cast<std::uint32_t>(chunk.headings->file);
  for (const Accepted& accepted : chunk.accepted) {
    const SourceRow& row = chunk.batch.rows[accepted.row];
    header.revision = accepted.revision;
    header.previous = accepted.previous;
    header.kind = accepted.kind;
    header.line = row.line;
    encoded.clear();
    encode_revision(header, chunk.content(accepted.row), encoded);
    chunk.revisions.push_back(accepted.revision, encoded);
    if (!answers(parts.writer.register_info().kind, row.record)) {
      ++parts.counts.quashed;
      continue;
    }
    people.push_back({accepted.revision, make_profile(parts.normalizer, row.record)});
    const Profile& profile = people.back().profile;
    if (profile.forms.empty()) ++parts.counts.without_name;
    if (profile.cut_short) ++parts.counts.names_cut_short;
  }
  parts.feed.add(chunk.number, std::move(people));
  chunk.batch = SourceBatch();
  chunk.contents = std::string();
}

}  // namespace

Status run_load_pipeline(LoadParts& parts) {
  FirstError failed;
  std::uint64_t chunks = 0;
  const auto read = [&](tbb::flow_control& flow) {
    auto chunk = std::make_shared<Chunk>();
    const Result<bool> more = parts.reader.next(chunk->batch, kRowsMax, parts.progress);
    if (!more) failed.set(more.error());
    if (failed || !*more) {
      flow.stop();
      return ChunkPointer();
    }
    chunk->number = chunks++;
    chunk->headings = parts.reader.headings();
    return chunk;
  };
  const auto encode = [&](ChunkPointer chunk) {
    if (!failed) encode_rows(*chunk);
    return chunk;
  };
  Judge judge(parts);
  const auto number = [&](ChunkPointer chunk) {
    if (!failed) failed.note(judge.judge(*chunk));
    return chunk;
  };
  const auto normalise = [&](ChunkPointer chunk) {
    if (!failed) prepare(parts, *chunk);
    return chunk;
  };
  const auto gather = [&](const ChunkPointer& chunk) {
    if (!failed) parts.sink.add(chunk->revisions);
  };
  using tbb::filter_mode;
  const std::size_t in_flight = 2 * static_cast<std::size_t>(tbb::info::default_concurrency()) + 2;
  tbb::parallel_pipeline(in_flight,
                         tbb::make_filter<void, ChunkPointer>(filter_mode::serial_in_order, read) &
                             tbb::make_filter<ChunkPointer, ChunkPointer>(filter_mode::parallel, encode) &
                             tbb::make_filter<ChunkPointer, ChunkPointer>(filter_mode::serial_in_order, number) &
                             tbb::make_filter<ChunkPointer, ChunkPointer>(filter_mode::parallel, normalise) &
                             tbb::make_filter<ChunkPointer, void>(filter_mode::serial_in_order, gather));
  return failed ? Status(failed.take()) : Status();
}

Status withdraw_missing(LoadParts& parts) {
  constexpr std::size_t kAtOnce = 1024;
  std::vector<LoadLedger::Entry*> missing;
  RevisionHeader header;
  header.register_id = parts.writer.register_info().id;
  header.kind = ChangeKind::withdrawn;
  header.generation = parts.writer.generation();
  header.batch = parts.writer.batch();
  const auto withdraw = [&]() -> Status {
    std::vector<RevisionId> ids;
    for (const LoadLedger::Entry* entry : missing) ids.push_back(entry->newest);
    SEMAK_TRY(const RevisionBytes last, parts.store.revision_bytes(ids));
    RevisionBytes revisions;
    std::string encoded;
    for (std::size_t i = 0; i < missing.size(); ++i) {
      SEMAK_TRY(const RevisionView view, view_revision(ids[i], last[i]));
      header.revision = parts.next;
      header.previous = ids[i];
      encoded.clear();
      encode_revision(header, view.content, encoded);
      revisions.push_back(parts.next, encoded);
      parts.feed.remove(ids[i]);
      missing[i]->newest = parts.next;
      missing[i]->withdrawn = 1;
      missing[i]->written = 1;
      ++parts.next.value;
    }
    parts.counts.withdrawn += missing.size();
    parts.sink.add(revisions);
    missing.clear();
    return {};
  };
  for (std::size_t i = 0; i < parts.ledger.size(); ++i) {
    LoadLedger::Entry& entry = parts.ledger[i];
    if (entry.seen || entry.kept || entry.withdrawn || entry.newest.value == 0) continue;
    missing.push_back(&entry);
    if (missing.size() == kAtOnce) SEMAK_TRY_STATUS(withdraw());
  }
  return withdraw();
}

}  // namespace semak
