// Enrolment: who may be watched, and whom of the registers they are referred to on the day it begins.
#include <algorithm>
#include <chrono>
#include <set>
#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <thread>
#include <utility>

#include "engine/match/person_evidence.h"
#include "engine/monitor/monitor_impl.h"
#include "engine/monitor/register_match.h"

namespace semak {
namespace {

constexpr std::size_t kEnrolledAtOnce = 4096;

// One of the people of a call on the way in.
struct Candidate {
  Enrolment* enrolment = nullptr;
  std::size_t number = 0;  // index in the call
  bool known = false;      // there already
  std::string rejection;   // why not; empty: enrolled
  const Policy* policy = nullptr;
  Profile profile;
  RegisterMatches matches;
  WatchEntry entry;
  std::string bytes, entry_bytes;
  std::vector<std::string> marks;
  Status status;
};

std::string explained(IncompleteReason reason) {
  const auto why = [&](const char* text) { return std::string(to_string(reason)) + ": " + text; };
  switch (reason) {
    case IncompleteReason::too_little_data:
      return why("the policy needs more of the subject, e.g. an identity number or a birth date");
    case IncompleteReason::too_vague:
      return why("the name is too common to be watched by itself; give an identity number or a birth date");
    case IncompleteReason::cut_short: return why("the names are longer, or more, than are compared");
    case IncompleteReason::missing_register: return why("a register that the policy asks is not there");
    case IncompleteReason::no_consent: return why("the subject's consent is needed");
    case IncompleteReason::stale_index: return why("a register was just being changed; try again");
    case IncompleteReason::stale_register:
    case IncompleteReason::none: break;
  }
  return to_string(reason);
}

// The world that the store's newest state is. A load publishes to the store first, and to the engine at once after it.
std::shared_ptr<const World> current_world(const Engine& engine) {
  constexpr int kTries = 250;
  constexpr auto kPause = std::chrono::milliseconds(20);
  std::shared_ptr<const World> world = engine.world();
  for (int i = 0; i < kTries && world->generation != engine.store().published()->generation; ++i) {
    std::this_thread::sleep_for(kPause);
    world = engine.world();
  }
  return world;
}

class Enrolling {
 public:
  Enrolling(Monitor::Impl& monitor, std::int64_t now_ms)
      : monitor_(monitor), now_ms_(now_ms), world_(current_world(monitor.engine)) {}

  Status enrol(std::span<Candidate> people, Monitor::EnrolReport& report) {
    for (Candidate& person : people) SEMAK_TRY_STATUS(admit(person));
    tbb::enumerable_thread_specific<RegisterMatcher> matchers([&] { return RegisterMatcher(monitor_.engine); });
    // A register that changes meanwhile makes a match worthless: everybody is matched anew, at one generation.
    constexpr int kTries = 20;
    for (int tries = 0; tries < kTries; ++tries) {
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, people.size(), 16), [&](const auto& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
          Candidate& person = people[i];
          if (!person.known && person.rejection.empty()) person.status = prepare(person, matchers.local());
        }
      });
      for (const Candidate& person : people) {
        if (!person.status) return person.status.error();
      }
      if (tries + 1 == kTries || std::none_of(people.begin(), people.end(), was_overtaken)) break;
      world_ = current_world(monitor_.engine);
      for (Candidate& person : people) {
        if (was_overtaken(person)) person.rejection.clear();
      }
    }
    return commit(people, report);
  }

 private:
  static bool was_overtaken(const Candidate& person) {
    return !person.known && person.matches.obstacle == IncompleteReason::stale_index;
  }

  // What can be said without looking at a register.
  Status admit(Candidate& person) {
    Enrolment& enrolment = *person.enrolment;
    if (!enrolment.id.empty()) {
      SEMAK_TRY(const auto there, monitor_.desk.database().get(family(DeskFamily::enrolments), enrolment.id));
      person.known = there.has_value() || !given_.insert(enrolment.id).second;
      if (person.known) return {};
    }
    const auto policy = policies_.find(enrolment.policy_id);
    if (policy != policies_.end()) {
      person.policy = &policy->second;
    } else if (Result<Policy> found = monitor_.policy_of(enrolment.policy_id)) {
      person.policy = &policies_.emplace(enrolment.policy_id, std::move(found).value()).first->second;
    } else {
      person.rejection = "policy: " + found.error().message;
    }
    if (!enrolment.subject.consent) person.rejection = explained(IncompleteReason::no_consent);
    if (enrolment.until_ms <= now_ms_) person.rejection = "until: the end of monitoring is missing or past";
    return {};
  }

  Status prepare(Candidate& person, RegisterMatcher& matcher) {
    Enrolment& enrolment = *person.enrolment;
    person.profile = make_profile(monitor_.engine.normalizer(), enrolment.subject);
    SEMAK_TRY(person.matches, matcher.match(*world_, enrolment.subject, person.profile, *person.policy));
    if (person.matches.obstacle != IncompleteReason::none) {
      person.rejection = explained(person.matches.obstacle);
      return {};
    }
    if (enrolment.id.empty()) enrolment.id = new_id();
    enrolment.since_ms = now_ms_;
    enrolment.ended = false;
    person.entry = {enrolment.actor.tenant,
                    enrolment.policy_id,
                    enrolment.until_ms,
                    world_->generation,
                    monitor_.engine.normalizer().version(),
                    monitor_.matcher,
                    seal_profile(person.profile, enrolment.id, monitor_.keys())};
    person.entry_bytes = encode_watch_entry(person.entry, enrolment.id);
    person.bytes = encode_enrolment({enrolment, false}, monitor_.keys());
    person.marks = monitor_.subject_marks(enrolment.subject);
    return {};
  }

  Status commit(std::span<Candidate> people, Monitor::EnrolReport& report) {
    AlertBook book(*monitor_.ids, monitor_.keys(), now_ms_, world_->generation);
    std::vector<const Candidate*> enrolled;
    for (Candidate& person : people) {
      if (person.known) continue;
      if (!person.rejection.empty()) {
        person.enrolment->id.clear();
        report.errors.emplace_back(person.number, person.rejection);
        continue;
      }
      put(person, book);
      enrolled.push_back(&person);
    }
    if (enrolled.empty()) return {};
    SEMAK_TRY_STATUS(begin_position(book.changes()));
    SEMAK_TRY(const std::uint64_t ignored, monitor_.desk.commit(book.changes(), {event_of(enrolled, book)}));
    static_cast<void>(ignored);
    report.enrolled += enrolled.size();
    report.alerts += book.raised();
    if (!monitor_.people) return {};
    for (const Candidate* person : enrolled) {
      SEMAK_TRY_STATUS(monitor_.people->add(person->enrolment->id, person->entry, person->profile, monitor_.policy_of));
    }
    return {};
  }

  void put(const Candidate& person, AlertBook& book) {
    const Enrolment& enrolment = *person.enrolment;
    const Family index = family(DeskFamily::enrolment_index);
    WriteSet& changes = book.changes();
    changes.put(family(DeskFamily::enrolments), enrolment.id, person.bytes);
    changes.put(index, monitor_key::watched(enrolment.id), person.entry_bytes);
    changes.put(index, monitor_key::of_tenant(enrolment.actor.tenant, enrolment.id), {});
    changes.put(index, monitor_key::of_end(enrolment.until_ms, enrolment.id), {});
    changes.put(index, monitor_key::watched_under(enrolment.actor.tenant, enrolment.policy_id), {});
    for (const std::string& mark : person.marks) changes.put(index, monitor_key::of_mark(mark, enrolment.id), {});
    for (const RegisterHit& hit : person.matches.hits) {
      const RegisterInfo& about = hit.part->info;
      const AlertBook::About key{enrolment.id, enrolment.actor.tenant, about.id, about.name, hit.record.id};
      book.keep_hit(key, {hit.revision, hit.score, identity_is_certain(hit.person),
                          monitor_.content_mark(about.kind, hit.record), hit.record.id});
      book.raise(AlertKind::new_hit, key, hit.revision, hit.score, {}, {});
    }
  }

  // Nobody was ever watched before: the change log up to here concerns nobody.
  Status begin_position(WriteSet& changes) {
    SEMAK_TRY(const auto position, monitor_.position());
    if (position) return {};
    const auto published = monitor_.engine.store().published();
    if (published->generation != world_->generation) return {};
    changes.put(family(DeskFamily::meta), kPositionKey,
                encode_position({published->revision, published->generation, monitor_.matcher}));
    return {};
  }

  AuditEvent event_of(std::span<const Candidate* const> enrolled, const AlertBook& book) const {
    const Enrolment& first = *enrolled.front()->enrolment;
    const bool one_policy = std::all_of(enrolled.begin(), enrolled.end(), [&](const Candidate* person) {
      return person->enrolment->policy_id == first.policy_id;
    });
    EventDetails details;
    details.id("event", "enrolled").number("enrolled", enrolled.size()).number("generation", world_->generation.value);
    details.id("first", first.id).id("last", enrolled.back()->enrolment->id);
    if (one_policy) details.id("policy", first.policy_id);
    if (book.raised() > 0) {
      details.number("alerts", book.raised()).id("first_alert", book.first()).id("last_alert", book.last());
    }
    return {AuditKind::enrolment, first.actor, enrolled.size() == 1 ? first.id : "enrolments", details.json(), {}};
  }

  Monitor::Impl& monitor_;
  std::int64_t now_ms_;
  std::shared_ptr<const World> world_;
  std::map<std::string, Policy, std::less<>> policies_;
  std::set<std::string> given_;  // ids of this chunk
};

}  // namespace

Result<Monitor::EnrolReport> Monitor::enrol(std::span<Enrolment> people, const Progress& progress) {
  EnrolReport report;
  for (std::size_t at = 0; at < people.size(); at += kEnrolledAtOnce) {
    if (progress) progress("enrolling", at, people.size());
    std::vector<Candidate> chunk;
    for (std::size_t i = at; i < std::min(people.size(), at + kEnrolledAtOnce); ++i) {
      chunk.emplace_back();
      chunk.back().enrolment = &people[i];
      chunk.back().number = i;
    }
    const std::lock_guard lock(impl_->working);
    SEMAK_TRY_STATUS(impl_->load_ids());
    SEMAK_TRY_STATUS(Enrolling(*impl_, impl_->clock()).enrol(chunk, report));
  }
  if (progress) progress("enrolling", people.size(), people.size());
  return report;
}

}  // namespace semak
