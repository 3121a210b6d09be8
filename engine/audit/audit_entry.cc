// An entry, byte by byte (integers are LEB128 varints unless said otherwise; text is its length as a varint, then its
// bytes):
//   1              format
//   sequence
//   time_ms        8 bytes, little-endian
//   kind           1 byte: the number of AuditKind
//   actor.id, actor.tenant   text
//   actor.role     1 byte: the number of Role
//   object, details, token   text
//   previous       32 bytes: hash of the entry before; zeros in entry 1
// and its hash is BLAKE2b-256, unkeyed, of exactly these bytes. tools/check/verify_audit_export.py is a second reader.
#include "engine/audit/audit_entry.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cstring>

#include "engine/store/bytes.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kKeptFormat = 2;
constexpr auto kKindMax = static_cast<std::uint8_t>(AuditKind::recovery);

// Walks JSON without keeping anything of it.
struct DetailsHandler {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool floating = false;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t, json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_key(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) {
    floating = true;
    return true;
  }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

bool is_details(std::string_view text) {
  if (text.empty() || text.front() != '{') return false;
  json::basic_parser<DetailsHandler> parser{json::parse_options()};
  json::error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  return !failed && read == text.size() && parser.done() && !parser.handler().floating;
}

// Length of the well-formed UTF-8 sequence at the front; 0: there is none. (Unicode 15, table 3-7)
std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto in = [](unsigned char value, unsigned char least, unsigned char most) {
    return value >= least && value <= most;
  };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (in(first, 0xC2, 0xDF)) return text.size() >= 2 && in(byte(1), 0x80, 0xBF) ? 2 : 0;
  if (in(first, 0xE0, 0xEF)) {
    const unsigned char least = first == 0xE0 ? 0xA0 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : 0xBF;
    return text.size() >= 3 && in(byte(1), least, most) && in(byte(2), 0x80, 0xBF) ? 3 : 0;
  }
  if (!in(first, 0xF0, 0xF4)) return 0;
  const unsigned char least = first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xF4 ? 0x8F : 0xBF;
  const bool good = text.size() >= 4 && in(byte(1), least, most) && in(byte(2), 0x80, 0xBF) && in(byte(3), 0x80, 0xBF);
  return good ? 4 : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void append_event_head(std::string& out, const AuditEvent& event) {
  out += static_cast<char>(event.kind);
  append_text(out, event.actor.id);
  append_text(out, event.actor.tenant);
  out += static_cast<char>(event.actor.role);
  append_text(out, event.object);
  append_text(out, event.details);
  append_text(out, event.token);
}

AuditEvent read_event(ByteReader& in) {
  AuditEvent event;
  event.kind = static_cast<AuditKind>(in.byte());
  event.actor.id = in.text();
  event.actor.tenant = in.text();
  event.actor.role = static_cast<Role>(in.byte());
  event.object = in.text();
  event.details = in.text();
  event.token = in.text();
  if (event.kind < AuditKind::check || static_cast<std::uint8_t>(event.kind) > kKindMax) in.fail();
  if (event.actor.role < Role::submitter || event.actor.role > Role::admin) in.fail();
  return event;
}

void read_bytes(ByteReader& in, std::uint8_t* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = in.byte();
}

std::string hashed_bytes(const AuditEntry& entry) {
  std::string bytes;
  const AuditEvent& event = entry.event;
  bytes.reserve(128 + event.actor.id.size() + event.actor.tenant.size() + event.object.size() + event.details.size() +
                event.token.size());
  bytes += static_cast<char>(kFormat);
  append_varint(bytes, entry.sequence);
  append_fixed64(bytes, static_cast<std::uint64_t>(entry.time_ms));
  append_event_head(bytes, event);
  bytes += view(entry.previous);
  return bytes;
}

Error damaged(const char* what) { return {ErrorCode::corruption, std::string(what) + " is damaged"}; }
Error foreign(const char* what) {
  return {ErrorCode::version_mismatch, std::string(what) + " was written by another version of Semak"};
}

// The body behind the format byte.
Result<std::string_view> body_of(std::string_view bytes, const char* what) {
  if (bytes.empty()) return damaged(what);
  if (static_cast<std::uint8_t>(bytes.front()) != kFormat) return foreign(what);
  return bytes.substr(1);
}

}  // namespace

const char* to_string(AuditKind kind) {
  switch (kind) {
    case AuditKind::check: return "check";
    case AuditKind::lookup: return "lookup";
    case AuditKind::decision: return "decision";
    case AuditKind::load: return "load";
    case AuditKind::policy: return "policy";
    case AuditKind::key_use: return "key_use";
    case AuditKind::enrolment: return "enrolment";
    case AuditKind::alert: return "alert";
    case AuditKind::erasure: return "erasure";
    case AuditKind::access: return "access";
    case AuditKind::recovery: return "recovery";
  }
  return "recovery";
}

std::string_view view(const Hash256& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

Status check_event(const AuditEvent& event) {
  const std::size_t bytes = event.actor.id.size() + event.actor.tenant.size() + event.object.size() +
                            event.details.size() + event.token.size();
  if (bytes > kAuditEventBytesMax) return Error{ErrorCode::invalid_input, "an audit event is too large"};
  if (event.kind < AuditKind::check || static_cast<std::uint8_t>(event.kind) > kKindMax ||
      event.actor.role < Role::submitter || event.actor.role > Role::admin) {
    return Error{ErrorCode::invalid_input, "an audit event without kind or role"};
  }
  for (const std::string* text : {&event.actor.id, &event.actor.tenant, &event.object, &event.token}) {
    if (!is_utf8(*text)) return Error{ErrorCode::invalid_input, "an audit event whose text is not UTF-8"};
  }
  if (!is_details(event.details)) {
    return Error{ErrorCode::invalid_input, std::string("an audit event (") + to_string(event.kind) +
                                               ") whose details are not a JSON object of integers and strings"};
  }
  return {};
}

std::string encode_event(const AuditEvent& event) {
  std::string bytes(1, static_cast<char>(kFormat));
  append_event_head(bytes, event);
  return bytes;
}

Result<AuditEvent> decode_event(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, body_of(bytes, "an audit event"));
  ByteReader in(body);
  AuditEvent event = read_event(in);
  if (!in.at_end()) return damaged("an audit event");
  return event;
}

Hash256 hash_of(const AuditEntry& entry) { return hash256(hashed_bytes(entry)); }

std::string encode_entry(const AuditEntry& entry) { return hashed_bytes(entry).append(view(entry.hash)); }

std::string seal_entry(AuditEntry& entry) {
  std::string bytes = hashed_bytes(entry);
  entry.hash = hash256(bytes);
  bytes += view(entry.hash);
  return bytes;
}

Result<AuditEntry> decode_entry(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, body_of(bytes, "the entry"));
  ByteReader in(body);
  AuditEntry entry;
  entry.sequence = in.varint();
  entry.time_ms = static_cast<std::int64_t>(in.fixed64());
  entry.event = read_event(in);
  read_bytes(in, entry.previous.data(), entry.previous.size());
  read_bytes(in, entry.hash.data(), entry.hash.size());
  if (!in.at_end()) return damaged("the entry");
  return entry;
}

// Format, each entry as a text, an empty text, the checkpoint.
std::string begin_kept() { return std::string(1, static_cast<char>(kKeptFormat)); }

void keep_entry(std::string& kept, std::string_view encoded_entry) { append_text(kept, encoded_entry); }

void finish_kept(std::string& kept, const AuditCheckpoint& checkpoint) {
  append_text(kept, {});
  kept += encode_checkpoint(checkpoint);
}

bool is_kept(std::string_view bytes) {
  return !bytes.empty() && static_cast<std::uint8_t>(bytes.front()) == kKeptFormat;
}

Result<KeptEntries> decode_kept(std::string_view bytes) {
  constexpr const char* kWhat = "what was kept for the audit log";
  if (!is_kept(bytes)) return bytes.empty() ? damaged(kWhat) : foreign(kWhat);
  ByteReader in(bytes.substr(1));
  KeptEntries kept;
  for (std::string_view text = in.text(); !text.empty(); text = in.text()) {
    SEMAK_TRY(AuditEntry entry, decode_entry(text));
    if (hash_of(entry) != entry.hash) return damaged(kWhat);
    if (!kept.entries.empty()) {
      const AuditEntry& before = kept.entries.back();
      if (entry.sequence != before.sequence + 1 || entry.previous != before.hash) return damaged(kWhat);
    }
    kept.entries.push_back(std::move(entry));
  }
  if (!in.ok() || kept.entries.empty()) return damaged(kWhat);
  SEMAK_TRY(kept.checkpoint, decode_checkpoint(in.rest()));
  const AuditEntry& last = kept.entries.back();
  if (kept.checkpoint.head.sequence != last.sequence || kept.checkpoint.head.hash != last.hash) return damaged(kWhat);
  return kept;
}

std::string signed_text(const AuditCheckpoint& checkpoint) {
  return "semak-audit-checkpoint-1\n" + std::to_string(checkpoint.head.sequence) + "\n" +
         hex(view(checkpoint.head.hash)) + "\n" + std::to_string(checkpoint.time_ms) + "\n" + checkpoint.key_id + "\n" +
         std::to_string(checkpoint.previous) + "\n";
}

std::string encode_checkpoint(const AuditCheckpoint& checkpoint) {
  std::string bytes(1, static_cast<char>(kFormat));
  append_varint(bytes, checkpoint.head.sequence);
  bytes += view(checkpoint.head.hash);
  append_fixed64(bytes, static_cast<std::uint64_t>(checkpoint.time_ms));
  append_text(bytes, checkpoint.key_id);
  append_varint(bytes, checkpoint.previous);
  bytes.append(reinterpret_cast<const char*>(checkpoint.signature.data()), checkpoint.signature.size());
  return bytes;
}

Result<AuditCheckpoint> decode_checkpoint(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, body_of(bytes, "the checkpoint"));
  ByteReader in(body);
  AuditCheckpoint checkpoint;
  checkpoint.head.sequence = in.varint();
  read_bytes(in, checkpoint.head.hash.data(), checkpoint.head.hash.size());
  checkpoint.time_ms = static_cast<std::int64_t>(in.fixed64());
  checkpoint.key_id = in.text();
  checkpoint.previous = in.varint();
  read_bytes(in, checkpoint.signature.data(), checkpoint.signature.size());
  if (!in.at_end()) return damaged("the checkpoint");
  return checkpoint;
}

}  // namespace semak
