#include "engine/office/record_changes.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "engine/keys/key_ring.h"
#include "engine/screen/index_feed.h"
#include "engine/screen/record_status.h"
#include "engine/store/store_writer.h"

namespace semak {
namespace {

constexpr std::size_t kIdMax = 256;

Error invalid(std::string message) { return Error{ErrorCode::invalid_input, std::move(message)}; }

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' '; });
}

Status check_change(const RecordChange& change, std::size_t position, std::set<std::string_view>& ids) {
  const auto wrong = [&](std::string_view field, std::string_view what) {
    return invalid(fmt::format("change {}: {}: {}", position + 1, field, what));
  };
  const Record& record = change.record;
  if (is_blank(record.id)) return wrong("id", "a record needs one");
  if (record.id.size() > kIdMax) return wrong("id", "longer than 256 bytes");
  if (!ids.insert(record.id).second) return wrong("id", "another change of this request has it too");
  if (change.kind == RecordChange::Kind::withdraw) return {};
  if (record.names.empty() || is_blank(record.names.front().text)) return wrong("names", "a record needs a name");
  for (const TypedNumber& number : record.numbers) {
    if (is_blank(number.text)) return wrong("numbers", "an identity number is empty");
  }
  if (record.dob.known() && !exists(record.dob)) return wrong("dob", "there is no such date");
  return {};
}

// What one change does to its record.
struct Step {
  const RecordChange* change = nullptr;
  Head head;            // revision 0: the register does not have the record
  std::string content;  // encoded, of the new revision
  ChangeKind kind = ChangeKind::added;
  bool changes = true;
};

Error outdated(const Step& step) {
  return Error{ErrorCode::busy,
               fmt::format("record {} has revision {} and not {}; read it again", step.change->record.id,
                           step.head.revision.value, step.change->expected.value)};
}

Status judge(Step& step, const RecordStore& store) {
  const bool known = step.head.revision.value != 0;
  const bool active = known && step.head.state == RecordState::active;
  const RecordChange& change = *step.change;
  if (change.expected != step.head.revision) return outdated(step);
  if (change.kind != RecordChange::Kind::create && !known) {
    return Error{ErrorCode::not_found, "there is no record " + change.record.id};
  }
  if (change.kind == RecordChange::Kind::create && active) return outdated(step);
  if (change.kind == RecordChange::Kind::withdraw) {
    step.kind = ChangeKind::withdrawn;
    step.changes = active;
    if (!active) return {};
    SEMAK_TRY(const RecordRevision last, store.revision(step.head.revision));
    encode_content(last.record, step.content);
    return {};
  }
  encode_content(change.record, step.content);
  step.kind = !known ? ChangeKind::added : active ? ChangeKind::changed : ChangeKind::restored;
  step.changes = !active || step.head.content != content_hash(step.content);
  return {};
}

Result<std::vector<Step>> steps_of(const RecordStore& store, const RegisterInfo& info, RevisionId published,
                                   std::span<const RecordChange> changes) {
  std::set<std::string_view> ids;
  std::vector<std::string_view> asked;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SEMAK_TRY_STATUS(check_change(changes[i], i, ids));
    asked.push_back(changes[i].record.id);
  }
  SEMAK_TRY(const auto heads, store.heads(info.id, asked, published));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Step step;
    step.change = &changes[i];
    if (heads[i]) step.head = *heads[i];
    SEMAK_TRY_STATUS(judge(step, store));
    steps.push_back(std::move(step));
  }
  return steps;
}

void count(const std::vector<Step>& steps, IngestReport& report) {
  report.rows = steps.size();
  for (const Step& step : steps) {
    if (!step.changes)
      ++report.unchanged;
    else if (step.kind == ChangeKind::added)
      ++report.added;
    else if (step.kind == ChangeKind::changed)
      ++report.changed;
    else if (step.kind == ChangeKind::restored)
      ++report.restored;
    else
      ++report.withdrawn;
  }
}

// Hands the changes to `writer` and `feed`; returns the last revision.
Result<RevisionId> write(Engine& engine, std::vector<Step>& steps, StoreWriter& writer, IndexFeed& feed) {
  RevisionBytes revisions;
  std::vector<HeadWrite> heads;
  std::vector<IndexedPerson> people;
  RevisionHeader header;
  header.register_id = writer.register_info().id;
  header.generation = writer.generation();
  header.batch = writer.batch();
  RevisionId next = writer.first_revision();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Step& step = steps[i];
    if (!step.changes) continue;
    header.revision = next;
    header.previous = step.head.revision;
    header.kind = step.kind;
    header.line = i + 1;
    std::string encoded;
    encode_revision(header, step.content, encoded);
    revisions.push_back(next, encoded);
    const Record& record = step.change->record;
    heads.push_back({record.id, next, header.state(), content_hash(step.content)});
    if (step.kind == ChangeKind::changed || step.kind == ChangeKind::withdrawn) feed.remove(step.head.revision);
    if (step.kind != ChangeKind::withdrawn && answers(writer.register_info().kind, record)) {
      people.push_back({next, make_profile(engine.normalizer(), record)});
    }
    ++next.value;
  }
  std::sort(heads.begin(), heads.end(),
            [](const HeadWrite& a, const HeadWrite& b) { return a.record_id < b.record_id; });
  SEMAK_TRY_STATUS(writer.add_revisions(revisions));
  SEMAK_TRY_STATUS(writer.add_heads(heads));
  feed.add(0, std::move(people));
  return RevisionId{next.value - 1};
}

StoreWriter::Publication publication_of(const RegisterInfo& before, const IngestReport& report,
                                        const std::vector<Step>& steps) {
  StoreWriter::Publication publication;
  publication.active = before.active + report.added + report.restored - report.withdrawn;
  publication.withdrawn = before.withdrawn + report.withdrawn - report.restored;
  publication.load.rows = report.rows;
  publication.load.added = report.added;
  publication.load.changed = report.changed;
  publication.load.unchanged = report.unchanged;
  publication.load.withdrawn = report.withdrawn;
  publication.load.restored = report.restored;
  std::string all;
  for (const Step& step : steps) all += step.content;
  const Hash256 hash = hash256(all);
  const std::string_view bytes(reinterpret_cast<const char*>(hash.data()), hash.size() / 2);
  publication.load.files.push_back({"(changes)", hex(bytes), all.size(), report.rows});
  return publication;
}

}  // namespace

Result<IngestReport> change_records(Engine& engine, std::string_view register_name,
                                    std::span<const RecordChange> changes, const Progress& progress) {
  RecordStore& store = engine.store();
  if (store.mode() == DatabaseMode::read_only) return invalid("the registers were opened for reading only");
  const auto published = store.published();
  const auto known = published->registers.find(register_name);
  if (known == published->registers.end()) {
    return Error{ErrorCode::not_found, "there is no register " + std::string(register_name)};
  }
  const RegisterInfo& info = known->second.info;
  SEMAK_TRY(const std::unique_ptr<StoreWriter> writer, store.begin(register_name, info.kind));
  SEMAK_TRY(std::vector<Step> steps, steps_of(store, info, published->revision, changes));
  IngestReport report;
  count(steps, report);
  report.generation = published->generation;
  if (report.unchanged == report.rows) return report;

  const std::shared_ptr<const World> world = engine.world();
  const auto part = world->registers.find(register_name);
  IndexFeed feed(engine.index_folder(register_name), engine.normalizer(),
                 part == world->registers.end() ? nullptr : part->second.index);
  SEMAK_TRY(const RevisionId last, write(engine, steps, *writer, feed));
  SEMAK_TRY(const Manifest manifest, feed.finish(store, *writer, last, progress));
  StoreWriter::Publication publication = publication_of(info, report, steps);
  publication.last_revision = last;
  publication.renews = false;
  publication.index = encode(manifest);
  SEMAK_TRY_STATUS(writer->commit(std::move(publication)));
  report.generation = store.published()->generation;
  if (const Status refreshed = engine.refresh(progress); !refreshed) {
    report.warnings.push_back("the change is published, but this process still answers from the generation before (" +
                              refreshed.error().message + ")");
  }
  return report;
}

}  // namespace semak
