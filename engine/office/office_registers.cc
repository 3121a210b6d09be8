// Changes of registers and what follows from them. A change is announced on the desk before it is made, so that nothing
// is changed while the chain cannot be written, and so that a change whose process died before logging it is logged,
// under its author, at the next opening.
#include <algorithm>
#include <shared_mutex>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/office/office_impl.h"
#include "engine/office/record_changes.h"
#include "engine/screen/record_fingerprint.h"
#include "engine/screen/record_status.h"
#include "engine/store/bytes.h"
#include "engine/store/store_writer.h"

namespace semak {
namespace {

constexpr std::size_t kChangesAtOnce = 1000;
constexpr int kRejudgeTop = 50;  // hits among which the changed record is looked for

std::string encode_number(std::uint64_t number) {
  std::string out;
  append_varint(out, number);
  return out;
}

// Apart from the optional that the bytes came in: inlined there, g++ 12 at -O3 takes them for uninitialised.
[[gnu::noinline]] std::optional<std::uint64_t> number_in(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint64_t number = in.varint();
  return in.at_end() ? std::optional(number) : std::nullopt;
}

Result<std::optional<std::uint64_t>> read_number(const Database& database, std::string_view key) {
  SEMAK_TRY(const auto bytes, database.get(family(DeskFamily::meta), key));
  if (!bytes) return std::optional<std::uint64_t>();
  const auto number = number_in(*bytes);
  if (!number) return Error{ErrorCode::corruption, "the desk's " + std::string(key) + " is damaged"};
  return number;
}

std::string encode_actor(const Actor& actor) {
  std::string out;
  append_text(out, actor.id);
  append_text(out, actor.tenant);
  append_varint(out, static_cast<std::uint64_t>(actor.role));
  return out;
}

Actor decode_actor(std::string_view bytes) {
  ByteReader in(bytes);
  Actor actor;
  actor.id = in.text();
  actor.tenant = in.text();
  actor.role = read_enum(in, Role::admin);
  return in.at_end() ? actor : own_actor();
}

AuditEvent event_of(const Actor& actor, const LoadInfo& load) {
  AuditEvent event;
  event.kind = AuditKind::load;
  event.actor = actor;
  event.object = load.register_name;
  event.token = "load:" + std::to_string(load.batch) + ":" + std::to_string(load.time);
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  AuditDetails details;
  details.number("load", number(load.batch)).number("generation", number(load.generation.value));
  details.number("rows", number(load.rows)).number("added", number(load.added));
  details.number("changed", number(load.changed)).number("unchanged", number(load.unchanged));
  details.number("withdrawn", number(load.withdrawn)).number("restored", number(load.restored));
  details.number("rejected", number(load.rejected));
  std::string hashes;
  for (const LoadInfo::File& file : load.files) hashes += (hashes.empty() ? "" : ",") + file.hash;
  details.text("files", hashes);
  event.details = details.json();
  return event;
}

AuditEvent event_without_load(const Actor& actor, std::string_view register_name, const Result<IngestReport>& done) {
  AuditEvent event;
  event.kind = AuditKind::load;
  event.actor = actor;
  event.object = register_name;
  AuditDetails details;
  details.text("event", done ? "nothing changed" : "failed");
  if (done) details.number("rows", static_cast<std::int64_t>(done->rows));
  event.details = details.json();
  return event;
}

}  // namespace

// Loads that the chain does not know: made before there was one, or by a process that died before it could say so.
Status Office::Impl::log_unknown_loads() {
  const Database& database = desk->database();
  SEMAK_TRY(const auto logged, read_number(database, kLoadsKey));
  SEMAK_TRY(const auto announced, database.get(family(DeskFamily::meta), kLoadingKey));
  const auto published = engine->store().published();
  if (logged.value_or(0) >= published->batch && logged && !announced) return {};
  WriteSet changes;
  std::vector<AuditEvent> events;
  for (std::uint64_t batch = logged.value_or(0) + 1; batch <= published->batch; ++batch) {
    SEMAK_TRY(const LoadInfo load, engine->store().load(batch));
    const bool last = batch == published->batch;
    events.push_back(event_of(announced && last ? decode_actor(*announced) : own_actor(), load));
  }
  changes.put(family(DeskFamily::meta), kLoadsKey, encode_number(published->batch));
  if (announced) changes.remove(family(DeskFamily::meta), kLoadingKey);
  return committed(desk->commit(changes, std::move(events)));
}

Result<IngestReport> Office::Impl::change_registers(const Actor& actor, const std::string& register_name,
                                                    const Progress& progress,
                                                    const std::function<Result<IngestReport>()>& change) {
  const std::lock_guard one(registers_mutex);
  WriteSet announcement;
  announcement.put(family(DeskFamily::meta), kLoadingKey, encode_actor(actor));
  SEMAK_TRY_STATUS(committed(desk->commit(announcement, {})));
  const std::uint64_t before = engine->store().published()->batch;
  Result<IngestReport> done = change();
  const std::uint64_t after = engine->store().published()->batch;

  WriteSet changes;
  changes.remove(family(DeskFamily::meta), kLoadingKey);
  changes.put(family(DeskFamily::meta), kLoadsKey, encode_number(after));
  AuditEvent event = event_without_load(actor, register_name, done);
  if (after != before) {
    SEMAK_TRY(const LoadInfo load, engine->store().load(after));
    event = event_of(actor, load);
  }
  SEMAK_TRY_STATUS(committed(desk->commit(changes, {std::move(event)})));
  if (!done) return done;
  if (const Status followed = follow(actor, progress); !followed) {
    done->warnings.push_back(
        "the change is done, but not all that follows from it; the next opening goes on with it (" +
        followed.error().message + ")");
  }
  return done;
}

Result<IngestReport> Office::load(const Actor& actor, const IngestRequest& request, const Progress& progress) {
  return impl_->change_registers(actor, request.register_name, progress,
                                 [&] { return ingest(*impl_->engine, request, progress); });
}

Result<IngestReport> Office::change(const Actor& actor, std::string_view register_name,
                                    std::span<const RecordChange> changes) {
  const Progress silent;
  return impl_->change_registers(actor, std::string(register_name), silent,
                                 [&] { return change_records(*impl_->engine, register_name, changes, silent); });
}

// Logged before it is done: a process that dies between leaves the register as old as it was, and it is said again.
Status Office::confirm_complete(const Actor& actor, std::string_view register_name) {
  Impl& impl = *impl_;
  const std::lock_guard one(impl.registers_mutex);
  RecordStore& store = impl.engine->store();
  const auto published = store.published();
  const auto known = published->registers.find(register_name);
  if (known == published->registers.end()) {
    return Error{ErrorCode::not_found, "there is no register " + std::string(register_name)};
  }
  if (store.mode() == DatabaseMode::read_only) {
    return Error{ErrorCode::invalid_input, "the registers were opened for reading only"};
  }
  AuditEvent event;
  event.kind = AuditKind::load;
  event.actor = actor;
  event.object = register_name;
  AuditDetails details;
  details.text("event", "confirmed complete");
  details.number("generation", static_cast<std::int64_t>(published->generation.value));
  event.details = details.json();
  SEMAK_TRY_STATUS(committed(impl.desk->commit({}, {std::move(event)})));
  {
    SEMAK_TRY(const std::unique_ptr<StoreWriter> writer, store.begin(register_name, known->second.info.kind));
    SEMAK_TRY_STATUS(writer->renew());
  }
  SEMAK_TRY_STATUS(impl.engine->refresh({}));
  return impl.follow(actor, {});
}

Status Office::Impl::follow(const Actor& actor, const Progress& progress) {
  SEMAK_TRY_STATUS(follow_cases(actor));
  const Result<MonitorReport> caught_up = monitor->catch_up(progress);
  return caught_up ? Status() : Status(caught_up.error());
}

Status Office::Impl::follow_cases(const Actor& actor) {
  const RecordStore& store = engine->store();
  const auto published = store.published();
  {
    // Checks of the world before are on the desk once this is had.
    const std::unique_lock barrier(answering);
  }
  SEMAK_TRY(const auto position, read_number(desk->database(), kFollowedKey));
  std::uint64_t at = position.value_or(published->revision.value);  // no desk: no checks
  std::vector<const RegisterInfo*> named;
  for (const auto& [name, entry] : published->registers) {
    if (casework->any_check_names(name)) named.push_back(&entry.info);
  }
  if (named.empty()) at = published->revision.value;
  const auto reached = [&](std::uint64_t revision) {
    WriteSet changes;
    changes.put(family(DeskFamily::meta), kFollowedKey, encode_number(revision));
    return committed(desk->commit(changes, {}));
  };
  while (at < published->revision.value) {
    SEMAK_TRY(const std::vector<Change> changes, store.changes(RevisionId{at}, kChangesAtOnce));
    if (changes.empty()) break;
    for (const Change& change : changes) {
      at = change.header.revision.value;
      if (change.header.previous.value == 0) continue;  // nobody was told of a new record
      const auto info = std::find_if(named.begin(), named.end(),
                                     [&](const RegisterInfo* one) { return one->id == change.header.register_id; });
      if (info != named.end()) SEMAK_TRY_STATUS(follow_record(actor, **info, change.record_id));
    }
    if (at < published->revision.value) SEMAK_TRY_STATUS(reached(at));
  }
  return position == published->revision.value ? Status() : reached(published->revision.value);
}

Status Office::Impl::follow_record(const Actor& actor, const RegisterInfo& info, std::string_view record_id) {
  SEMAK_TRY(const auto checks, casework->checks_naming(info.name, record_id));
  if (checks.empty()) return {};
  const RecordStore& store = engine->store();
  SEMAK_TRY(const auto heads, store.heads(info.id, {&record_id, 1}, store.published()->revision));
  if (!heads.front()) return {};
  RecordNow now;
  now.revision = heads.front()->revision;
  SEMAK_TRY(const RecordRevision revision, store.revision(now.revision));
  const bool quashed = has_convictions(info.kind) && is_quashed(revision.record);
  now.answerable = revision.state == RecordState::active && !quashed;
  if (now.answerable) {
    now.content = person_fingerprint(revision.record);
    now.under_appeal = has_convictions(info.kind) && is_under_appeal(revision.record);
  } else {
    now.reason = quashed ? "quashed" : "withdrawn";
  }
  const auto judge = [&](const Check& check) {
    return now.withdrawn() ? find_moved(check, info.name, revision.record)
                           : judge_anew(check, info.name, record_id, now);
  };
  const Result<std::vector<std::string>> turned = casework->record_changed(actor, info.name, record_id, now, judge);
  return turned ? Status() : Status(turned.error());
}

// The check's own policy, but of one register and whatever the subject.
Result<Policy> Office::Impl::rejudging_policy(const Check& check, std::string_view register_name) const {
  SEMAK_TRY(Policy policy, policy_of(check.policy_id));
  policy.registers = {std::string(register_name)};
  policy.kinds.clear();
  policy.needs.clear();
  policy.standing = false;
  policy.consent = false;
  policy.register_days_max = 0;
  policy.top = std::max(policy.top, kRejudgeTop);
  return policy;
}

// A register that is loaded again with other ids withdraws its records only to list them anew: the record that says the
// same of the person, else one that would be referred and was not among the check's hits. Of an erased check only the
// first can be known.
Result<std::optional<Hit>> Office::Impl::find_moved(const Check& check, std::string_view register_name,
                                                    const Record& withdrawn) {
  SEMAK_TRY(const Policy policy, rejudging_policy(check, register_name));
  Subject subject = check.request.subject;
  if (check.erased) {
    subject.names = withdrawn.names;
    subject.numbers = withdrawn.numbers;
    subject.dob = withdrawn.dob;
    subject.sex = withdrawn.sex;
  }
  ScreenerPool::Lease screener = screeners->take();
  SEMAK_TRY(const Answer found, answer(*screener, subject, policy, Detail::evidence, {}));
  const std::string content = person_fingerprint(withdrawn);
  const auto same =
      std::find_if(found.hits.begin(), found.hits.end(), [&](const Hit& hit) { return hit.content == content; });
  if (same != found.hits.end()) return std::optional(*same);
  const auto told = [&](const Hit& hit) {
    return std::any_of(check.answer.hits.begin(), check.answer.hits.end(), [&](const Hit& of) {
      return of.register_name == hit.register_name && of.record_id == hit.record_id;
    });
  };
  for (const Hit& hit : found.hits) {
    if (!check.erased && hit.refers && !told(hit)) return std::optional(hit);
  }
  return std::optional<Hit>();
}

// As the check's own policy compares its subject with the record by now. A search that is not whole proves nothing, so
// then the hit stays as it was.
Result<std::optional<Hit>> Office::Impl::judge_anew(const Check& check, std::string_view register_name,
                                                    std::string_view record_id, const RecordNow& now) {
  SEMAK_TRY(const Policy policy, rejudging_policy(check, register_name));
  ScreenerPool::Lease screener = screeners->take();
  SEMAK_TRY(const Answer found, answer(*screener, check.request.subject, policy, Detail::evidence, {}));
  for (const Hit& hit : found.hits) {
    if (hit.record_id == record_id) return std::optional<Hit>(hit);
  }
  const bool whole = found.reason == IncompleteReason::none && found.hits.size() < static_cast<std::size_t>(policy.top);
  if (whole) return std::optional<Hit>();
  for (const Hit& hit : check.answer.hits) {
    if (hit.register_name != register_name || hit.record_id != record_id) continue;
    Hit kept = hit;
    kept.revision = now.revision;
    kept.content = now.content;
    return std::optional<Hit>(std::move(kept));
  }
  return std::optional<Hit>();
}

}  // namespace semak
