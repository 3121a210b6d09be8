#include "engine/monitor/rematch.h"

#include <algorithm>
#include <map>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <utility>
#include <vector>

#include "engine/match/person_evidence.h"
#include "engine/monitor/register_match.h"
#include "engine/screen/asked_registers.h"

namespace semak {
namespace {

constexpr std::size_t kAtOnce = 1024;

// One of them: what the desk holds, and what the registers say now.
struct Rematched {
  WatchList::Place place;
  WatchEntry entry;
  std::string told;                                                 // why this person could not be decided, as told
  std::map<std::pair<RegisterId, std::string>, WatchedHit> before;  // by register and record
  RegisterMatches now;
  Status status;
};

class Rematching {
 public:
  Rematching(Monitor::Impl& monitor, const World& world, RevisionId position, std::int64_t now_ms)
      : monitor_(monitor), world_(world), position_(position), now_ms_(now_ms) {}

  Status run(std::span<const WatchList::Place> people, RematchReport& report) {
    std::vector<Rematched> all(people.size());
    tbb::enumerable_thread_specific<RegisterMatcher> matchers([&] { return RegisterMatcher(monitor_.engine); });
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, all.size(), 16), [&](const auto& range) {
      for (std::size_t i = range.begin(); i != range.end(); ++i) {
        all[i].place = people[i];
        all[i].status = prepare(all[i], matchers.local());
      }
    });
    AlertBook book(*monitor_.ids, monitor_.keys(), now_ms_, world_.generation);
    std::vector<WatchList::Place> done;
    for (Rematched& one : all) {
      if (!one.status) return one.status;
      if (one.now.obstacle == IncompleteReason::stale_index) {
        report.overtaken = true;
        continue;
      }
      judge(one, book);
      done.push_back(one.place);
    }
    return commit(book, done, report);
  }

 private:
  const WatchedPerson& person(const Rematched& one) const { return monitor_.people->person(one.place); }

  Status prepare(Rematched& one, RegisterMatcher& matcher) const {
    const std::string& id = person(one).enrolment_id;
    const Database& desk = monitor_.desk.database();
    const Family index = family(DeskFamily::enrolment_index);
    SEMAK_TRY(const auto entry, desk.get(index, monitor_key::watched(id)));
    SEMAK_TRY(const auto stored, monitor_.stored(id));
    if (!entry || !stored) {
      return Error{ErrorCode::corruption, "monitoring: enrolment " + id + " is watched and not on the desk"};
    }
    SEMAK_TRY(one.entry, decode_watch_entry(id, *entry));
    const std::string told = monitor_key::obstacle_of_person(id);
    SEMAK_TRY(const auto obstacle, desk.get(index, told));
    if (obstacle) {
      SEMAK_TRY(Obstacle was, decode_obstacle(told, *obstacle));
      one.told = std::move(was.reason);
    }
    SEMAK_TRY_STATUS(read_hits(one));
    const Subject& subject = stored->enrolment.subject;
    const Profile profile = make_profile(monitor_.engine.normalizer(), subject);
    SEMAK_TRY(one.now, matcher.match(world_, subject, profile, *policy(one)));
    return {};
  }

  Status read_hits(Rematched& one) const {
    const std::string& id = person(one).enrolment_id;
    const Database& desk = monitor_.desk.database();
    const Family index = family(DeskFamily::enrolment_index);
    Cursor cursor = desk.cursor(index, Database::Access::point);
    RegisterId register_id;
    std::string mark;
    for (cursor.seek(monitor_key::hit_of_enrolment(id, RegisterId{0}, {})); cursor.valid(); cursor.next()) {
      if (!read_hit_of_enrolment(cursor.key(), id, register_id, mark)) break;
      const std::string key = monitor_key::hit(register_id, mark, id);
      SEMAK_TRY(const auto bytes, desk.get(index, key));
      if (!bytes) continue;
      SEMAK_TRY(WatchedHit hit, decode_watched_hit(key, *bytes, monitor_.keys()));
      std::string record_id = hit.record_id;
      one.before.emplace(std::pair(register_id, std::move(record_id)), std::move(hit));
    }
    return cursor.status();
  }

  const std::optional<Policy>& policy(const Rematched& one) const {
    return monitor_.people->policies()[monitor_.people->group(one.place)];
  }

  void judge(Rematched& one, AlertBook& book) const {
    const WatchedPerson& watched = person(one);
    const Family index = family(DeskFamily::enrolment_index);
    const std::string reason = to_string(one.now.obstacle);
    const std::string key = monitor_key::obstacle_of_person(watched.enrolment_id);
    const AlertBook::Concerned whom{watched.tenant, one.entry.policy_id, watched.enrolment_id, 1};
    if (reason != one.told) {
      if (reason.empty()) {
        book.changes().remove(index, key);
        book.tell(AlertKind::decidable, whom, one.told);
      } else {
        book.changes().put(index, key, encode_obstacle({reason, 1}, key));
        book.tell(AlertKind::undecidable, whom, reason);
      }
    }
    compare(one, book);
    one.entry.matched_by = monitor_.matcher;
    book.changes().put(index, monitor_key::watched(watched.enrolment_id),
                       encode_watch_entry(one.entry, watched.enrolment_id));
  }

  void compare(Rematched& one, AlertBook& book) const {
    const WatchedPerson& watched = person(one);
    // Who could not be decided meanwhile is told of changes that were not told; else only the weights are others.
    const bool reweighed = one.told.empty() && one.entry.matched_by != 0;
    for (const RegisterHit& hit : one.now.hits) {
      const RegisterInfo& of = hit.part->info;
      const AlertBook::About about{watched.enrolment_id, watched.tenant, of.id, of.name, hit.record.id};
      const WatchedHit now{hit.revision, hit.score, identity_is_certain(hit.person),
                           monitor_.content_mark(of.kind, hit.record), hit.record.id};
      const auto was = one.before.find(std::pair(of.id, hit.record.id));
      book.keep_hit(about, now);
      if (was == one.before.end()) {
        book.raise(AlertKind::new_hit, about, now.revision, now.score, {}, reweighed ? "reweighed" : "");
        continue;
      }
      if (was->second.content != now.content) {
        book.raise(AlertKind::changed, about, now.revision, now.score, was->second.score, {});
      }
      one.before.erase(was);
    }
    if (one.now.obstacle != IncompleteReason::none) return;  // what was not found may be there all the same
    for (const World::Part* part : asked_registers(world_, *policy(one)).parts) {
      if (!can_refer(*part, *policy(one))) continue;
      for (const auto& [key, hit] : one.before) {
        if (key.first != part->info.id) continue;
        const AlertBook::About about{watched.enrolment_id, watched.tenant, part->info.id, part->info.name, key.second};
        book.drop_hit(about);
        book.raise(AlertKind::cleared, about, hit.revision, {}, hit.score, reweighed ? "reweighed" : "corrected");
      }
    }
  }

  Status commit(AlertBook& book, std::span<const WatchList::Place> done, RematchReport& report) {
    std::vector<AuditEvent> events;
    if (book.raised() > 0) events.push_back(book.event(position_));
    SEMAK_TRY(const std::uint64_t ignored, monitor_.desk.commit(book.changes(), std::move(events)));
    static_cast<void>(ignored);
    for (const WatchList::Place place : done) monitor_.people->set_matched_by(place, monitor_.matcher);
    report.people += done.size();
    report.new_hits += book.raised(AlertKind::new_hit) + book.raised(AlertKind::changed);
    report.cleared += book.raised(AlertKind::cleared);
    report.undecidable += book.raised(AlertKind::undecidable);
    report.decidable += book.raised(AlertKind::decidable);
    return {};
  }

  Monitor::Impl& monitor_;
  const World& world_;
  RevisionId position_;
  std::int64_t now_ms_;
};

}  // namespace

Result<RematchReport> rematch(Monitor::Impl& monitor, const std::shared_ptr<const World>& world,
                              std::span<const WatchList::Place> people, RevisionId position, std::int64_t now_ms,
                              const Progress& progress) {
  RematchReport report;
  Rematching rematching(monitor, *world, position, now_ms);
  for (std::size_t at = 0; at < people.size() && !report.overtaken; at += kAtOnce) {
    if (progress) progress("matching everybody again", at, people.size());
    SEMAK_TRY_STATUS(rematching.run(people.subspan(at, std::min(kAtOnce, people.size() - at)), report));
  }
  return report;
}

}  // namespace semak
