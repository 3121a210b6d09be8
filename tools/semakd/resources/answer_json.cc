#include "tools/semakd/resources/answer_json.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "engine/keys/key_ring.h"
#include "engine/match/evidence_text.h"
#include "engine/office/check_view.h"
#include "tools/semakd/phrases.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

// What the outcome means, and what it does not.
Phrase message_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::no_record: return Phrase::outcome_no_record;
    case Outcome::refer: return Phrase::outcome_refer;
    case Outcome::record: return Phrase::outcome_record;
    case Outcome::incomplete: return Phrase::outcome_incomplete;
  }
  return Phrase::outcome_incomplete;
}

Phrase message_of(IncompleteReason reason) {
  switch (reason) {
    case IncompleteReason::too_little_data: return Phrase::reason_too_little_data;
    case IncompleteReason::too_vague: return Phrase::reason_too_vague;
    case IncompleteReason::cut_short: return Phrase::reason_cut_short;
    case IncompleteReason::no_consent: return Phrase::reason_no_consent;
    case IncompleteReason::none:
    case IncompleteReason::stale_index:
    case IncompleteReason::missing_register:
    case IncompleteReason::stale_register: return Phrase::reason_agency;
  }
  return Phrase::reason_agency;
}

void put(json::object& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

void put(json::object& object, const char* name, PartialDate date) {
  if (date.known()) object[name] = to_string(date);
}

json::object evidence_json(const Evidence& line, Language language) {
  return {{"aspect", to_string(line.aspect)},           {"agreement", to_string(line.agreement)},
          {"subject_value", line.subject_value},        {"record_value", line.record_value},
          {"weight_centibits", centibits(line.weight)}, {"text", evidence_text(line, language)}};
}

// What to_json() of a receipt says, member for member: its reader takes them in any order.
json::object receipt_json(const Receipt& receipt, json::storage_ptr storage) {
  json::object object(std::move(storage));
  object.reserve(16);
  object["audit_sequence"] = receipt.audit_sequence;
  object["commitment"] = receipt.commitment;
  object["generation"] = receipt.generation;
  object["id"] = receipt.id;
  object["key_id"] = receipt.key_id;
  object["outcome"] = receipt.outcome;
  object["policy_id"] = receipt.policy_id;
  object["purpose"] = receipt.purpose;
  object["reason"] = receipt.reason;
  object["reference"] = receipt.reference;
  object["signature"] = hex({reinterpret_cast<const char*>(receipt.signature.data()), receipt.signature.size()});
  object["standing"] = receipt.standing;
  object["tenant"] = receipt.tenant;
  object["time_ms"] = receipt.time_ms;
  object["valid_until_ms"] = receipt.valid_until_ms;
  object["version"] = 1;
  return object;
}

}  // namespace

std::int64_t centibits(Bits bits) { return std::llround(bits.value() * 100); }

std::int64_t basis_points(double probability) {
  return std::clamp<std::int64_t>(std::llround(probability * 10000), 0, 10000);
}

std::string rfc3339(std::int64_t time_ms) { return utc_time(time_ms); }

json::object case_counts_json(const CaseCounts& counts) {
  json::object object{{"open", counts.open},
                      {"awaiting_second", counts.awaiting_second},
                      {"needs_more", counts.needs_more},
                      {"overdue", counts.overdue}};
  if (counts.oldest_ms != 0) object["oldest"] = rfc3339(counts.oldest_ms);
  return object;
}

View AnswerWriter::view_of(const std::string& policy_id) {
  const auto known = views_.find(policy_id);
  if (known != views_.end()) return known->second;
  View view = View::nothing;
  const PolicyBook book = office_.policies();
  const auto in_force = book.all().find(std::string_view(policy_id).substr(0, policy_id.find('@')));
  if (in_force != book.all().end() && in_force->second.policy.id == policy_id) {
    view = Office::view(in_force->second.policy, caller_.actor.role);
  } else if (const auto earlier = office_.policy_of(policy_id)) {
    view = Office::view(*earlier, caller_.actor.role);
  }
  views_.emplace(policy_id, view);
  return view;
}

std::string_view AnswerWriter::outcome(Outcome outcome, View view) const {
  if (outcome == Outcome::refer && view < View::comparison) return "under_verification";
  return to_string(outcome);
}

json::object AnswerWriter::standing(const Standing& standing, View view) const {
  json::object object{{"state", to_string(standing.state)}, {"as_of", to_string(standing.as_of)}};
  put(object, "valid_from", standing.valid_from);
  put(object, "valid_to", standing.valid_to);
  put(object, "child_reference", standing.child_reference);
  if (view < View::comparison) return object;
  put(object, "register", standing.register_name);
  put(object, "record_id", standing.record_id);
  if (standing.revision.value != 0) object["revision"] = standing.revision.value;
  put(object, "order", standing.order);
  put(object, "section", standing.section);
  return object;
}

json::object AnswerWriter::hit(const Hit& hit, View view) {
  json::array evidence;
  for (const Evidence& line : hit.evidence) evidence.push_back(evidence_json(line, caller_.language));
  json::object object{{"register", hit.register_name},
                      {"record_id", hit.record_id},
                      {"revision", hit.revision.value},
                      {"score_centibits", centibits(hit.score)},
                      {"probability_bp", basis_points(hit.probability)},
                      {"under_appeal", hit.under_appeal},
                      {"evidence", std::move(evidence)}};
  const auto world = office_.engine().world();
  if (const auto at = world->registers.find(hit.register_name); at != world->registers.end())
    object["register_kind"] = to_string(at->second.info.kind);
  // Without its record a hit is shown as far as it goes: a comparison is better than none.
  if (auto revision = office_.engine().store().revision(hit.revision)) {
    object["person"] = person_json(revision->record);
    if (view >= View::record) object["fields"] = fields_json(revision->record);
  }
  return object;
}

json::object AnswerWriter::common(const Check& check, View view, json::storage_ptr storage) {
  std::string message = phrase(message_of(check.outcome), caller_.language);
  json::object object(std::move(storage));
  object.reserve(20);
  object["id"] = check.id;
  object["outcome"] = outcome(check.outcome, view);
  if (check.outcome == Outcome::incomplete) {
    if (check.answer.reason != IncompleteReason::none) object["reason"] = to_string(check.answer.reason);
    message += ' ' + phrase(message_of(check.answer.reason), caller_.language);
  }
  object["message"] = message;
  // An erased check has lost its request; its policy bears the purpose's name.
  const std::string& purpose = check.request.subject.purpose;
  object["purpose"] = purpose.empty() ? check.policy_id.substr(0, check.policy_id.find('@')) : purpose;
  put(object, "reference", check.request.subject.reference);
  object["tenant"] = check.actor.tenant;
  object["requested_by"] = check.actor.id;
  object["as_of"] = {{"generation", check.answer.generation.value}, {"time", rfc3339(check.time_ms)}};
  object["policy"] = check.policy_id;
  if (check.outcome != Outcome::incomplete && check.valid_until_ms != 0) {
    object["valid_until"] = rfc3339(check.valid_until_ms);
    object["expired"] = now_ms() >= check.valid_until_ms;
  }
  if (check.answer.standing) object["standing"] = standing(*check.answer.standing, view);
  put(object, "batch_id", check.batch_id);
  if (check.erased) object["erased"] = true;
  if (view >= View::comparison) put(object, "case_id", check.case_id);
  return object;
}

json::object AnswerWriter::summary(const Check& full) {
  const View view = view_of(full.policy_id);
  return common(shaped(full, view), view, {});
}

// All in one piece of memory, which goes at once.
std::string AnswerWriter::screening_text(const Check& check) {
  std::array<unsigned char, std::size_t{8} << 10> piece;
  json::monotonic_resource memory(piece.data(), piece.size());
  return json::serialize(screening(check, &memory));
}

json::object AnswerWriter::screening(const Check& full, json::storage_ptr storage) {
  const View view = view_of(full.policy_id);
  const Check check = shaped(full, view);
  json::object object = common(check, view, storage);
  // The requester's own words are the tenant's, whoever of it asks.
  if (!full.erased) {
    object["subject"] = subject_json(full.request.subject);
    if (full.request.child) object["child"] = child_json(*full.request.child);
    put(object, "receipt_salt", hex(full.salt));
  }
  object["receipt"] = receipt_json(office_.receipt(full), std::move(storage));
  if (view >= View::comparison) {
    json::array hits;
    for (const Hit& found : check.answer.hits) hits.push_back(hit(found, view));
    object["hits"] = std::move(hits);
  }
  return object;
}

}  // namespace semak
