#include "engine/office/batch_codec.h"

#include "engine/casework/request_codec.h"
#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kBatchVersion = 1, kRequestVersion = 2, kRowVersion = 1;

Error damaged(std::string_view what) { return {ErrorCode::corruption, "desk: " + std::string(what) + " is damaged"}; }

Status check_version(ByteReader& in, std::uint8_t version, std::string_view what) {
  const std::uint8_t written = in.byte();
  if (!in.ok()) return damaged(what);
  if (written != version)
    return Error{ErrorCode::version_mismatch,
                 "desk: " + std::string(what) + " was written by another version of Semak"};
  return {};
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
  append_request(out, request);
  return out;
}

Result<CheckRequest> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  SEMAK_TRY_STATUS(check_version(in, kRequestVersion, "a row of a batch"));
  CheckRequest request = read_request(in);
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
