// Receipts: given again as JSON or as a letter, and verified.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "engine/keys/key_ring.h"
#include "tools/semakd/resources/access.h"
#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/formats.h"
#include "tools/semakd/resources/handlers.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/query.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

Phrase message_of(ReceiptState state) {
  switch (state) {
    case ReceiptState::good: return Phrase::receipt_good;
    case ReceiptState::expired: return Phrase::receipt_expired;
    case ReceiptState::forged: return Phrase::receipt_forged;
    case ReceiptState::of_another_subject: return Phrase::receipt_of_another;
  }
  return Phrase::receipt_forged;
}

json::object verification(ReceiptState state, const Receipt& receipt, const Caller& caller) {
  json::object object{{"state", to_string(state)}, {"message", phrase(message_of(state), caller.language)}};
  if (state != ReceiptState::forged) object["receipt"] = json::parse(to_json(receipt));
  return object;
}

// What has become of it, for those who may see the check itself.
void add_current(json::object& object, const Check& check, const std::string& then) {
  const std::string_view now =
      check.outcome == Outcome::refer ? std::string_view("under_verification") : to_string(check.outcome);
  object["current_outcome"] = now;
  object["superseded"] = now != then;
}

Status audit_reprint(Room& room, const Caller& caller, const Check& check) {
  AuditEvent event;
  event.kind = AuditKind::access;
  event.actor = caller.actor;
  event.object = check.id;
  event.details = R"({"what":"receipt"})";
  SEMAK_TRY(const std::uint64_t sequence, room.office.desk().commit({}, {std::move(event)}));
  static_cast<void>(sequence);
  return {};
}

Result<std::optional<Check>> find_visible(Room& room, const Caller& caller, std::string_view id) {
  if (!is_id(id)) return std::optional<Check>();
  SEMAK_TRY(auto check, room.office.casework().check(id));
  // An auditor reads what was answered, not of whom: outcome and hashes, of any tenant.
  if (check && !may_see(caller, check->actor.tenant)) check.reset();
  return check;
}

}  // namespace

Response get_receipt(Room& room, const Caller& caller, const Request& request) {
  QueryReader query(request, caller.language);
  const Language language = asked_language(query, caller);
  constexpr std::array<OfferedFormat, 2> kFormats = {{{"json", "application/json"}, {"html", "text/html"}}};
  const ChosenFormat format = choose_format(query, request, kFormats);
  if (auto problem = query.finish()) return problem_response(*problem, caller);
  if (!format.found) return not_acceptable(caller, kFormats);
  const auto check = find_visible(room, caller, request.parameter("id"));
  if (!check) return problem_response(check.error(), caller);
  if (!*check) return not_found(caller);
  if (auto done = audit_reprint(room, caller, **check); !done) return problem_response(done.error(), caller);
  const Receipt receipt = room.office.receipt(**check);
  Response response;
  if (format.index == 0) {
    response = ok(to_json(receipt));
  } else {
    std::optional<Subject> subject;
    if (!(*check)->erased) subject = (*check)->request.subject;
    const bool malay = language == Language::ms;
    const auto policy = room.office.policy_of((*check)->policy_id);
    const std::string title = !policy ? std::string() : malay ? policy->title_ms : policy->title_en;
    response.body = receipt_letter(receipt, subject, malay ? "ms" : "en", "", (*check)->salt, {}, title);
    response.content_type = "text/html; charset=utf-8";
    // The page brings its style and its drawing with it; nothing else may run or load.
    response.headers.set("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                         "form-action 'none'; frame-ancestors 'self'");
  }
  response.headers.set("Vary", "Accept, Accept-Language");
  return response;
}

Response verify_receipt_by_id(Room& room, const Caller& caller, const Request& request) {
  const auto check = find_visible(room, caller, request.parameter("id"));
  if (!check) return problem_response(check.error(), caller);
  if (!*check) return not_found(caller);
  const Receipt receipt = room.office.receipt(**check);
  const ReceiptState state = verify_receipt(receipt, room.office.keys().public_key(), now_ms());
  json::object object = verification(state, receipt, caller);
  add_current(object, **check, receipt.outcome);
  return json_ok(object);
}

Response verify_receipt_sent(Room& room, const Caller& caller, const Request& request) {
  JsonBody body(request.body, caller.language);
  JsonObject top = body.object();
  const JsonObject sent = top.need_object("receipt");
  const auto salt = from_hex(top.text("salt", 512).value_or(""));
  std::optional<Subject> subject;
  static_cast<void>(top.any("subject"));
  if (top.has("subject")) subject = read_subject(top, "subject", body.faults());
  top.finish();
  if (!body.ok()) return problem_response(body.problem(), caller);
  if (!salt) return invalid(caller, "/salt", "not_hex", phrase(Phrase::receipt_unreadable, caller.language));
  const auto& whole = body.value().get_object().at("receipt");
  auto receipt = parse_receipt(json::serialize(whole));
  if (!receipt)
    return invalid(caller, "/receipt", "not_a_receipt", phrase(Phrase::receipt_unreadable, caller.language));
  const ReceiptState state = verify_receipt(*receipt, room.office.keys().public_key(), now_ms(), subject, *salt);
  json::object object = verification(state, *receipt, caller);
  if (state == ReceiptState::good || state == ReceiptState::expired) {
    const auto check = find_visible(room, caller, receipt->id);
    if (check && *check) add_current(object, **check, receipt->outcome);
  }
  return json_ok(object);
}

}  // namespace semak
