#include "engine/casework/casework_codec.h"

#include <bit>
#include <limits>
#include <utility>

#include "engine/casework/hit_codec.h"
#include "engine/casework/request_codec.h"
#include "engine/check.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint64_t kSeed = 0x6361'7365;

Error damaged(std::string_view what, std::string_view id) {
  return Error{ErrorCode::corruption, std::string(what) + " " + std::string(id) + " on the desk is damaged"};
}

std::string begun() { return std::string(1, static_cast<char>(kFormat)); }

// With the checksum of key and value behind it.
std::string finished(std::string bytes, std::string_view key) {
  append_fixed64(bytes, hash_bytes(bytes, hash_bytes(key, kSeed)));
  return bytes;
}

// The body between format and checksum.
Result<std::string_view> opened(std::string_view bytes, std::string_view key, std::string_view what) {
  if (bytes.size() < 9) return damaged(what, key);
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  if (ByteReader(bytes.substr(body.size())).fixed64() != hash_bytes(body, hash_bytes(key, kSeed))) {
    return damaged(what, key);
  }
  if (static_cast<std::uint8_t>(body.front()) != kFormat) {
    return Error{ErrorCode::version_mismatch,
                 std::string(what) + " " + std::string(key) + " was written by another version of Semak"};
  }
  return body.substr(1);
}

void append_time(std::string& out, std::int64_t time_ms) { append_fixed64(out, static_cast<std::uint64_t>(time_ms)); }
std::int64_t read_time(ByteReader& in) { return static_cast<std::int64_t>(in.fixed64()); }

void append_actor(std::string& out, const Actor& actor) {
  append_text(out, actor.id);
  append_text(out, actor.tenant);
  append_enum(out, actor.role);
}

Actor read_actor(ByteReader& in) {
  Actor actor;
  actor.id = in.text();
  actor.tenant = in.text();
  actor.role = read_enum(in, Role::admin);
  return actor;
}

std::string check_context(std::string_view id) { return "checks:" + std::string(id) + ":subject"; }
std::string case_context(std::string_view id) { return "cases:" + std::string(id) + ":texts"; }

// Ids of records, sealed by themselves: they outlive the erasure of the subject, since the records may still change.
class SealedRecordIds {
 public:
  SealedRecordIds(const KeyRing& keys, std::string_view family, std::string_view id)
      : keys_(keys), context_(std::string(family) + ":" + std::string(id) + ":records") {}

  template <class Hits, class HitOf>
  void append(std::string& out, const Hits& hits, HitOf hit_of) const {
    if (hits.empty()) return;
    std::string ids;
    for (const auto& one : hits) append_text(ids, hit_of(one).record_id);
    append_text(out, keys_.seal(ids, context_));
  }
  template <class Hits, class HitOf>
  Status read(ByteReader& in, Hits& hits, HitOf hit_of) const {
    if (hits.empty()) return {};
    SEMAK_TRY(const std::string plain, keys_.open_sealed(in.text(), context_));
    ByteReader ids(plain);
    for (auto& one : hits) hit_of(one).record_id = ids.text();
    return ids.at_end() ? Status() : Status(Error{ErrorCode::corruption, "desk: " + context_ + " is damaged"});
  }

 private:
  const KeyRing& keys_;
  std::string context_;
};

constexpr auto kHit = [](auto& hit) -> auto& { return hit; };
constexpr auto kCandidate = [](auto& candidate) -> auto& { return candidate.hit; };

// Everything of a check that touches its subject.
std::string private_part(const Check& check) {
  std::string out;
  append_request(out, check.request);
  append_text(out, check.salt);
  for (const Hit& hit : check.answer.hits) append_evidence(out, hit);
  append_varint(out, check.answer.standing.has_value());
  if (check.answer.standing) append_standing(out, *check.answer.standing);
  return out;
}

bool read_private_part(std::string_view bytes, Check& check) {
  ByteReader in(bytes);
  check.request = read_request(in);
  check.salt = in.text();
  for (Hit& hit : check.answer.hits) read_evidence(in, hit);
  if (in.varint_up_to(1) == 1) check.answer.standing = read_standing(in);
  return in.at_end();
}

}  // namespace

std::string encode_check(const StoredCheck& stored, const KeyRing& keys) {
  const Check& check = stored.check;
  std::string out = begun();
  append_actor(out, check.actor);
  append_time(out, check.time_ms);
  append_text(out, check.policy_id);
  append_text(out, check.request.subject.purpose);
  append_varint(out, check.request.subject.consent);
  append_enum(out, check.answer.outcome);
  append_enum(out, check.answer.reason);
  append_varint(out, check.answer.generation.value);
  append_varint(out, check.answer.hits.size());
  SEMAK_CHECK(stored.taken.size() == check.answer.hits.size());
  for (std::size_t i = 0; i < stored.taken.size(); ++i) {
    append_hit(out, check.answer.hits[i]);
    append_enum(out, stored.taken[i].verdict);
    append_text(out, stored.taken[i].case_id);
  }
  SealedRecordIds(keys, "checks", check.id).append(out, check.answer.hits, kHit);
  append_varint(out, check.answer.standing ? 1 + static_cast<std::uint64_t>(check.answer.standing->state) : 0);
  append_enum(out, check.outcome);
  append_text(out, check.case_id);
  append_text(out, check.batch_id);
  append_time(out, check.valid_until_ms);
  append_text(out, check.subject_mark);
  append_text(out, check.commitment);
  append_time(out, stored.retain_until_ms);
  append_varint(out, static_cast<std::uint64_t>(stored.case_days));
  append_fixed64(out, std::bit_cast<std::uint64_t>(stored.refer_probability));
  append_varint(out, check.erased);
  if (!check.erased) append_text(out, keys.seal(private_part(check), check_context(check.id)));
  return finished(std::move(out), check.id);
}

Result<StoredCheck> decode_check(std::string_view id, std::string_view bytes, const KeyRing& keys) {
  SEMAK_TRY(const std::string_view body, opened(bytes, id, "check"));
  ByteReader in(body);
  StoredCheck stored;
  Check& check = stored.check;
  check.id = id;
  check.actor = read_actor(in);
  check.time_ms = read_time(in);
  check.policy_id = in.text();
  check.request.subject.purpose = in.text();
  check.request.subject.consent = in.varint_up_to(1) == 1;
  check.answer.outcome = read_enum(in, Outcome::incomplete);
  check.answer.reason = read_enum(in, IncompleteReason::no_consent);
  check.answer.generation.value = in.varint();
  check.answer.hits.resize(in.varint_up_to(in.rest().size()));
  stored.taken.resize(check.answer.hits.size());
  for (std::size_t i = 0; i < stored.taken.size(); ++i) {
    read_hit(in, check.answer.hits[i]);
    stored.taken[i].verdict = read_enum(in, Verdict::need_more);
    stored.taken[i].case_id = in.text();
  }
  if (!in.ok()) return damaged("check", id);
  SEMAK_TRY_STATUS(SealedRecordIds(keys, "checks", id).read(in, check.answer.hits, kHit));
  if (const auto state = in.varint_up_to(1 + static_cast<std::uint64_t>(StandingState::pending)); state > 0) {
    check.answer.standing.emplace();
    check.answer.standing->state = static_cast<StandingState>(state - 1);
  }
  check.outcome = read_enum(in, Outcome::incomplete);
  check.case_id = in.text();
  check.batch_id = in.text();
  check.valid_until_ms = read_time(in);
  check.subject_mark = in.text();
  check.commitment = in.text();
  stored.retain_until_ms = read_time(in);
  stored.case_days = static_cast<int>(in.varint_up_to(std::numeric_limits<int>::max()));
  stored.refer_probability = std::bit_cast<double>(in.fixed64());
  check.erased = in.varint_up_to(1) == 1;
  const std::string_view sealed = check.erased ? std::string_view() : in.text();
  if (!in.at_end()) return damaged("check", id);
  if (check.erased) return stored;
  SEMAK_TRY(const std::string plain, keys.open_sealed(sealed, check_context(id)));
  if (!read_private_part(plain, check)) return damaged("check", id);
  return stored;
}

std::string encode_case(const Case& the_case, bool erased, const KeyRing& keys) {
  std::string out = begun(), texts;
  append_text(out, the_case.check_id);
  append_text(out, the_case.tenant);
  append_text(out, the_case.purpose);
  append_enum(out, the_case.state);
  append_text(out, the_case.assignee);
  append_time(out, the_case.opened_ms);
  append_time(out, the_case.due_ms);
  append_varint(out, static_cast<std::uint64_t>(the_case.priority));
  append_varint(out, the_case.version);
  append_text(texts, the_case.reference);
  append_varint(out, the_case.candidates.size());
  for (const Case::Candidate& candidate : the_case.candidates) {
    append_hit(out, candidate.hit);
    append_evidence(texts, candidate.hit);
    append_enum(out, candidate.verdict);
    append_varint(out, candidate.decided);
    append_varint(out, candidate.more_needed);
    append_text(out, candidate.proposed_by);
    append_text(out, candidate.earlier_case);
    append_varint(out, candidate.gone);
  }
  SealedRecordIds(keys, "cases", the_case.id).append(out, the_case.candidates, kCandidate);
  append_varint(out, the_case.events.size());
  for (const CaseEvent& event : the_case.events) {
    append_enum(out, event.kind);
    append_time(out, event.time_ms);
    append_actor(out, event.actor);
    append_varint(out, static_cast<std::uint64_t>(event.candidate + 1));
    append_enum(out, event.verdict);
    append_text(texts, event.text);
  }
  append_varint(out, erased);
  if (!erased) append_text(out, keys.seal(texts, case_context(the_case.id)));
  return finished(std::move(out), the_case.id);
}

Result<Case> decode_case(std::string_view id, std::string_view bytes, const KeyRing& keys) {
  SEMAK_TRY(const std::string_view body, opened(bytes, id, "case"));
  ByteReader in(body);
  Case out;
  out.id = id;
  out.check_id = in.text();
  out.tenant = in.text();
  out.purpose = in.text();
  out.state = read_enum(in, CaseState::closed_record);
  out.assignee = in.text();
  out.opened_ms = read_time(in);
  out.due_ms = read_time(in);
  out.priority = static_cast<int>(in.varint_up_to(1000));
  out.version = in.varint();
  out.candidates.resize(in.varint_up_to(in.rest().size()));
  for (Case::Candidate& candidate : out.candidates) {
    read_hit(in, candidate.hit);
    candidate.verdict = read_enum(in, Verdict::need_more);
    candidate.decided = in.varint_up_to(1) == 1;
    candidate.more_needed = in.varint_up_to(1) == 1;
    candidate.proposed_by = in.text();
    candidate.earlier_case = in.text();
    candidate.gone = in.varint_up_to(1) == 1;
  }
  if (!in.ok()) return damaged("case", id);
  SEMAK_TRY_STATUS(SealedRecordIds(keys, "cases", id).read(in, out.candidates, kCandidate));
  out.events.resize(in.varint_up_to(in.rest().size()));
  for (CaseEvent& event : out.events) {
    event.kind = read_enum(in, CaseEvent::Kind::record_changed);
    event.time_ms = read_time(in);
    event.actor = read_actor(in);
    event.candidate = static_cast<int>(in.varint_up_to(std::numeric_limits<int>::max())) - 1;
    event.verdict = read_enum(in, Verdict::need_more);
  }
  const bool erased = in.varint_up_to(1) == 1;
  const std::string_view sealed = erased ? std::string_view() : in.text();
  if (!in.at_end()) return damaged("case", id);
  if (erased) return out;
  SEMAK_TRY(const std::string plain, keys.open_sealed(sealed, case_context(id)));
  ByteReader texts(plain);
  out.reference = texts.text();
  for (Case::Candidate& candidate : out.candidates) read_evidence(texts, candidate.hit);
  for (CaseEvent& event : out.events) event.text = texts.text();
  if (!texts.at_end()) return damaged("case", id);
  return out;
}

std::string encode_pair(const DecidedPair& pair, std::string_view key) {
  std::string out = begun();
  append_enum(out, pair.verdict);
  append_text(out, pair.case_id);
  append_varint(out, static_cast<std::uint64_t>(pair.candidate));
  append_time(out, pair.time_ms);
  return finished(std::move(out), key);
}

Result<DecidedPair> decode_pair(std::string_view key, std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, opened(bytes, key, "decided pair"));
  ByteReader in(body);
  DecidedPair pair;
  pair.verdict = read_enum(in, Verdict::need_more);
  pair.case_id = in.text();
  pair.candidate = static_cast<int>(in.varint_up_to(std::numeric_limits<int>::max()));
  pair.time_ms = read_time(in);
  if (!in.at_end()) return damaged("decided pair", key);
  return pair;
}

}  // namespace semak
