#include "engine/audit/export_lines.h"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/audit/audit_entry.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "semak-audit-export-1";

std::string json_text(std::string_view text) { return json::serialize(json::string(text)); }

template <std::size_t size>
std::string hex_of(const std::array<std::uint8_t, size>& bytes) {
  return hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// The members of the object under `name` of a line, or of the line itself.
class Members {
 public:
  Members(std::string_view line, std::string_view name) {
    json::error_code failed;
    json::value value = json::parse(line, failed);
    if (failed || !value.is_object()) return;
    if (!name.empty()) {
      const json::value* inner = value.get_object().if_contains(name);
      if (inner == nullptr || !inner->is_object()) return;
      value = json::value(*inner);
    }
    object_ = std::move(value.get_object());
  }

  bool there() const { return object_.has_value(); }

  std::string text(std::string_view name) const {
    const json::value* value = object_->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  }

  std::int64_t number(std::string_view name) const {
    const json::value* value = object_->if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : -1;
  }

  template <std::size_t size>
  void bytes(std::string_view name, std::array<std::uint8_t, size>& to) const {
    const auto bytes = from_hex(text(name));
    if (bytes && bytes->size() == size) std::copy(bytes->begin(), bytes->end(), to.begin());
  }

 private:
  std::optional<json::object> object_;
};

// What is read must be what would be written.
template <class T>
std::optional<T> if_same(T value, std::string_view line) {
  return line_of(value) == line ? std::optional<T>(std::move(value)) : std::nullopt;
}

}  // namespace

std::string line_of(const ExportHeader& header) {
  return "{\"entries\":" + std::to_string(header.head.sequence) + ",\"format\":" + json_text(kFormat) + ",\"head\":\"" +
         hex_of(header.head.hash) + "\",\"key_id\":" + json_text(header.key_id) + ",\"public_key\":\"" +
         hex_of(header.public_key) + "\"}";
}

std::string line_of(const AuditEntry& entry) {
  const AuditEvent& event = entry.event;
  return "{\"entry\":{\"actor\":" + json_text(event.actor.id) + ",\"details\":" + json_text(event.details) +
         ",\"hash\":\"" + hex_of(entry.hash) + "\",\"kind\":\"" + to_string(event.kind) +
         "\",\"object\":" + json_text(event.object) + ",\"previous\":\"" + hex_of(entry.previous) + "\",\"role\":\"" +
         to_string(event.actor.role) + "\",\"sequence\":" + std::to_string(entry.sequence) +
         ",\"tenant\":" + json_text(event.actor.tenant) + ",\"time_ms\":" + std::to_string(entry.time_ms) +
         ",\"token\":" + json_text(event.token) + "}}";
}

std::string line_of(const AuditCheckpoint& checkpoint) {
  return "{\"checkpoint\":{\"hash\":\"" + hex_of(checkpoint.head.hash) +
         "\",\"key_id\":" + json_text(checkpoint.key_id) + ",\"previous\":" + std::to_string(checkpoint.previous) +
         ",\"sequence\":" + std::to_string(checkpoint.head.sequence) + ",\"signature\":\"" +
         hex_of(checkpoint.signature) + "\",\"time_ms\":" + std::to_string(checkpoint.time_ms) + "}}";
}

std::optional<ExportHeader> header_in(std::string_view line) {
  const Members members(line, {});
  if (!members.there()) return std::nullopt;
  ExportHeader header;
  header.head.sequence = static_cast<std::uint64_t>(members.number("entries"));
  members.bytes("head", header.head.hash);
  header.key_id = members.text("key_id");
  members.bytes("public_key", header.public_key);
  return if_same(std::move(header), line);
}

std::optional<AuditEntry> entry_in(std::string_view line) {
  const Members members(line, "entry");
  if (!members.there()) return std::nullopt;
  AuditEntry entry;
  entry.sequence = static_cast<std::uint64_t>(members.number("sequence"));
  entry.time_ms = members.number("time_ms");
  AuditEvent& event = entry.event;
  event.actor = {members.text("actor"), members.text("tenant"),
                 role_from(members.text("role")).value_or(Role::submitter)};
  event.object = members.text("object");
  event.details = members.text("details");
  event.token = members.text("token");
  members.bytes("previous", entry.previous);
  members.bytes("hash", entry.hash);
  const std::string kind = members.text("kind");
  for (int i = static_cast<int>(AuditKind::check); i <= static_cast<int>(AuditKind::recovery); ++i) {
    if (kind == to_string(static_cast<AuditKind>(i))) event.kind = static_cast<AuditKind>(i);
  }
  return if_same(std::move(entry), line);
}

std::optional<AuditCheckpoint> checkpoint_in(std::string_view line) {
  const Members members(line, "checkpoint");
  if (!members.there()) return std::nullopt;
  AuditCheckpoint checkpoint;
  checkpoint.head.sequence = static_cast<std::uint64_t>(members.number("sequence"));
  members.bytes("hash", checkpoint.head.hash);
  checkpoint.time_ms = members.number("time_ms");
  checkpoint.key_id = members.text("key_id");
  checkpoint.previous = static_cast<std::uint64_t>(members.number("previous"));
  members.bytes("signature", checkpoint.signature);
  return if_same(std::move(checkpoint), line);
}

}  // namespace semak
