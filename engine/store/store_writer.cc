#include "engine/store/store_writer.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/check.h"
#include "engine/store/bytes.h"
#include "engine/store/record_store_impl.h"

namespace semak {
namespace {

// A load up to this size goes through RocksDB's log in one write; measured, above some ten thousand records files
// are faster (and need no second copy when the log is flushed).
constexpr std::size_t kSmallBytesMax = std::size_t{8} << 20;
constexpr std::size_t kRemovalBytes = std::size_t{4} << 20;

std::int64_t seconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string renewal_value(std::int64_t time) {
  std::string value;
  append_fixed64(value, static_cast<std::uint64_t>(time));
  return value;
}

// Entries of one family in key order.
struct Piece {
  Family family = 0;
  std::string text;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes;  // of key and value

  void put(std::string_view key, std::string_view value) {
    text.append(key).append(value);
    sizes.emplace_back(static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size()));
  }
  template <class Visit>
  Status for_each(const Visit& visit) const {
    std::string_view rest = text;
    for (const auto& [key, value] : sizes) {
      SEMAK_TRY_STATUS(visit(rest.substr(0, key), rest.substr(key, value)));
      rest.remove_prefix(std::size_t{key} + value);
    }
    return {};
  }
};

}  // namespace

struct StoreWriter::Impl {
  RecordStore::Impl& store;
  RecordStore::Impl::View view;
  RegisterInfo info;
  bool is_new = false;
  bool readable = false;

  std::mutex mutex;
  std::vector<Piece> small;  // waiting for the one write; empty once `files` is not
  std::size_t small_bytes = 0;
  bool large = false;
  std::uint64_t files_made = 0;
  IncomingFiles files[2] = {{kRevisions, {}}, {kHeads, {}}};

  Impl(RecordStore::Impl& of, RecordStore::Impl::View from) : store(of), view(std::move(from)) {}

  // Where the next file of `family` is to be written.
  std::filesystem::path next_file(Family family) {
    std::lock_guard lock(mutex);
    std::filesystem::path path = store.incoming() / (std::to_string(files_made++) + ".sst");
    files[family == kRevisions ? 0 : 1].files.push_back(path);
    return path;
  }

  Status write_file(const Piece& piece) {
    SEMAK_TRY(SortedFile file, view.database->new_sorted_file(piece.family, next_file(piece.family)));
    SEMAK_TRY_STATUS(
        piece.for_each([&](std::string_view key, std::string_view value) { return file.put(key, value); }));
    return file.finish();
  }

  Status add(Piece piece) {
    std::vector<Piece> to_files;
    {
      std::lock_guard lock(mutex);
      SEMAK_CHECK(!readable);
      if (!large) {
        small_bytes += piece.text.size();
        small.push_back(std::move(piece));
        if (small_bytes <= kSmallBytesMax) return {};
        large = true;
        std::error_code ignored;  // shows when the file is opened
        std::filesystem::create_directories(store.incoming(), ignored);
        to_files.swap(small);
      } else {
        to_files.push_back(std::move(piece));
      }
    }
    for (const Piece& one : to_files) SEMAK_TRY_STATUS(write_file(one));
    return {};
  }

  void put_small(WriteSet& changes) {
    for (const Piece& piece : small) {
      const Status never_fails = piece.for_each([&](std::string_view key, std::string_view value) {
        changes.put(piece.family, key, value);
        return Status();
      });
      SEMAK_CHECK(never_fails.ok());
    }
    small.clear();
  }
};

StoreWriter::StoreWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

StoreWriter::~StoreWriter() {
  if (impl_->large) {
    std::error_code ignored;  // removed when the database is opened next
    std::filesystem::remove_all(impl_->store.incoming(), ignored);
  }
  impl_->store.writing = false;
}

const RegisterInfo& StoreWriter::register_info() const { return impl_->info; }
bool StoreWriter::register_is_new() const { return impl_->is_new; }
RevisionId StoreWriter::first_revision() const { return RevisionId{impl_->view.published->revision.value + 1}; }
Generation StoreWriter::generation() const { return Generation{impl_->view.published->generation.value + 1}; }
std::uint64_t StoreWriter::batch() const { return impl_->view.published->batch + 1; }

Status StoreWriter::add_revisions(const RevisionBytes& revisions) {
  if (revisions.size() == 0) return {};
  Piece piece;
  piece.family = kRevisions;
  piece.text.reserve(revisions.bytes.size() + revisions.size() * 8);
  for (std::size_t i = 0; i < revisions.size(); ++i) piece.put(revision_key(revisions.ids[i]), revisions[i]);
  return impl_->add(std::move(piece));
}

Status StoreWriter::add_heads(std::span<const HeadWrite> heads) {
  if (heads.empty()) return {};
  Piece piece;
  piece.family = kHeads;
  for (const HeadWrite& head : heads) {
    std::string key = head_prefix(impl_->info.id, head.record_id);
    append_head_suffix(key, head.revision);
    piece.put(key, head_value(head.state, head.content));
  }
  return impl_->add(std::move(piece));
}

Status StoreWriter::make_readable() {
  if (impl_->readable) return {};
  impl_->readable = true;
  if (impl_->large) return impl_->view.database->ingest(impl_->files);
  WriteSet changes;
  impl_->put_small(changes);
  return impl_->view.database->write(changes, Durability::buffered);
}

Status StoreWriter::commit(Publication publication) {
  SEMAK_CHECK(publication.last_revision.value + 1 >= first_revision().value);
  if (impl_->large) SEMAK_TRY_STATUS(make_readable());
  PublishedState next = *impl_->view.published;
  next.generation = generation();
  next.revision = publication.last_revision;
  next.batch = batch();
  RegisterInfo info = impl_->info;
  info.active = publication.active;
  info.withdrawn = publication.withdrawn;
  next.registers[info.name] = PublishedRegister{info, std::move(publication.index)};
  LoadInfo load = std::move(publication.load);
  load.batch = batch();
  load.generation = next.generation;
  load.register_name = info.name;
  load.time = seconds_now();

  WriteSet changes;
  impl_->put_small(changes);
  changes.put(kLoads, load_key(load.batch), encode(load));
  if (publication.renews) changes.put(kMeta, renewal_key(load.register_name), renewal_value(load.time));
  changes.put(kMeta, kPublishedKey, encode(next));
  SEMAK_TRY_STATUS(impl_->view.database->write(changes, Durability::synced));
  impl_->store.publish(std::make_shared<const PublishedState>(std::move(next)));
  return {};
}

Status StoreWriter::renew() {
  WriteSet changes;
  changes.put(kMeta, renewal_key(impl_->info.name), renewal_value(seconds_now()));
  return impl_->view.database->write(changes, Durability::synced);
}

Status RecordStore::Impl::remove_unpublished() {
  const View from = current();
  const RevisionId published = from.published->revision;
  Scan reader(from.database, published, RevisionId{std::numeric_limits<std::uint64_t>::max() - 1});
  RevisionBytes chunk;
  WriteSet changes;
  RevisionId last = published;
  // Heads first: as long as the revisions are there, their heads can be found.
  while (true) {
    SEMAK_TRY(const bool more, reader.next(chunk, 1024));
    if (!more) break;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      SEMAK_TRY(const RevisionView revision, view_revision(chunk.ids[i], chunk[i]));
      std::string key = head_prefix(revision.header.register_id, revision.record_id);
      append_head_suffix(key, chunk.ids[i]);
      changes.remove(kHeads, key);
    }
    last = chunk.ids.back();
    if (changes.bytes() > kRemovalBytes) {
      SEMAK_TRY_STATUS(from.database->write(changes, Durability::buffered));
      changes = WriteSet();
    }
  }
  if (last == published) return {};
  changes.remove_range(kRevisions, revision_key(RevisionId{published.value + 1}),
                       revision_key(RevisionId{last.value + 1}));
  return from.database->write(changes, Durability::synced);
}

Result<std::unique_ptr<StoreWriter>> RecordStore::begin(std::string_view register_name, RegisterKind kind) {
  SEMAK_CHECK(impl_->mode != DatabaseMode::read_only);
  if (impl_->writing.exchange(true)) {
    return Error{ErrorCode::busy, folder().string() + ": another load is running in this process"};
  }
  std::unique_ptr<StoreWriter> writer(
      new StoreWriter(std::make_unique<StoreWriter::Impl>(*impl_, impl_->current())));  // resets `writing` at its end
  SEMAK_TRY_STATUS(impl_->remove_unpublished());
  RegisterInfo& info = writer->impl_->info;
  const auto& registers = writer->impl_->view.published->registers;
  if (const auto found = registers.find(register_name); found != registers.end()) {
    info = found->second.info;
  } else {
    writer->impl_->is_new = true;
    info.name = register_name;
    info.kind = kind;
    for (const auto& [name, entry] : registers) info.id = std::max(info.id, entry.info.id);
    ++info.id.value;
  }
  return writer;
}

}  // namespace semak
