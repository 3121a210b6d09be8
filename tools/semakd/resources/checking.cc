#include "tools/semakd/resources/checking.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <utility>

#include "tools/semakd/limits.h"
#include "tools/semakd/metrics.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"

namespace semak {
namespace {

namespace json = boost::json;

// How much attention an outcome asks for.
int gravity(Outcome outcome) {
  switch (outcome) {
    case Outcome::no_record: return 0;
    case Outcome::incomplete: return 1;
    case Outcome::refer: return 2;
    case Outcome::record: return 3;
  }
  return 3;
}

Response told(Room& room, const Caller& caller, const Check& check) {
  return created("/v1/screenings/" + check.id, AnswerWriter(room.office, caller).screening_text(check));
}

}  // namespace

FoundPolicy find_purpose(Room& room, const Caller& caller, std::string_view purpose, std::string& why) {
  PolicyBook book = room.office.policies();
  const auto found = book.all().find(purpose);
  if (found == book.all().end()) {
    why = phrase(Phrase::purpose_unknown, caller.language);
    return {};
  }
  const Policy& policy = found->second.policy;
  if (Office::view(policy, caller.actor.role) == View::nothing) {
    why = phrase(Phrase::purpose_not_shown, caller.language);
    return {};
  }
  return {std::move(book), policy};
}

FoundPolicy read_purpose(Room& room, const Caller& caller, JsonObject& object, const char* member) {
  constexpr std::size_t kPurposeBytes = 64;
  const std::string purpose = object.need_text(member, kPurposeBytes);
  if (purpose.empty()) return {};
  std::string why;
  FoundPolicy policy = find_purpose(room, caller, purpose, why);
  if (!policy) object.fault(member, "not_a_purpose", why);
  return policy;
}

void watch_numbers(Room& room, const Caller& caller, const Subject& subject) {
  for (const TypedNumber& number : subject.numbers) room.services.limits.asked_about(caller.key_id, number.text);
}

std::optional<Response> charge(Room& room, const Caller& caller, std::span<const CheckRequest> people) {
  if (auto problem = room.services.limits.take_lookups(caller.key_id, people.size()))
    return problem_response(*problem, caller);
  for (const CheckRequest& person : people) watch_numbers(room, caller, person.subject);
  return std::nullopt;
}

void check_later(Room& room, const Caller& caller, const CheckRequest& request, Reply reply) {
  // Room and caller are there until the reply.
  room.office.check_later(caller.actor, request, [&room, &caller, reply = std::move(reply)](Result<Check> made) {
    room.services.lanes->submit_always(
        Lane::interactive, [&room, &caller, reply, check = std::make_shared<Result<Check>>(std::move(made))] {
          if (!*check) return reply(problem_response(check->error(), caller));
          room.services.metrics->answered((*check)->outcome);
          try {
            reply(told(room, caller, **check));
          } catch (const std::exception&) {  // no memory: it is made, and found by who asks for it
            reply(problem_response(Error{ErrorCode::unavailable, "no memory for an answer"}, caller));
          }
        });
  });
}

Response checked(Room& room, const Caller& caller, std::span<const CheckRequest> requests,
                 std::span<const std::string> ids, bool household) {
  auto checks = room.office.check_many(caller.actor, requests, ids);
  if (!checks) return problem_response(checks.error(), caller);
  for (const Check& check : *checks) room.services.metrics->answered(check.outcome);
  if (!household) return told(room, caller, checks->front());
  AnswerWriter writer(room.office, caller);
  const Check* gravest = &checks->front();
  json::array screenings;
  for (const Check& check : *checks) {
    if (gravity(check.outcome) > gravity(gravest->outcome)) gravest = &check;
    screenings.push_back(writer.screening(check));
  }
  const json::object result{{"outcome", writer.outcome(gravest->outcome, writer.view_of(gravest->policy_id))},
                            {"screenings", std::move(screenings)}};
  return json_response(HttpStatus::created, json::serialize(result));
}

}  // namespace semak
