// Catching up with the change log. A pair of a watched person and a record is judged when the record changes, at the
// register's rarities and size of the generation that is current then, and not again before its next change: names that
// become rarer or registers that grow make no alerts by themselves. Each step judges some changes and commits what
// follows from them together with the new position, so a step is done wholly or not at all.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <tbb/parallel_for.h>
#include <unordered_map>
#include <utility>

#include "engine/match/person_evidence.h"
#include "engine/monitor/change_match.h"
#include "engine/monitor/monitor_impl.h"
#include "engine/monitor/record_substance.h"
#include "engine/monitor/rematch.h"
#include "engine/monitor/watch_obstacles.h"
#include "engine/screen/asked_registers.h"
#include "engine/screen/record_status.h"

namespace semak {
namespace {

// Bounds the memory of a step: a changed record takes some kilobytes.
constexpr std::size_t kChangesAtOnce = 20'000;

// A record's newest revision, brought by a change that is judged now.
struct ChangedRecord {
  RevisionHeader header;
  Record record;
  bool answers = false;
  const char* gone = "";  // why it does not answer
};

struct CurrentHit {
  WatchList::Place place;
  WatchedHit hit;
};

class CatchingUp {
 public:
  CatchingUp(Monitor::Impl& monitor, const World& world, RevisionId newest, std::int64_t now_ms, MonitorReport& report)
      : monitor_(monitor), world_(world), newest_(newest), now_ms_(now_ms), report_(report) {}

  // Judges `changes` and commits what follows. `position`: behind the last of them.
  Status step(std::span<const Change> changes, MonitorPosition position) {
    AlertBook book(*monitor_.ids, monitor_.keys(), now_ms_, world_.generation);
    const Generation least = monitor_.people->least_matched();
    std::map<RegisterId, std::vector<const Change*>> by_register;
    for (const Change& change : changes) {
      if (change.header.generation > least) by_register[change.header.register_id].push_back(&change);
    }
    for (const auto& [id, of_register] : by_register) {
      const auto part = std::find_if(world_.registers.begin(), world_.registers.end(),
                                     [id = id](const auto& entry) { return entry.second.info.id == id; });
      if (part == world_.registers.end() || !part->second.index) {
        return Error{ErrorCode::unavailable, "monitoring: a changed register is not open"};
      }
      SEMAK_TRY_STATUS(judge(part->second, of_register, book));
    }
    book.changes().put(family(DeskFamily::meta), kPositionKey, encode_position(position));
    std::vector<AuditEvent> events;
    if (book.raised() > 0) events.push_back(book.event(position.revision));
    SEMAK_TRY(const std::uint64_t ignored, monitor_.desk.commit(book.changes(), std::move(events)));
    static_cast<void>(ignored);
    report_.changes += changes.size();
    report_.new_hits += book.raised(AlertKind::new_hit);
    report_.changed += book.raised(AlertKind::changed);
    report_.cleared += book.raised(AlertKind::cleared);
    return {};
  }

 private:
  // Only what is a record's newest state matters; what was superseded meanwhile comes later in the log.
  Result<std::vector<ChangedRecord>> newest_of(const World::Part& part, std::span<const Change* const> changes) const {
    std::unordered_map<std::string_view, const Change*> last;
    for (const Change* change : changes) last[change->record_id] = change;
    std::vector<const Change*> kept;
    std::vector<std::string_view> record_ids;
    for (const Change* change : changes) {
      if (last[change->record_id] != change) continue;
      kept.push_back(change);
      record_ids.push_back(change->record_id);
    }
    const RecordStore& store = monitor_.engine.store();
    SEMAK_TRY(const auto heads, store.heads(part.info.id, record_ids, newest_));
    std::vector<RevisionId> ids;
    std::vector<ChangedRecord> records;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (!heads[i] || heads[i]->revision != kept[i]->header.revision) continue;
      ids.push_back(kept[i]->header.revision);
    }
    SEMAK_TRY(const RevisionBytes bytes, store.revision_bytes(ids));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      SEMAK_TRY(StoredRevision stored, decode_revision(ids[i], bytes[i]));
      ChangedRecord changed{stored.header, std::move(stored.record), false, ""};
      if (stored.header.state() == RecordState::withdrawn) {
        changed.gone = "withdrawn";
      } else if (!semak::answers(part.info.kind, changed.record)) {
        changed.gone = "quashed";
      } else {
        changed.answers = true;
      }
      records.push_back(std::move(changed));
    }
    return records;
  }

  std::vector<ReferralTerms> terms_of(const World::Part& part) const {
    std::vector<ReferralTerms> terms;
    for (const std::optional<Policy>& policy : monitor_.people->policies()) {
      terms.push_back(policy ? terms_of(part, *policy) : ReferralTerms{});
    }
    return terms;
  }

  ReferralTerms terms_of(const World::Part& part, const Policy& policy) const {
    const std::vector<const World::Part*> asked = asked_registers(world_, policy).parts;
    const bool asks = std::find(asked.begin(), asked.end(), &part) != asked.end() && can_refer(part, policy);
    return asks ? referral_terms(policy, part.index->people()) : ReferralTerms{};
  }

  Status judge(const World::Part& part, std::span<const Change* const> changes, AlertBook& book) {
    SEMAK_TRY(const std::vector<ChangedRecord> records, newest_of(part, changes));
    const std::vector<ReferralTerms> terms = terms_of(part);
    std::vector<IndexedPerson> people;
    std::vector<std::uint32_t> record_of;
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      if (!records[i].answers) continue;
      people.push_back({records[i].header.revision, {}});
      record_of.push_back(i);
    }
    tbb::parallel_for(std::size_t{0}, people.size(), [&](std::size_t i) {
      people[i].profile = make_profile(monitor_.engine.normalizer(), records[record_of[i]].record);
    });
    SEMAK_TRY(const std::vector<WatchMatch> found, match_changes(monitor_.people->filed(), *part.index, people, terms));
    std::vector<std::vector<WatchMatch>> matches(records.size());
    for (const WatchMatch& match : found) matches[record_of[match.record]].push_back(match);
    report_.compared += people.size() * monitor_.people->watched();
    for (std::size_t i = 0; i < records.size(); ++i) {
      SEMAK_TRY_STATUS(judge_record(part, terms, records[i], matches[i], book));
    }
    return {};
  }

  // Was this pair left to this change, or judged when the person was enrolled?
  bool concerns(const WatchedPerson& person, const ChangedRecord& changed) const {
    return changed.header.generation > person.matched;
  }

  // By enrolment id, of those who are watched.
  Result<std::map<std::string, CurrentHit>> current_hits(const World::Part& part, const std::string& record_id) const {
    const std::string prefix = monitor_key::hit(part.info.id, record_mark(record_id, monitor_.keys()), {});
    std::map<std::string, CurrentHit> hits;
    Cursor cursor = monitor_.desk.database().cursor(family(DeskFamily::enrolment_index), Database::Access::point);
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
      std::string id(cursor.key().substr(prefix.size()));
      const auto place = monitor_.people->find(id);
      if (!place) continue;  // the watch ended
      SEMAK_TRY(WatchedHit hit, decode_watched_hit(cursor.key(), cursor.value(), monitor_.keys()));
      hits.emplace(std::move(id), CurrentHit{*place, std::move(hit)});
    }
    SEMAK_TRY_STATUS(cursor.status());
    return hits;
  }

  Status judge_record(const World::Part& part, std::span<const ReferralTerms> terms, const ChangedRecord& changed,
                      std::span<const WatchMatch> matches, AlertBook& book) {
    SEMAK_TRY(auto current, current_hits(part, changed.record.id));
    const auto about = [&](const WatchedPerson& person) {
      return AlertBook::About{person.enrolment_id, person.tenant, part.info.id, part.info.name, changed.record.id};
    };
    std::string content;  // marked once, if anybody is hit
    for (const WatchMatch& match : matches) {
      const WatchedPerson& person = monitor_.people->person(match.place);
      const auto before = current.find(person.enrolment_id);
      if (concerns(person, changed)) {
        if (content.empty()) content = monitor_.content_mark(part.info.kind, changed.record);
        const WatchedHit now{changed.header.revision, match.score, identity_is_certain(match.person), content,
                             changed.record.id};
        take(about(person), before == current.end() ? nullptr : &before->second.hit, now, book);
      }
      if (before != current.end()) current.erase(before);
    }
    for (const auto& [id, hit] : current) {
      const WatchedPerson& person = monitor_.people->person(hit.place);
      // A register that the policy no longer asks says nothing of the pair, unless the record is gone.
      if (!concerns(person, changed) || (changed.answers && !terms[monitor_.people->group(hit.place)].asked)) continue;
      book.drop_hit(about(person));
      book.raise(AlertKind::cleared, about(person), changed.header.revision, {}, hit.hit.score,
                 changed.answers ? "corrected" : changed.gone);
    }
    return {};
  }

  void take(const AlertBook::About& about, const WatchedHit* before, const WatchedHit& now, AlertBook& book) const {
    if (before == nullptr) {
      book.keep_hit(about, now);
      book.raise(AlertKind::new_hit, about, now.revision, now.score, {}, {});
      return;
    }
    if (before->revision == now.revision) return;
    const bool matters = before->content != now.content || before->certain != now.certain ||
                         std::abs(before->score.raw - now.score.raw) >= kScoreMatters.raw;
    WatchedHit kept = matters ? now : *before;  // small moves add up until they are told
    kept.revision = now.revision;
    book.keep_hit(about, kept);
    if (matters) book.raise(AlertKind::changed, about, now.revision, now.score, before->score, {});
  }

  Monitor::Impl& monitor_;
  const World& world_;
  RevisionId newest_;
  std::int64_t now_ms_;
  MonitorReport& report_;
};

// One call: what it has to do, step by step.
class CatchUp {
 public:
  CatchUp(Monitor::Impl& monitor, const Progress& progress)
      : monitor_(monitor),
        progress_(progress),
        newest_(monitor.engine.store().published()->revision),
        world_(monitor.engine.world()),
        now_ms_(monitor.clock()) {}

  Result<MonitorReport> run() {
    SEMAK_TRY(const auto known, monitor_.position());
    position_ = known.value_or(MonitorPosition{});
    report_.from = report_.to = position_.generation;
    SEMAK_TRY(turns_, turned_obstacles(monitor_.desk, *world_, monitor_.policy_of, now_ms_));
    const bool moved = !known || position_.revision != newest_;
    if (!moved && position_.matched_by == monitor_.matcher && turns_.empty()) return report_;
    SEMAK_TRY_STATUS(monitor_.load_people(progress_));
    SEMAK_TRY_STATUS(monitor_.load_ids());
    SEMAK_TRY_STATUS(monitor_.people->look_up_policies(monitor_.policy_of));
    monitor_.people->expire(now_ms_);
    report_.enrolled = monitor_.people->watched();
    // Who is passed over from now on is known to be before the changes are: a process that dies between the two, and a
    // policy that is back by the next, would lose what they bring.
    SEMAK_TRY_STATUS(tell_all(/*blind=*/true));
    if (moved) SEMAK_TRY_STATUS(follow_changes());
    SEMAK_TRY_STATUS(tell_all(/*blind=*/false));
    SEMAK_TRY_STATUS(match_again(moved));
    return report_;
  }

 private:
  Status follow_changes() {
    CatchingUp catching_up(monitor_, *world_, newest_, now_ms_, report_);
    const RecordStore& store = monitor_.engine.store();
    const auto published = store.published();
    if (monitor_.people->watched() == 0 || monitor_.people->least_matched() >= published->generation) {
      position_ = {published->revision, published->generation, position_.matched_by};
      SEMAK_TRY_STATUS(catching_up.step({}, position_));
      report_.to = published->generation;
      return {};
    }
    while (position_.revision < newest_) {
      if (progress_) progress_("matching changes", position_.revision.value, newest_.value);
      SEMAK_TRY(std::vector<Change> changes, store.changes(position_.revision, kChangesAtOnce));
      const auto beyond = std::find_if(changes.begin(), changes.end(), [&](const Change& change) {
        return change.header.generation > world_->generation;
      });
      changes.erase(beyond, changes.end());
      if (changes.empty()) break;  // published, but not in this world yet
      position_ = {changes.back().header.revision, changes.back().header.generation, position_.matched_by};
      SEMAK_TRY_STATUS(catching_up.step(changes, position_));
      report_.to = position_.generation;
    }
    return {};
  }

  Status tell_all(bool blind) {
    for (const ObstacleTurn& turn : turns_) {
      if (is_blind(turn.now) == blind) SEMAK_TRY_STATUS(tell(turn));
    }
    return {};
  }

  // Whoever could not be matched for a while is to be matched with the registers as they stand; that is noted first, so
  // that it is not forgotten once it is told that they can be decided.
  Status tell(const ObstacleTurn& turn) {
    const std::vector<WatchList::Place> people = monitor_.people->watched_under(turn.tenant, turn.policy_id);
    const Family index = family(DeskFamily::enrolment_index);
    const std::string key = monitor_key::obstacle_of_policy(turn.tenant, turn.policy_id);
    AlertBook book(*monitor_.ids, monitor_.keys(), now_ms_, world_->generation);
    WriteSet& changes = book.changes();
    const AlertBook::Concerned whom{turn.tenant, turn.policy_id, {}, people.size()};
    if (turn.now.empty() || people.empty()) {
      changes.remove(index, key);
    } else {
      changes.put(index, key, encode_obstacle({turn.now, people.size()}, key));
    }
    if (people.empty()) {
      changes.remove(index, monitor_key::watched_under(turn.tenant, turn.policy_id));
    } else if (turn.now.empty()) {
      book.tell(AlertKind::decidable, whom, turn.told);
    } else {
      book.tell(AlertKind::undecidable, whom, turn.now);
    }
    if (is_blind(turn.told) && !is_blind(turn.now) && !people.empty()) {
      SEMAK_TRY_STATUS(note_unmatched(people));
      position_.matched_by = 0;
      changes.put(family(DeskFamily::meta), kPositionKey, encode_position(position_));
    }
    report_.undecidable += book.raised(AlertKind::undecidable);
    report_.decidable += book.raised(AlertKind::decidable);
    std::vector<AuditEvent> events;
    if (book.raised() > 0) events.push_back(book.event(position_.revision));
    return committed(monitor_.desk.commit(changes, std::move(events)));
  }

  Status note_unmatched(std::span<const WatchList::Place> people) {
    constexpr std::size_t kAtOnce = 4096;
    const Family index = family(DeskFamily::enrolment_index);
    for (std::size_t at = 0; at < people.size(); at += kAtOnce) {
      WriteSet changes;
      for (const WatchList::Place place : people.subspan(at, std::min(kAtOnce, people.size() - at))) {
        const std::string& id = monitor_.people->person(place).enrolment_id;
        SEMAK_TRY(const auto bytes, monitor_.desk.database().get(index, monitor_key::watched(id)));
        if (!bytes) continue;
        SEMAK_TRY(WatchEntry entry, decode_watch_entry(id, *bytes));
        entry.matched_by = 0;
        changes.put(index, monitor_key::watched(id), encode_watch_entry(entry, id));
        monitor_.people->set_matched_by(place, 0);
      }
      SEMAK_TRY_STATUS(committed(monitor_.desk.commit(changes, {})));
    }
    return {};
  }

  // All whom another version matched, and, if the registers moved, those who are too thin to be decided: they may not
  // be any more.
  Status match_again(bool moved) {
    std::vector<WatchList::Place> people;
    if (position_.matched_by != monitor_.matcher) people = monitor_.people->not_matched_by(monitor_.matcher);
    if (moved) SEMAK_TRY_STATUS(add_undecided(people));
    std::vector<bool> blind;
    for (const std::optional<Policy>& policy : monitor_.people->policies()) {
      blind.push_back(is_blind(obstacle_now(*world_, policy, now_ms_)));
    }
    std::erase_if(people, [&](WatchList::Place place) { return blind[monitor_.people->group(place)]; });
    if (!people.empty()) {
      SEMAK_TRY(const RematchReport done, rematch(monitor_, world_, people, position_.revision, now_ms_, progress_));
      report_.rematched += done.people;
      report_.new_hits += done.new_hits;
      report_.cleared += done.cleared;
      report_.undecidable += done.undecidable;
      report_.decidable += done.decidable;
      if (done.overtaken) return {};
    }
    if (position_.matched_by == monitor_.matcher) return {};
    position_.matched_by = monitor_.matcher;
    WriteSet changes;
    changes.put(family(DeskFamily::meta), kPositionKey, encode_position(position_));
    return committed(monitor_.desk.commit(changes, {}));
  }

  Status add_undecided(std::vector<WatchList::Place>& people) const {
    Cursor cursor = monitor_.desk.database().cursor(family(DeskFamily::enrolment_index), Database::Access::point);
    const std::string prefix = monitor_key::obstacle_of_person({});
    for (cursor.seek(prefix); cursor.valid() && cursor.key().starts_with(prefix); cursor.next()) {
      const auto place = monitor_.people->find(cursor.key().substr(prefix.size()));
      if (place && std::find(people.begin(), people.end(), *place) == people.end()) people.push_back(*place);
    }
    return cursor.status();
  }

  static Status committed(Result<std::uint64_t> sequence) {
    return sequence ? Status() : Status(std::move(sequence).error());
  }

  Monitor::Impl& monitor_;
  const Progress& progress_;
  const RevisionId newest_;
  const std::shared_ptr<const World> world_;
  const std::int64_t now_ms_;
  MonitorPosition position_;
  MonitorReport report_;
  std::vector<ObstacleTurn> turns_;
};

}  // namespace

Result<MonitorReport> Monitor::catch_up(const Progress& progress) {
  const std::lock_guard lock(impl_->working);
  return CatchUp(*impl_, progress).run();
}

}  // namespace semak
