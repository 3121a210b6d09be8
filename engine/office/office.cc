#include "engine/office/office.h"

#include <algorithm>
#include <fmt/format.h>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <optional>
#include <utility>

#include "engine/casework/audit_details.h"
#include "engine/casework/subject_marks.h"
#include "engine/office/office_impl.h"
#include "engine/screen/first_error.h"

namespace semak {
namespace {

constexpr int kWorlds = 5;  // taken for one answer, while registers are published again and again
constexpr std::size_t kGrain = 4;
constexpr std::chrono::milliseconds kTurn{50};

AuditEvent event_of(const Actor& actor, const std::string& mark, const Answer& answer, const Policy& policy) {
  std::string revisions;
  for (const Hit& hit : answer.hits) {
    revisions += fmt::format("{}{}", revisions.empty() ? "" : ",", hit.revision.value);
  }
  AuditEvent event;
  event.kind = AuditKind::lookup;
  event.actor = actor;
  event.object = mark;
  event.details = AuditDetails()
                      .number("generation", static_cast<std::int64_t>(answer.generation.value))
                      .text("outcome", to_string(answer.outcome))
                      .text("policy", policy.id.empty() ? policy.name : policy.id)
                      .text("reason", to_string(answer.reason))
                      .text("revisions", revisions)
                      .json();
  return event;
}

}  // namespace

Actor own_actor() { return {"semak", "agency", Role::admin}; }

ScreenerPool::Lease ScreenerPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto screener = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(screener)};
    }
  }
  return {*this, std::make_unique<Screener>(engine_)};
}

void ScreenerPool::give_back(std::unique_ptr<Screener> screener) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(screener));
}

void Turns::yield() {
  if (busy_ == 0) return;
  std::unique_lock lock(mutex_);
  idle_.wait_for(lock, kTurn, [this] { return busy_ == 0; });
}

Office::Office() : impl_(std::make_unique<Impl>()) {}
Office::~Office() = default;

bool Office::made_keys() const { return impl_->made_keys; }
Engine& Office::engine() { return *impl_->engine; }
Desk& Office::desk() { return *impl_->desk; }
Casework& Office::casework() { return *impl_->casework; }
Monitor& Office::monitor() { return *impl_->monitor; }
Batches& Office::batches() { return *impl_->batches; }
const KeyRing& Office::keys() { return *impl_->keys; }

Result<Answer> Office::Impl::answer(Screener& screener, const Subject& subject, const Policy& policy, Detail detail,
                                    const ScreenContext& context) {
  for (int worlds = 1;; ++worlds) {
    const std::shared_ptr<const World> world = engine->world();
    SEMAK_TRY(Answer answer, screener.screen(*world, subject, policy, detail, context));
    if (answer.reason != IncompleteReason::stale_index || worlds == kWorlds) return answer;
    SEMAK_TRY_STATUS(engine->refresh({}));
  }
}

Result<Check> Office::Impl::screen(const Actor& actor, const CheckRequest& request, const Policy& policy) {
  ScreenerPool::Lease screener = screeners->take();
  ScreenContext context;
  context.child = request.child;
  context.as_of = request.as_of;
  Check check;
  check.actor = actor;
  check.policy_id = policy.id;
  check.request = request;
  // Whoever sees no hits has them explained only where a case needs it.
  const bool sees_hits = Office::view(policy, actor.role) >= View::comparison;
  const Detail detail = sees_hits ? Detail::evidence : Detail::candidates;
  SEMAK_TRY(check.answer, answer(*screener, request.subject, policy, detail, context));
  return check;
}

Result<Check> Office::check(const Actor& actor, const CheckRequest& request) {
  const Turns::Interactive turn(impl_->turns);
  SEMAK_TRY(const Policy policy, impl_->policies()->find(request.subject.purpose));
  const std::shared_lock answering(impl_->answering);
  SEMAK_TRY(Check check, impl_->screen(actor, request, policy));
  SEMAK_TRY_STATUS(impl_->casework->add({&check, 1}, {&policy, 1}));
  return check;
}

Result<std::vector<Check>> Office::check_many(const Actor& actor, std::span<const CheckRequest> requests,
                                              std::span<const std::string> ids, std::string_view batch_id) {
  if (!ids.empty() && ids.size() != requests.size()) {
    return Error{ErrorCode::invalid_input, "there must be one id for each request, or none"};
  }
  std::optional<Turns::Interactive> turn;
  if (batch_id.empty()) turn.emplace(impl_->turns);
  const auto book = impl_->policies();
  std::vector<Policy> policies;
  for (const CheckRequest& request : requests) {
    SEMAK_TRY(Policy policy, book->find(request.subject.purpose));
    policies.push_back(std::move(policy));
  }
  const std::shared_lock answering(impl_->answering);
  std::vector<Check> checks(requests.size());
  FirstError failed;
  const auto screen_one = [&](std::size_t i) -> Status {
    if (!ids.empty()) {
      SEMAK_TRY(auto known, impl_->casework->check(ids[i]));
      if (known) {
        checks[i] = std::move(*known);
        return {};
      }
    }
    SEMAK_TRY(checks[i], impl_->screen(actor, requests[i], policies[i]));
    if (!ids.empty()) checks[i].id = ids[i];
    checks[i].batch_id = batch_id;
    return {};
  };
  // A batch leaves the processors to those who wait for an answer, but for one that its thread shares with them.
  if (requests.size() <= kGrain || (!batch_id.empty() && impl_->turns.busy())) {
    for (std::size_t i = 0; i < requests.size() && !failed; ++i) failed.note(screen_one(i));
  } else {
    const auto screen_all = [&] {
      oneapi::tbb::parallel_for(oneapi::tbb::blocked_range<std::size_t>(0, requests.size(), kGrain),
                                [&](const auto& range) {
                                  for (std::size_t i = range.begin(); i != range.end() && !failed; ++i)
                                    failed.note(screen_one(i));
                                });
    };
    try {
      if (batch_id.empty()) {
        screen_all();
      } else {
        impl_->batch_threads.run(screen_all);
      }
    } catch (const std::exception& error) {  // of the thread library, or no memory
      return Error{ErrorCode::unavailable, std::string("the checks stopped: ") + error.what()};
    }
  }
  if (failed) return failed.take();
  if (!checks.empty()) SEMAK_TRY_STATUS(impl_->casework->add(checks, policies));
  return checks;
}

Result<Policy> Office::Impl::lookup_policy(const LookupRequest& request) const {
  SEMAK_TRY(Policy policy, policies()->find(request.policy.empty() ? "default" : request.policy));
  if (!request.registers.empty()) {
    policy.registers = request.registers;
    policy.kinds.clear();
  }
  if (request.top > 0) policy.top = request.top;
  return policy;
}

Result<Answer> Office::lookup(const Actor& actor, const LookupRequest& request) {
  const Turns::Interactive turn(impl_->turns);
  SEMAK_TRY(const Policy policy, impl_->lookup_policy(request));
  SEMAK_TRY(auto answers, lookup_many(actor, policy, {&request.subject, 1}));
  return std::move(answers.front());
}

Result<std::vector<Answer>> Office::lookup_many(const Actor& actor, const Policy& policy,
                                                std::span<const Subject> subjects, Detail detail) {
  ScreenerPool::Lease screener = impl_->screeners->take();
  std::vector<Answer> answers;
  std::vector<AuditEvent> events;
  for (const Subject& subject : subjects) {
    SEMAK_TRY(Answer answer, impl_->answer(*screener, subject, policy, detail, {}));
    const std::string mark = impl_->keys->mark(kSubjectMark, subject_fingerprint(subject));
    events.push_back(event_of(actor, mark, answer, policy));
    answers.push_back(std::move(answer));
  }
  SEMAK_TRY_STATUS(committed(impl_->desk->commit({}, std::move(events))));
  return answers;
}

Receipt Office::receipt(const Check& check) { return make_receipt(check, *impl_->keys); }

Result<std::uint64_t> Office::erase_due(const Actor& actor, std::int64_t now_ms) {
  SEMAK_TRY(std::uint64_t erased, impl_->casework->erase_expired(actor, now_ms));
  SEMAK_TRY(const std::uint64_t ended, impl_->monitor->erase_ended(actor, now_ms));
  const auto book = impl_->policies();
  const auto retain_days = [&](std::string_view purpose) {
    const Result<Policy> policy = book->find(purpose);
    return policy ? policy->retain_days : Policy().retain_days;
  };
  SEMAK_TRY(const std::uint64_t batches, impl_->batches->erase_due(actor, now_ms, retain_days));
  static constexpr DeskFamily kHeld[] = {DeskFamily::enrolments, DeskFamily::enrolment_index, DeskFamily::batches,
                                         DeskFamily::batch_rows};
  if (ended + batches > 0) SEMAK_TRY_STATUS(impl_->desk->rewrite(kHeld));
  return erased + ended + batches;
}

Result<AuditReport> Office::verify_audit(const Progress& progress) {
  return impl_->desk->audit().verify({}, impl_->keys->public_key(), progress);
}

}  // namespace semak
