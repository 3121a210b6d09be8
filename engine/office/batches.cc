#include "engine/office/batches.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <thread>

#include "engine/check.h"
#include "engine/office/batch_store.h"
#include "engine/office/batch_threads.h"

namespace semak {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

AuditEvent event_of(const Actor& actor, const BatchInfo& info, std::string_view what) {
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = actor;
  event.object = info.id;
  event.details = fmt::format(R"({{"done":{},"rejected":{},"rows":{},"what":"batch_{}"}})", info.done, info.rejected,
                              info.rows, what);
  return event;
}

// What cannot get better by trying again.
bool is_final(ErrorCode code) {
  return code == ErrorCode::not_found || code == ErrorCode::permission || code == ErrorCode::version_mismatch ||
         code == ErrorCode::corruption;
}

void count(const Check& check, BatchInfo& info) {
  ++info.done;
  switch (check.outcome) {
    case Outcome::no_record: ++info.no_record; break;
    case Outcome::refer: ++info.refer; break;
    case Outcome::record: ++info.record; break;
    case Outcome::incomplete: ++info.incomplete; break;
  }
}

// A batch that has not ended.
struct Live {
  StoredBatch batch;               // as of now
  std::vector<BatchRow> rejected;  // since progress was made durable
  Clock::time_point noted{};       // when that was; never: at once
  bool being_checked = false;      // by the worker, without the lock
  bool cancelling = false;
};

}  // namespace

const char* to_string(BatchState state) {
  switch (state) {
    case BatchState::waiting: return "waiting";
    case BatchState::running: return "running";
    case BatchState::done: return "done";
    case BatchState::cancelled: return "cancelled";
    case BatchState::failed: return "failed";
  }
  return "failed";
}

std::string batch_check_id(std::string_view batch_id, std::uint64_t row) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::size_t kTimeSize = 10, kRowSize = 5, kRestSize = 11;
  SEMAK_CHECK(row < Batches::kRowsMax && batch_id.size() == kTimeSize + kRowSize + kRestSize);
  std::string id(batch_id.substr(0, kTimeSize));
  for (std::size_t i = kRowSize; i-- > 0;) id += kDigits[row >> (5 * i) & 31];
  const Hash256 hash = hash256(fmt::format("semak batch row:{}:{}", batch_id, row));
  for (std::size_t i = 0; i < kRestSize; ++i) id += kDigits[hash[i] & 31];
  return id;
}

struct Batches::Impl {
  Impl(Desk& the_desk, CheckMany check, std::function<void()> yield_, BatchLimits limits_)
      : store(the_desk),
        check_many(std::move(check)),
        yield(std::move(yield_)),
        limits(limits_),
        chunk_rows(limits.chunk_rows_min) {}

  BatchStore store;
  const CheckMany check_many;
  const std::function<void()> yield;
  const BatchLimits limits;

  mutable std::mutex mutex;
  mutable std::condition_variable changed;  // a batch, the queue or `stopping`
  std::map<std::string, std::shared_ptr<Live>, std::less<>> live;
  std::map<std::string, std::deque<std::string>, std::less<>> queues;  // by tenant: ids, first come first
  std::string last_tenant;                                             // whose turn was last
  std::uint64_t rows_waiting = 0;
  bool stopping = false;
  std::thread worker;
  std::size_t chunk_rows;  // the worker's

  void enqueue(const StoredBatch& batch);
  std::shared_ptr<Live> next_in_turn();
  void run();
  Status work_on(Live& at_hand, std::unique_lock<std::mutex>& lock);
  Status check_chunk(std::vector<BatchRow>& rows, const BatchInfo& info, StoredBatch& after,
                     std::vector<BatchRow>& rejected);
  Status end(Live& at_hand, BatchState state, const Actor& actor, std::string_view what,
             std::unique_lock<std::mutex>& lock);
  void adapt(Clock::duration took, std::size_t rows);
  void wait_after_error(int round, std::unique_lock<std::mutex>& lock);
};

void Batches::Impl::enqueue(const StoredBatch& batch) {
  auto entry = std::make_shared<Live>();
  entry->batch = batch;
  live[batch.info.id] = entry;
  queues[batch.info.actor.tenant].push_back(batch.info.id);
  changed.notify_all();
}

// The oldest batch of the tenant after the one whose turn was last.
std::shared_ptr<Live> Batches::Impl::next_in_turn() {
  std::erase_if(queues, [](const auto& queue) { return queue.second.empty(); });
  auto turn = queues.upper_bound(last_tenant);
  for (std::size_t i = 0; i < queues.size(); ++i, ++turn) {
    if (turn == queues.end()) turn = queues.begin();
    for (const std::string& id : turn->second) {
      const std::shared_ptr<Live>& entry = live.at(id);
      if (entry->cancelling) continue;  // its canceller ends it
      last_tenant = turn->first;
      return entry;
    }
  }
  return nullptr;
}

void Batches::Impl::run() {
  yield_to_others();
  std::unique_lock lock(mutex);
  int errors = 0;
  while (!stopping) {
    const std::shared_ptr<Live> at_hand = next_in_turn();
    if (at_hand == nullptr) {
      changed.wait(lock);
      continue;
    }
    at_hand->being_checked = true;
    const Status status = work_on(*at_hand, lock);
    at_hand->being_checked = false;
    at_hand->batch.info.error = status ? "" : status.error().message;
    changed.notify_all();
    errors = status ? 0 : errors + 1;
    if (!status) wait_after_error(errors, lock);
  }
  // What is known is noted, so that less is found out again.
  for (auto& [id, entry] : live)
    if (entry->noted != Clock::time_point{}) static_cast<void>(store.note(entry->batch, entry->rejected, {}).ok());
}

void Batches::Impl::wait_after_error(int round, std::unique_lock<std::mutex>& lock) {
  const int doublings = std::min(round - 1, 6);
  const auto wait =
      std::chrono::milliseconds(std::min<std::int64_t>(std::int64_t{limits.retry_ms} << doublings, 60'000));
  changed.wait_for(lock, wait, [this] { return stopping; });
}

// One chunk of one batch, or its end. Called and left with the lock, which it gives up meanwhile: nobody else changes
// a batch that is being checked. An Error: nothing of it counts, it can be tried again.
Status Batches::Impl::work_on(Live& at_hand, std::unique_lock<std::mutex>& lock) {
  StoredBatch after = at_hand.batch;
  std::vector<BatchRow> rejected = at_hand.rejected;
  lock.unlock();
  if (yield) yield();
  const auto begun = Clock::now();
  auto rows = store.to_check(after.info.id, after.next_row, chunk_rows);
  Status status = rows ? check_chunk(*rows, at_hand.batch.info, after, rejected) : Status(rows.error());
  adapt(Clock::now() - begun, rows ? rows->size() : 0);
  after.info.error.clear();
  if (status && rows->empty()) {
    lock.lock();
    return end(at_hand, BatchState::done, at_hand.batch.info.actor, "finished", lock);
  }
  if (!status && is_final(status.error().code)) {
    lock.lock();
    at_hand.batch.info.error = status.error().message;
    return end(at_hand, BatchState::failed, at_hand.batch.info.actor, "failed", lock);
  }
  const bool due = Clock::now() - at_hand.noted >= std::chrono::milliseconds(limits.progress_ms);
  if (status) after.info.state = BatchState::running;
  if (status && due) {
    status = store.note(after, rejected, {});
    if (status) {
      rejected.clear();
      at_hand.noted = Clock::now();
    }
  }
  lock.lock();
  if (!status) return status;
  rows_waiting -= after.info.done + after.info.rejected - at_hand.batch.info.done - at_hand.batch.info.rejected;
  at_hand.batch = std::move(after);
  at_hand.rejected = std::move(rejected);
  return {};
}

// Checks rows and moves `after` on behind them. If a row cannot be checked as it is, each is tried alone, since one
// row's fault must not be another's.
Status Batches::Impl::check_chunk(std::vector<BatchRow>& rows, const BatchInfo& info, StoredBatch& after,
                                  std::vector<BatchRow>& rejected) {
  if (rows.empty()) return {};
  std::vector<CheckRequest> requests;
  std::vector<std::string> ids;
  for (BatchRow& row : rows) {
    requests.push_back(std::move(row.request));
    ids.push_back(batch_check_id(info.id, row.row));
  }
  const auto whole = check_many(info.actor, requests, ids, info.id);
  if (whole) {
    SEMAK_CHECK(whole->size() == rows.size());
    for (const Check& check : *whole) count(check, after.info);
  } else if (whole.error().code != ErrorCode::invalid_input) {
    return whole.error();
  }
  for (std::size_t i = 0; !whole && i < rows.size(); ++i) {
    const auto one = check_many(info.actor, std::span(requests).subspan(i, 1), std::span(ids).subspan(i, 1), info.id);
    if (one) {
      SEMAK_CHECK(one->size() == 1);
      count(one->front(), after.info);
      continue;
    }
    if (one.error().code != ErrorCode::invalid_input) return one.error();
    SEMAK_TRY(auto stored, store.rows(info.id, rows[i].row, 1));  // with its query id
    if (stored.empty() || stored.front().row != rows[i].row)
      return Error{ErrorCode::corruption, "desk: a row of a batch is missing"};
    stored.front().reject_reason = one.error().message;
    rejected.push_back(std::move(stored.front()));
    ++after.info.rejected;
  }
  after.next_row = rows.back().row + 1;
  return {};
}

// Makes its end durable and takes it out of the queue. With the lock, which it gives up meanwhile.
Status Batches::Impl::end(Live& at_hand, BatchState state, const Actor& actor, std::string_view what,
                          std::unique_lock<std::mutex>& lock) {
  StoredBatch ended = at_hand.batch;
  ended.info.state = state;
  ended.info.finished_ms = now_ms();
  if (state != BatchState::failed) ended.info.error.clear();
  if (state == BatchState::done) ended.next_row = ended.info.rows;
  lock.unlock();
  const Status status = store.note(ended, at_hand.rejected, {event_of(actor, ended.info, what)});
  lock.lock();
  if (!status) return status;
  const BatchInfo& info = ended.info;
  rows_waiting -= info.rows - std::min(info.rows, info.done + info.rejected);
  std::erase(queues[info.actor.tenant], info.id);
  live.erase(info.id);
  changed.notify_all();
  return {};
}

void Batches::Impl::adapt(Clock::duration took, std::size_t rows) {
  const auto wanted = std::chrono::milliseconds(limits.chunk_ms);
  if (rows < chunk_rows) return;  // the end of a batch tells nothing
  if (took < wanted / 2) chunk_rows = std::min(chunk_rows * 2, limits.chunk_rows_max);
  if (took > wanted * 3 / 2) chunk_rows = std::max(chunk_rows / 2, limits.chunk_rows_min);
}

Batches::Batches(Desk& desk, CheckMany check_many, std::function<void()> yield, BatchLimits limits)
    : impl_(std::make_unique<Impl>(desk, std::move(check_many), std::move(yield), limits)) {}

Batches::~Batches() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    impl_->changed.notify_all();
  }
  if (impl_->worker.joinable()) impl_->worker.join();
}

Status Batches::start() {
  SEMAK_CHECK(!impl_->worker.joinable());
  SEMAK_TRY_STATUS(impl_->store.remove_unaccepted());
  SEMAK_TRY(const auto batches, impl_->store.unfinished());
  const std::lock_guard lock(impl_->mutex);
  for (const StoredBatch& batch : batches) {
    if (impl_->live.contains(batch.info.id)) continue;  // handed in before the start
    impl_->rows_waiting += batch.info.rows - batch.info.done - batch.info.rejected;
    impl_->enqueue(batch);
  }
  impl_->worker = std::thread([impl = impl_.get()] { impl->run(); });
  return {};
}

Result<BatchInfo> Batches::submit(const Actor& actor, BatchInfo about, std::vector<BatchRow> rows) {
  if (rows.empty()) return Error{ErrorCode::invalid_input, "the batch has no rows"};
  const std::uint64_t rows_max = std::min(kRowsMax, impl_->limits.rows_waiting_max);
  if (rows.size() > rows_max)
    return Error{ErrorCode::invalid_input,
                 fmt::format("the batch has {} rows; at most {} are taken at once: split it", rows.size(), rows_max)};
  if (!about.id.empty()) {
    SEMAK_TRY(auto earlier, find(about.id));
    if (earlier) return *std::move(earlier);
  }
  BatchInfo info;
  info.id = about.id.empty() ? new_id() : std::move(about.id);
  info.actor = actor;
  info.purpose = std::move(about.purpose);
  info.reference = std::move(about.reference);
  info.file_name = std::move(about.file_name);
  info.time_ms = now_ms();
  info.rows = rows.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].row = i;
    Subject& subject = rows[i].request.subject;
    if (subject.purpose.empty()) subject.purpose = info.purpose;
    if (!rows[i].reject_reason.empty()) ++info.rejected;
  }
  const std::uint64_t to_check = info.rows - info.rejected;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->rows_waiting + to_check > impl_->limits.rows_waiting_max)
      return Error{ErrorCode::busy, "too many rows of batches are waiting; try again when some are done"};
    impl_->rows_waiting += to_check;
  }
  Status status = impl_->store.add_rows(info.id, rows);
  if (status) status = impl_->store.accept(info, event_of(actor, info, "submitted"));
  const std::lock_guard lock(impl_->mutex);
  if (!status) {
    impl_->rows_waiting -= to_check;
    return std::move(status).error();
  }
  impl_->enqueue({info, 0});
  return info;
}

Result<std::optional<BatchInfo>> Batches::find(std::string_view id) const {
  {
    const std::lock_guard lock(impl_->mutex);
    const auto at = impl_->live.find(id);
    if (at != impl_->live.end()) return std::optional(at->second->batch.info);
  }
  SEMAK_TRY(auto stored, impl_->store.find(id));
  return stored ? std::optional(std::move(stored->info)) : std::nullopt;
}

Result<std::vector<BatchInfo>> Batches::list(std::string_view tenant, std::string_view before, std::size_t most) const {
  SEMAK_TRY(const auto ids, impl_->store.list(tenant, before, most));
  std::vector<BatchInfo> batches;
  for (const std::string& id : ids) {
    SEMAK_TRY(auto info, find(id));
    if (info) batches.push_back(*std::move(info));
  }
  return batches;
}

Result<std::vector<BatchRow>> Batches::rows(std::string_view id, std::uint64_t first, std::size_t most) const {
  SEMAK_TRY(const auto stored, impl_->store.find(id));
  if (!stored) return Error{ErrorCode::not_found, "there is no such batch"};
  std::uint64_t next_row = stored->next_row;
  std::vector<BatchRow> rejected;
  {
    const std::lock_guard lock(impl_->mutex);
    if (const auto at = impl_->live.find(id); at != impl_->live.end()) {
      next_row = at->second->batch.next_row;
      rejected = at->second->rejected;
    }
  }
  SEMAK_TRY(auto rows, impl_->store.rows(id, first, most));
  if (rows.empty()) {  // forgotten: what is left is how many there were and what their checks are called
    const std::uint64_t end =
        std::min<std::uint64_t>(stored->info.rows, first + std::min<std::uint64_t>(most, kRowsMax));
    for (std::uint64_t row = first; row < end; ++row) rows.emplace_back().row = row;
  }
  for (BatchRow& row : rows) {
    const auto at = std::find_if(rejected.begin(), rejected.end(), [&](const auto& one) { return one.row == row.row; });
    if (at != rejected.end()) row.reject_reason = at->reject_reason;
    if (row.row >= next_row) continue;
    row.request = {};
    if (row.reject_reason.empty()) row.check_id = batch_check_id(id, row.row);
  }
  return rows;
}

Status Batches::cancel(const Actor& actor, std::string_view id) {
  std::unique_lock lock(impl_->mutex);
  const auto at = impl_->live.find(id);
  if (at == impl_->live.end()) {
    lock.unlock();
    SEMAK_TRY(const auto info, find(id));
    if (!info) return Error{ErrorCode::not_found, "there is no such batch"};
    return Error{ErrorCode::invalid_input, "the batch has ended already"};
  }
  const std::shared_ptr<Live> entry = at->second;
  if (entry->cancelling) return Error{ErrorCode::busy, "the batch is being cancelled"};
  entry->cancelling = true;  // the worker leaves it alone after the chunk at hand
  impl_->changed.wait(lock, [&] { return !entry->being_checked || impl_->stopping; });
  if (impl_->stopping && entry->being_checked) return Error{ErrorCode::unavailable, "Semak is shutting down"};
  if (!impl_->live.contains(id)) return Error{ErrorCode::invalid_input, "the batch has ended already"};
  const Status status = impl_->end(*entry, BatchState::cancelled, actor, "cancelled", lock);
  if (!status) {
    entry->cancelling = false;
    impl_->changed.notify_all();
  }
  return status;
}

Result<std::uint64_t> Batches::erase_due(const Actor& actor, std::int64_t now,
                                         const std::function<int(std::string_view purpose)>& retain_days) {
  constexpr std::size_t kPage = 100;
  constexpr std::int64_t kDayMs = 86'400'000;
  std::uint64_t erased = 0;
  std::string before;
  for (;;) {
    SEMAK_TRY(const auto ids, impl_->store.list("", before, kPage));
    for (const std::string& id : ids) {
      SEMAK_TRY(const auto stored, impl_->store.find(id));
      const bool over = stored && stored->info.finished_ms != 0;
      if (!over || now - stored->info.finished_ms < retain_days(stored->info.purpose) * kDayMs) continue;
      SEMAK_TRY(const auto left, impl_->store.rows(id, 0, 1));
      if (left.empty()) continue;  // forgotten before
      AuditEvent event = event_of(actor, stored->info, "forgotten");
      event.kind = AuditKind::erasure;
      SEMAK_TRY_STATUS(impl_->store.forget(*stored, std::move(event)));
      ++erased;
    }
    if (ids.size() < kPage) return erased;
    before = ids.back();
  }
}

Result<std::optional<BatchInfo>> Batches::wait_for_change(std::string_view id, const BatchInfo& seen,
                                                          int wait_ms) const {
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] {
    const auto at = impl_->live.find(id);
    if (impl_->stopping || at == impl_->live.end()) return true;
    const BatchInfo& info = at->second->batch.info;
    return info.done != seen.done || info.rejected != seen.rejected || info.state != seen.state;
  });
  lock.unlock();
  return find(id);
}

std::uint64_t Batches::queue_depth() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->rows_waiting;
}

}  // namespace semak
