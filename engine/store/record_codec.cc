#include "engine/store/record_codec.h"

#include <limits>
#include <utility>

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint64_t kContentSeed = 1;
constexpr std::uint64_t kRevisionSeed = 2;

constexpr auto kNameTypeMax = static_cast<std::uint64_t>(NameType::tamil);
constexpr auto kNumberKindMax = static_cast<std::uint64_t>(NumberKind::other);

std::uint32_t checksum(RevisionId key, std::string_view bytes) {
  return static_cast<std::uint32_t>(hash_bytes(bytes, kRevisionSeed + key.value) >> 32);
}

Error damaged(RevisionId key, const char* what) {
  return Error{ErrorCode::corruption, "revision " + std::to_string(key.value) + " is damaged: " + what};
}

PartialDate decode_date(ByteReader& in) {
  PartialDate date;
  date.year = static_cast<std::int16_t>(in.varint_up_to(std::numeric_limits<std::int16_t>::max()));
  date.month = in.byte();
  date.day = in.byte();
  return date;
}

// A count that the remaining bytes can hold at all: every element takes at least one.
std::size_t decode_count(ByteReader& in) { return in.varint_up_to(in.rest().size()); }

bool decode_content(std::string_view content, Record& record) {
  ByteReader in(content);
  record.id = in.text();
  record.names.resize(decode_count(in));
  for (TypedName& name : record.names) {
    name.type = static_cast<NameType>(in.varint_up_to(kNameTypeMax));
    name.text = in.text();
  }
  record.numbers.resize(decode_count(in));
  for (TypedNumber& number : record.numbers) {
    number.kind = static_cast<NumberKind>(in.varint_up_to(kNumberKindMax));
    number.text = in.text();
    number.issuer = in.text();
    number.valid_from = in.text();
    number.valid_to = in.text();
  }
  record.dob = decode_date(in);
  record.sex = read_enum(in, Sex::female);
  record.nationality = in.text();
  record.state = in.text();
  record.fields.resize(decode_count(in));
  for (auto& [name, text] : record.fields) {
    name = in.text();
    text = in.text();
  }
  return in.at_end();
}

}  // namespace

const char* to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added: return "added";
    case ChangeKind::changed: return "changed";
    case ChangeKind::withdrawn: return "withdrawn";
    case ChangeKind::restored: return "restored";
  }
  return "";
}

void encode_content(const Record& record, std::string& out) {
  append_text(out, record.id);
  append_varint(out, record.names.size());
  for (const TypedName& name : record.names) {
    append_varint(out, static_cast<std::uint64_t>(name.type));
    append_text(out, name.text);
  }
  append_varint(out, record.numbers.size());
  for (const TypedNumber& number : record.numbers) {
    append_varint(out, static_cast<std::uint64_t>(number.kind));
    append_text(out, number.text);
    append_text(out, number.issuer);
    append_text(out, number.valid_from);
    append_text(out, number.valid_to);
  }
  append_varint(out, static_cast<std::uint64_t>(record.dob.year));
  out += static_cast<char>(record.dob.month);
  out += static_cast<char>(record.dob.day);
  append_varint(out, static_cast<std::uint64_t>(record.sex));
  append_text(out, record.nationality);
  append_text(out, record.state);
  append_varint(out, record.fields.size());
  for (const auto& [name, text] : record.fields) {
    append_text(out, name);
    append_text(out, text);
  }
}

std::uint64_t content_hash(std::string_view content) { return hash_bytes(content, kContentSeed); }

void encode_revision(const RevisionHeader& header, std::string_view content, std::string& out) {
  const std::size_t begin = out.size();
  out += static_cast<char>(kFormat);
  out += static_cast<char>(header.kind);
  append_varint(out, header.register_id.value);
  append_varint(out, header.previous.value);
  append_varint(out, header.generation.value);
  append_varint(out, header.batch);
  append_varint(out, header.file);
  append_varint(out, header.line);
  out += content;
  append_fixed32(out, checksum(header.revision, std::string_view(out).substr(begin)));
}

Result<RevisionView> view_revision(RevisionId key, std::string_view bytes) {
  if (bytes.size() < 4) return damaged(key, "too short");
  const std::string_view body = bytes.substr(0, bytes.size() - 4);
  if (ByteReader(bytes.substr(body.size())).fixed32() != checksum(key, body)) return damaged(key, "checksum");
  ByteReader in(body);
  if (in.byte() != kFormat) {
    return Error{ErrorCode::version_mismatch,
                 "revision " + std::to_string(key.value) + " was written by another version of Semak"};
  }
  RevisionView view;
  RevisionHeader& header = view.header;
  header.revision = key;
  header.kind = static_cast<ChangeKind>(in.byte());
  header.register_id.value = static_cast<std::uint32_t>(in.varint_up_to(std::numeric_limits<std::uint32_t>::max()));
  header.previous.value = in.varint();
  header.generation.value = in.varint();
  header.batch = in.varint();
  header.file = static_cast<std::uint32_t>(in.varint_up_to(std::numeric_limits<std::uint32_t>::max()));
  header.line = in.varint();
  view.content = in.rest();
  view.record_id = in.text();
  if (!in.ok() || header.kind < ChangeKind::added || header.kind > ChangeKind::restored) {
    return damaged(key, "header");
  }
  return view;
}

Result<StoredRevision> decode_revision(RevisionId key, std::string_view bytes) {
  SEMAK_TRY(const RevisionView view, view_revision(key, bytes));
  StoredRevision revision;
  revision.header = view.header;
  if (!decode_content(view.content, revision.record)) return damaged(key, "content");
  return revision;
}

}  // namespace semak
