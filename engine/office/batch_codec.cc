#include "engine/office/batch_codec.h"

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kBatchVersion = 1, kRequestVersion = 1, kRowVersion = 1;

template <class Enum>
void append_enum(std::string& out, Enum value) {
  append_varint(out, static_cast<std::uint64_t>(value));
}

template <class Enum>
Enum read_enum(ByteReader& in, Enum highest) {
  return static_cast<Enum>(in.varint_up_to(static_cast<std::uint64_t>(highest)));
}

void append_date(std::string& out, PartialDate date) {
  append_varint(out, static_cast<std::uint64_t>(date.year));
  append_varint(out, date.month);
  append_varint(out, date.day);
}

PartialDate read_date(ByteReader& in) {
  PartialDate date;
  date.year = static_cast<std::int16_t>(in.varint_up_to(9999));
  date.month = static_cast<std::uint8_t>(in.varint_up_to(12));
  date.day = static_cast<std::uint8_t>(in.varint_up_to(31));
  return date;
}

Error damaged(std::string_view what) { return {ErrorCode::corruption, "desk: " + std::string(what) + " is damaged"}; }

Status check_version(ByteReader& in, std::uint8_t version, std::string_view what) {
  const std::uint8_t written = in.byte();
  if (!in.ok()) return damaged(what);
  if (written != version)
    return Error{ErrorCode::version_mismatch,
                 "desk: " + std::string(what) + " was written by another version of Semak"};
  return {};
}

void append_subject(std::string& out, const Subject& subject) {
  append_varint(out, subject.names.size());
  for (const TypedName& name : subject.names) {
    append_enum(out, name.type);
    append_text(out, name.text);
  }
  append_varint(out, subject.numbers.size());
  for (const TypedNumber& number : subject.numbers) {
    append_enum(out, number.kind);
    for (const std::string* text : {&number.text, &number.issuer, &number.valid_from, &number.valid_to})
      append_text(out, *text);
  }
  append_date(out, subject.dob);
  append_enum(out, subject.sex);
  for (const std::string* text : {&subject.state, &subject.purpose, &subject.reference}) append_text(out, *text);
  append_varint(out, subject.consent ? 1 : 0);
}

void read_subject(ByteReader& in, Subject& subject) {
  subject.names.resize(in.varint_up_to(in.rest().size()));
  for (TypedName& name : subject.names) {
    name.type = read_enum(in, NameType::tamil);
    name.text = in.text();
  }
  subject.numbers.resize(in.varint_up_to(in.rest().size()));
  for (TypedNumber& number : subject.numbers) {
    number.kind = read_enum(in, NumberKind::other);
    for (std::string* text : {&number.text, &number.issuer, &number.valid_from, &number.valid_to}) *text = in.text();
  }
  subject.dob = read_date(in);
  subject.sex = read_enum(in, Sex::female);
  for (std::string* text : {&subject.state, &subject.purpose, &subject.reference}) *text = in.text();
  subject.consent = in.varint_up_to(1) == 1;
}

}  // namespace

std::string encode_batch(const StoredBatch& batch) {
  const BatchInfo& info = batch.info;
  std::string out(1, static_cast<char>(kBatchVersion));
  for (const std::string* text : {&info.id, &info.actor.id, &info.actor.tenant}) append_text(out, *text);
  append_enum(out, info.actor.role);
  for (const std::string* text : {&info.purpose, &info.reference, &info.file_name, &info.error})
    append_text(out, *text);
  append_varint(out, static_cast<std::uint64_t>(info.time_ms));
  append_varint(out, static_cast<std::uint64_t>(info.finished_ms));
  append_enum(out, info.state);
  for (const std::uint64_t count :
       {info.rows, info.done, info.rejected, info.no_record, info.refer, info.record, info.incomplete, batch.next_row})
    append_varint(out, count);
  return out;
}

Result<StoredBatch> decode_batch(std::string_view bytes) {
  ByteReader in(bytes);
  SEMAK_TRY_STATUS(check_version(in, kBatchVersion, "a batch"));
  StoredBatch batch;
  BatchInfo& info = batch.info;
  for (std::string* text : {&info.id, &info.actor.id, &info.actor.tenant}) *text = in.text();
  info.actor.role = read_enum(in, Role::admin);
  for (std::string* text : {&info.purpose, &info.reference, &info.file_name, &info.error}) *text = in.text();
  info.time_ms = static_cast<std::int64_t>(in.varint());
  info.finished_ms = static_cast<std::int64_t>(in.varint());
  info.state = read_enum(in, BatchState::failed);
  for (std::uint64_t* count : {&info.rows, &info.done, &info.rejected, &info.no_record, &info.refer, &info.record,
                               &info.incomplete, &batch.next_row})
    *count = in.varint();
  if (!in.at_end()) return damaged("a batch");
  return batch;
}

std::string encode_request(const CheckRequest& request) {
  std::string out(1, static_cast<char>(kRequestVersion));
  append_subject(out, request.subject);
  append_varint(out, request.child ? 1 : 0);
  if (request.child) {
    append_text(out, request.child->reference);
    append_date(out, request.child->dob);
  }
  append_date(out, request.as_of);
  return out;
}

Result<CheckRequest> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  SEMAK_TRY_STATUS(check_version(in, kRequestVersion, "a row of a batch"));
  CheckRequest request;
  read_subject(in, request.subject);
  if (in.varint_up_to(1) == 1) {
    request.child.emplace();
    request.child->reference = in.text();
    request.child->dob = read_date(in);
  }
  request.as_of = read_date(in);
  if (!in.at_end()) return damaged("a row of a batch");
  return request;
}

std::string encode_row_meta(const BatchRow& row) {
  std::string out(1, static_cast<char>(kRowVersion));
  append_text(out, row.query_id);
  append_text(out, row.reject_reason);
  return out;
}

Status decode_row_meta(std::string_view bytes, BatchRow& row) {
  ByteReader in(bytes);
  SEMAK_TRY_STATUS(check_version(in, kRowVersion, "a row of a batch"));
  row.query_id = in.text();
  row.reject_reason = in.text();
  return in.at_end() ? Status() : Status(damaged("a row of a batch"));
}

}  // namespace semak
