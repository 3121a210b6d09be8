// A commit of a group, with one fsync:
//   1. the chain gives the group's events their places and signs its new head;
//   2. one synced write to the desk: the changes of the group and, in the outbox, those very entries and that head;
//   3. the chain writes them too, without waiting for the disk. Now they are answered.
// After some groups the chain is synced, by a thread of its own, so that nobody waits for it; with the next writes to
// the desk the outbox loses what is durable in the chain, and the desk notes how far that is (the witness). A process
// that dies before 2 has done nothing. One that dies after 2, or a machine that loses what 3 wrote, left them in the
// outbox: opening puts them into their places in the chain, where they are not there already. A group without changes
// is the chain's alone, synced there.
#include "engine/desk/desk.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/audit/audit_entry.h"
#include "engine/check.h"
#include "engine/desk/chain_sync.h"
#include "engine/desk/commit_queue.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::size_t kCacheBytes = std::size_t{64} << 20;
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kFormat = "semak-desk-1";
constexpr std::string_view kWitnessKey = "audit_head";
constexpr std::uint8_t kWitnessFormat = 1;
constexpr std::uint64_t kWitnessLagMax = 4096;  // entries; look-ups change nothing on the desk, but it must keep up
// Of the outbox, before the chain is synced: some second of a busy service, and what opening takes up in as little. The
// disk has one fsync at a time: while it does this one, commits wait for theirs.
constexpr std::size_t kOutboxGroupsMax = 1024;
constexpr std::size_t kOutboxBytesMax = std::size_t{4} << 20;
constexpr std::size_t kLateSyncs = 4;       // of those spans, before commits wait for a sync that takes so long
constexpr std::size_t kSettledAtOnce = 32;  // removed from the outbox with one write, so that none takes long

std::vector<std::string> family_names() {
  std::vector<std::string> names = {"meta",        "outbox",    "checks",     "check_index",     "cases",
                                    "case_index",  "decisions", "enrolments", "enrolment_index", "alerts",
                                    "alert_index", "policies",  "callers",    "batches",         "batch_rows",
                                    "idempotency", "webhooks"};
  SEMAK_CHECK(names.size() == static_cast<std::size_t>(DeskFamily::count_));
  return names;
}

std::string encode_witness(const AuditHead& head) {
  std::string bytes(1, static_cast<char>(kWitnessFormat));
  append_varint(bytes, head.sequence);
  return bytes.append(view(head.hash));
}

Result<AuditHead> decode_witness(std::string_view bytes) {
  ByteReader in(bytes);
  const bool known = in.byte() == kWitnessFormat;
  AuditHead head;
  head.sequence = in.varint();
  for (std::uint8_t& byte : head.hash) byte = in.byte();
  if (!known || !in.at_end()) return Error{ErrorCode::corruption, "desk: what it noted of the audit log is damaged"};
  return head;
}

// One object that somebody holds or waits for.
struct HeldObject {
  std::string name;
  std::mutex mutex;
  std::size_t users = 0;  // under the registry's mutex
  class HoldRegistry* registry = nullptr;
};

class HoldRegistry {
 public:
  HeldObject* take(std::string_view name) {
    HeldObject* object = nullptr;
    {
      const std::lock_guard lock(mutex_);
      auto& slot = objects_[std::string(name)];
      if (!slot) {
        slot = std::make_unique<HeldObject>();
        slot->name = name;
        slot->registry = this;
      }
      object = slot.get();
      ++object->users;
    }
    object->mutex.lock();
    return object;
  }

  void give_back(HeldObject* object) {
    object->mutex.unlock();
    const std::lock_guard lock(mutex_);
    if (--object->users == 0) objects_.erase(object->name);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<HeldObject>> objects_;
};

}  // namespace

struct Desk::Impl {
  const KeyRing* keys = nullptr;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<Database> database;
  HoldRegistry holds;

  // Of the queue's thread, or of who has paused it:
  struct Kept {
    std::uint64_t number;  // in the outbox
    std::size_t bytes;
  };
  std::uint64_t outbox_next = 1;
  std::deque<Kept> kept;  // entries that the chain may lose with the machine
  std::size_t kept_bytes = 0;
  std::deque<std::uint64_t> settled;  // numbers of those that it cannot lose any more
  AuditHead durable;                  // how far the chain is on the disk
  AuditHead witnessed;                // as the desk notes it
  std::atomic<std::uint64_t> commits = 0, groups = 0;

  Status check_format(bool create);
  Status check_witness();
  Status recover();

  void write(CommitQueue::Group group);
  Status write_all(CommitQueue::Group group);
  Result<std::vector<std::uint64_t>> append(WriteSet changes, std::span<const AuditEvent> events);
  Status write_desk(WriteSet changes, std::string_view entries);
  std::size_t add_tidying(WriteSet& changes, std::size_t most) const;
  void tidied(std::size_t removed);
  Status write_tidying();
  void chain_is_durable(const ChainSync::Point& so_far);
  ChainSync::Point written() const { return {audit->head(), outbox_next - 1}; }
  Status settle(Durability durability);

  // Has the chain synced when it is time.
  void tidy();
  bool behind(std::size_t spans) const {
    return kept.size() >= spans * kOutboxGroupsMax || kept_bytes >= spans * kOutboxBytesMax;
  }

  std::optional<ChainSync> sync;
  std::optional<CommitQueue> queue;  // last: its thread uses the others
};

Desk::Desk() : impl_(std::make_unique<Impl>()) {}

Desk::~Desk() {
  const bool opened = impl_->queue.has_value();  // one that was refused stays as it was found, its witness above all
  impl_->queue.reset();
  impl_->sync.reset();
  // What fails here is made up for at the next opening.
  if (opened && !impl_->audit->failed()) static_cast<void>(impl_->settle(Durability::synced).ok());
}

Result<std::unique_ptr<Desk>> Desk::open(const std::filesystem::path& folder, bool create, const KeyRing& keys,
                                         std::function<Status(std::string_view)> fault) {
  std::unique_ptr<Desk> desk(new Desk());
  Impl& impl = *desk->impl_;
  impl.keys = &keys;
  DatabaseOptions options;
  options.mode = create ? DatabaseMode::create : DatabaseMode::read_write;
  options.families = family_names();
  options.cache_bytes = kCacheBytes;
  options.fault = fault;
  SEMAK_TRY(impl.database, Database::open(folder / "desk", std::move(options)));
  SEMAK_TRY(impl.audit, AuditLog::open(folder / "audit", create, keys, std::move(fault)));
  SEMAK_TRY_STATUS(impl.check_format(create));
  impl.durable = impl.audit->head();  // opening a database puts what its log held into synced files
  SEMAK_TRY_STATUS(impl.check_witness());
  SEMAK_TRY_STATUS(impl.recover());
  impl.sync.emplace(*impl.audit);
  impl.queue.emplace([&impl](CommitQueue::Group group) { impl.write(group); }, [&impl] { impl.tidy(); });
  return desk;
}

Result<std::unique_ptr<Database>> Desk::open_to_read(const std::filesystem::path& folder) {
  DatabaseOptions options;
  options.families = family_names();
  return Database::open(folder / "desk", std::move(options));
}

Result<AuditHead> Desk::noted_head(const std::filesystem::path& folder) {
  SEMAK_TRY(const auto database, open_to_read(folder));
  SEMAK_TRY(const auto noted, database->get(family(DeskFamily::meta), kWitnessKey));
  return noted ? decode_witness(*noted) : Result<AuditHead>(AuditHead{});
}

Status Desk::Impl::check_format(bool create) {
  SEMAK_TRY(const auto format, database->get(family(DeskFamily::meta), kFormatKey));
  if (format && *format == kFormat) return {};
  if (format) return Error{ErrorCode::version_mismatch, "desk: written by another version of Semak"};
  if (!create) return Error{ErrorCode::corruption, "desk: it does not say which version wrote it"};
  WriteSet changes;
  changes.put(family(DeskFamily::meta), kFormatKey, kFormat);
  return database->write(changes, Durability::synced);
}

// What the desk knows of the chain must still be in it.
Status Desk::Impl::check_witness() {
  SEMAK_TRY(const auto noted, database->get(family(DeskFamily::meta), kWitnessKey));
  if (!noted) return {};
  SEMAK_TRY(witnessed, decode_witness(*noted));
  if (witnessed.sequence == 0) return {};
  const AuditHead head = audit->head();
  if (head.sequence < witnessed.sequence) {
    return Error{ErrorCode::corruption, "the audit log was cut off: the desk knows entry " +
                                            std::to_string(witnessed.sequence) + ", the log ends at " +
                                            std::to_string(head.sequence)};
  }
  AuditFilter filter;
  filter.before = witnessed.sequence + 1;
  filter.entries_max = 1;
  SEMAK_TRY(const auto entries, audit->entries(filter));
  if (entries.empty() || entries.front().hash != witnessed.hash) {
    return Error{ErrorCode::corruption, "the audit log was replaced: entry " + std::to_string(witnessed.sequence) +
                                            " is not the one that the desk knows"};
  }
  return {};
}

// Logs what a dying process left in the outbox. Events by themselves are of a Semak that knew their places only later.
Status Desk::Impl::recover() {
  std::size_t found = 0;
  std::vector<AuditEvent> events;
  std::deque<std::uint64_t> taken_up;  // settled only once the last entry is durable, and all before it
  Cursor cursor = database->cursor(family(DeskFamily::outbox), Database::Access::point);
  for (cursor.seek({}); cursor.valid(); cursor.next()) {
    if (cursor.key().size() != 8) return Error{ErrorCode::corruption, "desk: an entry of the outbox has no number"};
    if (is_kept(cursor.value())) {
      SEMAK_TRY(const std::size_t taken, audit->take_up(cursor.value()));
      found += taken;
    } else {
      SEMAK_TRY(AuditEvent event, decode_event(cursor.value()));
      events.push_back(std::move(event));
      ++found;
    }
    taken_up.push_back(read_key64(cursor.key().data()));
    outbox_next = taken_up.back() + 1;
  }
  SEMAK_TRY_STATUS(cursor.status());
  if (taken_up.empty()) return {};
  AuditEvent recovery;
  recovery.kind = AuditKind::recovery;
  recovery.actor = {"semak", "agency", Role::admin};
  recovery.object = "outbox";
  recovery.details = "{\"events\":" + std::to_string(found) + "}";
  events.push_back(std::move(recovery));
  SEMAK_TRY_STATUS(audit->append(events));
  settled = std::move(taken_up);
  return settle(Durability::synced);
}

// Adds what the writes before could not say yet: which of the outbox is durable in the chain, of these at most so many,
// and how far that is.
std::size_t Desk::Impl::add_tidying(WriteSet& changes, std::size_t most) const {
  const std::size_t count = std::min(most, settled.size());
  for (std::size_t i = 0; i < count; ++i) {
    std::string key;
    append_key64(key, settled[i]);
    changes.remove(family(DeskFamily::outbox), key);
  }
  if (durable.sequence != witnessed.sequence)
    changes.put(family(DeskFamily::meta), kWitnessKey, encode_witness(durable));
  return count;
}

// What add_tidying() added was written.
void Desk::Impl::tidied(std::size_t removed) {
  settled.erase(settled.begin(), settled.begin() + static_cast<std::ptrdiff_t>(removed));
  witnessed = durable;
}

void Desk::Impl::chain_is_durable(const ChainSync::Point& so_far) {
  for (; !kept.empty() && kept.front().number <= so_far.outbox; kept.pop_front()) {
    settled.push_back(kept.front().number);
    kept_bytes -= kept.front().bytes;
  }
  if (so_far.head.sequence > durable.sequence) durable = so_far.head;
}

// Empties the outbox into the chain and notes its head.
Status Desk::Impl::settle(Durability durability) {
  if (sync) {
    sync->wait();
    static_cast<void>(sync->take_done());
    if (audit->failed()) return Error{ErrorCode::unavailable, "the audit log could not be written and is closed"};
  }
  if (!kept.empty()) SEMAK_TRY_STATUS(audit->sync());
  chain_is_durable(written());
  WriteSet changes;
  const std::size_t removed = add_tidying(changes, settled.size());
  if (changes.empty()) return {};
  SEMAK_TRY_STATUS(database->write(changes, durability));
  tidied(removed);
  return {};
}

// `entries`: for the outbox; may be empty.
Status Desk::Impl::write_desk(WriteSet changes, std::string_view entries) {
  const std::uint64_t number = outbox_next;
  if (!entries.empty()) {
    ++outbox_next;  // never twice: a write that failed may be there after all
    std::string key;
    append_key64(key, number);
    changes.put(family(DeskFamily::outbox), key, entries);
  }
  const std::size_t removed = add_tidying(changes, kSettledAtOnce);
  SEMAK_TRY_STATUS(database->write(changes, Durability::synced));
  tidied(removed);
  if (entries.empty()) return {};
  kept.push_back({number, entries.size()});
  kept_bytes += entries.size();
  return {};
}

// Changes and events of a group: one fsync, of the one database or the other.
Result<std::vector<std::uint64_t>> Desk::Impl::append(WriteSet changes, std::span<const AuditEvent> events) {
  if (changes.empty()) {
    const std::uint64_t before = audit->head().sequence;
    auto sequences = audit->append_each(events);
    if (audit->head().sequence != before) chain_is_durable(written());  // a synced write takes along those before it
    return sequences;
  }
  if (events.empty()) {
    SEMAK_TRY_STATUS(write_desk(std::move(changes), {}));
    return std::vector<std::uint64_t>();
  }
  return audit->append_kept(events, [&](std::string_view entries) { return write_desk(std::move(changes), entries); });
}

Status Desk::Impl::write_all(CommitQueue::Group group) {
  if (audit->failed()) {
    return Error{ErrorCode::unavailable,
                 "the audit log could not be written; nothing is answered until Semak is started again"};
  }
  WriteSet changes;
  std::vector<AuditEvent> events;
  std::vector<std::size_t> ends;  // in `events`, of each request's
  for (const auto& request : group) {
    changes.append(request->changes);
    events.insert(events.end(), std::make_move_iterator(request->events.begin()),
                  std::make_move_iterator(request->events.end()));
    ends.push_back(events.size());
  }
  SEMAK_TRY(const auto sequences, append(std::move(changes), events));
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!group[i]->events.empty()) group[i]->sequence = sequences[ends[i] - 1];
  }
  return {};
}

void Desk::Impl::write(CommitQueue::Group group) {
  const Status status = write_all(group);
  commits += group.size();
  ++groups;
  for (const auto& each : group) each->status = status;
}

// What fails here is made up for by the next, or at the next opening.
void Desk::Impl::tidy() {
  if (behind(kLateSyncs)) sync->wait();
  if (const auto so_far = sync->take_done()) chain_is_durable(*so_far);
  if (audit->failed()) return;
  if (durable.sequence > witnessed.sequence + kWitnessLagMax) static_cast<void>(write_tidying().ok());
  if (behind(1) && !sync->under_way()) sync->begin(written());
}

Status Desk::Impl::write_tidying() {
  WriteSet changes;
  const std::size_t removed = add_tidying(changes, kSettledAtOnce);
  SEMAK_TRY_STATUS(database->write(changes, Durability::buffered));
  tidied(removed);
  return {};
}

const KeyRing& Desk::keys() const { return *impl_->keys; }
AuditLog& Desk::audit() { return *impl_->audit; }
const Database& Desk::database() const { return *impl_->database; }

Result<std::uint64_t> Desk::commit(WriteSet changes, std::vector<AuditEvent> events) {
  for (const AuditEvent& event : events) SEMAK_TRY_STATUS(check_event(event));
  if (changes.empty() && events.empty()) return std::uint64_t{0};
  const auto request = std::make_shared<CommitRequest>();
  request->changes = std::move(changes);
  request->events = std::move(events);
  impl_->queue->add(request);
  impl_->queue->wait_for(*request);
  return request->result();
}

void Desk::commit_later(WriteSet changes, std::vector<AuditEvent> events,
                        std::function<void(Result<std::uint64_t>)> done) {
  for (const AuditEvent& event : events) {
    if (Status good = check_event(event); !good) return done(std::move(good).error());
  }
  if (changes.empty() && events.empty()) return done(std::uint64_t{0});
  auto request = std::make_shared<CommitRequest>();
  request->changes = std::move(changes);
  request->events = std::move(events);
  request->done = std::move(done);
  impl_->queue->add(std::move(request));
}

Desk::Hold::~Hold() {
  if (lock_ != nullptr) {
    auto* const object = static_cast<HeldObject*>(lock_);
    object->registry->give_back(object);
  }
}

Desk::Hold::Hold(Hold&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}

Desk::Hold Desk::hold(std::string_view object) {
  Hold hold;
  hold.lock_ = impl_->holds.take(object);
  return hold;
}

Desk::Counts Desk::counts() const { return {impl_->commits, impl_->groups}; }

Status Desk::settle() {
  const CommitQueue::Pause pause(*impl_->queue);
  if (impl_->audit->failed()) return {};
  return impl_->settle(Durability::buffered);
}

Status Desk::rewrite(std::span<const DeskFamily> families) {
  std::vector<Family> these = {family(DeskFamily::outbox)};
  for (const DeskFamily one : families) these.push_back(family(one));
  return impl_->database->rewrite(these);
}

Status Desk::checkpoint(const std::filesystem::path& target) const {
  std::error_code failed;
  std::filesystem::create_directories(target, failed);
  if (failed) return Error{ErrorCode::io, target.string() + ": " + failed.message()};
  const CommitQueue::Pause pause(*impl_->queue);
  if (!impl_->audit->failed()) SEMAK_TRY_STATUS(impl_->settle(Durability::synced));
  SEMAK_TRY_STATUS(impl_->database->checkpoint(target / "desk"));
  return impl_->audit->checkpoint_database(target / "audit");
}

}  // namespace semak
