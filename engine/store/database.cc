#include "engine/store/database.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "engine/check.h"

namespace semak {
namespace {

// RocksDB's own threads move what was written into files, which nobody waits for: they get less of the processors than
// who answers, and enough to keep up. (RocksDB's own low priority is so low that writing would come to wait for them.)
constexpr int kFilesNice = 6;
// And they take their time: merging files at full speed (some 180 MB/s) is a processor less for a second or two, while
// a busy desk writes some 10 MB/s for each processor, several times over.
constexpr std::int64_t kFilesBytesPerSecond = std::int64_t{32} << 20;  // for each processor

class PatientFiles : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) override { once(); }
  void OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override { once(); }

 private:
  static void once() {
    thread_local bool done = false;
    if (std::exchange(done, true)) return;
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), getpriority(PRIO_PROCESS, 0) + kFilesNice);
  }
};

bool says(const std::string& message, std::string_view text) { return message.find(text) != std::string::npos; }

ErrorCode code_of(const rocksdb::Status& status, const std::string& message) {
  if (status.IsNoSpace() || says(message, "No space left") || says(message, "File too large") ||
      says(message, "Disk quota exceeded")) {
    return ErrorCode::no_space;
  }
  if (says(message, "Permission denied") || says(message, "Read-only file system")) return ErrorCode::permission;
  if (status.IsBusy() || (status.IsIOError() && says(message, "lock "))) return ErrorCode::busy;
  if (status.IsInvalidArgument() && says(message, "olumn famil")) return ErrorCode::version_mismatch;
  if (status.IsCorruption()) return ErrorCode::corruption;
  if (status.IsNotFound() || status.IsPathNotFound() || says(message, "does not exist")) return ErrorCode::not_found;
  return ErrorCode::io;
}

Error error_of(const rocksdb::Status& status, const std::filesystem::path& folder) {
  const std::string message = status.ToString();
  const ErrorCode code = code_of(status, message);
  const std::string where = folder.string() + ": ";
  switch (code) {
    case ErrorCode::busy:
      return {code, where + "another process has this database open for writing; wait until it is done or stop it (" +
                        message + ")"};
    case ErrorCode::no_space: return {code, where + "the disk or quota is full; free some space (" + message + ")"};
    case ErrorCode::permission:
      return {code,
              where + "the operating system refused access; check owner and mode of the folder (" + message + ")"};
    case ErrorCode::version_mismatch: return {code, where + "written by another version of Semak (" + message + ")"};
    default: return {code, where + message};
  }
}

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& text) { return {text.data(), text.size()}; }

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 8 << 10;
  table.format_version = 5;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = std::size_t{32} << 20;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::DBOptions database_options(DatabaseMode mode) {
  rocksdb::DBOptions options;
  options.create_if_missing = mode == DatabaseMode::create;
  options.create_missing_column_families = mode != DatabaseMode::read_only;
  // All files stay open: a reader in another process keeps those that the writer deletes.
  options.max_open_files = -1;
  options.max_background_jobs = 2;
  options.keep_log_file_num = 2;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.max_manifest_file_size = std::uint64_t{64} << 20;
  options.listeners.push_back(std::make_shared<PatientFiles>());
  if (mode != DatabaseMode::read_only) {
    const auto processors = static_cast<std::int64_t>(std::max(1U, std::thread::hardware_concurrency()));
    options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(kFilesBytesPerSecond * processors));
  }
  return options;
}

// Changes whenever the writer records that it made files (and may have deleted the ones they replace).
std::string manifest_state(const std::filesystem::path& folder) {
  std::ifstream current(folder / "CURRENT");
  std::string name;
  std::getline(current, name);
  std::error_code ignored;
  return name + ":" + std::to_string(std::filesystem::file_size(folder / name, ignored));
}

// Changes with every write.
std::string written_state(const std::filesystem::path& folder) {
  std::string state = manifest_state(folder);
  std::vector<std::string> logs;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() != ".log") continue;
    std::error_code gone;
    logs.push_back(entry.path().filename().string() + ":" + std::to_string(entry.file_size(gone)));
  }
  std::sort(logs.begin(), logs.end());
  for (const std::string& log : logs) state += " " + log;
  return state;
}

}  // namespace

struct Database::Impl {
  std::filesystem::path folder;
  std::string state_read;  // written_state() before it was opened for reading
  DatabaseOptions options;
  rocksdb::Options file_options;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  std::atomic<bool> write_failed = false;

  ~Impl() { close(); }

  Status fault(std::string_view operation) const { return options.fault ? options.fault(operation) : Status(); }

  rocksdb::Status open_once() {
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    families.emplace_back(rocksdb::kDefaultColumnFamilyName, file_options);
    for (const std::string& name : options.families) families.emplace_back(name, file_options);
    const rocksdb::DBOptions database = database_options(options.mode);
    rocksdb::DB* opened = nullptr;
    const rocksdb::Status status =
        options.mode == DatabaseMode::read_only
            ? rocksdb::DB::OpenForReadOnly(database, folder.string(), families, &handles, &opened)
            : rocksdb::DB::Open(database, folder.string(), families, &handles, &opened);
    if (!status.ok()) {
      handles.clear();
      return status;
    }
    db.reset(opened);
    db->DestroyColumnFamilyHandle(handles.front()).PermitUncheckedError();  // "default" is not used
    handles.erase(handles.begin());
    return status;
  }

  void close() {
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    handles.clear();
    db.reset();
  }

  // After a failed write RocksDB refuses all others; where the reason has gone (a full disk was cleared) it goes on.
  void resume() {
    if (write_failed.exchange(false)) db->Resume().PermitUncheckedError();
  }

  Status written(const rocksdb::Status& status) {
    if (status.ok()) return {};
    write_failed = true;
    return error_of(status, folder);
  }

  // Beside a writer that moves data from its log into files while we open, we could miss what was moved: such an
  // opening is done again.
  rocksdb::Status open_beside_writer() {
    rocksdb::Status status;
    for (int attempt = 0; attempt < 20; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5 * attempt));
      const std::string before = manifest_state(folder);
      state_read = written_state(folder);
      status = open_once();
      if (manifest_state(folder) == before) return status;
      if (status.ok()) close();
    }
    return status.ok() ? rocksdb::Status::Busy("the writer did not pause long enough to open beside it") : status;
  }
};

void WriteSet::put(Family family, std::string_view key, std::string_view value) {
  steps_.push_back({Kind::put, family, key.size(), value.size()});
  text_.append(key).append(value);
}

void WriteSet::remove(Family family, std::string_view key) {
  steps_.push_back({Kind::remove, family, key.size(), 0});
  text_.append(key);
}

void WriteSet::remove_range(Family family, std::string_view begin, std::string_view end) {
  steps_.push_back({Kind::remove_range, family, begin.size(), end.size()});
  text_.append(begin).append(end);
}

void WriteSet::append(const WriteSet& more) {
  steps_.insert(steps_.end(), more.steps_.begin(), more.steps_.end());
  text_.append(more.text_);
}

struct Cursor::Impl {
  std::filesystem::path folder;
  std::unique_ptr<rocksdb::Iterator> iterator;
};

Cursor::Cursor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Cursor::~Cursor() = default;
Cursor::Cursor(Cursor&&) noexcept = default;
void Cursor::seek(std::string_view key) { impl_->iterator->Seek(slice(key)); }
void Cursor::seek_to_last() { impl_->iterator->SeekToLast(); }
void Cursor::next() { impl_->iterator->Next(); }
bool Cursor::valid() const { return impl_->iterator->Valid(); }
std::string_view Cursor::key() const { return view(impl_->iterator->key()); }
std::string_view Cursor::value() const { return view(impl_->iterator->value()); }

Status Cursor::status() const {
  const rocksdb::Status status = impl_->iterator->status();
  return status.ok() ? Status() : Status(error_of(status, impl_->folder));
}

struct SortedFile::Impl {
  Impl(std::filesystem::path where, const rocksdb::Options& options, rocksdb::ColumnFamilyHandle* family)
      : path(std::move(where)), writer(rocksdb::EnvOptions(), options, family) {}

  std::filesystem::path path;
  rocksdb::SstFileWriter writer;
};

SortedFile::SortedFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SortedFile::~SortedFile() = default;
SortedFile::SortedFile(SortedFile&&) noexcept = default;

Status SortedFile::put(std::string_view key, std::string_view value) {
  const rocksdb::Status status = impl_->writer.Put(slice(key), slice(value));
  return status.ok() ? Status() : Status(error_of(status, impl_->path));
}

Status SortedFile::finish() {
  const rocksdb::Status status = impl_->writer.Finish();
  return status.ok() ? Status() : Status(error_of(status, impl_->path));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& folder, DatabaseOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->options = std::move(options);
  SEMAK_TRY_STATUS(impl->fault("open"));
  const DatabaseMode mode = impl->options.mode;
  std::error_code failed;
  if (mode == DatabaseMode::create) {
    std::filesystem::create_directories(folder, failed);
  } else if (!std::filesystem::exists(folder / "CURRENT", failed) && !failed) {
    return Error{ErrorCode::not_found, folder.string() + ": there is no database"};
  }
  if (failed) {
    const bool refused = failed == std::errc::permission_denied || failed == std::errc::read_only_file_system;
    const bool full = failed == std::errc::no_space_on_device;
    return Error{refused ? ErrorCode::permission
                 : full  ? ErrorCode::no_space
                         : ErrorCode::io,
                 folder.string() + ": " + failed.message()};
  }
  impl->file_options =
      rocksdb::Options(rocksdb::DBOptions(), family_options(rocksdb::NewLRUCache(impl->options.cache_bytes)));
  const rocksdb::Status status = mode == DatabaseMode::read_only ? impl->open_beside_writer() : impl->open_once();
  if (!status.ok()) return error_of(status, folder);
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Result<std::optional<std::string>> Database::get(Family family, std::string_view key) const {
  SEMAK_TRY_STATUS(impl_->fault("get"));
  std::string value;
  const rocksdb::Status status = impl_->db->Get({}, impl_->handles[family], slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return error_of(status, impl_->folder);
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::optional<std::string>>> Database::multi_get(Family family,
                                                                    std::span<const std::string> keys) const {
  SEMAK_TRY_STATUS(impl_->fault("get"));
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  impl_->db->MultiGet({}, impl_->handles[family], keys.size(), slices.data(), values.data(), statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return error_of(statuses[i], impl_->folder);
    found[i] = values[i].ToString();
  }
  return found;
}

Cursor Database::cursor(Family family, Access access) const {
  rocksdb::ReadOptions read;
  if (access == Access::scan) {
    read.fill_cache = false;
    read.readahead_size = std::size_t{1} << 20;
  }
  auto impl = std::make_unique<Cursor::Impl>();
  impl->folder = impl_->folder;
  impl->iterator.reset(impl_->db->NewIterator(read, impl_->handles[family]));
  return Cursor(std::move(impl));
}

Status Database::write(const WriteSet& changes, Durability durability) {
  SEMAK_TRY_STATUS(impl_->fault("write"));
  rocksdb::WriteBatch batch;
  std::string_view rest = changes.text_;
  const auto take = [&rest](std::size_t size) {
    const std::string_view text = rest.substr(0, size);
    rest.remove_prefix(size);
    return slice(text);
  };
  rocksdb::Status status;
  for (const WriteSet::Step& step : changes.steps_) {
    rocksdb::ColumnFamilyHandle* handle = impl_->handles[step.family];
    const rocksdb::Slice first = take(step.first_size);
    const rocksdb::Slice second = take(step.second_size);
    switch (step.kind) {
      case WriteSet::Kind::put: status = batch.Put(handle, first, second); break;
      case WriteSet::Kind::remove: status = batch.Delete(handle, first); break;
      case WriteSet::Kind::remove_range: status = batch.DeleteRange(handle, first, second); break;
    }
    SEMAK_CHECK(status.ok());  // memory only
  }
  rocksdb::WriteOptions write;
  write.sync = durability == Durability::synced;
  impl_->resume();
  return impl_->written(impl_->db->Write(write, &batch));
}

Status Database::sync() {
  SEMAK_TRY_STATUS(impl_->fault("sync"));
  return impl_->written(impl_->db->SyncWAL());
}

Result<SortedFile> Database::new_sorted_file(Family family, const std::filesystem::path& path) const {
  SEMAK_TRY_STATUS(impl_->fault("new_sorted_file"));
  SEMAK_CHECK(family < impl_->handles.size());
  auto impl = std::make_unique<SortedFile::Impl>(path, impl_->file_options, impl_->handles[family]);
  const rocksdb::Status status = impl->writer.Open(path.string());
  if (!status.ok()) return error_of(status, path);
  return SortedFile(std::move(impl));
}

Status Database::ingest(std::span<const IncomingFiles> incoming) {
  SEMAK_TRY_STATUS(impl_->fault("ingest"));
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  for (const IncomingFiles& files : incoming) {
    if (files.files.empty()) continue;
    rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
    argument.column_family = impl_->handles[files.family];
    for (const std::filesystem::path& file : files.files) argument.external_files.push_back(file.string());
    argument.options.move_files = true;
    argument.options.write_global_seqno = false;
  }
  if (arguments.empty()) return {};
  impl_->resume();
  return impl_->written(impl_->db->IngestExternalFiles(arguments));
}

bool Database::is_current() const {
  return impl_->options.mode != DatabaseMode::read_only || impl_->state_read == written_state(impl_->folder);
}

Status Database::rewrite(std::span<const Family> families) {
  SEMAK_TRY_STATUS(impl_->fault("rewrite"));
  // A log goes when no family needs it, so all are flushed.
  rocksdb::Status status = impl_->db->Flush({}, impl_->handles);
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (const Family family : families) {
    if (status.ok()) status = impl_->db->CompactRange(options, impl_->handles[family], nullptr, nullptr);
  }
  return status.ok() ? Status() : Status(error_of(status, impl_->folder));
}

Status Database::checkpoint(const std::filesystem::path& target) const {
  SEMAK_TRY_STATUS(impl_->fault("checkpoint"));
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(impl_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(target.string());
  return status.ok() ? Status() : Status(error_of(status, target));
}

}  // namespace semak
