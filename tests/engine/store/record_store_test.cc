#include "engine/store/record_store.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/store/store_writer.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

std::unique_ptr<RecordStore> opened(const std::filesystem::path& folder, DatabaseMode mode = DatabaseMode::create,
                                    std::function<Status(std::string_view)> fault = {}) {
  auto store = RecordStore::open(folder, mode, std::move(fault));
  INFO((store ? "" : store.error().message));
  REQUIRE(store);
  return std::move(store).value();
}

struct NewRevision {
  std::string id;
  std::string name;
  ChangeKind kind = ChangeKind::added;
};

// Writes `changes` as one load would; ends before the commit if `commit` is false.
Status write(RecordStore& store, const std::string& register_name, const std::vector<NewRevision>& changes,
             bool commit = true, bool readable = false) {
  SEMAK_TRY(const std::unique_ptr<StoreWriter> writer, store.begin(register_name, RegisterKind::reference));
  const RegisterInfo info = writer->register_info();
  RevisionBytes revisions;
  std::map<std::string, HeadWrite> heads;
  RevisionId next = writer->first_revision();
  std::int64_t active = static_cast<std::int64_t>(info.active), withdrawn = static_cast<std::int64_t>(info.withdrawn);
  for (const NewRevision& change : changes) {
    const std::string_view id = change.id;
    SEMAK_TRY(const auto head, store.heads(info.id, std::span(&id, 1), store.published()->revision));
    Record record;
    record.id = change.id;
    record.names = {{NameType::registered, change.name}};
    std::string content, bytes;
    encode_content(record, content);
    RevisionHeader header;
    header.revision = next;
    header.register_id = info.id;
    header.kind = change.kind;
    header.generation = writer->generation();
    header.batch = writer->batch();
    header.line = next.value;
    if (head.front()) header.previous = head.front()->revision;
    encode_revision(header, content, bytes);
    revisions.push_back(next, bytes);
    heads[change.id] = {change.id, next, header.state(), content_hash(content)};
    ++next.value;
    if (change.kind == ChangeKind::added || change.kind == ChangeKind::restored) ++active;
    if (change.kind == ChangeKind::restored) --withdrawn;
    if (change.kind == ChangeKind::withdrawn) --active, ++withdrawn;
  }
  std::vector<HeadWrite> sorted;
  for (auto& [id, head] : heads) sorted.push_back({id, head.revision, head.state, head.content});
  SEMAK_TRY_STATUS(writer->add_revisions(revisions));
  SEMAK_TRY_STATUS(writer->add_heads(sorted));
  if (readable) SEMAK_TRY_STATUS(writer->make_readable());
  if (!commit) return {};
  StoreWriter::Publication publication;
  publication.last_revision.value = next.value - 1;
  publication.active = static_cast<std::uint64_t>(active);
  publication.withdrawn = static_cast<std::uint64_t>(withdrawn);
  publication.index = "index";
  publication.load.files = {{"people.csv", "abc", 1, changes.size()}};
  return writer->commit(std::move(publication));
}

std::vector<NewRevision> people(int count, int bytes_each = 10) {
  std::vector<NewRevision> all;
  for (int i = 0; i < count; ++i) {
    std::string id = std::to_string(i);
    id.insert(0, 8 - id.size(), '0');
    all.push_back({id, std::string(static_cast<std::size_t>(bytes_each), static_cast<char>('a' + i % 26))});
  }
  return all;
}

std::map<std::string, std::uint64_t> newest(const RecordStore& store, RevisionId as_of) {
  std::map<std::string, std::uint64_t> found;
  const Status done = store.scan_heads({}, as_of, [&](const HeadEntry& entry) {
    if (entry.newest) found[std::string(entry.record_id)] = entry.head.revision.value;
  });
  REQUIRE(done);
  return found;
}

TEST_CASE("a committed load is there when the database is opened again", "[engine][store]") {
  const TemporaryFolder folder;
  REQUIRE(write(*opened(folder.path()), "offenders", people(3)));
  const auto store = opened(folder.path(), DatabaseMode::read_write);
  const auto state = store->published();
  CHECK(state->generation.value == 1);
  CHECK(state->revision.value == 3);
  CHECK(state->registers.at("offenders").info.active == 3);
  CHECK(state->registers.at("offenders").index == "index");
  const auto revision = store->revision(RevisionId{2});
  REQUIRE(revision);
  CHECK(revision->record.id == "00000001");
  CHECK(revision->provenance == Provenance{"people.csv", "abc", 2, 1});
  const auto loads = store->loads();
  REQUIRE(loads);
  REQUIRE(loads->size() == 1);
  CHECK(loads->front().register_name == "offenders");
}

TEST_CASE("what was not committed is invisible and makes room for the next load", "[engine][store]") {
  const TemporaryFolder folder;
  const int bytes_each = GENERATE(10, 40'000);  // one write, or files
  const auto store = opened(folder.path());
  REQUIRE(write(*store, "offenders", people(300, bytes_each)));
  const auto before = newest(*store, store->published()->revision);
  std::vector<NewRevision> changed = people(400, bytes_each);
  for (NewRevision& change : changed) change.kind = ChangeKind::changed;
  for (const bool readable : {false, true}) {
    REQUIRE(write(*store, "offenders", changed, /*commit=*/false, readable));
    CHECK(store->published()->revision.value == 300);
    CHECK(newest(*store, store->published()->revision) == before);
    CHECK_FALSE(store->revision(RevisionId{301}));
    CHECK(store->changes(RevisionId{300}, 10)->empty());
    CHECK(newest(*store, RevisionId{700}).size() == (readable ? 400 : 300));
  }
  REQUIRE(write(*store, "offenders", {{"new", "x"}}));
  CHECK(store->published()->revision.value == 301);
  CHECK(store->revision(RevisionId{301})->record.id == "new");
  CHECK(newest(*store, RevisionId{10'000}).size() == 301);  // nothing is left of the two that never were
  CHECK(newest(*store, RevisionId{10'000}).at("00000000") == 1);
}

TEST_CASE("heads at any revision agree with a map", "[engine][store]") {
  const TemporaryFolder folder;
  const auto store = opened(folder.path());
  std::mt19937_64 random(7);
  std::vector<std::map<std::string, std::uint64_t>> states(1);  // by revision
  // Ids that are each other's prefixes, and bytes that the key encoding uses itself.
  const std::vector<std::string> ids = {
      "a",  std::string("a\0", 2),     std::string("a\0\1", 3), "a\xff", "a\x01", std::string(1, '\0'),
      "ab", std::string("a\0\xff", 3), "\xff\xff\xff\xff"};
  for (int load = 0; load < 60; ++load) {
    std::set<std::string> chosen;
    for (std::uint64_t n = 1 + random() % 4; n-- > 0;) chosen.insert(ids[random() % ids.size()]);
    std::vector<NewRevision> changes;
    for (const std::string& id : chosen) {
      const bool known = states.back().contains(id);
      changes.push_back({id, "x", known ? ChangeKind::changed : ChangeKind::added});
      auto next = states.back();
      next[id] = states.size();
      states.push_back(next);
    }
    REQUIRE(write(*store, "r", changes));
  }
  for (std::size_t revision = 0; revision < states.size(); ++revision) {
    REQUIRE(newest(*store, RevisionId{revision}) == states[revision]);
    std::vector<std::string_view> asked(ids.begin(), ids.end());
    const auto heads = store->heads(RegisterId{1}, asked, RevisionId{revision});
    REQUIRE(heads);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto known = states[revision].find(ids[i]);
      REQUIRE((*heads)[i].has_value() == (known != states[revision].end()));
      if ((*heads)[i]) REQUIRE((*heads)[i]->revision.value == known->second);
    }
  }
}

TEST_CASE("the change log is every revision in order and history is one record's", "[engine][store]") {
  const TemporaryFolder folder;
  const auto store = opened(folder.path());
  REQUIRE(write(*store, "r", {{"a", "1"}, {"b", "1"}}));
  REQUIRE(write(*store, "s", {{"a", "other register"}}));
  REQUIRE(write(*store, "r", {{"a", "2", ChangeKind::changed}}));
  REQUIRE(write(*store, "r", {{"a", "2", ChangeKind::withdrawn}}));
  REQUIRE(write(*store, "r", {{"a", "3", ChangeKind::restored}}));
  const auto changes = store->changes(RevisionId{0}, 100);
  REQUIRE(changes);
  std::string log;
  for (const Change& change : *changes) {
    log += std::to_string(change.header.revision.value) + change.record_id + " " + to_string(change.header.kind) +
           " g" + std::to_string(change.header.generation.value) + "; ";
  }
  CHECK(log == "1a added g1; 2b added g1; 3a added g2; 4a changed g3; 5a withdrawn g4; 6a restored g5; ");
  CHECK(store->changes(RevisionId{2}, 2)->size() == 2);
  const auto history = store->history(RegisterId{1}, "a");
  REQUIRE(history);
  std::string names;
  for (const RecordRevision& revision : *history) {
    names += revision.record.names.front().text + "<" + std::to_string(revision.previous.value) + " ";
  }
  CHECK(names == "3<5 2<4 2<1 1<0 ");
  CHECK((*history)[1].state == RecordState::withdrawn);
  CHECK(store->published()->registers.at("r").info.active == 2);
}

TEST_CASE("a failing call at any point leaves the state before, and the load can be run again", "[engine][store]") {
  const int bytes_each = GENERATE(10, 40'000);
  for (int failing = 0;; ++failing) {
    const TemporaryFolder folder;
    int calls = -1;  // counted once the first state is there
    const auto store = opened(folder.path(), DatabaseMode::create, [&](std::string_view operation) -> Status {
      if (calls >= 0 && calls++ == failing) return Error{ErrorCode::io, "injected into " + std::string(operation)};
      return {};
    });
    REQUIRE(write(*store, "r", {{"first", "x"}}));
    calls = 0;
    const Status done = write(*store, "r", people(250, bytes_each), true, failing % 2 == 0);
    calls = -1;
    CAPTURE(failing, bytes_each);
    if (done) {
      CHECK(failing >= 1);
      CHECK(store->published()->registers.at("r").info.active == 251);
      break;
    }
    CHECK(store->published()->generation.value == 1);
    CHECK(newest(*store, store->published()->revision).size() == 1);
    REQUIRE(write(*store, "r", people(250, bytes_each)));
    CHECK(store->published()->registers.at("r").info.active == 251);
  }
}

TEST_CASE("only one load runs at a time", "[engine][store]") {
  const TemporaryFolder folder;
  const auto store = opened(folder.path());
  {
    const auto first = store->begin("r", RegisterKind::oyls);
    REQUIRE(first);
    CHECK((*first)->register_is_new());
    const auto second = store->begin("r", RegisterKind::oyls);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::busy);
  }
  CHECK(store->begin("r", RegisterKind::oyls));
}

TEST_CASE("a reader in another process sees what was published when it looked", "[engine][store]") {
  const TemporaryFolder folder;
  const auto writer = opened(folder.path());
  REQUIRE(write(*writer, "r", people(10)));
  const auto reader = opened(folder.path(), DatabaseMode::read_only);
  REQUIRE(write(*writer, "r", {{"new", "x"}}));
  CHECK(reader->published()->revision.value == 10);
  CHECK_FALSE(reader->revision(RevisionId{11}));
  REQUIRE(reader->refresh());
  CHECK(reader->published()->revision.value == 11);
  CHECK(reader->revision(RevisionId{11})->record.id == "new");
}

TEST_CASE("a checkpoint is a database of its own", "[engine][store]") {
  const TemporaryFolder folder;
  const auto store = opened(folder / "a");
  REQUIRE(write(*store, "r", people(10)));
  std::filesystem::create_directories(folder / "b");
  REQUIRE(store->checkpoint(folder / "b"));
  REQUIRE(write(*store, "r", {{"new", "x"}}));
  CHECK(opened(folder / "b", DatabaseMode::read_write)->published()->revision.value == 10);
}

TEST_CASE("another index can be published for the same records", "[engine][store]") {
  const TemporaryFolder folder;
  REQUIRE(write(*opened(folder.path()), "r", people(2)));
  REQUIRE(opened(folder.path())->replace_index("r", "rebuilt"));
  const auto state = opened(folder.path())->published();
  CHECK(state->registers.at("r").index == "rebuilt");
  CHECK(state->generation.value == 1);
  CHECK(opened(folder.path())->replace_index("s", "").error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace semak
