#include "engine/store/record_store.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/check.h"
#include "engine/store/bytes.h"
#include "engine/store/record_store_impl.h"

namespace semak {
namespace {

constexpr std::string_view kFormatKey = "format";
constexpr char kIdEnd[] = {0, 1};
constexpr std::size_t kRevisionSuffix = 8;
constexpr std::size_t kCachedLoadsMax = 4096;

struct HeadKey {
  RegisterId register_id;
  std::string record_id;
  RevisionId revision;
};

Error damaged_head() { return Error{ErrorCode::corruption, "an entry of the heads of records is damaged"}; }

Result<HeadKey> parse_head_key(std::string_view key) {
  HeadKey parsed;
  if (key.size() < 4 + 2 + kRevisionSuffix) return damaged_head();
  for (int i = 0; i < 4; ++i) {
    parsed.register_id.value = parsed.register_id.value << 8 | static_cast<unsigned char>(key[i]);
  }
  std::string_view id = key.substr(4, key.size() - 4 - kRevisionSuffix);
  if (!id.ends_with(std::string_view(kIdEnd, 2))) return damaged_head();
  id.remove_suffix(2);
  for (std::size_t i = 0; i < id.size(); ++i) {
    parsed.record_id += id[i];
    if (id[i] == 0 && (++i == id.size() || static_cast<unsigned char>(id[i]) != 0xff)) return damaged_head();
  }
  parsed.revision.value = ~read_key64(key.data() + key.size() - kRevisionSuffix);
  return parsed;
}

Result<Head> parse_head(RevisionId revision, std::string_view value) {
  ByteReader in(value);
  Head head;
  head.revision = revision;
  head.state = static_cast<RecordState>(in.byte());
  head.content = in.fixed64();
  if (!in.at_end() || head.state > RecordState::withdrawn) return damaged_head();
  return head;
}

Error format_error(const std::filesystem::path& folder, std::uint32_t found) {
  return Error{ErrorCode::version_mismatch,
               folder.string() + ": this database has format " + std::to_string(found) +
                   " and this program reads format " + std::to_string(RecordStore::kFormat) +
                   "; use the Semak that wrote it, or load the registers into a new folder with this one"};
}

}  // namespace

std::string revision_key(RevisionId id) {
  std::string key;
  append_key64(key, id.value);
  return key;
}

std::string renewal_key(std::string_view register_name) { return "renewed/" + std::string(register_name); }

std::string load_key(std::uint64_t batch) {
  std::string key;
  append_key64(key, batch);
  return key;
}

std::string head_prefix(RegisterId register_id, std::string_view record_id) {
  std::string key;
  key.reserve(4 + record_id.size() + 2 + kRevisionSuffix);
  append_key32(key, register_id.value);
  for (const char c : record_id) {
    key += c;
    if (c == 0) key += static_cast<char>(0xff);
  }
  key.append(kIdEnd, 2);
  return key;
}

void append_head_suffix(std::string& key, RevisionId revision) { append_key64(key, ~revision.value); }

std::string head_value(RecordState state, std::uint64_t content) {
  std::string value(1, static_cast<char>(state));
  append_fixed64(value, content);
  return value;
}

void RevisionBytes::push_back(RevisionId id, std::string_view encoded) {
  ids.push_back(id);
  bytes += encoded;
  ends.push_back(bytes.size());
}

void RevisionBytes::append(const RevisionBytes& more) {
  const std::uint64_t shift = bytes.size();
  ids.insert(ids.end(), more.ids.begin(), more.ids.end());
  bytes += more.bytes;
  for (const std::uint64_t end : more.ends) ends.push_back(end + shift);
}

void RevisionBytes::clear() {
  ids.clear();
  bytes.clear();
  ends.clear();
}

RecordStore::RecordStore() : impl_(std::make_unique<Impl>()) {}
RecordStore::~RecordStore() = default;

Result<RecordStore::Impl::View> RecordStore::Impl::open_view() const {
  DatabaseOptions options;
  options.mode = mode;
  options.families = {"meta", "revisions", "heads", "loads"};
  options.fault = fault;
  SEMAK_TRY(std::shared_ptr<Database> database, Database::open(folder / "records", std::move(options)));
  SEMAK_TRY(const std::optional<std::string> format, database->get(kMeta, kFormatKey));
  SEMAK_TRY(const std::optional<std::string> published, database->get(kMeta, kPublishedKey));
  if (!format && !published) {  // new, or its maker died before it was one
    if (mode != DatabaseMode::create) return Error{ErrorCode::not_found, folder.string() + ": there is no database"};
    WriteSet first;
    std::string version;
    append_fixed32(version, kFormat);
    first.put(kMeta, kFormatKey, version);
    first.put(kMeta, kPublishedKey, encode(PublishedState{}));
    SEMAK_TRY_STATUS(database->write(first, Durability::synced));
    return View{std::move(database), std::make_shared<const PublishedState>()};
  }
  const std::uint32_t found = ByteReader(format.value_or("")).fixed32();
  if (found != kFormat) return format_error(folder, found);
  SEMAK_TRY(PublishedState state, decode_published_state(published.value_or("")));
  return View{std::move(database), std::make_shared<const PublishedState>(std::move(state))};
}

Result<std::unique_ptr<RecordStore>> RecordStore::open(const std::filesystem::path& folder, DatabaseMode mode,
                                                       std::function<Status(std::string_view)> fault) {
  std::unique_ptr<RecordStore> store(new RecordStore);
  store->impl_->folder = folder;
  store->impl_->mode = mode;
  store->impl_->fault = std::move(fault);
  SEMAK_TRY(store->impl_->view, store->impl_->open_view());
  if (mode != DatabaseMode::read_only) {
    std::error_code ignored;  // what cannot be deleted now only takes space
    std::filesystem::remove_all(store->impl_->incoming(), ignored);
  }
  return store;
}

const std::filesystem::path& RecordStore::folder() const { return impl_->folder; }
DatabaseMode RecordStore::mode() const { return impl_->mode; }
std::shared_ptr<const PublishedState> RecordStore::published() const { return impl_->current().published; }

Status RecordStore::refresh() {
  if (impl_->current().database->is_current()) return {};
  SEMAK_TRY(Impl::View next, impl_->open_view());
  std::lock_guard lock(impl_->mutex);
  std::swap(impl_->view, next);
  return {};
}

Result<std::shared_ptr<const LoadInfo>> RecordStore::Impl::load(const Database& database, std::uint64_t batch) const {
  {
    std::lock_guard lock(mutex);
    if (const auto found = loads.find(batch); found != loads.end()) return found->second;
  }
  SEMAK_TRY(const std::optional<std::string> bytes, database.get(kLoads, load_key(batch)));
  if (!bytes) return Error{ErrorCode::not_found, "there is no load " + std::to_string(batch)};
  SEMAK_TRY(LoadInfo info, decode_load_info(*bytes));
  auto shared = std::make_shared<const LoadInfo>(std::move(info));
  std::lock_guard lock(mutex);
  if (loads.size() >= kCachedLoadsMax) loads.clear();
  loads.emplace(batch, shared);
  return shared;
}

Result<RecordRevision> RecordStore::Impl::decode(const View& from, RevisionId id, std::string_view bytes) const {
  SEMAK_TRY(StoredRevision stored, decode_revision(id, bytes));
  SEMAK_TRY(const std::shared_ptr<const LoadInfo> info, load(*from.database, stored.header.batch));
  RecordRevision revision;
  revision.register_id = stored.header.register_id;
  revision.revision = id;
  revision.previous = stored.header.previous;
  revision.state = stored.header.state();
  revision.record = std::move(stored.record);
  if (stored.header.file < info->files.size()) {
    revision.provenance.file = info->files[stored.header.file].name;
    revision.provenance.file_hash = info->files[stored.header.file].hash;
  }
  revision.provenance.line = stored.header.line;
  revision.provenance.batch = stored.header.batch;
  return revision;
}

Result<RecordRevision> RecordStore::revision(RevisionId id) const {
  SEMAK_TRY(std::vector<RecordRevision> found, revisions(std::span(&id, 1)));
  return std::move(found.front());
}

Result<std::vector<RecordRevision>> RecordStore::revisions(std::span<const RevisionId> ids) const {
  const Impl::View view = impl_->current();
  for (const RevisionId id : ids) {
    if (id > view.published->revision) {
      return Error{ErrorCode::not_found, "there is no revision " + std::to_string(id.value)};
    }
  }
  SEMAK_TRY(const RevisionBytes bytes, revision_bytes(ids));
  std::vector<RecordRevision> found;
  found.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    SEMAK_TRY(RecordRevision revision, impl_->decode(view, ids[i], bytes[i]));
    found.push_back(std::move(revision));
  }
  return found;
}

Result<RevisionBytes> RecordStore::revision_bytes(std::span<const RevisionId> ids) const {
  const Impl::View view = impl_->current();
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const RevisionId id : ids) keys.push_back(revision_key(id));
  SEMAK_TRY(const std::vector<std::optional<std::string>> values, view.database->multi_get(kRevisions, keys));
  RevisionBytes bytes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!values[i]) return Error{ErrorCode::not_found, "there is no revision " + std::to_string(ids[i].value)};
    bytes.push_back(ids[i], *values[i]);
  }
  return bytes;
}

Result<std::vector<std::optional<Head>>> RecordStore::heads(RegisterId register_id,
                                                            std::span<const std::string_view> record_ids,
                                                            RevisionId as_of) const {
  const Impl::View view = impl_->current();
  Cursor cursor = view.database->cursor(kHeads, Database::Access::point);
  std::vector<std::optional<Head>> found(record_ids.size());
  for (std::size_t i = 0; i < record_ids.size(); ++i) {
    const std::string prefix = head_prefix(register_id, record_ids[i]);
    std::string key = prefix;
    append_head_suffix(key, as_of);
    cursor.seek(key);
    if (!cursor.valid()) {
      SEMAK_TRY_STATUS(cursor.status());
      continue;
    }
    if (cursor.key().size() != prefix.size() + kRevisionSuffix || !cursor.key().starts_with(prefix)) continue;
    const RevisionId revision{~read_key64(cursor.key().data() + prefix.size())};
    SEMAK_TRY(found[i], parse_head(revision, cursor.value()));
  }
  return found;
}

Status RecordStore::scan_heads(std::optional<RegisterId> register_id, RevisionId as_of,
                               const std::function<void(const HeadEntry&)>& visit) const {
  const Impl::View view = impl_->current();
  Cursor cursor = view.database->cursor(kHeads, Database::Access::scan);
  std::string begin;
  if (register_id) append_key32(begin, register_id->value);
  std::string record_id;  // of `pending`, which waits to learn its previous revision
  HeadEntry pending;
  bool waiting = false;
  for (cursor.seek(begin); cursor.valid() && cursor.key().starts_with(begin); cursor.next()) {
    SEMAK_TRY(HeadKey key, parse_head_key(cursor.key()));
    if (key.revision > as_of) continue;
    SEMAK_TRY(const Head head, parse_head(key.revision, cursor.value()));
    const bool same = waiting && pending.register_id == key.register_id && record_id == key.record_id;
    if (waiting) {
      if (same) pending.head.previous = key.revision;
      visit(pending);
    }
    if (!same) record_id.swap(key.record_id);
    pending = HeadEntry{key.register_id, record_id, head, !same};
    waiting = true;
  }
  SEMAK_TRY_STATUS(cursor.status());
  if (waiting) visit(pending);
  return {};
}

Result<std::vector<RecordRevision>> RecordStore::history(RegisterId register_id, std::string_view record_id) const {
  const Impl::View view = impl_->current();
  Cursor cursor = view.database->cursor(kHeads, Database::Access::point);
  const std::string prefix = head_prefix(register_id, record_id);
  std::vector<RevisionId> ids;
  for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
    if (cursor.key().size() != prefix.size() + kRevisionSuffix) return damaged_head();
    const RevisionId revision{~read_key64(cursor.key().data() + prefix.size())};
    if (revision <= view.published->revision) ids.push_back(revision);
  }
  SEMAK_TRY_STATUS(cursor.status());
  return revisions(ids);
}

Result<std::vector<Change>> RecordStore::changes(RevisionId after, std::size_t changes_max) const {
  Scan reader = scan(after, published()->revision);
  RevisionBytes chunk;
  SEMAK_TRY(const bool any, reader.next(chunk, changes_max));
  std::vector<Change> found;
  for (std::size_t i = 0; any && i < chunk.size(); ++i) {
    SEMAK_TRY(const RevisionView view, view_revision(chunk.ids[i], chunk[i]));
    found.push_back({view.header, std::string(view.record_id)});
  }
  return found;
}

Result<LoadInfo> RecordStore::load(std::uint64_t batch) const {
  const Impl::View view = impl_->current();
  if (batch > view.published->batch) {
    return Error{ErrorCode::not_found, "there is no load " + std::to_string(batch)};
  }
  SEMAK_TRY(const std::shared_ptr<const LoadInfo> info, impl_->load(*view.database, batch));
  return LoadInfo(*info);
}

Result<std::vector<LoadInfo>> RecordStore::loads() const {
  const Impl::View view = impl_->current();
  Cursor cursor = view.database->cursor(kLoads, Database::Access::scan);
  std::vector<LoadInfo> found;
  for (cursor.seek(""); cursor.valid(); cursor.next()) {
    SEMAK_TRY(LoadInfo info, decode_load_info(cursor.value()));
    if (info.batch <= view.published->batch) found.push_back(std::move(info));
  }
  SEMAK_TRY_STATUS(cursor.status());
  return found;
}

Result<std::map<std::string, std::int64_t, std::less<>>> RecordStore::renewals() const {
  const Impl::View view = impl_->current();
  std::map<std::string, std::int64_t, std::less<>> times;
  bool all = true;
  for (const auto& [name, entry] : view.published->registers) {
    SEMAK_TRY(const std::optional<std::string> bytes, view.database->get(kMeta, renewal_key(name)));
    if (!bytes) {
      all = false;
      continue;
    }
    ByteReader in(*bytes);
    times[name] = static_cast<std::int64_t>(in.fixed64());
    if (!in.at_end()) return Error{ErrorCode::corruption, "the time of the newest load of " + name + " is damaged"};
  }
  if (all) return times;
  // Written before renewals were kept.
  SEMAK_TRY(const std::vector<LoadInfo> every, loads());
  for (const LoadInfo& load : every) {
    std::int64_t& time = times[load.register_name];
    time = std::max(time, load.time);
  }
  return times;
}

RecordStore::Scan::Scan(std::shared_ptr<const Database> database, RevisionId after, RevisionId last)
    : database_(std::move(database)), cursor_(database_->cursor(kRevisions, Database::Access::scan)), last_(last) {
  cursor_.seek(revision_key(RevisionId{after.value + 1}));
}

Result<bool> RecordStore::Scan::next(RevisionBytes& chunk, std::size_t revisions_max) {
  chunk.clear();
  for (; chunk.size() < revisions_max && cursor_.valid(); cursor_.next()) {
    if (cursor_.key().size() != 8) return Error{ErrorCode::corruption, "a key of the revisions is damaged"};
    const RevisionId id{read_key64(cursor_.key().data())};
    if (id > last_) break;
    chunk.push_back(id, cursor_.value());
  }
  SEMAK_TRY_STATUS(cursor_.status());
  return chunk.size() > 0;
}

RecordStore::Scan RecordStore::scan(RevisionId after, RevisionId last) const {
  return Scan(impl_->current().database, after, last);
}

Status RecordStore::replace_index(std::string_view register_name, std::string index) {
  const Impl::View view = impl_->current();
  PublishedState next = *view.published;
  const auto found = next.registers.find(register_name);
  if (found == next.registers.end()) {
    return Error{ErrorCode::not_found, "there is no register " + std::string(register_name)};
  }
  found->second.index = std::move(index);
  WriteSet changes;
  changes.put(kMeta, kPublishedKey, encode(next));
  SEMAK_TRY_STATUS(view.database->write(changes, Durability::synced));
  impl_->publish(std::make_shared<const PublishedState>(std::move(next)));
  return {};
}

Status RecordStore::checkpoint(const std::filesystem::path& target) const {
  return impl_->current().database->checkpoint(target / "records");
}

}  // namespace semak
